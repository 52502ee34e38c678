package io.millrace.pattern;

import io.millrace.event.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at what a {@link ThresholdOperator} counts of a key, and says which conditions hold. It changes nothing.
 *
 * <pre>
 *   inspector.before(event);  operator.onEvent(event, ...);  inspector.after(event)
 * </pre>
 *
 * <p><b>Threading</b>: the operator's. <b>Allocation</b>: per call.
 */
public final class ThresholdInspector {
    private final ThresholdOperator operator;
    private long eventCount;
    private long lateCount;
    private long matchCount;

    /** Looks at an operator that goes on to belong to its pipeline. */
    public ThresholdInspector(ThresholdOperator operator) {
        this.operator = operator;
    }

    /**
     * A condition.
     *
     * @param what is measured, as {@code count} or {@code distinct(card)}
     * @param value over the events that count, as text
     * @param wanted as {@code >= 6}
     */
    public record Measured(String what, String value, String wanted, boolean isMet) {
        @Override
        public String toString() {
            return what + '=' + value + ' ' + wanted + (isMet ? ": yes" : ": no");
        }
    }

    /**
     * What came of an event.
     *
     * @param outcome {@code counted}, {@code matched}, or why it does not count
     * @param conditions with the event included; none if it does not count, or if the match forgot all that counted
     */
    public record Verdict(String outcome, List<Measured> conditions) {}

    /** Remembers how things are before the operator takes an event. */
    public void before() {
        eventCount = operator.eventCount();
        lateCount = operator.lateCount();
        matchCount = operator.matchCount();
    }

    /** {@return what came of the event that the operator took last} */
    public Verdict after(Event event) {
        if (operator.matchCount() > matchCount) {
            boolean isForgotten = operator.pattern().mode() == MatchMode.SKIP_PAST_LAST;
            return isForgotten
                    ? new Verdict("matched, so that what was counted counts no more", List.of())
                    : new Verdict("matched", conditions(event.key()));
        }
        if (operator.eventCount() > eventCount) {
            return new Verdict("counted", conditions(event.key()));
        }
        return new Verdict("not counted: " + reason(event), List.of());
    }

    private String reason(Event event) {
        if (event.typeId() != operator.pattern().type().id()) {
            return "not a " + operator.pattern().type().name();
        }
        if (!operator.pattern().accepts(event)) {
            return "where fails";
        }
        return operator.lateCount() > lateCount ? "late" : "maxKeys other keys have events";
    }

    private List<Measured> conditions(long key) {
        EventPattern pattern = operator.pattern();
        List<Measured> conditions = new ArrayList<>();
        conditions.add(least("count", operator.count(key), pattern.minCount()));
        if (pattern.distinctField() != null) {
            conditions.add(least(
                    "distinct(" + pattern.distinctField().name() + ')', operator.distinct(key), pattern.minDistinct()));
        }
        for (Threshold threshold : pattern.valueThresholds()) {
            conditions.add(operator.measured(threshold, key));
        }
        return conditions;
    }

    private static Measured least(String what, long value, long min) {
        return new Measured(what, Long.toString(value), ">= " + min, value >= min);
    }
}
