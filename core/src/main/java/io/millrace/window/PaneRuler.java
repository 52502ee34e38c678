package io.millrace.window;

import java.util.List;

/**
 * Panes that one or several windows share, and the ends of all of these. Pane {@code q} is {@code [q * paneNs +
 * offsetNs,
 * (q + 1) * paneNs + offsetNs)}; {@code paneNs} is the greatest that divides all sizes, slides and distances of
 * offsets.
 *
 * <pre>
 *   pane        0   1   2   3   4   5   6
 *   window 0    |-------|-------|-------|         ends  2, 4, 6
 *   window 1    |-----------|-----------|         ends  3, 6        ends of the ruler: 2, 3, 4, 6
 * </pre>
 *
 * <p>Panes are kept until no window that holds them can still be closed or corrected. Times outside of plus or minus
 * {@link PaneGrid#MAX_TIME_NS} are not on the ruler.
 */
final class PaneRuler {
    final long paneNs;
    final long offsetNs;
    final WindowEnds[] windows;
    /** Panes for which a closed window may be corrected. */
    final long keepPanes;

    PaneRuler(List<Window> windows, long allowedLatenessNs) {
        paneNs = paneNs(windows);
        offsetNs = Math.floorMod(windows.get(0).offsetNs(), paneNs);
        this.windows = windows.stream()
                .map(window -> new WindowEnds(window, paneNs, offsetNs))
                .toArray(WindowEnds[]::new);
        keepPanes = (allowedLatenessNs + paneNs - 1) / paneNs;
    }

    static long paneNs(List<Window> windows) {
        long pane = 0;
        for (Window window : windows) {
            pane = PaneGrid.gcd(PaneGrid.gcd(window.size(), window.slide()), pane);
            pane = PaneGrid.gcd(
                    pane, Math.abs(window.offsetNs() - windows.get(0).offsetNs()));
        }
        return pane;
    }

    long paneOf(long timestampNs) {
        return Math.floorDiv(timestampNs - offsetNs, paneNs);
    }

    long paneStartNs(long pane) {
        return pane * paneNs + offsetNs;
    }

    /** {@return the first end of any window behind a pane} */
    long endAfter(long pane) {
        long end = Long.MAX_VALUE;
        for (WindowEnds window : windows) {
            end = Math.min(end, window.endAfter(pane));
        }
        return end;
    }

    /** {@return the end of the newest window that holds a pane} */
    long lastEnd(long pane) {
        long end = Long.MIN_VALUE;
        for (WindowEnds window : windows) {
            end = Math.max(end, window.lastEnd(pane));
        }
        return end;
    }

    /** {@return the first pane that is still needed when all windows up to an end have been closed} */
    long firstNeeded(long end) {
        long first = Long.MAX_VALUE;
        for (WindowEnds window : windows) {
            first = Math.min(first, window.start(window.endAfter(end - keepPanes)));
        }
        return first;
    }

    /** {@return the first end with which a pane is no longer needed} */
    long endOfNeed(long pane) {
        return endAfter(lastEnd(pane) + keepPanes - 1);
    }

    /** {@return the end of the oldest window that the watermark has not closed} */
    long openEnd(long watermarkNs) {
        if (watermarkNs < -PaneGrid.MAX_TIME_NS) {
            return PaneGrid.BEFORE_ALL;
        }
        return watermarkNs >= PaneGrid.MAX_TIME_NS ? PaneGrid.BEHIND_ALL : endAfter(paneOf(watermarkNs + 1));
    }

    /** {@return the least watermark that closes the windows of an end} */
    long deadlineNs(long end) {
        if (end <= PaneGrid.BEFORE_ALL) {
            return Long.MIN_VALUE;
        }
        return end >= PaneGrid.BEHIND_ALL ? Long.MAX_VALUE : paneStartNs(end) - 1;
    }

    /**
     * {@return panes that a key can have at a time, if the watermark is less than a window behind the newest event}
     */
    long panesPerKey() {
        long panes = 0;
        for (WindowEnds window : windows) {
            panes = Math.max(panes, 2 * window.size() + window.slide());
        }
        return panes + keepPanes;
    }

    /** {@return panes of the longest window} */
    long panesPerWindow() {
        long panes = 0;
        for (WindowEnds window : windows) {
            panes = Math.max(panes, window.size());
        }
        return panes;
    }

    /** {@return windows that hold a pane at most} */
    long overlap() {
        long sum = 0;
        for (WindowEnds window : windows) {
            sum += window.overlap();
        }
        return sum;
    }
}
