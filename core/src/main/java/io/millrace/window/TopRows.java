package io.millrace.window;

import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/**
 * The rows of the keys with the greatest results, of each window that is being closed: a heap of {@code maxRows}
 * with the
 * least of them at the root. Of equal results that of the lower key is greater.
 *
 * <pre>
 *   window 0:  | order, key, results ... | order, key, results ... | ...
 *   window 1:  | ...
 * </pre>
 */
final class TopRows {
    private static final int ORDER = 0;
    private static final int KEY = 1;
    private static final int RESULTS = 2;

    private final int maxRows;
    private final int width;
    private final long[] rows;
    private final int[] sizes;

    TopRows(int windowCount, int maxRows, int resultCount) {
        this.maxRows = maxRows;
        this.width = RESULTS + resultCount;
        this.rows = new long[windowCount * maxRows * width];
        this.sizes = new int[windowCount];
    }

    static long bytes(long windowCount, long maxRows, long resultCount) {
        return windowCount * maxRows * (RESULTS + resultCount) * Long.BYTES;
    }

    /** {@return a long that is ordered as the double of these bits is} */
    static long orderOf(long doubleBits) {
        return doubleBits ^ (doubleBits >> 63 & Long.MAX_VALUE);
    }

    void clear() {
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = 0;
        }
    }

    int size(int window) {
        return sizes[window];
    }

    /** Takes a row unless there are enough greater ones. */
    void offer(int window, long order, long key, long[] results) {
        int base = window * maxRows;
        int size = sizes[window];
        if (size < maxRows) {
            set(base + size, order, key, results);
            sizes[window]++;
            siftUp(base, size);
        } else if (isLess(at(base), order, key)) {
            set(base, order, key, results);
            siftDown(base, 0, size);
        }
    }

    private int at(int row) {
        return row * width;
    }

    private void set(int row, long order, long key, long[] results) {
        int at = at(row);
        rows[at + ORDER] = order;
        rows[at + KEY] = key;
        System.arraycopy(results, 0, rows, at + RESULTS, width - RESULTS);
    }

    /** Puts the rows of a window in order, greatest first; until {@link #clear} nothing may be offered. */
    void sort(int window) {
        int base = window * maxRows;
        for (int size = sizes[window] - 1; size > 0; size--) {
            swap(base, base + size);
            siftDown(base, 0, size);
        }
    }

    long key(int window, int place) {
        return rows[at(window * maxRows + place) + KEY];
    }

    long[] results() {
        return rows;
    }

    int resultsAt(int window, int place) {
        return at(window * maxRows + place) + RESULTS;
    }

    private void siftUp(int base, int from) {
        int node = from;
        while (node > 0) {
            int parent = (node - 1) / 2;
            if (!isLess(base + node, base + parent)) {
                break;
            }
            swap(base + node, base + parent);
            node = parent;
        }
    }

    private void siftDown(int base, int from, int size) {
        int node = from;
        for (int child = 2 * node + 1; child < size; child = 2 * node + 1) {
            int least = child + 1 < size && isLess(base + child + 1, base + child) ? child + 1 : child;
            if (!isLess(base + least, base + node)) {
                break;
            }
            swap(base + least, base + node);
            node = least;
        }
    }

    private boolean isLess(int left, int right) {
        return isLess(at(left), rows[at(right) + ORDER], rows[at(right) + KEY]);
    }

    private boolean isLess(int leftAt, long order, long key) {
        long leftOrder = rows[leftAt + ORDER];
        return leftOrder < order || (leftOrder == order && rows[leftAt + KEY] > key);
    }

    private void swap(int left, int right) {
        int leftAt = at(left);
        int rightAt = at(right);
        for (int i = 0; i < width; i++) {
            long kept = rows[leftAt + i];
            rows[leftAt + i] = rows[rightAt + i];
            rows[rightAt + i] = kept;
        }
    }

    void save(StateWriter writer) {
        for (int i = 0; i < sizes.length; i++) {
            writer.putInt(sizes[i]);
            writer.putLongs(rows, at(i * maxRows), sizes[i] * width);
        }
    }

    void load(String what, StateReader reader) {
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = reader.getInt();
            StateException.requireRange(what, "topRows", sizes[i], 0, maxRows);
            reader.getLongs(rows, at(i * maxRows), sizes[i] * width);
        }
    }
}
