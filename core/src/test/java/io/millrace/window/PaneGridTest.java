package io.millrace.window;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PaneGridTest {
    @Test
    void shouldFindTheWindowsOfAPane() {
        for (int slideNs = 1; slideNs <= 6; slideNs++) {
            for (int sizeNs = slideNs; sizeNs <= 14; sizeNs++) {
                for (int offsetNs = 0; offsetNs < slideNs; offsetNs++) {
                    for (long timeNs = -40; timeNs <= 40; timeNs++) {
                        assertWindows(new PaneGrid(sizeNs, slideNs, offsetNs), sizeNs, slideNs, timeNs);
                    }
                }
            }
        }
    }

    private static void assertWindows(PaneGrid grid, int sizeNs, int slideNs, long timeNs) {
        long firstEndNs = Long.MAX_VALUE;
        long lastEndNs = Long.MIN_VALUE;
        long oldestNs = grid.offsetNs - 60L * slideNs;
        for (long startNs = oldestNs; startNs <= timeNs; startNs += slideNs) {
            if (timeNs < startNs + sizeNs) {
                firstEndNs = Math.min(firstEndNs, startNs + sizeNs);
                lastEndNs = Math.max(lastEndNs, startNs + sizeNs);
            }
        }
        long pane = grid.paneOf(timeNs);
        assertEquals(firstEndNs, grid.paneStartNs(grid.firstEnd(pane)));
        assertEquals(lastEndNs, grid.paneStartNs(grid.lastEnd(pane)));
        assertEquals(firstEndNs, grid.paneStartNs(grid.openEnd(timeNs - 1)), "open at W = time - 1");
    }

    @Test
    void shouldCloseAWindowAtItsLastNanosecond() {
        PaneGrid grid = new PaneGrid(10, 10, 0);

        assertEquals(1, grid.openEnd(8));
        assertEquals(2, grid.openEnd(9));
        assertEquals(9, grid.deadlineNs(1));
    }

    @Test
    void shouldBeOpenForAllBeforeTimeAndClosedForAllBehind() {
        PaneGrid grid = new PaneGrid(3, 2, 1);

        assertEquals(PaneGrid.BEFORE_ALL, grid.openEnd(Long.MIN_VALUE));
        assertEquals(PaneGrid.BEHIND_ALL, grid.openEnd(Long.MAX_VALUE));
        assertEquals(Long.MIN_VALUE, grid.deadlineNs(PaneGrid.BEFORE_ALL));
        assertEquals(Long.MAX_VALUE, grid.deadlineNs(PaneGrid.BEHIND_ALL));
    }

    @Test
    void shouldHoldTheFirstAndTheLastTime() {
        PaneGrid grid = new PaneGrid(WindowSpec.MAX_DURATION_NS, WindowSpec.MAX_DURATION_NS, 1);

        for (long timeNs : new long[] {-PaneGrid.MAX_TIME_NS, PaneGrid.MAX_TIME_NS}) {
            long endNs = grid.paneStartNs(grid.firstEnd(grid.paneOf(timeNs)));
            assertEquals(true, timeNs < endNs && timeNs >= endNs - WindowSpec.MAX_DURATION_NS);
        }
    }
}
