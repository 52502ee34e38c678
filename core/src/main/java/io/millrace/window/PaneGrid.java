package io.millrace.window;

/**
 * Where panes and windows lie in event time. Pane {@code q} is {@code [q * paneNs + offsetNs, (q + 1) * paneNs +
 * offsetNs)}; a window is named by its end, the first pane behind it, and ends are {@code k * panesPerSlide +
 * panesPerWindow} for every integer k.
 *
 * <pre>
 *   size 3, slide 2 (pane 1)     0   1   2   3   4   5   6   7      pane
 *                                |-----------|                      window 3
 *                                        |-----------|              window 5
 *                                                |-----------|      window 7
 * </pre>
 *
 * <p>Times outside of plus or minus {@link #MAX_TIME_NS} are not on the grid, so that nothing here overflows.
 */
final class PaneGrid {
    /** 2^62 ns: 146 years before and after 1970. */
    static final long MAX_TIME_NS = 1L << 62;
    /** An end behind that of every window, also of one with panes of 1 ns. */
    static final long BEHIND_ALL = MAX_TIME_NS + MAX_TIME_NS / 2;
    /** An end before that of every window. */
    static final long BEFORE_ALL = -BEHIND_ALL;

    final long paneNs;
    final long offsetNs;
    final int panesPerWindow;
    final int panesPerSlide;

    PaneGrid(long sizeNs, long slideNs, long offsetNs) {
        this.paneNs = gcd(sizeNs, slideNs);
        this.offsetNs = offsetNs;
        this.panesPerWindow = (int) (sizeNs / paneNs);
        this.panesPerSlide = (int) (slideNs / paneNs);
    }

    static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    static boolean isOnGrid(long timeNs) {
        return timeNs >= -MAX_TIME_NS && timeNs <= MAX_TIME_NS;
    }

    long paneOf(long timestampNs) {
        return Math.floorDiv(timestampNs - offsetNs, paneNs);
    }

    long paneStartNs(long pane) {
        return pane * paneNs + offsetNs;
    }

    /** {@return the end of the first window that ends behind the pane: the oldest that holds it} */
    long firstEnd(long pane) {
        return (Math.floorDiv(pane - panesPerWindow, (long) panesPerSlide) + 1) * panesPerSlide + panesPerWindow;
    }

    /** {@return the end of the newest window that holds the pane} */
    long lastEnd(long pane) {
        return Math.floorDiv(pane, (long) panesPerSlide) * panesPerSlide + panesPerWindow;
    }

    /** {@return the end of the oldest window that the watermark has not closed} */
    long openEnd(long watermarkNs) {
        if (watermarkNs < -MAX_TIME_NS) {
            return BEFORE_ALL;
        }
        return watermarkNs >= MAX_TIME_NS ? BEHIND_ALL : firstEnd(paneOf(watermarkNs + 1));
    }

    /** {@return the least watermark that closes the window} */
    long deadlineNs(long end) {
        if (end <= BEFORE_ALL) {
            return Long.MIN_VALUE;
        }
        return end >= BEHIND_ALL ? Long.MAX_VALUE : paneStartNs(end) - 1;
    }
}
