package io.millrace.pattern;

import io.millrace.state.DeadlineHeap;
import io.millrace.state.DeadlineList;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of runs: a list where all wait equally long and no run is a copy of an older one, so that each deadline
 * is the last one when it is armed; else a heap.
 */
final class RunDeadlines {
    private final @Nullable DeadlineList list;
    private final @Nullable DeadlineHeap heap;

    RunDeadlines(int capacity, boolean isList) {
        this.list = isList ? new DeadlineList(capacity) : null;
        this.heap = isList ? null : new DeadlineHeap(capacity);
    }

    static long bytes(int capacity, boolean isList) {
        return isList ? DeadlineList.bytes(capacity) : DeadlineHeap.bytes(capacity);
    }

    long firstNs() {
        return list != null ? list.firstNs() : heap().firstNs();
    }

    int first() {
        return list != null ? list.first() : heap().first();
    }

    boolean isDue(long timeNs) {
        return list != null ? list.isDue(timeNs) : heap().isDue(timeNs);
    }

    boolean isArmed(int run) {
        return list != null ? list.isArmed(run) : heap().isArmed(run);
    }

    /** {@return the deadline of a run that has one} */
    long deadlineNs(int run) {
        return list != null ? list.deadlineNs(run) : heap().deadlineNs(run);
    }

    /** Gives a run a deadline, unless it has that one. */
    void arm(int run, long dueNs) {
        if (isArmed(run) && deadlineNs(run) == dueNs) {
            return;
        }
        if (list != null) {
            list.arm(run, dueNs);
        } else {
            heap().arm(run, dueNs);
        }
    }

    void disarm(int run) {
        if (list != null) {
            list.disarm(run);
        } else {
            heap().disarm(run);
        }
    }

    private DeadlineHeap heap() {
        if (heap == null) {
            throw new AssertionError("heap=null");
        }
        return heap;
    }

    void save(StateWriter writer) {
        if (list != null) {
            list.save(writer);
        } else {
            heap().save(writer);
        }
    }

    void load(StateReader reader) {
        if (list != null) {
            list.load(reader);
        } else {
            heap().load(reader);
        }
    }
}
