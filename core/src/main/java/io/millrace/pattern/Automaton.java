package io.millrace.pattern;

import io.millrace.event.Event;
import io.millrace.pattern.StateGraph.Action;
import io.millrace.pattern.StateGraph.Edge;
import io.millrace.pattern.StateGraph.Kind;
import io.millrace.pattern.StateGraph.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The states and edges of a pattern in flat arrays. Of each state it has all that an event can do there: ways through
 * edges that go on without an event are followed when it is built, so that at run time an edge is one test.
 */
final class Automaton {
    static final int FINAL = -1;
    static final byte TAKE = 0;
    static final byte IGNORE = 1;
    static final byte STOP = 2;
    static final long NEVER_NS = Long.MAX_VALUE;
    private static final long ALL = -1;

    private static final int MAX_STATES = 1 << 12;
    private static final int MAX_EDGES = 1 << 16;
    private static final int[] NO_STATES = {};

    final Predicates predicates;
    final RunRegisters registers;
    final List<String> stageNames;
    /** The stages of each label. */
    final int[][] labels;

    /** Edges of a state s are firstEdge[s] to firstEdge[s + 1] - 1; state 0 is where runs start. */
    int[] firstEdge = {};

    byte[] edgeKind = {};
    /** {@link #FINAL} for a match. */
    int[] edgeTarget = {};

    int[] edgeLabel = {};
    /** Time since the event before at which the edge neither takes nor passes over any more. */
    long[] edgeGapNs = {};

    Guard[] edgeGuard = {};
    /** Under which the event also completes a match. */
    Guard[][] edgeFinals = {};
    /** Absences that begin with the event besides the target. */
    int[][] edgeAbsences = {};

    boolean[] isPending = {};
    /** Time since the event before at which a run in the state is over. */
    long[] gapNs = {};

    /** How long a run waits in the state, {@link #NEVER_NS} if it is no absence. */
    long[] absentNs = {};
    /** Where an absence leads, {@link #FINAL} for a match. */
    int[] absentTarget = {};
    /** Whether it leads to a match as well. */
    boolean[] isAbsentFinal = {};

    int[][] absentAbsences = {};

    /** By state, what its guards look at. While nothing of that differs from {@link #nothing}, a run waits there. */
    private final long[] wakes;

    /** The mask of an event for which no condition holds. */
    private final long nothing;

    private final boolean isIdleAtNothing;
    private final long equalWaitNs;

    private final Map<State, Integer> numbers = new LinkedHashMap<>();
    private final List<State> states = new ArrayList<>();

    Automaton(Pattern pattern, State start, Predicates predicates, StageTakes takes) {
        this.predicates = predicates;
        this.registers = takes.registers();
        this.stageNames = List.copyOf(takes.stageNames());
        this.labels = takes.labels().toArray(int[][]::new);
        new Flattening(pattern).run(start);
        this.nothing = predicates.completed(0);
        this.equalWaitNs = equalWaitNs(pattern);
        this.isIdleAtNothing = IntStream.range(0, states.size()).allMatch(state -> isIdle(state, nothing));
        this.wakes = IntStream.range(0, states.size()).mapToLong(this::wakes).toArray();
    }

    /** {@return what the guards of a state look at; all, if it does not wait at an event that satisfies nothing} */
    private long wakes(int state) {
        long bits = isIdle(state, nothing) ? 0 : ALL;
        for (int edge = firstEdge[state]; edge < firstEdge[state + 1]; edge++) {
            bits |= edgeGuard[edge].must | edgeGuard[edge].mustNot;
        }
        return bits;
    }

    /** {@return whether an event leaves a run in that state as it is, or starts none if it is state 0} */
    boolean isUnmoved(int state, long mask) {
        return wakes[state] != ALL && ((mask ^ nothing) & wakes[state]) == 0;
    }

    /** {@return the most edges that a state has} */
    int maxEdges() {
        int most = 0;
        for (int state = 0; state < states.size(); state++) {
            most = Math.max(most, firstEdge[state + 1] - firstEdge[state]);
        }
        return most;
    }

    /**
     * {@return for how long all runs wait, if that is one and the same duration and none is a copy of another; else
     * {@link #NEVER_NS}}
     */
    long equalWaitNs() {
        return equalWaitNs;
    }

    private long equalWaitNs(Pattern pattern) {
        long[] waits = LongStream.concat(
                        LongStream.of(pattern.withinNs() > 0 ? pattern.withinNs() : NEVER_NS),
                        LongStream.concat(Arrays.stream(gapNs), Arrays.stream(absentNs)))
                .filter(wait -> wait != NEVER_NS)
                .distinct()
                .toArray();
        boolean isEqual = waits.length == 1 && IntStream.range(0, states.size()).allMatch(this::isForkless);
        return isEqual ? waits[0] : NEVER_NS;
    }

