package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Outputs;
import io.millrace.state.FedOperator;
import io.millrace.state.Losses;
import io.millrace.state.Operator;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.List;
import java.util.Map;

/**
 * All streams of a {@link StreamBuilder}, fused into one operator. Steps without memory are calls; operators are {@link
 * Node}s, in the order in which they were added, which is one in which events flow.
 *
 * <pre>
 *   event --> filter --> map --> Node 0: window --row--> having --> [queue] Node 1: window --> output "top"
 *                                       \--row--> output "revenue"
 *
 *   advanceTo(W)   each node in order: its own time to W, rows of it to the queues, the deepest queue emptied first
 *   a row          moves the time of what it comes to to just before it, then is an event there
 * </pre>
 *
 * <p>A call writes a bounded number of outputs. Rows that it has no room for stay in the queue, which is state, and go
 * on in the next call of {@code advanceTo}, which returns false until they are through.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after warm-up, what is added to it aside.
 */
public final class StreamOperator implements FedOperator {
    private final String name;
    private final EventTypeEntry[] entries;
    private final Node[] nodes;
    private final KeyStep[] keySteps;
    private final Intake intake;
    private final OutgoingFeed[] outgoing;
    private final ChainOutputs outputs;
    private final List<EventType> outputTypes;
    private final int maxOutputs;
    /** The most outputs that an event leads to before a node. */
    private final int maxOutputsPerEntry;

    private long watermarkNs = Long.MIN_VALUE;
    /** Where the nodes are within the moving of time, between calls for the same record only. */
    private int nextNode;

    /** Where the events of one type come in. */
    private record EventTypeEntry(int typeId, Step entry) {}

    /** Rows that go into another operator, and what they come from. */
    record OutgoingFeed(Feed feed, Origin origin) {
        /** Has the other operator follow. */
        void settle() {
            Node node = origin.node();
            Feed before = origin.feed();
            if (node != null) {
                feed.settle(node.outputWatermarkNs());
            } else if (before != null) {
                feed.settle(before.timeNs());
            }
        }
    }

    /** What it is built of. */
    record Parts(
            Map<Integer, Step> entries,
            List<Node> nodes,
            List<KeyStep> keySteps,
            Intake intake,
            List<OutgoingFeed> outgoing) {}

    StreamOperator(
            String name,
            Parts parts,
            ChainOutputs outputs,
            List<EventType> outputTypes,
            int maxOutputs,
            int maxOutputsPerEntry) {
        this.name = name;
        this.entries = parts.entries.entrySet().stream()
                .map(entry -> new EventTypeEntry(entry.getKey(), entry.getValue()))
                .toArray(EventTypeEntry[]::new);
        this.nodes = parts.nodes.toArray(new Node[0]);
        this.keySteps = parts.keySteps.toArray(new KeyStep[0]);
        this.intake = parts.intake;
        this.outgoing = parts.outgoing.toArray(new OutgoingFeed[0]);
        this.outputs = outputs;
        this.outputTypes = List.copyOf(outputTypes);
        this.maxOutputs = maxOutputs;
        this.maxOutputsPerEntry = maxOutputsPerEntry;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<EventType> outputTypes() {
        return outputTypes;
    }

    @Override
    public int maxOutputsPerStep() {
        return maxOutputs;
    }

    /**
     * {@return the type of the events that are put out under a name}
     *
     * @throws IllegalArgumentException if nothing is
     */
    public EventType outputType(String outputName) {
        return outputTypes.stream()
                .filter(type -> type.name().equals(outputName))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("cannot find output of stream " + name + ": name=" + outputName
                                + " (expected: one of " + outputTypes + "); take the name that to(...) was given"));
    }

    /** {@return the operators within, in the order in which they were added} */
    @Override
    public List<Operator> operators() {
        return List.of(nodes).stream().map(Node::operator).toList();
    }

