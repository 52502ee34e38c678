package io.millrace.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The graph that {@link PatternCompiler} makes of a pattern, before {@link Automaton} flattens it. */
final class StateGraph {
    private StateGraph() {}

    /** What an edge does. */
    enum Action {
        /** The event is taken under the edge's label. */
        TAKE,
        /** The event is passed over. */
        IGNORE,
        /** The target is tested against the same event. */
        PROCEED,
        /** The run ends: a negation, whose number is the label. */
        STOP
    }

    /** What a state is besides its edges. */
    enum Kind {
        NORMAL,
        FINAL,
        /** Goes on with the very next event, whatever stands behind it. */
        NEXT_NOT,
        /** A match when the time is over. */
        PENDING,
        /** Goes on, without an event, when its absence has lasted. */
        ABSENT
    }

    /** An edge that is there if all literals of its guard hold. */
    static final class Edge {
        final Action action;
        final @Nullable State target;
        final int label;
        int[] guard;

        Edge(Action action, @Nullable State target, int label, int... guard) {
            this.action = action;
            this.target = target;
            this.label = label;
            this.guard = guard;
        }
    }

    /** A state. */
    static final class State {
        final Kind kind;
        final List<Edge> edges = new ArrayList<>();
        /** Time that must not pass before it takes an event, 0 for any. */
        final long gapNs;
        /** How long an absence lasts. */
        final long absentNs;
        /** Where an absence leads. */
        final @Nullable State next;

        State(Kind kind, long gapNs) {
            this(kind, gapNs, 0, null);
        }

        State(Kind kind, long gapNs, long absentNs, @Nullable State next) {
            this.kind = kind;
            this.gapNs = gapNs;
            this.absentNs = absentNs;
            this.next = next;
        }

        void take(State target, int label, int... guard) {
            edges.add(new Edge(Action.TAKE, target, label, guard));
        }

        void ignore(State target, int... guard) {
            edges.add(new Edge(Action.IGNORE, target, 0, guard));
        }

        void proceed(State target, int... guard) {
            edges.add(new Edge(Action.PROCEED, target, 0, guard));
        }

        /** Stops at a negation, once. */
        void stop(int negation, int guard) {
            if (edges.stream().anyMatch(edge -> edge.action == Action.STOP && edge.label == negation)) {
                return;
            }
            edges.add(new Edge(Action.STOP, null, negation, guard));
        }

        boolean isFinal() {
            return kind == Kind.FINAL;
        }

        /** {@return whether a run that stands here is a match as well, but for guards} */
        boolean canEnd() {
            for (Edge edge : edges) {
                State target = edge.action == Action.PROCEED ? edge.target : null;
                if (target != null && (target.isFinal() || (target.kind == Kind.NORMAL && target.canEnd()))) {
                    return true;
                }
            }
            return false;
        }

        /** {@return whether a run that stands here is a match when the time is over} */
        boolean canPend() {
            for (Edge edge : edges) {
                State target = edge.action == Action.PROCEED ? edge.target : null;
                if (target != null && target.canPend()) {
                    return true;
                }
            }
            return kind == Kind.PENDING;
        }

        /** {@return a state with the same edges, those to itself to the copy, without stops that are not wanted} */
        State copy(IntPredicate keepsStop) {
            State copy = new State(kind, gapNs, absentNs, next);
            for (Edge edge : edges) {
                if (edge.action != Action.STOP || keepsStop.test(edge.label)) {
                    State target = edge.target == this ? copy : edge.target;
                    copy.edges.add(new Edge(edge.action, target, edge.label, edge.guard));
                }
            }
            return copy;
        }

        /** Lets every edge also require a literal. */
        void require(int literal) {
            for (Edge edge : edges) {
                int[] guard = Arrays.copyOf(edge.guard, edge.guard.length + 1);
                guard[guard.length - 1] = literal;
                edge.guard = guard;
            }
        }
    }
}
