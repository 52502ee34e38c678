package io.millrace.window;

/**
 * Where the windows of one kind end on a grid of panes that others may share. A window is named by its end, the first
 * pane behind it.
 *
 * <pre>
 *   hopping, size 3, slide 2     0   1   2   3   4   5   6   7      pane
 *                                |-----------|                      end 3, from 0
 *                                        |-----------|              end 5, from 2
 *
 *   cumulating, size 3, step 1   |---|                              end 1, from 0
 *                                |-------|                          end 2, from 0
 *                                |-----------|                      end 3, from 0
 *                                            |---|                  end 4, from 3
 * </pre>
 */
final class WindowEnds {
    private final boolean isCumulating;
    private final long size;
    private final long slide;
    /** The pane at which a window begins. */
    private final long phase;

    WindowEnds(Window window, long paneNs, long gridOffsetNs) {
        isCumulating = window.kind() == Window.Kind.CUMULATING;
        size = window.size() / paneNs;
        slide = window.slide() / paneNs;
        phase = Math.floorDiv(window.offsetNs() - gridOffsetNs, paneNs);
    }

    long size() {
        return size;
    }

    /** {@return the first pane of the window that ends there} */
    long start(long end) {
        return isCumulating ? Math.floorDiv(end - 1 - phase, size) * size + phase : end - size;
    }

    boolean isEnd(long pane) {
        return Math.floorMod(pane - phase - (isCumulating ? 0 : size), slide) == 0;
    }

    /** {@return the first end behind a pane: that of the oldest window that holds it} */
    long endAfter(long pane) {
        long shift = phase + (isCumulating ? 0 : size);
        return (Math.floorDiv(pane - shift, slide) + 1) * slide + shift;
    }

    /** {@return the end of the newest window that holds a pane} */
    long lastEnd(long pane) {
        long unit = isCumulating ? size : slide;
        return Math.floorDiv(pane - phase, unit) * unit + size + phase;
    }

    /** {@return how many windows hold a pane at most} */
    long overlap() {
        return (size + slide - 1) / slide;
    }

    long slide() {
        return slide;
    }
}
