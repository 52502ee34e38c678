package io.millrace.stream;

import io.millrace.window.WindowSpec;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How a stream looks up rows of a table, which is the newest event of each key of another stream:
 *
 * <pre>{@code
 *   orders.lookup(customers.keyBy("customerId"), Lookup.by("customerId").as("customer"))
 * }</pre>
 *
 * <p>A row that is missing gives nulls; or the event is dropped ({@link #dropMissing}), or waits for the row
 * ({@link #parkMissing}). Rows are those of the journal's order: an event sees what came before it, whatever its time.
 *
 * <p><b>Threading</b>: immutable.
 */
public final class Lookup {
    public static final int MAX_ROWS_DEFAULT = 1 << 16;
    public static final int BUDGET_DEFAULT = 64;

    private final String[] by;
    private final String rowName;
    private final int maxRows;
    private final boolean isMissingDropped;
    private final long parkNs;
    private final int maxParked;

    private Lookup(String[] by, String rowName, int maxRows, boolean isMissingDropped, long parkNs, int maxParked) {
        this.by = by;
        this.rowName = rowName;
        this.maxRows = requireRange("maxRows", maxRows);
        this.isMissingDropped = isMissingDropped;
        this.parkNs = parkNs;
        this.maxParked = requireRange("maxParked", maxParked);
    }

    private static int requireRange(String setting, int value) {
        if (value < 1 || value > 1 << 26) {
            throw new IllegalArgumentException("cannot build lookup: " + setting + '=' + value
                    + " (expected: 1 to 67108864); set it in that range");
        }
        return value;
    }

    /** {@return one by the key of the stream's events} */
    public static Lookup byKey() {
        return by(new String[0]);
    }

    /** {@return one by fields of the stream's events, whose values make the key as {@code keyBy} makes it} */
    public static Lookup by(String... fieldNames) {
        return new Lookup(fieldNames.clone(), "row", MAX_ROWS_DEFAULT, false, 0, 1);
    }

    /** {@return one that names the fields of the row {@code name.x}} */
    public Lookup as(String name) {
        return new Lookup(by, name, maxRows, isMissingDropped, parkNs, maxParked);
    }

    /** {@return one with a table of up to so many rows; events of further keys are counted and not kept} */
    public Lookup maxRows(int value) {
        return new Lookup(by, rowName, value, isMissingDropped, parkNs, maxParked);
    }

    /** {@return one that drops and counts events whose row is missing} */
    public Lookup dropMissing() {
        return new Lookup(by, rowName, maxRows, true, 0, 1);
    }

    /**
     * {@return one in which events whose row is missing wait for it in event time, and go on with nulls when it does
     * not come} What is behind gets the watermark no sooner than the events that wait.
     *
     * @param duration that an event waits, more than 0
     * @param maxParked events that wait at a time; further ones are counted and go on with nulls at once
     */
    public Lookup parkMissing(long duration, TimeUnit unit, int maxParked) {
        long ns = unit.toNanos(duration);
        if (ns < 1 || ns > WindowSpec.MAX_DURATION_NS) {
            throw new IllegalArgumentException("cannot build lookup: parkNs=" + ns + " (expected: 1 to "
                    + WindowSpec.MAX_DURATION_NS + "); set how long events wait for their row");
        }
        return new Lookup(by, rowName, maxRows, false, ns, maxParked);
    }

    boolean isByKey() {
        return by.length == 0;
    }

    String[] fieldNames() {
        return Arrays.copyOf(by, by.length);
    }

    String rowName() {
        return rowName;
    }

    int maxRows() {
        return maxRows;
    }

    boolean isMissingDropped() {
        return isMissingDropped;
    }

    boolean isParking() {
        return parkNs > 0;
    }

    long parkNs() {
        return parkNs;
    }

    int maxParked() {
        return maxParked;
    }
}
