package io.millrace.pattern;

import io.millrace.event.EventType;
import io.millrace.window.LatePolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pattern over the events of one key: stages that follow each other. It is what a builder or a file says, and what
 * {@link PatternOperator} compiles.
 *
 * <pre>{@code
 *   Pattern unpaid = Pattern.begin("order").where(ORDER_PLACED, "amount > 100")
 *           .notFollowedBy("cancel").where(ORDER_CANCELLED)
 *           .followedBy("attempts").where(PAYMENT, "status == 'refused'").timesOrMore(3)
 *           .followedBy("paid").where(PAYMENT, "status == 'ok' and amount >= first(order.amount)")
 *           .within(1, HOURS)
 *           .named("refused-then-paid")
 *           .build();
 *   Operator operator = new PatternOperator(unpaid);
 * }</pre>
 *
 * <p><b>Threading</b>: immutable.
 *
 * @param name of the pattern and its operator
 * @param types of the events that it sees, empty for all; one alone is also what expressions are about where neither
 *     they nor their stage say it
 * @param stages in order
 * @param withinNs time after its first event at which a run is over, 0 for never
 * @param afterMatch what a match removes
 * @param isOnce whether a key starts a run only once
 * @param hasTimeouts whether runs that time out are put out
 * @param late what becomes of late events; no update
 * @param semantics whose rules hold
 * @param limits of its state
 */
public record Pattern(
        String name,
        List<EventType> types,
        List<PatternStage> stages,
        long withinNs,
        AfterMatch afterMatch,
        boolean isOnce,
        boolean hasTimeouts,
        LatePolicy late,
        Semantics semantics,
        PatternLimits limits) {
    /** Longest time, in nanoseconds: 36 years. */
    public static final long MAX_WITHIN_NS = 1L << 60;

    /** {@return a builder whose first stage has that name} */
    public static PatternBuilder begin(String stage) {
        return new PatternBuilder(StageOperator.BEGIN, stage);
    }

    /** {@return a builder that begins with a group} */
    public static PatternBuilder begin(StageGroup group) {
        return new PatternBuilder(StageOperator.BEGIN, group);
    }

    /** {@return the stages of a builder as one, which can then be repeated or left out} */
    public static StageGroup group(PatternBuilder stages) {
        return new StageGroup(Combination.GROUP, stages.stages());
    }

    /** {@return alternatives, each a builder of one stage: the first that an event satisfies takes it} */
    public static StageGroup anyOf(PatternBuilder... alternatives) {
        return new StageGroup(Combination.ANY_OF, PatternBuilder.singles(alternatives));
    }

    /** {@return conditions, each a builder of one stage, that must all be satisfied, in any order} */
    public static StageGroup allOf(PatternBuilder... conditions) {
        return new StageGroup(Combination.ALL_OF, PatternBuilder.singles(conditions));
    }

    /** {@return what expressions are about unless they or their stage say it, null for the header alone} */
    public @Nullable EventType type() {
        return types.size() == 1 ? types.get(0) : null;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        stages.forEach(text::append);
        if (withinNs > 0) {
            text.append(" within ").append(withinNs).append("ns");
        }
        if (afterMatch.isSkip()) {
            text.append(" | ").append(afterMatch);
        }
        return text.append(isOnce ? " | once" : "").toString();
    }
}
