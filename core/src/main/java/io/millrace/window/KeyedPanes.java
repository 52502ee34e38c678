package io.millrace.window;

import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Arrays;

/**
 * The panes of all keys in two flat slabs: a header per key slot with the running aggregate of the key's next window,
 * and a pool of panes, chained per key from the oldest to the newest. Only panes that hold values exist.
 *
 * <pre>
 *   headers, one cache line per slot
 *   +-------+---------+-------+-------+-------+-------------+-----------+----------+
 *   | cover | running | run.  | run.  | run.  | first, last | pane of   | pane of  |
 *   |       | count   | sum   | min   | max   | of chain    | first     | last     |
 *   +-------+---------+-------+-------+-------+-------------+-----------+----------+
 *                                                  |     |
 *          .---------------------------------------'     '-----------.
 *          v                                                         v
 *   +------+-------+-----+-----+-----+------+     +------+-----...-+------+
 *   | pane | count | sum | min | max | prev, | <-> | pane | ...     | prev, |    panes, 64 bytes each
 *   |      |       |     |     |     | next  |     |      |         | next  |
 *   +------+-------+-----+-----+-----+------+     +------+-----...-+------+
 * </pre>
 *
 * <p>{@code cover} is a window's end in panes: the running aggregate is that over the panes {@code [cover -
 * panesPerWindow, cover)}, and older panes are gone. It only moves up. Count and sum follow it by adding and
 * subtracting panes, which is exact in long (modulo 2^64). An extreme cannot be subtracted: if one leaves, it is
 * found again from the panes when it is asked for; {@code min > max} with a count above 0 marks that.
 */
final class KeyedPanes {
    static final int NIL = -1;

    private static final int COVER = 0;
    private static final int COUNT = 1;
    private static final int SUM = 2;
    private static final int MIN = 3;
    private static final int MAX = 4;
    private static final int LINKS = 5;
    private static final int FIRST_PANE = 6;
    private static final int LAST_PANE = 7;
    /** In a pane, where a header has its cover. */
    private static final int PANE = 0;

    /** Longs of a header and of a pane are one cache line, as a power of two. */
    private static final int SHIFT = 3;

    private static final long NO_LINKS = -1;

    private final int panesPerWindow;
    private final int maxPanes;
    private final boolean hasExtremes;
    private final long[] headers;
    private final long[] panes;
    /** A bit per slot that has panes: a sweep skips 64 others at a time. */
    private final long[] live;

    private int freePane = NIL;
    private int paneHighWater;
    private int paneCount;

    KeyedPanes(int maxKeys, int maxPanes, int panesPerWindow, boolean hasExtremes) {
        this.panesPerWindow = panesPerWindow;
        this.maxPanes = maxPanes;
        this.hasExtremes = hasExtremes;
        this.headers = new long[maxKeys << SHIFT];
        this.panes = new long[maxPanes << SHIFT];
        this.live = new long[(maxKeys + Long.SIZE - 1) / Long.SIZE];
    }

    static long bytes(int maxKeys, int maxPanes) {
        return (((long) maxKeys + maxPanes) << SHIFT) * Long.BYTES + maxKeys / Byte.SIZE;
    }

    int paneCount() {
        return paneCount;
    }

    /** Begins a slot that has no panes. */
    void open(int slot, long cover) {
        int h = slot << SHIFT;
        headers[h + COVER] = cover;
        headers[h + LINKS] = NO_LINKS;
        clearRunning(h);
        live[slot >> 6] |= 1L << slot;
    }

    /** Ends a slot that has no panes left. */
    void close(int slot) {
        live[slot >> 6] &= ~(1L << slot);
    }

    boolean isLive(int slot) {
        return (live[slot >> 6] & 1L << slot) != 0;
    }

    /** {@return the first live slot from the given one on, or {@code limit}} */
    int nextLive(int from, int limit) {
        int slot = from;
        while (slot < limit) {
            long word = live[slot >> 6] >>> slot;
            if (word != 0) {
                return Math.min(limit, slot + Long.numberOfTrailingZeros(word));
            }
            slot = (slot | 63) + 1;
        }
        return limit;
    }

    boolean isEmpty(int slot) {
        return headers[(slot << SHIFT) + LINKS] == NO_LINKS;
    }

    long cover(int slot) {
        return headers[(slot << SHIFT) + COVER];
    }

    long count(int slot) {
        return headers[(slot << SHIFT) + COUNT];
    }

    long sum(int slot) {
        return headers[(slot << SHIFT) + SUM];
    }

    /** {@return the oldest pane of a slot that is not empty} */
    long firstPane(int slot) {
        return headers[(slot << SHIFT) + FIRST_PANE];
    }

    /** {@return the running minimum, the count being above 0; null if there are no extremes} */
    long min(int slot) {
        return extremes(slot << SHIFT, MIN);
    }