    /** {@return events dropped by {@code keyBy} because a value to key by was null} */
    public long nullKeyCount() {
        long count = 0;
        for (KeyStep step : keySteps) {
            count += step.nullCount();
        }
        return count;
    }

    /** {@return bytes that the state takes, with that of the operators within and of what waits between them} */
    @Override
    public long bytes() {
        long bytes = intake.bytes();
        for (Node node : nodes) {
            bytes += node.bytes();
        }
        return bytes;
    }

    @Override
    public Map<String, Long> losses() {
        return new Losses().add("without a key", nullKeyCount()).counts();
    }

    @Override
    public long nextDeadlineNs() {
        long earliest = Long.MAX_VALUE;
        for (Node node : nodes) {
            earliest = Math.min(earliest, node.nextDeadlineNs(watermarkNs));
        }
        return earliest;
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs to) {
        this.watermarkNs = watermarkNs;
        outputs.begin(to, maxOutputs);
        if (!flow()) {
            return false;
        }
        while (nextNode < nodes.length) {
            Node node = nodes[nextNode];
            node.watermark(watermarkNs);
            boolean isDone;
            do {
                if (outputs.room() < node.maxOutputs()) {
                    return false;
                }
                isDone = node.advance(idle);
                if (!flow()) {
                    return false;
                }
            } while (!isDone);
            node.settle();
            nextNode++;
        }
        nextNode = 0;
        for (OutgoingFeed feed : outgoing) {
            feed.settle();
        }
        return true;
    }

    @Override
    public List<String> feeders() {
        return intake.feeds().stream().map(Feed::from).distinct().toList();
    }

    @Override
    public boolean isFed() {
        return !intake.isEmpty();
    }

    @Override
    public void takeFed(Outputs to) {
        outputs.begin(to, maxOutputs);
        while (flow() && !intake.isEmpty() && outputs.room() >= maxOutputsPerEntry) {
            intake.takeFirst();
        }
    }

    @Override
    public void listen(boolean isListening) {
        intake.listen(isListening);
    }

    /** Empties the queues, the deepest first. {@return whether they are empty; false if there is no room to go on} */
    private boolean flow() {
        int i = nodes.length - 1;
        while (i >= 0) {
            Node node = nodes[i];
            if (!node.isWaiting()) {
                i--;
            } else if (outputs.room() < node.maxOutputs()) {
                return false;
            } else {
                node.step();
                i = nodes.length - 1;
            }
        }
        return true;
    }

    @Override
    public void onEvent(Event event, Outputs to) {
        int typeId = event.typeId();
        for (EventTypeEntry entry : entries) {
            if (entry.typeId == typeId) {
                outputs.begin(to, maxOutputs);
                entry.entry.onEvent(event);
                flow();
                return;
            }
        }
    }

    @Override
    public boolean accepts(Event event) {
        int typeId = event.typeId();
        for (EventTypeEntry entry : entries) {
            if (entry.typeId == typeId) {
                return true;
            }
        }
        return false;
    }

    /** Rows of other operators come in order, or are late. */
    @Override
    public boolean needsOrder() {
        if (entries.length == 0) {
            return false;
        }
        for (Node node : nodes) {
            if (node.operator().needsOrder()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putInt(nodes.length);
        writer.putInt(keySteps.length);
        writer.putLong(watermarkNs);
        for (KeyStep step : keySteps) {
            step.save(writer);
        }
        for (Node node : nodes) {
            node.save(writer);
        }
    }

    @Override
    public void load(StateReader reader) {
        String what = "stream " + name;
        StateException.requireSame(what, "nodes", reader.getInt(), nodes.length);
        StateException.requireSame(what, "keySteps", reader.getInt(), keySteps.length);
        watermarkNs = reader.getLong();
        for (KeyStep step : keySteps) {
            step.load(reader);
        }
        for (Node node : nodes) {
            node.load(what, reader);
        }
        nextNode = 0;
    }
}
