package io.millrace.stream;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Builds one operator of any number of streams:
 *
 * <pre>{@code
 *   StreamBuilder builder = StreamBuilder.named("orders");
 *   builder.from(orderPlaced)
 *           .filter("amountCents > 0")
 *           .map("amount", "amountCents")
 *           .to("amounts");
 *   Operator operator = builder.build();
 * }</pre>
 *
 * <p>Its outputs carry the operator's id, each under the event type of the name that {@link EventStream#to} was given.
 *
 * <p><b>Threading</b>: one thread. <b>Failure</b>: what cannot be built is refused at the call that asks for it, with
 * an {@link IllegalArgumentException} that names the setting, a problem of a type or an expression with that of its
 * own.
 */
public final class StreamBuilder {
    /** The most events that a flatMap makes of one. */
    public static final int MAX_FACTOR = 1024;
    /** The most outputs that one call of an operator in a stream may lead to. */
    public static final int MAX_OUTPUTS = 1 << 20;

    private final String name;
    private final ChainOutputs outputs = new ChainOutputs();
    private final Map<Integer, Step> entries = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<KeyStep> keySteps = new ArrayList<>();
    private final List<EventType> outputTypes = new ArrayList<>();
    private final Intake intake = new Intake();
    private final List<StreamOperator.OutgoingFeed> outgoing = new ArrayList<>();
    /** What types that stay within are named after. */
    private String scope;

    private int typeCount;
    private boolean isBuilt;

    private StreamBuilder(String name) {
        this.name = Objects.requireNonNull(name, "name");
        this.scope = name;
    }

