package io.millrace.window;

import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/**
 * How many keys a boundary does per record: as few as let it be over in a quarter of the records that came between the
 * last two, so that no event waits longer than it must. It counts records and looks at no clock, so a replay goes on
 * alike.
 *
 * <pre>
 *   records   ......|..............................|..............................|....
 *   sweep           |=======                       |=======                       |===     few keys with each record
 * </pre>
 */
final class SweepPace {
    /** Fewer keys per record are not worth beginning again each time. */
    private static final int BUDGET_MIN = 4;
    /** A sweep shall be over in one in so many of the records. */
    private static final int SHARE = 4;

    private final int budgetMax;
    private int budget;
    private long recordCount;

    SweepPace(int budgetMax) {
        this.budgetMax = budgetMax;
        this.budget = budgetMax;
    }

    /** {@return keys per record} */
    int budget() {
        return budget;
    }

    void onRecord() {
        recordCount++;
    }

    /** Begins a sweep over so many keys. */
    void begin(int keyCount) {
        long wanted = (long) SHARE * keyCount / Math.max(1, recordCount) + 1;
        budget = keyCount <= budgetMax
                ? budgetMax
                : (int) Math.min(budgetMax, Math.max(Math.min(BUDGET_MIN, budgetMax), wanted));
        recordCount = 0;
    }

    void save(StateWriter writer) {
        writer.putInt(budget);
        writer.putLong(recordCount);
    }

    void load(String what, StateReader reader) {
        budget = reader.getInt();
        StateException.requireRange(what, "budget", budget, 1, budgetMax);
        recordCount = reader.getLong();
    }
}