    private boolean isForkless(int state) {
        boolean isForkless = absentAbsences[state].length == 0;
        for (int edge = firstEdge[state]; isForkless && edge < firstEdge[state + 1]; edge++) {
            isForkless = edgeAbsences[edge].length == 0;
            for (int other = firstEdge[state]; isForkless && state > 0 && other < edge; other++) {
                Guard left = edgeGuard[edge];
                Guard right = edgeGuard[other];
                boolean isExclusive = ((left.must & right.mustNot) | (left.mustNot & right.must)) != 0;
                isForkless = isExclusive || edgeKind[edge] == STOP || edgeKind[other] == STOP;
            }
        }
        return isForkless;
    }

    /** {@return whether an event that satisfies no condition changes nothing, wherever runs are} */
    boolean isIdleAtNothing() {
        return isIdleAtNothing;
    }

    private boolean isIdle(int state, long mask) {
        int waits = 0;
        for (int edge = firstEdge[state]; edge < firstEdge[state + 1]; edge++) {
            if (edgeGuard[edge].holds(mask)) {
                boolean isWait = edgeKind[edge] == IGNORE && edgeTarget[edge] == state;
                if (edgeGuard[edge].ofRun.length > 0 || !isWait) {
                    return false;
                }
                waits++;
            }
        }
        return state == 0 || waits == 1;
    }

    int stateCount() {
        return states.size();
    }

    /** Literals of which all must hold. */
    static final class Guard {
        final long must;
        final long mustNot;
        /** All of them, for people. */
        final int[] literals;
        /** Those that depend on the run. */
        final int[] ofRun;

        Guard(Predicates predicates, int[] literals) {
            long bits = 0;
            long notBits = 0;
            int[] rest = new int[literals.length];
            int restCount = 0;
            for (int literal : literals) {
                long bit = predicates.bit(literal);
                if (bit == 0) {
                    rest[restCount++] = literal;
                } else if ((literal & 1) == 0) {
                    bits |= bit;
                } else {
                    notBits |= bit;
                }
            }
            this.must = bits;
            this.mustNot = notBits;
            this.literals = literals;
            this.ofRun = Arrays.copyOf(rest, restCount);
        }

        boolean holds(long mask) {
            return (mask & must) == must && (mask & mustNot) == 0;
        }

        boolean isAlways() {
            return must == 0 && mustNot == 0 && ofRun.length == 0;
        }
    }

    /** {@return whether a guard holds for an event and a run} */
    boolean holds(Guard guard, Event event, long mask, long[] runRegisters, int offset) {
        if (!guard.holds(mask)) {
            return false;
        }
        for (int literal : guard.ofRun) {
            if (!predicates.test(literal, event, mask, runRegisters, offset)) {
                return false;
            }
        }
        return true;
    }

    /** {@return what of an edge's guard does not hold, in words; the caller's own list} */
    List<String> failed(int edge, Event event, long mask, long[] runRegisters, int offset) {
        List<String> failed = new ArrayList<>();
        for (int literal : edgeGuard[edge].literals) {
            if (!predicates.test(literal, event, mask, runRegisters, offset)) {
                failed.add(predicates.text(literal));
            }
        }
        return failed;
    }

    /** A way from a state to an edge, or to a match. */
    private record Way(State from, Edge edge, int[] guard) {}

    /** Fills the arrays. */
    private final class Flattening {
        private final String name;
        private final boolean isFlinkExact;
        private final List<Way> ways = new ArrayList<>();
        private final List<Integer> firsts = new ArrayList<>();

        Flattening(Pattern pattern) {
            this.name = pattern.name();
            this.isFlinkExact = pattern.semantics() == Semantics.FLINK_EXACT;
        }

        void run(State start) {
            number(start);
            for (int i = 0; i < states.size(); i++) {
                firsts.add(ways.size());
                State state = states.get(i);
                follow(state, new int[0], ways);
                for (Way way : ways.subList(firsts.get(i), ways.size())) {
                    meet(way);
                }
                if (state.next != null) {
                    number(state.next);
                    absences(state.next).forEach(this::number);
                }
                requireRoom();
            }
            firsts.add(ways.size());
            firstEdge = firsts.stream().mapToInt(Integer::intValue).toArray();
            fillStates();
            fillEdges();
        }

        private void requireRoom() {
            if (states.size() > MAX_STATES || ways.size() > MAX_EDGES) {
                throw new IllegalArgumentException("cannot build pattern " + name + ": states=" + states.size()
                        + ", edges=" + ways.size() + " (expected: up to " + MAX_STATES + " and " + MAX_EDGES
                        + "); let loops have smaller numbers of times");
            }
        }

        private void meet(Way way) {
            State target = way.edge().target;
            if (target != null) {
                number(target);
                absences(target).forEach(this::number);
            }
        }

        private int number(State state) {
            if (state.isFinal()) {
                return FINAL;
            }
            Integer known = numbers.get(state);
            if (known != null) {
                return known;
            }
            requireNoCycle(state, new ArrayList<>());
            numbers.put(state, states.size());
            states.add(state);
            return states.size() - 1;
        }

