package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Outputs;
import io.millrace.state.Operator;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.List;

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
public final class StreamOperator implements Operator {
    private final String name;
    private final EventTypeEntry[] entries;
    private final Node[] nodes;
    private final KeyStep[] keySteps;
    private final ChainOutputs outputs;
    private final List<EventType> outputTypes;
    private final int maxOutputs;

    private long watermarkNs = Long.MIN_VALUE;
    /** Where the nodes are within the moving of time, between calls for the same record only. */
    private int nextNode;

    /** Where the events of one type come in. */
    record EventTypeEntry(int typeId, Step entry) {}

    StreamOperator(
            String name,
            List<EventTypeEntry> entries,
            List<Node> nodes,
            List<KeyStep> keySteps,
            ChainOutputs outputs,
            List<EventType> outputTypes,
            int maxOutputs) {
        this.name = name;
        this.entries = entries.toArray(new EventTypeEntry[0]);
        this.nodes = nodes.toArray(new Node[0]);
        this.keySteps = keySteps.toArray(new KeyStep[0]);
        this.outputs = outputs;
        this.outputTypes = List.copyOf(outputTypes);
        this.maxOutputs = maxOutputs;
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

    /** {@return the operators within, in the order in which they were added} */
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

    /** {@return bytes that the state takes, but that of operators given to {@link EventStream#through}} */
    public long bytes() {
        long bytes = 0;
        for (Node node : nodes) {
            bytes += node.bytes();
        }
        return bytes;
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
        return true;
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

    @Override
    public boolean needsOrder() {
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
