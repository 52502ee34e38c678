package io.millrace.pattern;

import io.millrace.pattern.StagePlace.Group;
import io.millrace.pattern.StateGraph.Edge;
import io.millrace.pattern.StateGraph.Kind;
import io.millrace.pattern.StateGraph.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a graph of states of a pattern, from its end to its begin: each stage becomes states that lead to those of the
 * stage behind it.
 *
 * <pre>
 *   a -> b+ -> c                    T take, I ignore, P proceed: the next state is tried with the same event
 *
 *            .-I: not b-.               .-- I: not b --> (waits) --.
 *            v          |               |                          | T: b
 *   [a] -T-> [first b] -'-T: b-> [more b] <-----------------------'
 *                                 |  ^ |
 *                                 |  '-' T: b
 *                                 '-P-> [c] -T: c-> final
 *                                       ^  | I: not c
 *                                       '--'
 * </pre>
 *
 * <p><b>Source</b>: the semantics are those of Apache Flink's CEP library, whose documentation and behaviour were the
 * reference; where we differ {@link Semantics} says so.
 */
final class PatternCompiler {
    private final Pattern pattern;
    private final Predicates predicates = new Predicates();
    private final StageTakes takes;
    private final Map<PatternStage, Integer> negations = new LinkedHashMap<>();
    private final Map<State, State> sinkBeforeGreed = new LinkedHashMap<>();
    private final Map<PatternStage, Boolean> stagesMade = new LinkedHashMap<>();
    private final boolean isFlinkExact;
    private final State end = new State(Kind.FINAL, 0);

    PatternCompiler(Pattern pattern) {
        if (pattern.semantics() == Semantics.ISO) {
            throw new IllegalArgumentException("cannot build pattern " + pattern.name() + ": semantics=ISO (expected:"
                    + " MILLRACE or FLINK_EXACT); matches in an order of preference are not run yet");
        }
        this.pattern = pattern;
        this.isFlinkExact = pattern.semantics() == Semantics.FLINK_EXACT;
        this.takes = new StageTakes(pattern, predicates);
    }

    Automaton compile() {
        State start = chain(pattern.stages(), end, null, null);
        predicates.conclude();
        takes.registers().conclude();
        return new Automaton(pattern, start, predicates, takes);
    }

    private State chain(List<PatternStage> stages, State sink, @Nullable PatternStage behind, @Nullable Group group) {
        State entry = sink;
        for (int i = stages.size() - 1; i >= 0; i--) {
            PatternStage following = i + 1 < stages.size() ? stages.get(i + 1) : behind;
            StagePlace place = new StagePlace(stages, i, following, group);
            entry = switch (place.stage().operator()) {
                case NOT_FOLLOWED_BY -> notFollowedBy(place, entry);
                case NOT_NEXT -> notNext(place, entry);
                case ABSENT_FOR -> absentFor(place, entry);
                default -> stage(place, entry);
            };
        }
        return entry;
    }

    /** In the middle it becomes edges of the states around it; at the end a state that waits for the time. */
    private State notFollowedBy(StagePlace place, State sink) {
        boolean hasTime = pattern.withinNs() > 0 || place.stage().withinPreviousNs() > 0;
        if (!sink.isFinal() || !hasTime) {
            return sink;
        }
        State pending = new State(Kind.PENDING, place.stage().withinPreviousNs());
        int negated = extended(place, takes.take(place.stage()).literal());
        pending.stop(negation(place.stage()), negated);
        pending.ignore(pending, Predicates.not(negated));
        return pending;
    }

    private State notNext(StagePlace place, State sink) {
        State state = new State(
                isFlinkExact ? Kind.NORMAL : Kind.NEXT_NOT, place.stage().withinPreviousNs());
        int negated = extended(place, takes.take(place.stage()).literal());
        if (sink.isFinal()) {
            state.ignore(sink, Predicates.not(negated));
        } else {
            state.proceed(sink, Predicates.not(negated));
            if (!isFlinkExact && sink.canEnd()) {
                state.ignore(end, Predicates.not(negated));
            }
        }
        state.stop(negation(place.stage()), negated);
        return state;
    }