    /** {@return a builder for an operator of that name, which must be unique in the pipeline} */
    public static StreamBuilder named(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException(
                    "cannot build stream: name=" + name + " (expected: not blank); give the stream a name");
        }
        return new StreamBuilder(name);
    }

    String name() {
        return name;
    }

    /** {@return the events of a type that the pipeline accepts} */
    public EventStream from(EventType type) {
        requireOpen();
        Step entry = entries.computeIfAbsent(type.id(), key -> new Step.Entry());
        return new EventStream(this, type, entry, Origin.PIPELINE);
    }

    /**
     * {@return the rows of a stream of another operator, which comes before this one in the pipeline} They are computed
     * there, once for all who take them. What is built of the other builder must be built after this call.
     *
     * @param rows of a window, a join, a look-up or another operator: steps without these are repeated instead
     */
    public EventStream from(EventStream rows) {
        requireOpen();
        StreamBuilder other = rows.builder();
        if (other == this) {
            return rows;
        }
        other.requireOpen();
        Origin origin = rows.origin();
        if (origin.isPipeline()) {
            throw new IllegalArgumentException("cannot build stream " + name + ": what is taken from " + other.name
                    + " is of the pipeline (expected: rows of an operator); repeat its steps here, they have no state");
        }
        Feed feed = intake.feed(other.name);
        rows.end().add(feed);
        other.outgoing.add(new StreamOperator.OutgoingFeed(feed, origin));
        return new EventStream(this, rows.type(), feed.entry(), Origin.of(feed, origin.rowShiftNs()));
    }

    /**
     * {@return those outputs of an operator that are of a type} It comes before this one in the pipeline.
     */
    public EventStream from(FeedingOperator operator, EventType type) {
        requireOpen();
        Feed feed = intake.feed(operator.name());
        operator.add(feed, type);
        return new EventStream(this, type, feed.entry(), Origin.of(feed, 0));
    }

    /**
     * {@return a stream whose types are named after a scope: the same ones in whatever operator its steps are repeated}
     */
    public EventStream scoped(String newScope, Supplier<EventStream> steps) {
        String outerScope = scope;
        int outerCount = typeCount;
        scope = newScope;
        typeCount = 0;
        EventStream stream = steps.get();
        scope = outerScope;
        typeCount = outerCount;
        return stream;
    }

    void requireOpen() {
        if (isBuilt) {
            throw new IllegalStateException("cannot add to stream " + name
                    + ": it is built (expected: all of it before build); begin another builder");
        }
    }

    /** {@return a name for a type that stays within this operator, unless it is put out under another} */
    String nextTypeName() {
        return scope + '.' + ++typeCount;
    }

    String nextOperatorName(String kind) {
        return name + '.' + kind + '.' + (nodes.size() + 1);
    }

    KeyStep add(KeyStep step) {
        keySteps.add(step);
        return step;
    }

    OutputStep output(EventType type) {
        for (EventType other : outputTypes) {
            if (other.name().equals(type.name())) {
                if (other.schemaId() != type.schemaId()) {
                    throw new IllegalArgumentException("cannot build stream " + name + ": output " + type.name()
                            + " has fields=" + other.fields() + " and " + type.fields()
                            + " (expected: the same of all streams that go there); name them apart");
                }
                return new OutputStep(outputs, other);
            }
        }
        addOutputType(type);
        return new OutputStep(outputs, type);
    }

    /** {@return a step that puts events of a type out as they are} */
    PassStep passing(EventType type) {
        if (type.isDerived()) {
            addOutputType(type);
        }
        return new PassStep(outputs);
    }

    void addOutputType(EventType type) {
        if (!outputTypes.contains(type)) {
            EventTypes.of(outputTypes).with(List.of(type));
            outputTypes.add(type);
        }
    }

    /** Adds a node behind streams. */
    EventStream through(NodePlan plan, List<EventStream> inputs) {
        requireOpen();
        Node node = new Node(plan, outputs);
        for (EventStream input : inputs) {
            if (input.builder() != this) {
                throw new IllegalArgumentException("cannot build stream " + name + ": an input of " + plan.name()
                        + " is of builder " + input.builder().name()
                        + " (expected: streams of one builder); take all from one");
            }
        }
        nodes.add(node);
        for (EventStream input : inputs) {
            Node.Input way = node.input();
            input.end().add(way);
            node.follow(way.input(), input.origin());
        }
        return new EventStream(this, plan.outputType(), node.behind(), Origin.of(node, plan.rowShiftNs()));
    }

    /** {@return the types of what was put out so far} */
    public List<EventType> outputTypes() {
        return List.copyOf(outputTypes);
    }

    /** {@return bytes that the state of what was built so far takes, queues aside} */
    public long bytes() {
        return nodes.stream().mapToLong(node -> node.plan().bytes()).sum();
    }

    /**
     * {@return the operator}
     *
     * @throws IllegalArgumentException if nothing is put out
     */
    public StreamOperator build() {
        requireOpen();
        isBuilt = true;
        long maxOutputs = 0;
        for (Step entry : entries.values()) {
            maxOutputs = Math.max(maxOutputs, outputsBehind(entry));
        }
        for (Feed feed : intake.feeds()) {
            maxOutputs = Math.max(maxOutputs, outputsBehind(feed.entry()));
        }
        int perEntry = (int) maxOutputs;
        for (Node node : nodes) {
            node.open();
            long perOutput = Math.max(1, outputsBehind(node.behind()));
            long perCall = perOutput * node.operator().maxOutputsPerStep();
            requireOutputs(perCall);
            node.maxOutputs((int) perCall);
            maxOutputs += perCall;
        }
        requireOutputs(maxOutputs);
        if (maxOutputs == 0 && outgoing.isEmpty()) {
            throw new IllegalArgumentException("cannot build stream " + name
                    + ": it puts nothing out (expected: at least one output); end a stream with to(name)");
        }
        StreamOperator.Parts parts = new StreamOperator.Parts(entries, nodes, keySteps, intake, outgoing);
        return new StreamOperator(name, parts, outputs, outputTypes, (int) maxOutputs, perEntry);
    }

    private void requireOutputs(long count) {
        if (count > MAX_OUTPUTS) {
            throw new IllegalArgumentException("cannot build stream " + name + ": one call may write outputs=" + count
                    + " (expected: up to " + MAX_OUTPUTS + "); lower maxCount of flatMap, or a sweepBudget");
        }
    }

    /** {@return the most outputs that one event leads to, as far as no node lies between} */
    private static long outputsBehind(Step step) {
        if (step instanceof OutputStep || step instanceof PassStep) {
            return 1;
        }
        if (step instanceof Node.Input || step instanceof Feed) {
            return 0;
        }
        long count = 0;
        for (Step target : step.targets()) {
            long behind = outputsBehind(target);
            count = step instanceof SplitStep ? Math.max(count, behind) : count + behind;
        }
        return Math.min(count * step.maxFactor(), Integer.MAX_VALUE);
    }
}
