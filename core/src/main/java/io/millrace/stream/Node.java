package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.Operator;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An operator within a stream: what comes for it waits in a queue, and what it puts out goes to the steps behind it.
 *
 * <p>Each input has an event time of its own, the node has the least of them. An event of a node before moves the time
 * of its input to just before it; when that node is done with a watermark, its input follows as far as that node can
 * vouch for.
 */
final class Node implements Outputs {
    private static final int MAX_INPUTS = 16;

    private final NodePlan plan;
    private Operator operator = NotMade.INSTANCE;
    private final int mainTypeId;
    private final ChainOutputs chainOutputs;
    private final RecordQueue queue = new RecordQueue();
    private final Step.Entry behind = new Step.Entry();
    private final MutableEvent output = new MutableEvent();
    private MutableEvent scratch;
    private long[] timesNs = {};
    /** Inputs that events of the pipeline reach without another node between; rows of a node move time. */
    private boolean[] isFirst = {};
    /** Of an input the way in which its rows come from another operator, whose time it follows. */
    private @Nullable Feed[] feeds = {};

    /** By how much events of an input are moved back in time. */
    private long[] shiftsNs = {};

    private Node[] followers = {};
    private int[] followerInputs = {};
    private int maxOutputs;
    /** It was advanced for this record and has got no event since: the next one need not wait in the queue. */
    private boolean isUntouched;
    /** The first event in the queue has moved time already. */
    private boolean isTimeMoved;

    Node(NodePlan plan, ChainOutputs chainOutputs) {
        this.plan = plan;
        this.mainTypeId = plan.outputType().id();
        this.chainOutputs = chainOutputs;
        this.scratch = MutableEvent.allocate(plan.outputType().encodedLength());
    }

    /** Makes the operator and its state. */
    void open() {
        operator = plan.maker().get();
    }

    NodePlan plan() {
        return plan;
    }

    /** {@return a step that gives events to this node} */
    Input input() {
        int input = timesNs.length;
        if (input == MAX_INPUTS) {
            throw new IllegalArgumentException("cannot build stream: operator " + plan.name() + " has inputs="
                    + (input + 1) + " (expected: up to " + MAX_INPUTS + ")");
        }
        timesNs = Arrays.copyOf(timesNs, input + 1);
        timesNs[input] = Long.MIN_VALUE;
        isFirst = Arrays.copyOf(isFirst, input + 1);
        isFirst[input] = true;
        shiftsNs = Arrays.copyOf(shiftsNs, input + 1);
        feeds = Arrays.copyOf(feeds, input + 1);
        return new Input(this, input);
    }

    /** Has the time of an input follow what its events come from. */
    void follow(int input, Origin origin) {
        isFirst[input] = origin.isPipeline();
        shiftsNs[input] = origin.rowShiftNs();
        feeds[input] = origin.feed();
        Node before = origin.node();
        if (before != null) {
            before.addFollower(this, input);
        }
    }

    /** The way into a node. */
    static final class Input extends Step {
        private final Node node;
        private final int input;

        Input(Node node, int input) {
            this.node = node;
            this.input = input;
        }

        int input() {
            return input;
        }

        @Override
        void onEvent(Event event) {
            node.take(input, event);
        }
    }

    Operator operator() {
        return operator;
    }

    Step.Entry behind() {
        return behind;
    }

    private void addFollower(Node node, int input) {
        int count = followers.length;
        followers = Arrays.copyOf(followers, count + 1);
        followers[count] = node;
        followerInputs = Arrays.copyOf(followerInputs, count + 1);
        followerInputs[count] = input;
    }

    /** Sets the most outputs of the whole operator that one call of this node's operator writes. */
    void maxOutputs(int value) {
        maxOutputs = value;
    }

    int maxOutputs() {
        return maxOutputs;
    }

    boolean isWaiting() {
        return !queue.isEmpty();
    }

    private void take(int input, Event event) {
        if (isUntouched && isFirst[input] && queue.isEmpty() && chainOutputs.room() >= maxOutputs) {
            isUntouched = false;
            operator.onEvent(event, this);
        } else {
            queue.add(input, event, shiftsNs[input]);
        }
    }

    /** Makes one call for the first event in the queue, of which there is one. */
    void step() {
        MutableEvent event = queue.first();
        if (isTimeMoved) {
            isTimeMoved = false;
            operator.onEvent(event, this);
            queue.removeFirst();
            return;
        }
        int input = queue.firstInput();
        if (!isFirst[input]) {
            follow(input, before(event.timestampNs()));
        }
        isTimeMoved = operator.advanceTo(timeNs(), false, this);
    }

