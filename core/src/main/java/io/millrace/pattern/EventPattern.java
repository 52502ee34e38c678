package io.millrace.pattern;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.HeaderField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A pattern over the events of one key. So far the threshold form: as many events, on as many distinct values, within
 * a time.
 *
 * <pre>{@code
 *   EventPattern fraud = EventPattern.named("fraud")
 *           .where(count(PAYMENT_ATTEMPTED).gt(5))
 *           .where(distinct(CARD_NUMBER).gt(3))
 *           .within(300, SECONDS)
 *           .build();
 *   Operator operator = new ThresholdOperator(fraud);
 * }</pre>
 *
 * <p>At an event at time t the events of the type with the same key and a time in {@code (t - within, t]} count,
 * itself included: one that is exactly {@code within} old is out.
 *
 * <p><b>Threading</b>: immutable. <b>Failure</b>: {@link Builder#build} refuses with an {@link
 * IllegalArgumentException} that names the setting.
 */
public final class EventPattern {
    /** Longest within, in nanoseconds: 36 years. */
    public static final long MAX_WITHIN_NS = 1L << 60;
    /** Most keys and most events. */
    public static final int MAX_EVENTS_LIMIT = 1 << 27;

    public static final int MAX_KEYS_DEFAULT = 1 << 16;
    public static final int MAX_EVENTS_DEFAULT = 1 << 18;

    private final String name;
    private final EventType type;
    private final @Nullable Field distinctField;
    private final @Nullable Field valueField;
    private final List<Threshold> valueThresholds;
    private final @Nullable Condition filter;
    private final long minCount;
    private final long minDistinct;
    private final long withinNs;
    private final MatchMode mode;
    private final int maxKeys;
    private final int maxEvents;
    private final int maxEventsPerKey;

    private EventPattern(Builder builder, EventType type) {
        this.name = builder.name;
        this.type = type;
        this.distinctField = builder.field(false);
        this.valueField = builder.field(true);
        this.valueThresholds = builder.thresholds.stream()
                .filter(threshold -> threshold.measure().kind().isOfValues())
                .toList();
        this.filter = builder.filter;
        this.minCount = builder.min(false);
        this.minDistinct = builder.min(true);
        this.withinNs = builder.withinNs;
        this.mode = builder.mode;
        this.maxKeys = builder.maxKeys;
        this.maxEvents = builder.maxEvents;
        this.maxEventsPerKey = builder.isMaxEventsPerKeySet ? builder.maxEventsPerKey : builder.maxEvents;
    }

    /** {@return a builder for a pattern of that name, which must be unique in the pipeline} */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** {@return the number of events of a type} */
    public static Measure count(EventType type) {
        return Measure.count(type);
    }

    /** {@return the number of distinct values of a field in the events counted; null is not a value} */
    public static Measure distinct(Field field) {
        return Measure.of(Measure.Kind.DISTINCT, field);
    }

    /** {@return the sum of an integral field, null counted as nothing; it wraps around above 2^63 - 1} */
    public static Measure sum(Field field) {
        return Measure.of(Measure.Kind.SUM, field);
    }

    /** {@return the mean of an integral field; no condition on it holds while all values are null} */
    public static Measure avg(Field field) {
        return Measure.of(Measure.Kind.AVG, field);
    }

    /** {@return the least value of an integral field; no condition on it holds while all values are null} */
    public static Measure min(Field field) {
        return Measure.of(Measure.Kind.MIN, field);
    }

    /** {@return the greatest value of an integral field; no condition on it holds while all values are null} */
    public static Measure max(Field field) {
        return Measure.of(Measure.Kind.MAX, field);
    }

    public String name() {
        return name;
    }

    /** {@return the type of the events counted} */
    public EventType type() {
        return type;
    }

    /** {@return the field whose distinct values are counted, null if none is} */
    public @Nullable Field distinctField() {
        return distinctField;
    }

    /** {@return the field that is summed and compared, null if none is} */
    public @Nullable Field valueField() {
        return valueField;
    }

    /** {@return the conditions on sum, avg, min and max} */
    public List<Threshold> valueThresholds() {
        return valueThresholds;
    }

    /** {@return what an event must pass to be counted, null if nothing} */
    public @Nullable Condition filter() {
        return filter;
    }

