package io.millrace.pattern;

import io.millrace.event.Event;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks at the live runs of a {@link PatternOperator} and says what an event would do to each, and why. It changes
 * nothing, and what it costs is paid only where it is asked.
 *
 * <pre>
 *   inspector.verdicts(event)      before operator.onEvent(event, ...): each run of the key, each stage that it awaits,
 *                                  and which conditions fail
 * </pre>
 *
 * <p><b>Threading</b>: the operator's. <b>Allocation</b>: per call.
 */
public final class PatternInspector {
    private static final int NONE = Runs.NONE;
    private static final List<Way> OUT_OF_TIME =
            List.of(new Way("wait", List.of("its time is over before the event is looked at")));

    private final PatternOperator operator;
    private final Automaton automaton;
    private final Runs runs;
    private final MatchNodes nodes;

    /** Looks at an operator that goes on to belong to its pipeline. */
    public PatternInspector(PatternOperator operator) {
        this.operator = operator;
        this.automaton = operator.automaton();
        this.runs = operator.runs();
        this.nodes = operator.nodes();
    }

    /** An event that a run has taken. */
    public record Taken(String stage, long sequence, long timestampNs) {}

    /**
     * A live run.
     *
     * @param deadlineNs when it is over, {@code Long.MAX_VALUE} for never
     * @param registers what its conditions know of earlier events, as {@code last(a.delay)=7}
     */
    public record LiveRun(
            long key, long startNs, long deadlineNs, List<Taken> events, Set<String> awaited, List<String> registers) {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("[");
            for (Taken event : events) {
                text.append(text.length() == 1 ? "" : " ")
                        .append(event.stage())
                        .append('=')
                        .append(event.sequence());
            }
            return text.append("] awaits ").append(String.join(", ", awaited)).toString();
        }
    }

    /**
     * One way that an event could take a run on.
     *
     * @param what {@code take STAGE}, {@code pass over}, {@code forbidden}
     * @param failed conditions that do not hold; none if the way is taken
     */
    public record Way(String what, List<String> failed) {
        /** {@return whether the event goes this way} */
        public boolean isTaken() {
            return failed.isEmpty();
        }
    }

    /**
     * What an event does to a run.
     *
     * @param run as it is before, null for a run that the event would start
     * @param ways that lead on from where it is
     */
    public record Verdict(@org.jspecify.annotations.Nullable LiveRun run, List<Way> ways) {
        /** {@return whether the run is over: a negation ends it, or no way leads on} */
        public boolean isOver() {
            return ways.stream().noneMatch(Way::isTaken)
                    || ways.stream().anyMatch(way -> way.isTaken() && way.what().startsWith(FORBIDDEN));
        }
    }

    static final String FORBIDDEN = "forbidden";

    /** {@return the live runs of all keys, key by key} */
    public List<LiveRun> runs() {
        List<LiveRun> found = new ArrayList<>();
        for (int slot = 0; slot < runs.keys.highWater(); slot++) {
            if (runs.keys.isUsed(slot) && operator.owns(slot)) {
                addRuns(slot, found);
            }
        }
        return found;
    }

    /** {@return the live runs of a key, in the order in which they started} */
    public List<LiveRun> runs(long key) {
        List<LiveRun> found = new ArrayList<>();
        int slot = operator.slotOf(key);
        if (slot != NONE) {
            addRuns(slot, found);
        }
        return found;
    }

    private void addRuns(int slot, List<LiveRun> found) {
        for (int run = runs.first(slot); run != NONE; run = runs.next(run)) {
            found.add(liveRun(run));
        }
    }

    private LiveRun liveRun(int run) {
        List<Taken> events = new ArrayList<>();
        for (int node = runs.tail(run); node != MatchNodes.NONE; node = nodes.parent(node)) {
            events.add(0, new Taken(stages(nodes.label(node)), nodes.sequence(node), nodes.timestampNs(node)));
        }
        return new LiveRun(
                runs.key(run),
                runs.startNs(run),
                operator.deadlineNs(run),
                events,
                awaited(runs.state(run)),
                automaton.registers.values(runs.registers, runs.registersOf(run)));
    }

    private String stages(int label) {
        StringBuilder names = new StringBuilder();
        for (int stage : automaton.labels[label]) {
            names.append(names.isEmpty() ? "" : "+").append(automaton.stageNames.get(stage));
        }
        return names.toString();
    }

    private Set<String> awaited(int state) {
        Set<String> awaited = new LinkedHashSet<>();
        for (int edge = automaton.firstEdge[state]; edge < automaton.firstEdge[state + 1]; edge++) {
            if (automaton.edgeKind[edge] == Automaton.TAKE) {
                awaited.add(stages(automaton.edgeLabel[edge]));
            }
        }
        if (awaited.isEmpty()) {
            awaited.add("the end of its time");
        }
        return awaited;
    }

    /**
     * {@return what an event that comes next would do to each live run of its key, and last, without a run, whether it
     * starts one} What is due before the event must be done.
     */
    public List<Verdict> verdicts(Event event) {
        List<Verdict> verdicts = new ArrayList<>();
        long mask = automaton.predicates.completed(automaton.predicates.conditionMask(event));
        int slot = operator.slotOf(event.key());
        for (int run = slot == NONE ? NONE : runs.first(slot); run != NONE; run = runs.next(run)) {
            boolean isDue = operator.deadlineNs(run) <= event.timestampNs();
            verdicts.add(new Verdict(
                    liveRun(run),
                    isDue ? OUT_OF_TIME : ways(runs.state(run), event, mask, runs.registersOf(run), runs.lastNs(run))));
        }
        automaton.registers.clear(runs.registers, runs.emptyRegisters());
        verdicts.add(new Verdict(null, ways(0, event, mask, runs.emptyRegisters(), event.timestampNs())));
        return verdicts;
    }

    private List<Way> ways(int state, Event event, long mask, int registers, long lastNs) {
        List<Way> ways = new ArrayList<>();
        for (int edge = automaton.firstEdge[state]; edge < automaton.firstEdge[state + 1]; edge++) {
            byte kind = automaton.edgeKind[edge];
            if (state == 0 && kind != Automaton.TAKE) {
                continue;
            }
            List<String> failed = automaton.failed(edge, event, mask, runs.registers, registers);
            if (kind == Automaton.TAKE && event.timestampNs() - lastNs >= automaton.edgeGapNs[edge]) {
                failed.add("less than " + automaton.edgeGapNs[edge] + " ns since the event before");
            }
            String what = kind == Automaton.TAKE
                    ? "take " + stages(automaton.edgeLabel[edge])
                    : kind == Automaton.IGNORE ? "pass over" : FORBIDDEN;
            ways.add(new Way(what, failed));
        }
        return ways;
    }

    /** {@return states of the automaton, state 0 the one in which runs start} */
    public int stateCount() {
        return automaton.stateCount();
    }

    /** {@return edges of the automaton} */
    public int edgeCount() {
        return automaton.edgeKind.length;
    }

    /**
     * {@return the most edges that one event tests: those of each live run that its key may have, and those that start}
     * What is due before the event comes on top: up to {@code maxRuns} runs end or go on once each.
     */
    public long maxStepsPerEvent() {
        return (long) operator.pattern().limits().maxRunsPerKey() * automaton.maxEdges() + automaton.firstEdge[1];
    }

    /** {@return the distinct conditions over the event alone, each evaluated once per event, in words} */
    public List<String> eventConditions() {
        return automaton.predicates.eventTexts();
    }

    /** {@return the distinct conditions that look at earlier events, evaluated per run, in words} */
    public List<String> runConditions() {
        return automaton.predicates.runTexts();
    }

    /** {@return the registers of each run, in words} */
    public List<String> registers() {
        return automaton.registers.describe();
    }
}
