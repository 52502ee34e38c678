package io.millrace.window;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.HeaderField;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a window over the events of one type aggregates, per key:
 *
 * <pre>{@code
 *   WindowSpec delays = WindowSpec.named("delays")
 *           .over(departure).value(departure.field("delayMin"))
 *           .size(3, HOURS).slide(30, MINUTES)
 *           .maxKeys(1_000)
 *           .build();
 *   Operator operator = new WindowOperator(delays);
 * }</pre>
 *
 * <p><b>Threading</b>: immutable. <b>Failure</b>: {@link Builder#build} refuses with an {@link
 * IllegalArgumentException} that names the setting.
 */
public final class WindowSpec {
    /** The most panes a window may have: size divided by gcd(size, slide). */
    public static final int MAX_PANES_PER_WINDOW = 4096;
    /** Longest size and slide, in nanoseconds: 18 years and more. */
    public static final long MAX_DURATION_NS = 1L << 59;
    /** Most keys, and most panes of all keys together. */
    public static final int MAX_KEYS_LIMIT = 1 << 27;

    public static final int MAX_KEYS_DEFAULT = 1 << 16;
    public static final int SWEEP_BUDGET_DEFAULT = 64;
    public static final int MAX_SWEEP_BUDGET = 1 << 16;

    private static final int MAX_PANES_DEFAULT = 1 << 21;

    private final String name;
    private final EventType type;
    private final Field field;
    private final @Nullable Condition condition;
    private final long sizeNs;
    private final long slideNs;
    private final long offsetNs;
    private final int maxKeys;
    private final int maxPanes;
    private final int sweepBudget;
    private final boolean hasExtremes;