    /** {@return the least count at which the pattern matches, at least 1} */
    public long minCount() {
        return minCount;
    }

    /** {@return the least number of distinct values at which the pattern matches, 0 for any} */
    public long minDistinct() {
        return minDistinct;
    }

    public long withinNs() {
        return withinNs;
    }

    public MatchMode mode() {
        return mode;
    }

    public int maxKeys() {
        return maxKeys;
    }

    public int maxEvents() {
        return maxEvents;
    }

    public int maxEventsPerKey() {
        return maxEventsPerKey;
    }

    /** {@return whether the event is one to count} */
    boolean accepts(Event event) {
        return event.typeId() == type.id() && (filter == null || filter.test(event));
    }

    @Override
    public String toString() {
        return "EventPattern{name=" + name + ", type=" + type + ", minCount=" + minCount + ", distinctField="
                + distinctField + ", minDistinct=" + minDistinct + ", values=" + valueThresholds + ", withinNs="
                + withinNs + ", mode=" + mode
                + ", maxKeys=" + maxKeys + ", maxEvents=" + maxEvents + ", maxEventsPerKey=" + maxEventsPerKey + '}';
    }

    /** Collects conditions and settings; {@link #build} checks them together. */
    public static final class Builder {
        private final String name;
        private final List<Threshold> thresholds = new ArrayList<>();
        private @Nullable Condition filter;
        private long withinNs;
        private MatchMode mode = MatchMode.SKIP_PAST_LAST;
        private int maxKeys = MAX_KEYS_DEFAULT;
        private int maxEvents = MAX_EVENTS_DEFAULT;
        private boolean isMaxEventsPerKeySet;
        private int maxEventsPerKey;

        Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /** Adds a condition; all of them must hold. A count, which says the type, is required. */
        public Builder where(Threshold threshold) {
            thresholds.add(threshold);
            return this;
        }

        /** Sets what an event must pass to be counted; without it every event of the type is. */
        public Builder filter(Condition filter) {
            this.filter = filter;
            return this;
        }

        /** Sets how old an event must be to count no more. Required, at least 1 ns. */
        public Builder within(long duration, TimeUnit unit) {
            this.withinNs = unit.toNanos(duration);
            return this;
        }