    private static long before(long timestampNs) {
        return timestampNs == Long.MIN_VALUE ? timestampNs : timestampNs - 1;
    }

    private void follow(int input, long watermarkNs) {
        timesNs[input] = Math.max(timesNs[input], watermarkNs);
    }

    private long timeNs() {
        long least = timesNs[0];
        for (int i = 1; i < timesNs.length; i++) {
            least = Math.min(least, timesNs[i]);
        }
        return least;
    }

    /** Takes the pipeline's watermark, and how far operators before this one vouch for what they feed. */
    void watermark(long watermarkNs) {
        for (int i = 0; i < timesNs.length; i++) {
            Feed feed = feeds[i];
            if (isFirst[i]) {
                follow(i, watermarkNs);
            } else if (feed != null) {
                follow(i, feed.timeNs());
            }
        }
    }

    /** Makes one call to move time on. {@return whether it is done} */
    boolean advance(boolean idle) {
        isUntouched = operator.advanceTo(timeNs(), idle, this);
        return isUntouched;
    }

    /** Lets the nodes behind follow, after all that came of it has gone to them. */
    void settle() {
        if (followers.length > 0) {
            long watermarkNs = outputWatermarkNs();
            for (int i = 0; i < followers.length; i++) {
                followers[i].follow(followerInputs[i], watermarkNs);
            }
        }
    }

    /** A sweep under way has rows still to come of a time that the watermark has passed. */
    long outputWatermarkNs() {
        if (operator instanceof TimeHolder holder) {
            return holder.outputWatermarkNs(timeNs());
        }
        return operator.nextDeadlineNs() == Long.MIN_VALUE ? Long.MIN_VALUE : timeNs();
    }

    /**
     * {@return the least watermark of the pipeline at which there is something to do, as far as it depends on that}
     *
     * @param watermarkNs of the pipeline; a node that is behind it waits for one before it
     */
    long nextDeadlineNs(long watermarkNs) {
        if (!queue.isEmpty()) {
            return Long.MIN_VALUE;
        }
        return timeNs() < watermarkNs ? Long.MAX_VALUE : operator.nextDeadlineNs();
    }

    @Override
    public MutableEvent claim(int typeId, int payloadLength) {
        int length = Event.HEADER_LENGTH + payloadLength;
        if (length > scratch.buffer().capacity()) {
            scratch = MutableEvent.allocate(2 * payloadLength);
        }
        output.wrap(scratch.buffer(), 0, scratch.buffer().capacity());
        output.clearHeader().typeId(typeId).payloadLength(payloadLength).sequence(chainOutputs.causeSequence());
        return output;
    }

    @Override
    public void commit() {
        if (output.typeId() == mainTypeId) {
            behind.forward(output);
        } else {
            chainOutputs.put(output);
        }
    }

    @Override
    public long causeSequence() {
        return chainOutputs.causeSequence();
    }

    long bytes() {
        return queue.bytes() + plan.bytes();
    }

    void save(StateWriter writer) {
        writer.putLongs(timesNs, 0, timesNs.length);
        writer.putInt(isTimeMoved ? 1 : 0);
        queue.save(writer);
        operator.save(writer);
    }

    void load(String what, StateReader reader) {
        reader.getLongs(timesNs, 0, timesNs.length);
        int moved = reader.getInt();
        StateException.requireRange(what, "isTimeMoved", moved, 0, 1);
        isTimeMoved = moved == 1;
        queue.load(what, timesNs.length, reader);
        operator.load(reader);
    }

    /** Stands for the operator until it is made. */
    private static final class NotMade implements Operator {
        static final NotMade INSTANCE = new NotMade();

        @Override
        public String name() {
            return "";
        }

        @Override
        public int maxOutputsPerStep() {
            return 0;
        }

        @Override
        public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
            throw new IllegalStateException("cannot run stream: it is not built (expected: build first)");
        }

        @Override
        public void onEvent(Event event, Outputs outputs) {
            throw new IllegalStateException("cannot run stream: it is not built (expected: build first)");
        }

        @Override
        public long nextDeadlineNs() {
            return Long.MAX_VALUE;
        }

        @Override
        public void save(StateWriter writer) {}

        @Override
        public void load(StateReader reader) {}
    }
}