    private State absentFor(StagePlace place, State sink) {
        State absent = new State(Kind.ABSENT, 0, place.stage().absentNs(), sink);
        int negated = extended(place, takes.take(place.stage()).literal());
        absent.stop(negation(place.stage()), negated);
        absent.ignore(absent, Predicates.not(negated));
        return absent;
    }

    private State stage(StagePlace place, State sink) {
        Quantifier quantifier = place.stage().quantifier();
        State entry;
        if (quantifier.isUnbounded()) {
            State looping = looping(place, withoutNegationsBefore(place, sink));
            entry = times(place, looping, sink, quantifier.min(), quantifier.min());
        } else if (quantifier.isLoop()) {
            entry = times(place, sink, sink, quantifier.min(), quantifier.max());
        } else {
            entry = once(place, sink, sink, true, quantifier.isOptional());
        }
        stopAtNegationsBefore(place, entry);
        return entry;
    }

    /** The repetitions of a bounded loop one behind the other, or the first ones of an unbounded one. */
    private State times(StagePlace place, State sink, State exit, int min, int max) {
        State last = sink;
        Quantifier quantifier = place.stage().quantifier();
        if (quantifier.isGreedy() && min != max) {
            if (quantifier.preference() == Preference.GREEDY_STOP_AT_MAX) {
                last = sink.copy(negation -> true);
            }
            sink.require(Predicates.not(
                    extendedByUntil(place, takes.take(place.stage()).literal())));
        }
        for (int i = min; i < max; i++) {
            last = once(place, last, exit, false, true);
            stopAtNegationsBehind(place, last);
        }
        for (int i = 0; i < min - 1; i++) {
            last = once(place, last, exit, false, false);
            stopAtNegationsBehind(place, last);
        }
        return once(place, last, exit, true, quantifier.isOptional());
    }

    /** One repetition. @param isFirst whether it is the first one, which the operator of the stage applies to */
    private State once(StagePlace place, State sink, State exit, boolean isFirst, boolean isOptional) {
        PatternStage stage = place.stage();
        if (stage.combination() == Combination.GROUP) {
            State taken = isFlinkExact ? sink : withoutNegationsBefore(place, sink);
            State head = chain(stage.parts(), taken, place.behind(), group(place, isFirst, isOptional));
            if (isOptional) {
                head.proceed(exit, always(place));
            }
            return head;
        }
        State taken = withoutNegationsBefore(place, sink);
        State state = new State(Kind.NORMAL, gapNs(place, isFirst));
        if (stage.combination() == Combination.ALL_OF) {
            new AllOf(place, taken).into(state);
        } else {
            takes(place, state, taken);
        }
        if (isOptional) {
            leave(place, state, exit);
        }
        int[] ignore = isFirst
                ? ignore(place, takes.take(stage).literal())
                : innerIgnore(place, takes.take(stage).literal());
        if (ignore != null) {
            State waiting = state;
            if (isOptional || isHeadOfGroupLeft(place)) {
                waiting = new State(Kind.NORMAL, waitingGapNs(state));
                state.edges.stream()
                        .filter(edge -> edge.action == StateGraph.Action.TAKE)
                        .forEach(waiting.edges::add);
                waiting.ignore(waiting, ignore);
                if (isFirst || isFlinkExact) {
                    stopAtNegationsBefore(place, waiting);
                }
            }
            state.ignore(waiting, ignore);
        }
        return state;
    }

    /** Lets an optional state be passed by. */
    private void leave(StagePlace place, State state, State exit) {
        int until = until(place);
        if (place.stage().quantifier().isGreedy() && until != Predicates.FALSE) {
            State beforeGreed = sinkBeforeGreed.getOrDefault(exit, exit);
            state.proceed(beforeGreed, always(place), until);
            state.proceed(exit, always(place), Predicates.not(until));
        } else {
            state.proceed(exit, always(place));
        }
    }

    private void takes(StagePlace place, State state, State target) {
        for (int[] take : takes.take(place.stage()).takes()) {
            state.take(target, take[1], extendedByUntil(place, take[0]));
        }
    }

