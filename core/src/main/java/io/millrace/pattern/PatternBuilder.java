package io.millrace.pattern;

import io.millrace.event.Condition;
import io.millrace.event.EventType;
import io.millrace.window.LatePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Pattern} with the words of Flink. What is said of a stage applies to the one named last; what is
 * said of the pattern may be said anywhere.
 *
 * <p><b>Failure</b>: {@link #build} refuses with an {@link IllegalArgumentException} that names pattern, stage and
 * setting.
 */
public final class PatternBuilder {
    private final List<PatternStage> done = new ArrayList<>();
    private StageDraft current;
    private String name = "";
    private List<EventType> types = List.of();
    private long withinNs;
    private AfterMatch afterMatch = AfterMatch.noSkip();
    private boolean isOnce;
    private boolean hasTimeouts;
    private LatePolicy late = LatePolicy.DROP;
    private Semantics semantics = Semantics.MILLRACE;
    private PatternLimits limits = PatternLimits.defaults();
    private boolean isCapSet;

    PatternBuilder(StageOperator operator, String stage) {
        this.current = new StageDraft(operator, stage);
    }

    PatternBuilder(StageOperator operator, StageGroup group) {
        this.current = new StageDraft(operator, group);
    }

    /** Sets the name of the pattern, which must be unique in the pipeline. Required. */
    public PatternBuilder named(String name) {
        this.name = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * Sets the types of events that the pattern sees; without it all. One alone is also what expressions are about
     * where neither they nor their stage say it.
     */
    public PatternBuilder over(EventType... types) {
        this.types = List.of(types);
        return this;
    }

    /** Adds a stage that the very next event must match. */
    public PatternBuilder next(String stage) {
        return stage(StageOperator.NEXT, stage);
    }

    /** Adds a group that begins with the very next event. */
    public PatternBuilder next(StageGroup group) {
        return stage(StageOperator.NEXT, group);
    }

    /** Adds a stage that takes the first event that matches. */
    public PatternBuilder followedBy(String stage) {
        return stage(StageOperator.FOLLOWED_BY, stage);
    }

    /** Adds a group that begins with the first event that matches. */
    public PatternBuilder followedBy(StageGroup group) {
        return stage(StageOperator.FOLLOWED_BY, group);
    }

    /** Adds a stage that takes any event that matches, each in a run of its own. */
    public PatternBuilder followedByAny(String stage) {
        return stage(StageOperator.FOLLOWED_BY_ANY, stage);
    }

    /** Adds a group that begins with any event that matches. */
    public PatternBuilder followedByAny(StageGroup group) {
        return stage(StageOperator.FOLLOWED_BY_ANY, group);
    }

    /** Adds what the very next event must not be. */
    public PatternBuilder notNext(String stage) {
        return stage(StageOperator.NOT_NEXT, stage);
    }

    /** Adds what must not come before an event of the next stage, or before the time is over. */
    public PatternBuilder notFollowedBy(String stage) {
        return stage(StageOperator.NOT_FOLLOWED_BY, stage);
    }

    /**
     * Adds what must not come for a time; when it is over the stage is complete. One that comes just then is too late,
     * and where {@link #within} is over just then too the run times out.
     */
    public PatternBuilder absentFor(String stage, long duration, TimeUnit unit) {
        stage(StageOperator.ABSENT_FOR, stage);
        current.absentNs = unit.toNanos(duration);
        return this;
    }

    private PatternBuilder stage(StageOperator operator, String stage) {
        done.add(current.stage());
        current = new StageDraft(operator, stage);
        return this;
    }

    private PatternBuilder stage(StageOperator operator, StageGroup group) {
        done.add(current.stage());
        current = new StageDraft(operator, group);
        return this;
    }

    /** Requires an expression too; it may look at earlier events: {@code amount >= first(order.amount)}. */
    public PatternBuilder where(String expression) {
        return where(new StageCondition.Text(expression, null));
    }

    /** Requires a type and an expression over its fields too. */
    public PatternBuilder where(EventType type, String expression) {
        return where(new StageCondition.Text(expression, type));
    }

    /** Requires a type too. */
    public PatternBuilder where(EventType type) {
        return where(new StageCondition.OfType(type));
    }

    /** Requires a condition in code too. */
    public PatternBuilder where(Condition condition) {
        return where(new StageCondition.Code(condition));
    }

    /** Requires a condition too. */
    public PatternBuilder where(StageCondition condition) {
        current.condition = current.condition.and(condition);
        return this;
    }

    /** Accepts what satisfies an expression as well. */
    public PatternBuilder or(String expression) {
        return or(new StageCondition.Text(expression, null));
    }

    /** Accepts events of a type that satisfy an expression as well. */
    public PatternBuilder or(EventType type, String expression) {
        return or(new StageCondition.Text(expression, type));
    }

    /** Accepts what satisfies a condition in code as well. */
    public PatternBuilder or(Condition condition) {
        return or(new StageCondition.Code(condition));
    }

    /** Accepts what satisfies a condition as well. */
    public PatternBuilder or(StageCondition condition) {
        current.condition = current.condition.or(condition);
        return this;
    }

    /** Requires a type, which is also the one that the stage's expressions are about. */
    public PatternBuilder subtype(EventType type) {
        current.type = type;
        return where(type);
    }

    /** Ends the stage's unbounded loop at an event that satisfies an expression. */
    public PatternBuilder until(String expression) {
        return until(new StageCondition.Text(expression, null));
    }

    /** Ends the stage's unbounded loop at an event that satisfies a condition in code. */
    public PatternBuilder until(Condition condition) {
        return until(new StageCondition.Code(condition));
    }

    /** Ends the stage's unbounded loop at an event that satisfies a condition. */
    public PatternBuilder until(StageCondition condition) {
        current.until = condition;
        return this;
    }

    /** Lets the stage match once or more. */
    public PatternBuilder oneOrMore() {
        return times(1, Quantifier.UNBOUNDED);
    }

    /** Lets the stage match once or more, with less than a time between two of them. */
    public PatternBuilder oneOrMore(long duration, TimeUnit unit) {
        return times(1, Quantifier.UNBOUNDED, duration, unit);
    }

    /** Lets the stage match exactly so often. */
    public PatternBuilder times(int times) {
        return times(times, times);
    }

    /** Lets the stage match exactly so often, with less than a time between two of them. */
    public PatternBuilder times(int times, long duration, TimeUnit unit) {
        return times(times, times, duration, unit);
    }

    /** Lets the stage match so often; a least number of 0 makes it optional. */
    public PatternBuilder times(int min, int max) {
        return times(min, max, 0, TimeUnit.NANOSECONDS);
    }

    /** Lets the stage match so often, with less than a time between two of them. */
    public PatternBuilder times(int min, int max, long duration, TimeUnit unit) {
        current.hasTimes = true;
        current.isTimesValid = min >= 0 && max >= Math.max(1, min);
        current.quantifier = current.quantifier.times(min, max, unit.toNanos(duration));
        return this;
    }

    /** Lets the stage match so often or more. */
    public PatternBuilder timesOrMore(int min) {
        return times(min, Quantifier.UNBOUNDED);
    }

    /** Lets the stage match so often or more, with less than a time between two of them. */
    public PatternBuilder timesOrMore(int min, long duration, TimeUnit unit) {
        return times(min, Quantifier.UNBOUNDED, duration, unit);
    }

    /** Lets the stage be left out. */
    public PatternBuilder optional() {
        current.quantifier = current.quantifier.optional();
        return this;
    }

    /** Lets the next stage take only what the loop does not. */
    public PatternBuilder greedy() {
        return greedy(Preference.GREEDY);
    }

    /** Sets how the lengths of the loop are preferred. */
    public PatternBuilder greedy(Preference preference) {
        current.quantifier = current.quantifier.preference(preference);
        return this;
    }

    /** Lets nothing come between two events of the loop. */
    public PatternBuilder consecutive() {
        return inner(Contiguity.STRICT);
    }

    /** Lets any events of the loop be passed over. */
    public PatternBuilder allowCombinations() {
        return inner(Contiguity.ANY);
    }

    /** Sets what may lie between two events of the loop. */
    public PatternBuilder inner(Contiguity inner) {
        current.quantifier = current.quantifier.inner(inner);
        current.isInnerSet = inner != Contiguity.RELAXED;
        return this;
    }

    /** Sets how long after its first event a run is over; the shortest counts. */
    public PatternBuilder within(long duration, TimeUnit unit) {
        long newNs = unit.toNanos(duration);
        this.withinNs = newNs <= 0 ? -1 : withinNs == 0 ? newNs : Math.min(withinNs, newNs);
        return this;
    }

    /** Sets how long before the stage's first event the event before it must be: less than this. */
    public PatternBuilder withinPrevious(long duration, TimeUnit unit) {
        current.withinPreviousNs = duration <= 0 ? -1 : unit.toNanos(duration);
        return this;
    }

    /** Sets what a match removes; without it nothing. */
    public PatternBuilder afterMatch(AfterMatch afterMatch) {
        this.afterMatch = Objects.requireNonNull(afterMatch, "afterMatch");
        return this;
    }

    /** Lets each key start a run only once. Keys that did are remembered for ever, and count for {@code maxKeys}. */
    public PatternBuilder once() {
        this.isOnce = true;
        return this;
    }

    /** Puts out runs that time out, as matches that say so. */
    public PatternBuilder timeouts() {
        this.hasTimeouts = true;
        return this;
    }

    /** Sets what becomes of late events; without it they are dropped and counted. */
    public PatternBuilder late(LatePolicy late) {
        this.late = Objects.requireNonNull(late, "late");
        return this;
    }

    /** Sets whose rules hold; without it {@link Semantics#MILLRACE}. */
    public PatternBuilder semantics(Semantics semantics) {
        this.semantics = Objects.requireNonNull(semantics, "semantics");
        return this;
    }

    /** Sets how many live runs a key may have. A pattern without within needs this. */
    public PatternBuilder maxRunsPerKey(int maxRunsPerKey) {
        isCapSet = true;
        return limits(limits.maxRunsPerKey(maxRunsPerKey));
    }

    /** Sets what happens at a bound; without it {@link Overflow#REJECT_START}. */
    public PatternBuilder onOverflow(Overflow overflow) {
        return limits(limits.overflow(overflow));
    }

    /** {@return the bounds set so far, to derive others from} */
    public PatternLimits limits() {
        return limits;
    }

    /** Sets all bounds. */
    public PatternBuilder limits(PatternLimits limits) {
        isCapSet |= limits.maxRunsPerKey() != this.limits.maxRunsPerKey();
        this.limits = Objects.requireNonNull(limits, "limits");
        return this;
    }

    /**
     * {@return the checked pattern}
     *
     * @throws IllegalArgumentException if something is missing, out of range or does not fit together
     */
    public Pattern build() {
        Pattern pattern =
                new Pattern(name, types, stages(), withinNs, afterMatch, isOnce, hasTimeouts, late, semantics, limits);
        PatternRules.check(pattern, isCapSet);
        return pattern;
    }

    List<PatternStage> stages() {
        List<PatternStage> stages = new ArrayList<>(done);
        stages.add(current.stage());
        return List.copyOf(stages);
    }

    static List<PatternStage> singles(PatternBuilder... builders) {
        List<PatternStage> stages = new ArrayList<>();
        for (PatternBuilder builder : builders) {
            stages.addAll(builder.stages());
        }
        return List.copyOf(stages);
    }

    /** A stage as far as it is said. */
    private static final class StageDraft {
        private final StageOperator operator;
        private final String name;
        private final Combination combination;
        private final List<PatternStage> parts;
        private StageCondition condition = StageCondition.any();
        private @Nullable EventType type;
        private Quantifier quantifier = Quantifier.ONCE;
        private @Nullable StageCondition until;
        private long withinPreviousNs;
        private long absentNs;
        private boolean hasTimes;
        private boolean isTimesValid = true;
        private boolean isInnerSet;

        StageDraft(StageOperator operator, String name) {
            this.operator = operator;
            this.name = Objects.requireNonNull(name, "stage");
            this.combination = Combination.SINGLE;
            this.parts = List.of();
        }

        StageDraft(StageOperator operator, StageGroup group) {
            this.operator = operator;
            this.combination = group.combination();
            this.parts = group.stages();
            StringBuilder names = new StringBuilder();
            parts.forEach(part -> names.append(names.isEmpty() ? "" : "+").append(part.name()));
            this.name = names.toString();
        }

        PatternStage stage() {
            checkSaid();
            return new PatternStage(
                    name, operator, combination, condition, parts, type, quantifier, until, withinPreviousNs, absentNs);
        }

        private void checkSaid() {
            if (!isTimesValid) {
                throw PatternRules.refuseStage(
                        name,
                        "times=" + quantifier.min() + ".." + quantifier.max(),
                        "0 <= min <= max, 1 <= max",
                        "say how often the stage may match");
            }
            if (isInnerSet && !quantifier.isLoop() && !hasTimes) {
                throw PatternRules.refuseStage(
                        name,
                        quantifier.inner() == Contiguity.STRICT ? "consecutive" : "allowCombinations",
                        "a stage with times, oneOrMore or timesOrMore",
                        "say first how often the stage may match");
            }
        }
    }
}
