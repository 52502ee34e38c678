package io.millrace.window;

/**
 * For each key slot the end of its next window and what has been added up for it, half a cache line or a whole one.
 *
 * <pre>
 *   +-----+-------+-----+------+-----+-----+------+------+
 *   | end | count | sum | free | min | max | free | free |     the second half with extremes only
 *   +-----+-------+-----+------+-----+-----+------+------+
 * </pre>
 *
 * <p>{@code min > max} says that an extreme has left and must be searched for.
 */
final class RunningTotals {
    private static final int END = 0;
    private static final int COUNT = 1;
    private static final int SUM = 2;
    private static final int MIN = 4;
    private static final int MAX = 5;

    private final boolean hasExtremes;
    private final int shift;
    private final long[] totals;

    RunningTotals(int maxKeys, boolean hasExtremes) {
        this.hasExtremes = hasExtremes;
        this.shift = shift(hasExtremes);
        this.totals = new long[maxKeys << shift];
    }

    private static int shift(boolean hasExtremes) {
        return hasExtremes ? 3 : 2;
    }

    static long bytes(int maxKeys, boolean hasExtremes) {
        return ((long) maxKeys * Long.BYTES) << shift(hasExtremes);
    }

    /** Begins a slot with nothing in it. */
    void begin(int slot, long end) {
        int at = slot << shift;
        totals[at + END] = end;
        totals[at + COUNT] = 0;
        totals[at + SUM] = 0;
        if (hasExtremes) {
            forgetExtremes(at);
        }
    }

    long end(int slot) {
        return totals[(slot << shift) + END];
    }

    void end(int slot, long value) {
        totals[(slot << shift) + END] = value;
    }

    long count(int slot) {
        return totals[(slot << shift) + COUNT];
    }

    long sum(int slot) {
        return totals[(slot << shift) + SUM];
    }

    long min(int slot) {
        return totals[(slot << shift) + MIN];
    }

    long max(int slot) {
        return totals[(slot << shift) + MAX];
    }

    /** {@return whether minimum and maximum are known} */
    boolean hasExtremes(int slot) {
        int at = slot << shift;
        return totals[at + MIN] <= totals[at + MAX];
    }

    /** Adds values, or takes some out with a count below 0, and looks after no extremes. */
    void add(int slot, long count, long sum) {
        int at = slot << shift;
        totals[at + COUNT] += count;
        totals[at + SUM] += sum;
    }

    /** Adds values. */
    void add(int slot, long count, long sum, long min, long max) {
        if (hasExtremes && (count(slot) == 0 || hasExtremes(slot))) {
            widen(slot, min, max);
        }
        add(slot, count, sum);
    }

    /** Hears of the extremes of values that were taken out. */
    void lose(int slot, long min, long max) {
        int at = slot << shift;
        if (totals[at + COUNT] == 0 || min <= totals[at + MIN] || max >= totals[at + MAX]) {
            forgetExtremes(at);
        }
    }

    private void forgetExtremes(int at) {
        totals[at + MIN] = Long.MAX_VALUE;
        totals[at + MAX] = Long.MIN_VALUE;
    }

    void widen(int slot, long min, long max) {
        widen(totals, (slot << shift) + MIN, min, max);
    }

    /** Widens a range of two longs in a slab. */
    static void widen(long[] slab, int at, long min, long max) {
        slab[at] = Math.min(slab[at], min);
        slab[at + 1] = Math.max(slab[at + 1], max);
    }
}
