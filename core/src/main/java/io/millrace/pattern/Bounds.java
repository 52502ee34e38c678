package io.millrace.pattern;

/** Keeps a pattern within its limits: makes room as its overflow policy says, or tells that there is none. */
final class Bounds {
    private static final int NONE = Runs.NONE;

    private final Pattern pattern;
    private final PatternLimits limits;
    private final Runs runs;
    private final MatchNodes nodes;
    private final RunDeadlines deadlines;
    private final PatternCounts counts;
    private long nowNs;

    Bounds(
            Pattern pattern,
            PatternLimits limits,
            Runs runs,
            MatchNodes nodes,
            RunDeadlines deadlines,
            PatternCounts counts) {
        this.pattern = pattern;
        this.limits = limits;
        this.runs = runs;
        this.nodes = nodes;
        this.deadlines = deadlines;
        this.counts = counts;
    }

    PatternCounts counts() {
        return counts;
    }

    /** Says the time of the event at hand. */
    void nowNs(long newNowNs) {
        nowNs = newNowNs;
    }

    /** {@return whether one more match may wait} Else it is lost. */
    boolean hasRoomToWait() {
        if (runs.waitingCount() < limits.maxWaitingMatches()) {
            return true;
        }
        counts.lostMatches++;
        if (limits.overflow() == Overflow.HALT) {
            throw halt("maxWaitingMatches=" + limits.maxWaitingMatches());
        }
        return false;
    }

    /** {@return whether waiting matches are as many as may be} */
    boolean isWaitingFull() {
        return runs.waitingCount() >= limits.maxWaitingMatches();
    }

    /** {@return a copy of a run, -1 if there is no room for one} */
    int fork(int run) {
        int slot = runs.slot(run);
        if (!hasRoomForRun(slot)) {
            if (limits.overflow() == Overflow.HALT) {
                throw halt(boundOfRuns(slot));
            }
            int oldest = runs.first(slot);
            if (limits.overflow() != Overflow.EVICT_OLDEST || oldest == run) {
                counts.refusedForks++;
                degrade(slot);
                return NONE;
            }
            evict(oldest);
        }
        return runs.fork(run);
    }

    private void degrade(int slot) {
        if (limits.overflow() == Overflow.DEGRADE) {
            runs.degraded(slot, true);
        }
    }

    private boolean hasRoomForRun(int slot) {
        return runs.liveCount(slot) < limits.maxRunsPerKey() && runs.liveCount() < limits.maxRuns();
    }

    private String boundOfRuns(int slot) {
        return runs.liveCount(slot) < limits.maxRunsPerKey()
                ? "maxRuns=" + limits.maxRuns()
                : "maxRunsPerKey=" + limits.maxRunsPerKey();
    }

    /** {@return whether a key may start a run} */
    boolean makeRoomForStart(int slot) {
        if (hasRoomForRun(slot)) {
            return true;
        }
        if (limits.overflow() == Overflow.HALT) {
            throw halt(boundOfRuns(slot));
        }
        if (limits.overflow() == Overflow.EVICT_OLDEST && runs.first(slot) != NONE) {
            evict(runs.first(slot));
            return true;
        }
        counts.refusedStarts++;
        degrade(slot);
        return false;
    }

    /** {@return whether an event may be held} An older run of the key than the given one may have to go for it. */
    boolean makeRoomForNode(int slot, int run) {
        if (!nodes.isFull()) {
            return true;
        }
        if (limits.overflow() == Overflow.HALT) {
            throw halt("maxNodes=" + limits.maxNodes());
        }
        int oldest = runs.first(slot);
        if (limits.overflow() == Overflow.EVICT_OLDEST && oldest != NONE && oldest != run) {
            evict(oldest);
        }
        if (nodes.isFull()) {
            counts.refusedNodes++;
            return false;
        }
        return true;
    }

    private IllegalStateException halt(String bound) {
        return new IllegalStateException("pattern " + pattern.name() + " halts: " + bound
                + " reached (expected: room, as onOverflow=HALT); raise the bound, or choose another overflow policy");
    }

    private void evict(int run) {
        counts.evictions++;
        if (pattern.hasTimeouts() && hasRoomToWait()) {
            deadlines.disarm(run);
            runs.kind(run, PatternMatch.EVICTED);
            runs.stampNs(run, nowNs);
            runs.enqueue(runs.toWaiting(run));
        } else {
            end(run);
        }
    }

    /** Ends a run without a trace. */
    void end(int run) {
        deadlines.disarm(run);
        nodes.release(runs.tail(run));
        runs.end(run);
    }
}