    /** {@return the running maximum, the count being above 0; null if there are no extremes} */
    long max(int slot) {
        return extremes(slot << SHIFT, MAX);
    }

    private long extremes(int h, int which) {
        if (!hasExtremes) {
            return WindowResult.NULL;
        }
        if (headers[h + MIN] > headers[h + MAX]) {
            findExtremes(h);
        }
        return headers[h + which];
    }

    private void findExtremes(int h) {
        long cover = headers[h + COVER];
        for (int at = first(headers[h + LINKS]); at != NIL; at = next(panes[(at << SHIFT) + LINKS])) {
            int e = at << SHIFT;
            if (panes[e + PANE] >= cover) {
                break;
            }
            widen(headers, h, panes[e + MIN], panes[e + MAX]);
        }
    }

    /**
     * Adds a value to a pane that is not older than {@code cover - panesPerWindow}.
     *
     * @return false if a pane was needed and none is free
     */
    boolean add(int slot, long pane, long value) {
        int h = slot << SHIFT;
        int e = find(h, pane) << SHIFT;
        if (e < 0) {
            return false;
        }
        panes[e + COUNT]++;
        panes[e + SUM] += value;
        if (hasExtremes) {
            widen(panes, e, value, value);
        }
        if (pane < headers[h + COVER]) {
            addToRunning(h, 1, value, value, value);
        }
        return true;
    }

    /** {@return the entry of a pane, linked in where it was missing; NIL if none is free} */
    private int find(int h, long pane) {
        long links = headers[h + LINKS];
        int last = last(links);
        if (last != NIL && headers[h + LAST_PANE] == pane) {
            return last;
        }
        int before = last != NIL && headers[h + LAST_PANE] > pane ? search(last, pane) : last;
        if (before != last && before != NIL && panes[(before << SHIFT) + PANE] == pane) {
            return before;
        }
        return insert(h, before, pane);
    }

    /** {@return the newest entry that is not newer than a pane} */
    private int search(int last, long pane) {
        int at = last;
        while (at != NIL && panes[(at << SHIFT) + PANE] > pane) {
            at = prev(panes[(at << SHIFT) + LINKS]);
        }
        return at;
    }

    private int insert(int h, int before, long pane) {
        int at = take();
        if (at == NIL) {
            return NIL;
        }
        long links = headers[h + LINKS];
        int behind = before == NIL ? first(links) : next(panes[(before << SHIFT) + LINKS]);
        int e = at << SHIFT;
        panes[e + PANE] = pane;
        panes[e + COUNT] = 0;
        panes[e + SUM] = 0;
        panes[e + MIN] = Long.MAX_VALUE;
        panes[e + MAX] = Long.MIN_VALUE;
        panes[e + LINKS] = links(before, behind);
        if (before == NIL) {
            links = links(at, last(links));
            headers[h + FIRST_PANE] = pane;
        } else {
            int b = (before << SHIFT) + LINKS;
            panes[b] = links(prev(panes[b]), at);
        }
        if (behind == NIL) {
            links = links(first(links), at);
            headers[h + LAST_PANE] = pane;
        } else {
            int b = (behind << SHIFT) + LINKS;
            panes[b] = links(at, next(panes[b]));
        }
        headers[h + LINKS] = links;
        return at;
    }

    /** Moves the running aggregate up to a later window: frees the panes that fall out, adds those that come in. */
    void coverTo(int slot, long cover) {
        int h = slot << SHIFT;
        long oldCover = headers[h + COVER];
        if (cover <= oldCover) {
            return;
        }
        headers[h + COVER] = cover;
        if (headers[h + LINKS] != NO_LINKS) {
            if (headers[h + FIRST_PANE] < cover - panesPerWindow) {
                expire(h, oldCover, cover - panesPerWindow);
            }
            if (headers[h + LINKS] != NO_LINKS && headers[h + LAST_PANE] >= oldCover) {
                include(h, oldCover, cover);
            }
        }
    }

    private void expire(int h, long oldCover, long limit) {
        int at = first(headers[h + LINKS]);
        while (at != NIL && panes[(at << SHIFT) + PANE] < limit) {
            int e = at << SHIFT;
            int next = next(panes[e + LINKS]);
            if (panes[e + PANE] < oldCover) {
                subtract(h, e);
            }
            give(at);
            at = next;
        }
        if (at == NIL) {
            headers[h + LINKS] = NO_LINKS;
            return;
        }
        int e = at << SHIFT;
        headers[h + FIRST_PANE] = panes[e + PANE];
        headers[h + LINKS] = links(at, last(headers[h + LINKS]));
        panes[e + LINKS] = links(NIL, next(panes[e + LINKS]));
    }

    private void subtract(int h, int e) {
        headers[h + COUNT] -= panes[e + COUNT];
        headers[h + SUM] -= panes[e + SUM];
        if (hasExtremes && isExtreme(h, e)) {
            forgetExtremes(h);
        }
    }

