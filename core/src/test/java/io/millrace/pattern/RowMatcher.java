package io.millrace.pattern;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the matches of ISO SQL in the rows of one partition: for each row the most preferred match that begins there,
 * if no match before skips it. All attempts go on together, row by row, in the order of their starts and then of
 * preference; what is less preferred than an attempt that is complete is given up.
 *
 * <p>Of two attempts that began at one row and stand in one state with the same registers the less preferred is given
 * up too, so no row has more attempts than there are rows before it times states.
 */
final class RowMatcher {
    /** A row taken, behind others. */
    record Taken(@Nullable Taken before, int row, int label) {}

    /** A match, its rows in order; an empty one has none. */
    record Found(int start, List<Taken> rows) {}

    private record Attempt(int state, int start, @Nullable Taken taken, long[] registers) {
        boolean isSame(Attempt other) {
            return state == other.state && start == other.start && Arrays.equals(registers, other.registers);
        }
    }

    private final Automaton automaton;
    private final String skip;
    private final int skipStage;
    private final MatchNodes nodes;
    private final List<Found> found = new ArrayList<>();
    /** By start, the most preferred match so far. */
    private final TreeMap<Integer, Found> complete = new TreeMap<>();

    private List<Attempt> attempts = new ArrayList<>();
    private int attemptCountMax;

    RowMatcher(Automaton automaton, String skip) {
        this.automaton = automaton;
        this.skip = skip;
        this.skipStage = automaton.stageNames.indexOf(skip.substring(skip.indexOf(':') + 1));
        this.nodes = new MatchNodes(1, automaton.registers.valueCount());
    }

    /** {@return the most attempts that were live at a row} */
    int attemptCountMax() {
        return attemptCountMax;
    }

    /** {@return all matches; the last row is the mark of the end, at which none begins} */
    List<Found> run(List<MutableEvent> rows) {
        for (int row = 0; row < rows.size(); row++) {
            if (row < rows.size() - 1) {
                long[] registers = new long[automaton.registers.count()];
                automaton.registers.clear(registers, 0);
                attempts.add(new Attempt(0, row, null, registers));
            }
            attemptCountMax = Math.max(attemptCountMax, attempts.size());
            step(rows.get(row), row);
            decide();
        }
        return found;
    }

    private void step(Event event, int row) {
        long mask = automaton.predicates.completed(automaton.predicates.conditionMask(event));
        List<Attempt> before = attempts;
        attempts = new ArrayList<>();
        int completeStart = -1;
        for (Attempt attempt : before) {
            if (attempt.start != completeStart && isCompleteAfter(attempt, event, row, mask)) {
                completeStart = attempt.start;
            }
        }
    }

    /** Moves an attempt on by its edges, until one says that it is a match without the row. */
    private boolean isCompleteAfter(Attempt attempt, Event event, int row, long mask) {
        for (int edge = automaton.firstEdge[attempt.state]; edge < automaton.firstEdge[attempt.state + 1]; edge++) {
            if (!automaton.holds(automaton.edgeGuard[edge], event, mask, attempt.registers, 0)) {
                continue;
            }
            if (automaton.edgeKind[edge] == Automaton.IGNORE) {
                complete.put(attempt.start, new Found(attempt.start, rows(attempt.taken)));
                return true;
            }
            add(attempt, edge, event, row);
        }
        return false;
    }

    private void add(Attempt attempt, int edge, Event event, int row) {
        long[] registers = attempt.registers.clone();
        for (int stage : automaton.labels[automaton.edgeLabel[edge]]) {
            automaton.registers.take(stage, event, registers, 0, nodes, 0);
        }
        Taken taken = new Taken(attempt.taken, row, automaton.edgeLabel[edge]);
        Attempt longer = new Attempt(automaton.edgeTarget[edge], attempt.start, taken, registers);
        if (attempts.stream().noneMatch(longer::isSame)) {
            attempts.add(longer);
        }
    }

    private static List<Taken> rows(@Nullable Taken last) {
        List<Taken> rows = new ArrayList<>();
        for (Taken each = last; each != null; each = each.before) {
            rows.add(0, each);
        }
        return rows;
    }

    /** Gives out matches, earliest start first, of which nothing more preferred is live. */
    private void decide() {
        while (!complete.isEmpty()) {
            Found first = Objects.requireNonNull(complete.firstEntry()).getValue();
            if (attempts.stream().anyMatch(attempt -> attempt.start <= first.start)) {
                return;
            }
            found.add(first);
            int next = nextStart(first);
            complete.headMap(next).clear();
            attempts.removeIf(attempt -> attempt.start < next);
        }
    }

    private int nextStart(Found match) {
        if (match.rows.isEmpty() || skip.equals("TO_NEXT_ROW")) {
            return match.start + 1;
        }
        if (skip.equals("PAST_LAST_ROW")) {
            return match.rows.get(match.rows.size() - 1).row + 1;
        }
        List<Integer> rows = match.rows.stream()
                .filter(taken -> automaton.labels[taken.label][0] == skipStage)
                .map(Taken::row)
                .toList();
        if (rows.isEmpty()) {
            throw new IllegalStateException("cannot skip to a variable that is not in the match");
        }
        int next = rows.get(skip.startsWith("TO_LAST") ? rows.size() - 1 : 0);
        if (next == match.start) {
            throw new IllegalStateException("cannot skip to first row of match");
        }
        return next;
    }
}
