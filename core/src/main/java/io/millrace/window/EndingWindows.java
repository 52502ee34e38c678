package io.millrace.window;

/** Which windows of a ruler end at one end: the shortest first, of equal ones the first. */
final class EndingWindows {
    private final PaneRuler ruler;
    private final int[] windows;
    private final long[] starts;
    private int count;
    private long end;
    private long nextEnd;
    private long firstNeeded;

    EndingWindows(PaneRuler ruler) {
        this.ruler = ruler;
        this.windows = new int[ruler.windows.length];
        this.starts = new long[ruler.windows.length];
    }

    void select(long newEnd) {
        end = newEnd;
        nextEnd = ruler.endAfter(newEnd);
        firstNeeded = ruler.firstNeeded(newEnd);
        count = 0;
        for (int i = 0; i < ruler.windows.length; i++) {
            if (ruler.windows[i].isEnd(newEnd)) {
                insert(i, ruler.windows[i].start(newEnd));
            }
        }
    }

    private void insert(int window, long start) {
        int at = count++;
        while (at > 0 && starts[at - 1] < start) {
            starts[at] = starts[at - 1];
            windows[at] = windows[at - 1];
            at--;
        }
        starts[at] = start;
        windows[at] = window;
    }

    int count() {
        return count;
    }

    int window(int index) {
        return windows[index];
    }

    /** {@return the first pane of a window} */
    long start(int index) {
        return starts[index];
    }

    long end() {
        return end;
    }

    /** {@return the next end of any window} */
    long nextEnd() {
        return nextEnd;
    }

    /** {@return the first pane that is needed when these windows are closed} */
    long firstNeeded() {
        return firstNeeded;
    }
}