    /** The state in which an unbounded loop stays. */
    private State looping(StagePlace place, State sink) {
        PatternStage stage = place.stage();
        if (stage.combination() == Combination.GROUP) {
            return loopingGroup(place, sink);
        }
        State state = new State(Kind.NORMAL, gapNs(place, false));
        int until = until(place);
        if (stage.quantifier().isGreedy()) {
            if (until != Predicates.FALSE) {
                State beforeGreed = sink.copy(negation -> true);
                sinkBeforeGreed.put(sink, beforeGreed);
                state.proceed(beforeGreed, always(place), until);
            }
            state.proceed(sink, always(place), Predicates.not(until));
            sink.require(Predicates.not(extended(place, takes.take(stage).literal())));
        } else {
            state.proceed(sink, always(place));
        }
        takes(place, state, state);
        stopAtNegationsBehind(place, state);
        int[] ignore = innerIgnore(place, takes.take(stage).literal());
        if (ignore != null) {
            State waiting = new State(Kind.NORMAL, waitingGapNs(state));
            takes(place, waiting, state);
            waiting.ignore(waiting, ignore);
            state.ignore(waiting, ignore);
            stopAtNegationsBehind(place, waiting);
        }
        return state;
    }

    private State loopingGroup(StagePlace place, State sink) {
        State again = new State(Kind.NORMAL, 0);
        State head = chain(place.stage().parts(), again, place.behind(), group(place, false, true));
        head.proceed(sink, always(place));
        again.proceed(head, always(place));
        return head;
    }

    private Group group(StagePlace place, boolean isFirst, boolean isLeft) {
        return new Group(place.stage(), isFirst, isLeft, until(place), place);
    }

    /** {@return the time that must not pass before a state takes an event} Called once for each state that is made. */
    private long gapNs(StagePlace place, boolean isFirst) {
        if (isFlinkExact) {
            return flinkGapNs(place.stage());
        }
        if (!isFirst) {
            return place.stage().quantifier().gapNs();
        }
        long own = place.stage().withinPreviousNs();
        Group group = place.group();
        if (own > 0 || group == null || !place.isHeadOfGroup()) {
            return own;
        }
        return gapNs(group.place(), group.isFirst());
    }

    /** Flink limits the time in which a run stands in a state; in a loop in all its states but the one made first. */
    private long flinkGapNs(PatternStage stage) {
        if (!stage.quantifier().isLoop()) {
            return stage.withinPreviousNs();
        }
        return stagesMade.put(stage, true) == null ? 0 : stage.quantifier().gapNs();
    }

    /** {@return the same for a state in which events are passed over} */
    private long waitingGapNs(State state) {
        return isFlinkExact ? 0 : state.gapNs;
    }

    /**
     * {@return whether a run that stands here may also leave a group} Once it has passed over an event it may not, as
     * that is another run by then; in Flink it may, so that matches come several times.
     */
    private boolean isHeadOfGroupLeft(StagePlace place) {
        Group group = place.group();
        if (group == null || !place.isHeadOfGroup()) {
            return false;
        }
        boolean isLeft = isFlinkExact ? group.isFirst() && group.stage().isOptional() : group.isLeft();
        return isLeft || (!isFlinkExact && isHeadOfGroupLeft(group.place()));
    }

    /** {@return when an event before the first one is passed over, null if none is} */
    private int @Nullable [] ignore(StagePlace place, int literal) {
        Contiguity contiguity = place.contiguity();
        return ignore(place, contiguity, literal);
    }

    /** {@return when an event between two rounds is passed over, null if none is} In Flink a head asks its group. */
    private int @Nullable [] innerIgnore(StagePlace place, int literal) {
        Group group = isFlinkExact && place.isHeadOfGroup() ? place.group() : null;
        PatternStage repeated = group == null ? place.stage() : group.stage();
        int[] ignore = ignore(place, repeated.quantifier().inner(), literal);
        if (ignore == null) {
            return null;
        }
        return new int[] {ignore[0], Predicates.not(until(place))};
    }

    private int @Nullable [] ignore(StagePlace place, Contiguity contiguity, int literal) {
        return switch (contiguity) {
            case STRICT -> null;
            case RELAXED -> new int[] {predicates.and(always(place), Predicates.not(literal))};
            case ANY -> new int[] {always(place)};
        };
    }

    /** {@return what a way through a group requires: that its loop is not ended} */
    private static int always(StagePlace place) {
        Group group = place.group();
        return group == null ? Predicates.TRUE : Predicates.not(group.until());
    }

