package io.millrace.window;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.DeadlineList;
import io.millrace.state.Operator;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import io.millrace.workload.Arrival;

/**
 * Puts out each event that it gets, and each again when a constant time has passed: so its outputs show in which order
 * events and deadlines came. It takes events of one type, in order only.
 */
final class EchoOperator implements Operator {
    static final int EVENT = 1;
    static final int DEADLINE = 2;

    private static final int CAPACITY = 1 << 12;

    private final long waitNs;
    private final int maxOutputs;
    private final DeadlineList deadlines = new DeadlineList(CAPACITY);
    private final long[] sequences = new long[CAPACITY];
    private int nextItem;
    private long timeNs = Long.MIN_VALUE;

    EchoOperator(long waitNs, int maxOutputs) {
        this.waitNs = waitNs;
        this.maxOutputs = maxOutputs;
    }

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public int maxOutputsPerStep() {
        return maxOutputs;
    }

    @Override
    public boolean accepts(Event event) {
        return event.typeId() == Arrival.TYPE.id();
    }

    @Override
    public boolean needsOrder() {
        return true;
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        if (watermarkNs < timeNs) {
            throw new IllegalStateException("time went back from " + timeNs + " to " + watermarkNs);
        }
        timeNs = watermarkNs;
        for (int i = 0; i < maxOutputs && isDue(watermarkNs); i++) {
            long deadlineNs = deadlines.firstNs();
            putOut(DEADLINE, sequences[deadlines.removeFirst()], deadlineNs, outputs);
        }
        return !isDue(watermarkNs);
    }

    private boolean isDue(long watermarkNs) {
        return !deadlines.isEmpty() && deadlines.firstNs() - 1 <= watermarkNs;
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        if (!accepts(event)) {
            return;
        }
        if (event.timestampNs() <= timeNs || isDue(event.timestampNs() - 1)) {
            throw new IllegalStateException("event of " + event.timestampNs() + " at " + timeNs);
        }
        putOut(EVENT, event.sequence(), event.timestampNs(), outputs);
        sequences[nextItem] = event.sequence();
        deadlines.arm(nextItem, event.timestampNs() + waitNs);
        nextItem = (nextItem + 1) % CAPACITY;
    }

    private static void putOut(int kind, long sequence, long timeNs, Outputs outputs) {
        MutableEvent output = outputs.claim(100 + kind, 0);
        output.key(sequence).timestampNs(timeNs);
        outputs.commit();
    }

    @Override
    public long nextDeadlineNs() {
        return deadlines.isEmpty() ? Long.MAX_VALUE : deadlines.firstNs() - 1;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putLong(timeNs);
        writer.putInt(nextItem);
        writer.putLongs(sequences, 0, CAPACITY);
        deadlines.save(writer);
    }

    @Override
    public void load(StateReader reader) {
        timeNs = reader.getLong();
        nextItem = reader.getInt();
        reader.getLongs(sequences, 0, CAPACITY);
        deadlines.load(reader);
    }
}
