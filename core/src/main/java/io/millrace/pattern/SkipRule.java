package io.millrace.pattern;

/** What a match of a pattern removes of its key when it goes. */
final class SkipRule {
    private static final int NONE = Runs.NONE;

    private final Pattern pattern;
    private final Automaton automaton;
    private final Bounds bounds;
    private final Runs runs;
    private final MatchNodes nodes;
    private final int skipStage;

    SkipRule(Pattern pattern, Automaton automaton, Bounds bounds, RunPool pool) {
        this.pattern = pattern;
        this.automaton = automaton;
        this.bounds = bounds;
        this.runs = pool.runs;
        this.nodes = pool.nodes;
        String stage = pattern.afterMatch().stage();
        this.skipStage = stage == null ? NONE : automaton.stageNames.indexOf(stage);
    }

    /** {@return whether a match is held until no run of its key that started earlier is live} */
    boolean isHeld(int entry) {
        return runs.kind(entry) == PatternMatch.MATCH
                && (pattern.afterMatch().isSkip() || runs.isDegraded(runs.slot(entry)));
    }

    /** {@return the greatest start that the match removes} */
    long bound(int match, int slot) {
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

    /** Ends the runs of a key up to a start. */
    void endUpTo(long bound, int slot) {
        int run = runs.first(slot);
        while (run != NONE && runs.startOrder(run) <= bound) {
            int next = runs.next(run);
            bounds.end(run);
            run = next;
        }
    }
}