    private WindowSpec(Builder builder, EventType type, Field field) {
        this.name = builder.name;
        this.type = type;
        this.field = field;
        this.condition = builder.condition;
        this.sizeNs = builder.sizeNs;
        this.slideNs = builder.isSlideSet ? builder.slideNs : builder.sizeNs;
        this.offsetNs = Math.floorMod(builder.offsetNs, slideNs);
        this.maxKeys = builder.maxKeys;
        this.hasExtremes = builder.hasExtremes;
        this.maxPanes = builder.maxPanes > 0 ? builder.maxPanes : maxPanesDefault();
        this.sweepBudget = builder.sweepBudget;
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

    /** {@return the field that is aggregated} */
    public Field field() {
        return field;
    }

    /** {@return what an event must pass to be aggregated, null if nothing} */
    public @Nullable Condition condition() {
        return condition;
    }

    public long sizeNs() {
        return sizeNs;
    }

    public long slideNs() {
        return slideNs;
    }

    /** {@return by how much windows are moved from alignment to the epoch, 0 to {@code slideNs - 1}} */
    public long offsetNs() {
        return offsetNs;
    }

    public int maxKeys() {
        return maxKeys;
    }

    /** {@return how many pairs of key and pane may hold values at a time} */
    public int maxPanes() {
        return maxPanes;
    }

    /** {@return how many keys a sweep does per accepted record at most} */
    public int sweepBudget() {
        return sweepBudget;
    }

    /** {@return whether minimum and maximum are found; without them they are null in the results} */
    public boolean hasExtremes() {
        return hasExtremes;
    }

    /** {@return whether the event is one to aggregate, but for a null value} */
    boolean accepts(Event event) {
        return event.typeId() == type.id() && (condition == null || condition.test(event));
    }

    PaneGrid grid() {
        return new PaneGrid(sizeNs, slideNs, offsetNs);
    }

    /** Enough for every key to have a value in every pane, as long as that does not take hundreds of megabytes. */
    private int maxPanesDefault() {
        PaneGrid grid = grid();
        long all = (long) maxKeys * (grid.panesPerWindow + grid.panesPerSlide);
        if (RunningPanes.columnCount(grid, maxKeys, hasExtremes) > 0) {
            return (int) all;
        }
        long limit = Math.min(MAX_KEYS_LIMIT, Math.max(MAX_PANES_DEFAULT, 4L * maxKeys));
        return (int) Math.min(all, limit);
    }

    @Override
    public String toString() {
        return "WindowSpec{name=" + name + ", type=" + type + ", field=" + field + ", sizeNs=" + sizeNs + ", slideNs="
                + slideNs + ", offsetNs=" + offsetNs + ", maxKeys=" + maxKeys + ", maxPanes=" + maxPanes
                + ", sweepBudget=" + sweepBudget + ", hasExtremes=" + hasExtremes + '}';
    }

    /** Collects the settings of a window; each is checked by {@link #build}. */
    public static final class Builder {
        private final String name;
        private @Nullable EventType type;
        private @Nullable Field field;
        private @Nullable Condition condition;
        private long sizeNs;
        private boolean isSlideSet;
        private long slideNs;
        private long offsetNs;
        private int maxKeys = MAX_KEYS_DEFAULT;
        private boolean isMaxPanesSet;
        private int maxPanes;
        private int sweepBudget = SWEEP_BUDGET_DEFAULT;
        private boolean hasExtremes = true;

        Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /** Sets the type of the events. Required. */
        public Builder over(EventType type) {
            this.type = type;
            return this;
        }

        /** Sets the field that is aggregated: an integer of the event type or of the header. Required. */
        public Builder value(Field field) {
            this.field = field;
            return this;
        }

        /** Sets what an event must pass; without it every event of the type is aggregated. */
        public Builder where(Condition condition) {
            this.condition = condition;
            return this;
        }

        /** Sets how long a window is. Required, at least 1 ns. */
        public Builder size(long duration, TimeUnit unit) {
            this.sizeNs = unit.toNanos(duration);
            return this;
        }

        /** Sets the distance of one window to the next, 1 ns to the size. Without it windows tumble. */
        public Builder slide(long duration, TimeUnit unit) {
            this.slideNs = unit.toNanos(duration);
            this.isSlideSet = true;
            return this;
        }

        /** Moves all windows, which else are aligned to the epoch; any sign. */
        public Builder offset(long duration, TimeUnit unit) {
            this.offsetNs = unit.toNanos(duration);
            return this;
        }

        /** Sets how many keys may be live at a time; values of further ones are counted and not aggregated. */
        public Builder maxKeys(int maxKeys) {
            this.maxKeys = maxKeys;
            return this;
        }

        /**
         * Sets how many pairs of key and pane may hold values at a time; values that would need further ones are
         * counted and not aggregated. Without it: enough for every pane of every key, and where columns of panes take
         * more than 256 MiB up to 2^21 or four per key. So are values that are further ahead of the watermark than
         * columns reach, when two such pairs per key, or 65,536, are in use.
         */
        public Builder maxPanes(int maxPanes) {
            this.maxPanes = maxPanes;
            this.isMaxPanesSet = true;
            return this;
        }

        /**
         * Sets how many keys a window boundary does per accepted record at most, 1 to {@link #MAX_SWEEP_BUDGET}: fewer,
         * but four, where it is over in a quarter of the records between two boundaries all the same.
         */
        public Builder sweepBudget(int sweepBudget) {
            this.sweepBudget = sweepBudget;
            return this;
        }

        /**
         * Leaves minimum and maximum null. They cost more than all else at a boundary, as a value that leaves cannot be
         * subtracted from them.
         */
        public Builder withoutExtremes() {
            this.hasExtremes = false;
            return this;
        }

        /**
         * {@return the checked settings}
         *
         * @throws IllegalArgumentException if one is missing or out of range
         */
        public WindowSpec build() {
            if (name.isBlank()) {
                throw refuse("name=" + name, "not blank", "give the window a name");
            }
            EventType checkedType = checkType();
            Field checkedField = checkField(checkedType);
            checkDurations();
            checkRange("maxKeys", maxKeys, 1, MAX_KEYS_LIMIT, "set how many keys may be live at a time");
            if (isMaxPanesSet) {
                checkRange("maxPanes", maxPanes, 1, MAX_KEYS_LIMIT, "leave it out, or set what memory allows");
            }
            checkRange("sweepBudget", sweepBudget, 1, MAX_SWEEP_BUDGET, "set how many keys are done per record");
            return new WindowSpec(this, checkedType, checkedField);
        }

        private EventType checkType() {
            if (type == null) {
                throw refuse("type=null", "an event type", "call over(type)");
            }
            return type;
        }

        private Field checkField(EventType ofType) {
            if (field == null) {
                throw refuse("field=null", "an integer field of " + ofType, "call value(field)");
            }
            boolean isHeader = field instanceof HeaderField;
            if (!isHeader && field.typeId() != ofType.id()) {
                throw refuse(
                        "field=" + field + " of typeId=" + field.typeId(),
                        "a field of " + ofType,
                        "take it from the type that the window is over");
            }
            if (!field.type().isIntegral()) {
                throw refuse(
                        "field=" + field + ", type=" + field.type().sbeName(),
                        "an integer",
                        "aggregate a whole number of the smallest unit, such as cents");
            }
            return field;
        }

        private void checkDurations() {
            checkRange("sizeNs", sizeNs, 1, MAX_DURATION_NS, "set size to a positive duration");
            if (!isSlideSet) {
                return;
            }
            checkRange("slideNs", slideNs, 1, MAX_DURATION_NS, "set slide to a positive duration");
            if (slideNs > sizeNs) {
                throw refuse(
                        "slideNs=" + slideNs,
                        "1 to sizeNs=" + sizeNs,
                        "a longer slide would lose the events between windows; filter them out instead");
            }
            long paneNs = PaneGrid.gcd(sizeNs, slideNs);
            if (sizeNs / paneNs > MAX_PANES_PER_WINDOW) {
                throw refuse(
                        "panesPerWindow=" + sizeNs / paneNs + " of paneNs=gcd(sizeNs=" + sizeNs + ", slideNs=" + slideNs
                                + ")=" + paneNs,
                        "1 to " + MAX_PANES_PER_WINDOW,
                        "choose a slide that divides the size, or a longer one");
            }
        }

        private void checkRange(String setting, long value, long min, long max, String remedy) {
            if (value < min || value > max) {
                throw refuse(setting + '=' + value, min + " to " + max, remedy);
            }
        }

        private IllegalArgumentException refuse(String setting, String expected, String remedy) {
            return new IllegalArgumentException(
                    "cannot build window " + name + ": " + setting + " (expected: " + expected + "); " + remedy);
        }
    }
}