    private int extended(StagePlace place, int literal) {
        return predicates.and(always(place), literal);
    }

    private int extendedByUntil(StagePlace place, int literal) {
        return predicates.and(always(place), Predicates.not(until(place)), literal);
    }

    private int until(StagePlace place) {
        return takes.until(place.stage());
    }

    private void stopAtNegationsBehind(StagePlace place, State state) {
        for (PatternStage behind : place.negationsBehind(isFlinkExact)) {
            int negated = extended(place, takes.take(behind).literal());
            state.stop(negation(behind), negated);
            for (Edge edge : List.copyOf(state.edges)) {
                State waiting = edge.action == StateGraph.Action.IGNORE ? edge.target : null;
                if (waiting != null && waiting != state && !isFlinkExact) {
                    waiting.stop(negation(behind), negated);
                }
            }
        }
    }

    private void stopAtNegationsBefore(StagePlace place, State state) {
        for (PatternStage before : place.negationsBefore(isFlinkExact)) {
            state.stop(negation(before), extended(place, takes.take(before).literal()));
        }
    }

    /** {@return a state as it is for a run that took an event of this optional stage: negations before it are over} */
    private State withoutNegationsBefore(StagePlace place, State sink) {
        List<PatternStage> over = place.stage().isOptional() ? place.negationsBefore(isFlinkExact) : List.of();
        return over.isEmpty() ? sink : without(over.stream().map(this::negation).toList(), sink);
    }

    private State without(List<Integer> over, State state) {
        State copy = state.copy(negation -> !over.contains(negation));
        for (int i = 0; i < copy.edges.size(); i++) {
            Edge edge = copy.edges.get(i);
            State target = edge.target;
            boolean isSame = edge.action == StateGraph.Action.PROCEED
                    || (edge.action == StateGraph.Action.IGNORE && target != copy && !isFlinkExact);
            if (isSame && target != null) {
                copy.edges.set(i, new Edge(edge.action, without(over, target), edge.label, edge.guard));
            }
        }
        return copy;
    }

    private int negation(PatternStage stage) {
        return negations.computeIfAbsent(stage, key -> negations.size());
    }

    /** The states of allOf: one for each set of conditions that are still missing. */
    private final class AllOf {
        private final StagePlace place;
        private final State target;
        private final int[] literals;
        private final int[] stages;
        private final @Nullable State[] states;

        AllOf(StagePlace place, State target) {
            this.place = place;
            this.target = target;
            List<PatternStage> parts = place.stage().parts();
            this.literals =
                    parts.stream().mapToInt(part -> takes.take(part).literal()).toArray();
            this.stages = parts.stream().mapToInt(part -> takes.stage(part)).toArray();
            this.states = new State[1 << literals.length];
        }

        /** Adds the edges of the state in which all are missing. */
        void into(State state) {
            addTakes(state, states.length - 1);
        }

        private State missing(int set) {
            if (set == 0) {
                return target;
            }
            State state = states[set];
            if (state == null) {
                state = new State(Kind.NORMAL, place.stage().quantifier().gapNs());
                states[set] = state;
                addTakes(state, set);
                int[] wanted = IntStream.range(0, literals.length)
                        .filter(i -> (set >> i & 1) != 0)
                        .map(i -> literals[i])
                        .toArray();
                int[] ignore = ignore(place, place.stage().quantifier().inner(), predicates.or(wanted));
                if (ignore != null) {
                    state.ignore(state, ignore);
                }
            }
            return state;
        }

        private void addTakes(State state, int set) {
            for (int satisfied = set; satisfied != 0; satisfied = (satisfied - 1) & set) {
                int[] guard = new int[literals.length + 1];
                guard[literals.length] = always(place);
                for (int i = 0; i < literals.length; i++) {
                    boolean isIn = (satisfied >> i & 1) != 0;
                    guard[i] = (set >> i & 1) == 0 ? Predicates.TRUE : isIn ? literals[i] : Predicates.not(literals[i]);
                }
                state.take(missing(set & ~satisfied), label(satisfied), guard);
            }
        }

        private int label(int satisfied) {
            return takes.label(IntStream.range(0, stages.length)
                    .filter(i -> (satisfied >> i & 1) != 0)
                    .map(i -> stages[i])
                    .toArray());
        }
    }
}
