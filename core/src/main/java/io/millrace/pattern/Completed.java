package io.millrace.pattern;

import java.util.function.IntConsumer;

/**
 * The matches and timeouts of the event or the instant at hand, and what they do to others of their key.
 *
 * <p>Without a skip strategy they are put out by the sequences of their events. With one, a match is held until no run
 * of its key that started earlier is live; when it goes it removes what its strategy says.
 */
final class Completed {
    private static final int NONE = Runs.NONE;

    private final Pattern pattern;
    private final Automaton automaton;
    private final Runs runs;
    private final MatchNodes nodes;
    private final IntConsumer endRun;
    private final int skipStage;

    private final int[] entries;
    private int count;
    /** Key slots of which a run expired at the instant at hand. */
    private final int[] touched;

    private int touchedCount;

    Completed(Pattern pattern, Automaton automaton, Runs runs, MatchNodes nodes, IntConsumer endRun) {
        this.pattern = pattern;
        this.automaton = automaton;
        this.runs = runs;
        this.nodes = nodes;
        this.endRun = endRun;
        String stage = pattern.afterMatch().stage();
        this.skipStage = stage == null ? NONE : automaton.stageNames.indexOf(stage);
        this.entries = new int[pattern.limits().maxWaitingMatches()];
        this.touched = new int[pattern.limits().maxKeys()];
    }

    static long bytes(PatternLimits limits) {
        return (long) Integer.BYTES * (limits.maxWaitingMatches() + limits.maxKeys());
    }

    /** Adds a waiting entry, which owns a reference to its newest node. */
    void add(int entry, int tail, int kind) {
        runs.tail(entry, tail);
        runs.kind(entry, kind);
        entries[count++] = entry;
    }

    /** Remembers a key to be settled. */
    void touch(int slot) {
        if (!runs.isTouched(slot)) {
            runs.touched(slot, true);
            touched[touchedCount++] = slot;
        }
    }

    int touchedCount() {
        return touchedCount;
    }

    int touchedSlot(int index) {
        return touched[index];
    }

    void forgetTouched() {
        for (int i = 0; i < touchedCount; i++) {
            runs.touched(touched[i], false);
        }
        touchedCount = 0;
    }

    /** Puts what was added into the queue, or lets its key hold it. */
    void settle(long stampNs) {
        if (count == 0) {
            return;
        }
        sort();
        for (int i = 0; i < count; i++) {
            int entry = entries[i];
            runs.stampNs(entry, stampNs);
            boolean isHeld = runs.kind(entry) == PatternMatch.MATCH
                    && (pattern.afterMatch().isSkip() || runs.isDegraded(runs.slot(entry)));
            if (isHeld) {
                runs.hold(entry, nodes);
            } else {
                runs.enqueue(entry);
            }
        }
        count = 0;
    }

    /** Lets matches of a key go that no earlier run holds back. */
    void release(int slot, long stampNs) {
        int match = runs.heldFirst(slot);
        while (match != NONE && !isHeldBack(match, slot)) {
            runs.removeHeld(slot);
            removeUpTo(bound(match, slot), slot);
            runs.stampNs(match, stampNs);
            runs.enqueue(match);
            match = runs.heldFirst(slot);
        }
    }

    private boolean isHeldBack(int match, int slot) {
        int first = runs.first(slot);
        return first != NONE && runs.startOrder(first) < runs.startOrder(match);
    }

    /** {@return the greatest start that the match removes} */
    private long bound(int match, int slot) {
        if (!pattern.afterMatch().isSkip()) {
            return runs.isDegraded(slot) ? nodes.order(runs.tail(match)) : Long.MIN_VALUE;
        }
        return switch (pattern.afterMatch().kind()) {
            case NO_SKIP -> Long.MIN_VALUE;
            case TO_NEXT -> runs.startOrder(match);
            case PAST_LAST_EVENT -> nodes.order(runs.tail(match));
            case TO_FIRST -> beforeStage(match, true);
            case TO_LAST -> beforeStage(match, false);
        };
    }

    private long beforeStage(int match, boolean isFirst) {
        int found = NONE;
        for (int node = runs.tail(match); node != NONE; node = nodes.parent(node)) {
            if (isOfSkipStage(node)) {
                found = node;
                if (!isFirst) {
                    break;
                }
            }
        }
        if (found != NONE) {
            return nodes.order(found) - 1;
        }
        if (pattern.afterMatch().isThrowing()) {
            throw new IllegalStateException("pattern " + pattern.name() + " halts: afterMatch=" + pattern.afterMatch()
                    + " at a match without that stage (expected: an event of it, as throwOnMiss); make the stage"
                    + " required, or leave throwOnMiss out");
        }
        return Long.MIN_VALUE;
    }

    private boolean isOfSkipStage(int node) {
        for (int stage : automaton.labels[nodes.label(node)]) {
            if (stage == skipStage) {
                return true;
            }
        }
        return false;
    }

    private void removeUpTo(long bound, int slot) {
        int run = runs.first(slot);
        while (run != NONE && runs.startOrder(run) <= bound) {
            int next = runs.next(run);
            endRun.accept(run);
            run = next;
        }
        while (runs.heldFirst(slot) != NONE && runs.startOrder(runs.heldFirst(slot)) <= bound) {
            int match = runs.removeHeld(slot);
            nodes.release(runs.tail(match));
            runs.endWaiting(match);
        }
    }

    /** Heapsort: in place, and never slow. */
    private void sort() {
        for (int i = count / 2 - 1; i >= 0; i--) {
            siftDown(i, count);
        }
        for (int end = count - 1; end > 0; end--) {
            int greatest = entries[0];
            entries[0] = entries[end];
            entries[end] = greatest;
            siftDown(0, end);
        }
    }

    private void siftDown(int from, int end) {
        int at = from;
        int entry = entries[at];
        for (int child = 2 * at + 1; child < end; child = 2 * at + 1) {
            if (child + 1 < end && isBefore(entries[child], entries[child + 1])) {
                child++;
            }
            if (!isBefore(entry, entries[child])) {
                break;
            }
            entries[at] = entries[child];
            at = child;
        }
        entries[at] = entry;
    }

    private boolean isBefore(int left, int right) {
        int order = nodes.compare(runs.tail(left), runs.tail(right));
        return order < 0 || (order == 0 && runs.kind(left) < runs.kind(right));
    }
}