        /** Sets what happens when the conditions hold; without it {@link MatchMode#SKIP_PAST_LAST}. */
        public Builder mode(MatchMode mode) {
            this.mode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /**
         * Sets how many keys may have counted events at a time; events of further ones are counted apart and ignored.
         */
        public Builder maxKeys(int maxKeys) {
            this.maxKeys = maxKeys;
            return this;
        }

        /**
         * Sets how many events of all keys are remembered (64 bytes each, as a power of two); the oldest is forgotten
         * for a further one, and that is counted.
         */
        public Builder maxEvents(int maxEvents) {
            this.maxEvents = maxEvents;
            return this;
        }

        /**
         * Sets how many events of a key count; the oldest of the key is forgotten for a further one, and that is
         * counted. Without it: {@code maxEvents}.
         */
        public Builder maxEventsPerKey(int maxEventsPerKey) {
            this.maxEventsPerKey = maxEventsPerKey;
            this.isMaxEventsPerKeySet = true;
            return this;
        }

        /**
         * {@return the checked pattern}
         *
         * @throws IllegalArgumentException if something is missing, out of range or does not fit together
         */
        public EventPattern build() {
            if (name.isBlank()) {
                throw refuse("name=" + name, "not blank", "give the pattern a name");
            }
            if (thresholds.isEmpty()) {
                throw refuse("conditions=0", "1 or more", "call where(count(type).gt(n))");
            }
            EventType type = countedType();
            for (Threshold threshold : thresholds) {
                checkThreshold(threshold, type);
            }
            checkRange("withinNs", withinNs, 1, MAX_WITHIN_NS, "set within to a positive duration");
            checkRange("maxKeys", maxKeys, 1, MAX_EVENTS_LIMIT, "set how many keys may be live at a time");
            checkRange("maxEvents", maxEvents, 1, MAX_EVENTS_LIMIT, "set how many events may be live at a time");
            EventPattern pattern = new EventPattern(this, type);
            checkReachable(pattern);
            return pattern;
        }

        private EventType countedType() {
            for (Threshold threshold : thresholds) {
                EventType type = threshold.measure().type();
                if (type != null) {
                    return type;
                }
            }
            throw refuse("type=null", "the type of the events to count", "call where(count(type).gt(n))");
        }

        private void checkThreshold(Threshold threshold, EventType type) {
            boolean isOfValues = threshold.measure().kind().isOfValues();
            long limitMin = threshold.operator().equals("gt") ? 0 : 1;
            boolean isUpper = threshold.min() == Long.MIN_VALUE;
            if (!isOfValues && isUpper) {
                throw refuse(
                        "condition=" + threshold, "gt or ge", "such a condition would hold from the first event on");
            }
            if (!isOfValues && (threshold.limit() < limitMin || threshold.limit() > MAX_EVENTS_LIMIT)) {
                throw refuse(
                        "condition=" + threshold,
                        threshold.operator() + " of " + limitMin + " to " + MAX_EVENTS_LIMIT,
                        "choose a limit that some events do not reach and some do");
            }
            EventType countedType = threshold.measure().type();
            if (countedType != null) {
                checkType(countedType, type);
            } else {
                checkField(threshold.measure(), type);
            }
        }

        private void checkType(EventType countedType, EventType type) {
            if (countedType.id() != type.id()) {
                throw refuse(
                        "count(" + countedType + ')',
                        "count(" + type + "), as in another condition",
                        "use a pattern for each type");
            }
        }

        private void checkField(Measure measure, EventType type) {
            String name = measure.kind().name().toLowerCase(Locale.ROOT);
            Field field = measure.field();
            if (field == null) {
                throw refuse(name + "(null)", "a field of " + type, "call " + name + "(field)");
            }
            if (!(field instanceof HeaderField) && field.typeId() != type.id()) {
                throw refuse(
                        measure + " of typeId=" + field.typeId(),
                        "a field of " + type,
                        "take it from the type that is counted");
            }
            boolean isOfValues = measure.kind().isOfValues();
            checkFieldType(measure, field, isOfValues);
            Field first = field(isOfValues);
            if (first != null && first != field) {
                throw refuse(
                        measure.toString(),
                        name + "(" + first + "), as in another condition",
                        "use a pattern for each field");
            }
        }

        private void checkFieldType(Measure measure, Field field, boolean isOfValues) {
            boolean isLong =
                    !field.type().isFloating() && field.type() != FieldType.TEXT && field.type() != FieldType.UINT64;
            if (isOfValues ? !isLong : field.type().isFloating()) {
                throw refuse(
                        measure + " of type=" + field.type().sbeName(),
                        isOfValues ? "an integer that a long holds" : "an integer or text",
                        isOfValues ? "put amounts in minor units" : "count the distinct values of another field");
            }
        }

        private void checkReachable(EventPattern pattern) {
            checkRange(
                    "maxEventsPerKey",
                    pattern.maxEventsPerKey,
                    Math.max(pattern.minCount, pattern.minDistinct),
                    maxEvents,
                    "let as many events count as the conditions ask for");
        }

        private @Nullable Field field(boolean isOfValues) {
            for (Threshold threshold : thresholds) {
                Measure measure = threshold.measure();
                if (measure.field() != null && measure.kind().isOfValues() == isOfValues) {
                    return measure.field();
                }
            }
            return null;
        }

        private long min(boolean isDistinct) {
            long min = isDistinct ? 0 : 1;
            for (Threshold threshold : thresholds) {
                Measure.Kind wanted = isDistinct ? Measure.Kind.DISTINCT : Measure.Kind.COUNT;
                if (threshold.measure().kind() == wanted) {
                    min = Math.max(min, threshold.min());
                }
            }
            return min;
        }

        private void checkRange(String setting, long value, long min, long max, String remedy) {
            if (value < min || value > max) {
                throw refuse(setting + '=' + value, min + " to " + max, remedy);
            }
        }

        private IllegalArgumentException refuse(String setting, String expected, String remedy) {
            return new IllegalArgumentException(
                    "cannot build pattern " + name + ": " + setting + " (expected: " + expected + "); " + remedy);
        }
    }
}
