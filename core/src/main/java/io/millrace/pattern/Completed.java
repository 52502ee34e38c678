package io.millrace.pattern;

/**
 * The matches and timeouts of the event or the instant at hand, and what they do to others of their key.
 *
 * <p>Those of several patterns are put out by the order of the patterns; those of one without a skip strategy by the
 * sequences of their events. With one, a match is held until no run of its key that started earlier is live; when it
 * goes it removes what its strategy says. Of two that are held and began with one event, that which was complete first
 * goes first.
 */
final class Completed {
    private static final int NONE = Runs.NONE;

    private final Runs runs;
    private final MatchNodes nodes;
    /** By the numbers of patterns. */
    private final SkipRule[] rules;

    private final int[] entries;
    private int count;
    /** Key slots of which a run expired at the instant at hand. */
    private final int[] touched;

    private int touchedCount;

    Completed(Runs runs, MatchNodes nodes, PatternLimits limits, int patternCount) {
        this.runs = runs;
        this.nodes = nodes;
        this.rules = new SkipRule[patternCount];
        this.entries = new int[limits.maxWaitingMatches()];
        this.touched = new int[runs.keys.maxKeys()];
    }

    static long bytes(PatternLimits limits, int maxSlots) {
        return (long) Integer.BYTES * (limits.maxWaitingMatches() + maxSlots);
    }

    /** Says what matches of a pattern remove. */
    void rule(int pattern, SkipRule rule) {
        rules[pattern] = rule;
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
            if (rules[runs.pattern(entry)].isHeld(entry)) {
                runs.hold(entry);
            } else {
                runs.enqueue(entry);
            }
        }
        count = 0;
    }

    /** Lets matches of a key go that no earlier run holds back. */
    void release(int slot, long stampNs) {
        SkipRule rule = rules[runs.patternOf(slot)];
        int match = runs.heldFirst(slot);
        while (match != NONE && !isHeldBack(match, slot)) {
            runs.removeHeld(slot);
            removeUpTo(rule.bound(match, slot), slot, rule);
            runs.stampNs(match, stampNs);
            runs.enqueue(match);
            match = runs.heldFirst(slot);
        }
    }

    private boolean isHeldBack(int match, int slot) {
        int first = runs.first(slot);
        return first != NONE && runs.startOrder(first) < runs.startOrder(match);
    }

    private void removeUpTo(long bound, int slot, SkipRule rule) {
        rule.endUpTo(bound, slot);
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
        if (runs.pattern(left) != runs.pattern(right)) {
            return runs.pattern(left) < runs.pattern(right);
        }
        int order = nodes.compare(runs.tail(left), runs.tail(right));
        return order < 0 || (order == 0 && runs.kind(left) < runs.kind(right));
    }
}