        /** Adds the ways to all edges that an event is tested against in a state. */
        private void follow(State state, int[] guard, List<Way> found) {
            for (Edge edge : state.edges) {
                int[] together = joined(guard, edge.guard);
                if (Predicates.isContradiction(together)) {
                    continue;
                }
                if (edge.action != Action.PROCEED) {
                    found.add(new Way(state, edge, together));
                } else if (edge.target != null && edge.target.kind != Kind.ABSENT && !edge.target.isFinal()) {
                    follow(edge.target, together, found);
                }
            }
        }

        private void requireNoCycle(State state, List<State> path) {
            if (path.contains(state)) {
                throw new IllegalArgumentException("cannot build pattern " + name + ": a group repeats that may be"
                        + " empty (expected: a stage in it that is not optional); make a stage of it required");
            }
            path.add(state);
            for (Edge edge : state.edges) {
                if (edge.action == Action.PROCEED && edge.target != null) {
                    requireNoCycle(edge.target, path);
                }
            }
            path.remove(path.size() - 1);
        }

        private int[] joined(int[] left, int[] right) {
            return IntStream.concat(Arrays.stream(left), Arrays.stream(right))
                    .flatMap(literal -> Arrays.stream(predicates.conjuncts(literal)))
                    .filter(literal -> literal != Predicates.TRUE)
                    .distinct()
                    .sorted()
                    .toArray();
        }

        /** {@return guards under which a state, once reached, is a match as well} */
        private List<Guard> finals(State state, int[] guard) {
            List<Guard> found = new ArrayList<>();
            if (state.kind == Kind.NEXT_NOT) {
                return found;
            }
            for (Edge edge : state.edges) {
                State target = edge.target;
                int[] together = joined(guard, edge.guard);
                if (edge.action == Action.PROCEED && target != null && !Predicates.isContradiction(together)) {
                    if (target.isFinal()) {
                        found.add(new Guard(predicates, together));
                    } else if (target.kind != Kind.ABSENT) {
                        found.addAll(finals(target, together));
                    }
                }
            }
            return found;
        }

        /** {@return absences that begin when a state is reached, itself aside} */
        private List<State> absences(State state) {
            List<State> found = new ArrayList<>();
            for (Edge edge : state.edges) {
                State target = edge.target;
                if (edge.action == Action.PROCEED && target != null) {
                    if (target.kind == Kind.ABSENT) {
                        found.add(target);
                    } else {
                        found.addAll(absences(target));
                    }
                }
            }
            return found;
        }

        private int[] absenceNumbers(State state) {
            List<State> absences = absences(state);
            return absences.isEmpty()
                    ? NO_STATES
                    : absences.stream().mapToInt(this::number).toArray();
        }

        private void fillStates() {
            int count = states.size();
            isPending = new boolean[count];
            gapNs = new long[count];
            absentNs = new long[count];
            absentTarget = new int[count];
            isAbsentFinal = new boolean[count];
            absentAbsences = new int[count][];
            for (int i = 0; i < count; i++) {
                State state = states.get(i);
                isPending[i] = isFlinkExact ? state.kind == Kind.PENDING : state.canPend();
                boolean canLeave = state.edges.stream()
                        .anyMatch(edge -> edge.action == Action.PROCEED
                                && edge.target != null
                                && !edge.target.isFinal()
                                && edge.target.kind != Kind.ABSENT);
                gapNs[i] = state.gapNs == 0 || (canLeave && !isFlinkExact) ? NEVER_NS : state.gapNs;
                absentNs[i] = state.kind == Kind.ABSENT ? state.absentNs : NEVER_NS;
                absentAbsences[i] = NO_STATES;
                if (state.next != null) {
                    absentTarget[i] = number(state.next);
                    isAbsentFinal[i] = finals(state.next, new int[0]).stream().anyMatch(Guard::isAlways);
                    absentAbsences[i] = absenceNumbers(state.next);
                }
            }
        }

        private void fillEdges() {
            int count = ways.size();
            edgeKind = new byte[count];
            edgeTarget = new int[count];
            edgeLabel = new int[count];
            edgeGapNs = new long[count];
            edgeGuard = new Guard[count];
            edgeFinals = new Guard[count][];
            edgeAbsences = new int[count][];
            for (int i = 0; i < count; i++) {
                Way way = ways.get(i);
                Edge edge = way.edge();
                State target = edge.target;
                edgeKind[i] = edge.action == Action.TAKE ? TAKE : edge.action == Action.IGNORE ? IGNORE : STOP;
                edgeTarget[i] = target == null ? FINAL : number(target);
                edgeLabel[i] = edge.label;
                edgeGapNs[i] = way.from().gapNs == 0 || isFlinkExact ? NEVER_NS : way.from().gapNs;
                edgeGuard[i] = new Guard(predicates, way.guard());
                if (edge.action == Action.TAKE && target != null) {
                    edgeFinals[i] = finals(target, new int[0]).toArray(Guard[]::new);
                    edgeAbsences[i] = absenceNumbers(target);
                } else {
                    edgeFinals[i] = new Guard[0];
                    edgeAbsences[i] = NO_STATES;
                }
            }
        }
    }
}