    private boolean isExtreme(int h, int e) {
        return headers[h + COUNT] == 0 || panes[e + MIN] <= headers[h + MIN] || panes[e + MAX] >= headers[h + MAX];
    }

    /** Adds the panes {@code [from, to)}, which are near the newest. */
    private void include(int h, long from, long to) {
        for (int at = last(headers[h + LINKS]); at != NIL; at = prev(panes[(at << SHIFT) + LINKS])) {
            int e = at << SHIFT;
            if (panes[e + PANE] < from) {
                break;
            }
            if (panes[e + PANE] < to) {
                addToRunning(h, panes[e + COUNT], panes[e + SUM], panes[e + MIN], panes[e + MAX]);
            }
        }
    }

    private void addToRunning(int h, long count, long sum, long min, long max) {
        long oldCount = headers[h + COUNT];
        headers[h + COUNT] = oldCount + count;
        headers[h + SUM] += sum;
        if (hasExtremes && (oldCount == 0 || headers[h + MIN] <= headers[h + MAX])) {
            widen(headers, h, min, max);
        }
    }

    private void clearRunning(int h) {
        headers[h + COUNT] = 0;
        headers[h + SUM] = 0;
        forgetExtremes(h);
    }

    private void forgetExtremes(int h) {
        headers[h + MIN] = Long.MAX_VALUE;
        headers[h + MAX] = Long.MIN_VALUE;
    }

    private static void widen(long[] slab, int at, long min, long max) {
        slab[at + MIN] = Math.min(slab[at + MIN], min);
        slab[at + MAX] = Math.max(slab[at + MAX], max);
    }

    private int take() {
        int at = freePane;
        if (at != NIL) {
            freePane = (int) panes[at << SHIFT];
        } else if (paneHighWater < maxPanes) {
            at = paneHighWater++;
        } else {
            return NIL;
        }
        paneCount++;
        return at;
    }

    private void give(int at) {
        panes[at << SHIFT] = freePane;
        freePane = at;
        paneCount--;
    }

    /** {@return something that depends on the cache lines that {@link #add} will need} */
    long touch(int slot) {
        int h = slot << SHIFT;
        int last = last(headers[h + LINKS]);
        return last == NIL ? 0 : panes[last << SHIFT];
    }

    /** {@return how many windows with values of this slot end at {@code openEnd} or later} */
    long windowCount(int slot, PaneGrid grid, long openEnd) {
        long count = 0;
        long counted = openEnd - 1;
        for (int at = first(headers[(slot << SHIFT) + LINKS]); at != NIL; at = next(panes[(at << SHIFT) + LINKS])) {
            long pane = panes[(at << SHIFT) + PANE];
            long from = Math.max(grid.firstEnd(pane), grid.firstEnd(counted));
            long to = grid.lastEnd(pane);
            if (from <= to) {
                count += (to - from) / grid.panesPerSlide + 1;
                counted = to;
            }
        }
        return count;
    }

    /** Writes a slot's cover and panes; which entries of the pool they take has no effect on anything. */
    void save(int slot, StateWriter writer) {
        long links = headers[(slot << SHIFT) + LINKS];
        int size = 0;
        for (int at = first(links); at != NIL; at = next(panes[(at << SHIFT) + LINKS])) {
            size++;
        }
        writer.putLong(cover(slot));
        writer.putInt(size);
        for (int at = first(links); at != NIL; at = next(panes[(at << SHIFT) + LINKS])) {
            writer.putLongs(panes, at << SHIFT, LINKS);
        }
    }

    void clear() {
        Arrays.fill(live, 0);
        freePane = NIL;
        paneHighWater = 0;
        paneCount = 0;
    }

    /** Reads what {@link #save} wrote into a slot of a cleared slab. */
    void load(int slot, String what, StateReader reader) {
        long cover = reader.getLong();
        open(slot, cover);
        int h = slot << SHIFT;
        int size = reader.getInt();
        StateException.requireRange(what, "paneCount", size, 0, maxPanes - paneCount);
        for (int i = 0; i < size; i++) {
            loadPane(h, what, reader);
        }
        include(h, cover - panesPerWindow, cover);
    }

    private void loadPane(int h, String what, StateReader reader) {
        long pane = reader.getLong();
        int last = last(headers[h + LINKS]);
        if (last != NIL) {
            StateException.requireRange(what, "pane", pane, headers[h + LAST_PANE] + 1, Long.MAX_VALUE);
        }
        int e = insert(h, last, pane) << SHIFT;
        reader.getLongs(panes, e + COUNT, LINKS - COUNT);
    }

    private static long links(int left, int right) {
        return (long) left << 32 | (right & 0xFFFF_FFFFL);
    }

    private static int first(long links) {
        return (int) (links >> 32);
    }

    private static int last(long links) {
        return (int) links;
    }

    private static int prev(long links) {
        return (int) (links >> 32);
    }

    private static int next(long links) {
        return (int) links;
    }
}
