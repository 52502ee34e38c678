package io.millrace.window;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.expression.LongExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is aggregated over which windows, per key:
 *
 * <pre>{@code
 *   AggregateSpec revenue = AggregateSpec.named("revenue")
 *           .over(order)
 *           .window(Window.hopping(1, HOURS, 5, MINUTES))
 *           .aggregate(Aggregate.sum("revenue").of(amount), Aggregate.count("orders"),
 * Aggregate.avg("average").of(amount))
 *           .maxKeys(1_000)
 *           .build();
 *   AggregateOperator operator = AggregateOperator.of(revenue);
 * }</pre>
 *
 * <p>A row is an event of the derived type {@link #resultType}, named like the window: key and time (the window's
 * end) in
 * the header; {@code startNs}, {@code endNs}, the aggregates by their names, {@code window} (which one, from 0, if
 * there
 * are several), {@code rank} (from 1, with {@link Builder#top}), {@code revision}.
 *
 * <p><b>Threading</b>: immutable. <b>Failure</b>: {@link Builder#build} refuses with an {@link
 * IllegalArgumentException} that
 * names the setting.
 */
public final class AggregateSpec {
    /** Most aggregates of a window. */
    public static final int MAX_AGGREGATES = 64;
    /** Most cells that all aggregates of a window take. */
    public static final int MAX_CELLS = 1 << 17;
    /** Most windows that share panes. */
    public static final int MAX_WINDOWS = 16;
    /** Most windows that one late event may correct. */
    public static final int MAX_UPDATES = 256;
    /** Most rows of {@link Builder#top}. */
    public static final int MAX_TOP = 4096;
    /** What the state may take unless {@link Builder#maxBytes} says otherwise. */
    public static final long MAX_BYTES_DEFAULT = 1L << 30;

    private final AggregateLimits limits;
    private final CellLayout layout;

    private final String name;
    private final EventType type;
    private final @Nullable Condition condition;
    private final @Nullable LongExpression key;
    private final boolean isKeyed;
    private final List<Window> windows;
    private final List<Aggregate> aggregates;
    private final int topCount;
    private final String topName;
    private final LatePolicy late;

    private AggregateSpec(Builder builder, AggregateLimits limits) {
        this.limits = limits;
        this.layout = limits.layout();
        this.name = builder.name;
        this.type = Objects.requireNonNull(builder.type);
        this.condition = builder.condition;
        this.key = builder.key;
        this.isKeyed = builder.isKeyed;
        this.windows = List.copyOf(builder.windows);
        this.aggregates = List.copyOf(builder.aggregates);
        this.topCount = builder.topCount;
        this.topName = builder.topName;
        this.late = builder.late;
    }

    /** {@return a builder for a window of that name, which must be unique in the pipeline} */
    public static Builder named(String name) {
        return new Builder(name);
    }

    public String name() {
        return name;
    }

    public EventType type() {
        return type;
    }

    /** {@return the type of the rows} */
    public EventType resultType() {
        return layout.type();
    }

    /** {@return whether there is a row per key, not one over all events} */
    public boolean isKeyed() {
        return isKeyed;
    }

    /** {@return the windows, more than one if they share panes} */
    public List<Window> windows() {
        return windows;
    }

    public List<Aggregate> aggregates() {
        return aggregates;
    }

    /** {@return how many keys have a row per window, the ones with the greatest result; 0 for all} */
    public int topCount() {
        return topCount;
    }

    public LatePolicy late() {
        return late;
    }

    public int maxKeys() {
        return limits.maxKeys();
    }

    /** {@return how many panes, sessions or events of a sliding window are held at a time, over all keys} */
    public int maxPanes() {
        return limits.maxPanes();
    }

    /** {@return how many blocks of panes are held at a time, 0 where windows are too short to have them} */
    int maxBlocks() {
        return limits.maxBlocks();
    }

    /** {@return whether a row is made from running sums, not from all panes of its window} */
    boolean isRunning() {
        return limits.isRunning();
    }

    /** {@return how many keys a boundary does per accepted record} */
    public int sweepBudget() {
        return limits.sweepBudget();
    }

    /** {@return bytes that the state takes, the same for its whole life} */
    public long bytes() {
        return limits.bytes();
    }

    /** {@return how the bytes come together, in words} */
    public String bytesText() {
        return limits.bytesText();
    }

    CellLayout layout() {
        return layout;
    }

    PaneRuler ruler() {
        return new PaneRuler(windows, late.allowedLatenessNs());
    }

    /** {@return the index of the aggregate that ranks keys} */
    int topIndex() {
        for (int i = 0; i < aggregates.size(); i++) {
            if (aggregates.get(i).name().equals(topName)) {
                return i;
            }
        }
        return -1;
    }

    boolean accepts(Event event) {
        return event.typeId() == type.id() && (condition == null || condition.test(event));
    }

    /** {@return the key that an event belongs to, {@link LongExpression#NULL} if it has none} */
    long keyOf(Event event) {
        if (!isKeyed) {
            return 0;
        }
        return key == null ? event.key() : key.evaluate(event);
    }

    /** {@return whether {@link LongExpression#NULL} is no key: a key in the header is one whatever its bits} */
    boolean isKeyNullable() {
        return key != null;
    }

    @Override
    public String toString() {
        return "AggregateSpec{name=" + name + ", type=" + type + ", windows=" + windows + ", aggregates=" + aggregates
                + ", isKeyed=" + isKeyed + ", topCount=" + topCount + ", late=" + late + ", maxKeys=" + maxKeys()
                + ", maxPanes=" + maxPanes() + ", sweepBudget=" + sweepBudget() + '}';
    }

    /** Collects the settings of a window; each is checked by {@link #build}. */
    public static final class Builder {
        final String name;

        @Nullable
        EventType type;

        @Nullable
        Condition condition;

        @Nullable
        LongExpression key;

        boolean isKeyed = true;
        final List<Window> windows = new ArrayList<>();
        final List<Aggregate> aggregates = new ArrayList<>();
        int topCount;
        String topName = "";
        LatePolicy late = LatePolicy.DROP;
        int maxKeys = WindowSpec.MAX_KEYS_DEFAULT;
        boolean isMaxPanesSet;
        int maxPanes;
        long maxBytes = MAX_BYTES_DEFAULT;
        int sweepBudget = WindowSpec.SWEEP_BUDGET_DEFAULT;

        Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /** Sets the type of the events. Required. */
        public Builder over(EventType eventType) {
            this.type = eventType;
            return this;
        }

        /** Sets what an event must pass; without it every event of the type is aggregated. */
        public Builder where(Condition eventCondition) {
            this.condition = eventCondition;
            return this;
        }

        /**
         * Sets what events are grouped by, and the key of a row, in place of the key in their header. Events for
         * which it
         * is null are counted and not aggregated.
         */
        public Builder keyedBy(LongExpression expression) {
            this.key = expression;
            this.isKeyed = true;
            return this;
        }

        /** Aggregates all events together; rows have the key 0. */
        public Builder unkeyed() {
            this.key = null;
            this.isKeyed = false;
            return this;
        }

        /**
         * Adds windows. At least one is required; several must be tumbling, hopping or cumulating, and share panes.
         */
        public Builder window(Window... more) {
            windows.addAll(List.of(more));
            return this;
        }

        /** Adds aggregates. At least one is required. */
        public Builder aggregate(Aggregate... more) {
            aggregates.addAll(List.of(more));
            return this;
        }

        /**
         * Puts out, of each window, only the rows of the keys with the greatest results: when the window is closed
         * for all
         * keys, greatest first, of equal ones that of the lower key first. Keys whose result is null have none.
         *
         * @param count 1 to {@link #MAX_TOP}
         * @param aggregateName of the result that ranks them
         */
        public Builder top(int count, String aggregateName) {
            this.topCount = count;
            this.topName = aggregateName;
            return this;
        }

        /**
         * Sets what is done with late events. Default: those whose windows are all closed are dropped and counted.
         */
        public Builder late(LatePolicy policy) {
            this.late = policy;
            return this;
        }

        /** Sets how many keys may be live at a time; events of further ones are counted and not aggregated. */
        public Builder maxKeys(int count) {
            this.maxKeys = count;
            return this;
        }

        /**
         * Sets how many panes, sessions, or events of a sliding window may be held at a time, over all keys; events
         * that
         * would need further ones are counted and not aggregated.
         */
        public Builder maxPanes(int count) {
            this.maxPanes = count;
            this.isMaxPanesSet = true;
            return this;
        }

        /** Sets what the state may take; settings that need more are refused. */
        public Builder maxBytes(long bytes) {
            this.maxBytes = bytes;
            return this;
        }

        /** Sets how many keys a boundary does per accepted record, 1 to {@link WindowSpec#MAX_SWEEP_BUDGET}. */
        public Builder sweepBudget(int count) {
            this.sweepBudget = count;
            return this;
        }

        /**
         * {@return the checked settings}
         *
         * @throws IllegalArgumentException if one is missing or out of range
         */
        public AggregateSpec build() {
            return new AggregateSpec(this, new AggregateLimits(this));
        }
    }
}
