package io.millrace.window;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/**
 * Aggregates over the last so many events of a key, in the order in which they are taken: behind a reorder buffer
 * that of
 * event time. Events are counted into panes, as many as divide size and slide, and a key keeps a ring of these.
 *
 * <pre>
 *   size 6, slide 4: panes of 2
 *     events  1 2 | 3 4 | 5 6 | 7 8 | 9 ...
 *     rows          ^ 1-4       ^ 3-8
 * </pre>
 *
 * <p>An event that is not ahead of the watermark is too late. The row's time is that of its last event, {@code
 * startNs} the
 * least time of its events, {@code endNs} the greatest plus one. Where windows tumble a key is freed with its row;
 * where they
 * slide it is kept.
 *
 * <p><b>Complexity</b>: an event O(1), a row O(panes).
 */
final class CountAggregates extends AggregateOperator {
    /** Cells before those of the aggregates. */
    static final int PANE_LEAD = 2;

    private static final int LEAST_NS = 0;
    private static final int GREATEST_NS = 1;

    private final long slide;
    private final long paneSize;
    private final int panesPerKey;
    private final int stride;
    private final boolean isTumbling;
    private final long[] counts;
    private final long[] panes;
    private final long[] scratch;

    CountAggregates(AggregateSpec spec) {
        super(spec);
        Window window = spec.windows().get(0);
        slide = window.slide();
        paneSize = PaneGrid.gcd(window.size(), slide);
        panesPerKey = (int) AggregateLimits.panesPerCount(window);
        isTumbling = slide == window.size();
        stride = PANE_LEAD + layout.cellCount();
        counts = new long[spec.maxKeys()];
        panes = new long[spec.maxKeys() * panesPerKey * stride];
        scratch = new long[layout.cellCount()];
    }

    @Override
    public int maxOutputsPerStep() {
        return 1;
    }

    @Override
    public long nextDeadlineNs() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean needsOrder() {
        return true;
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        this.watermarkNs = watermarkNs;
        return true;
    }

    @Override
    void add(Event event, long key, Outputs outputs) {
        if (event.timestampNs() <= watermarkNs) {
            tooLate(event, outputs);
            return;
        }
        int known = keys.size();
        int slot = keys.put(key);
        if (slot < 0) {
            countRefusedKey();
            return;
        }
        countValue(event);
        if (keys.size() > known) {
            counts[slot] = 0;
        }
        long count = counts[slot]++;
        int at = at(slot, count / paneSize);
        if (count % paneSize == 0) {
            panes[at + LEAST_NS] = Long.MAX_VALUE;
            panes[at + GREATEST_NS] = Long.MIN_VALUE;
            layout.init(panes, at + PANE_LEAD);
        }
        panes[at + LEAST_NS] = Math.min(panes[at + LEAST_NS], event.timestampNs());
        panes[at + GREATEST_NS] = Math.max(panes[at + GREATEST_NS], event.timestampNs());
        layout.add(panes, at + PANE_LEAD, event);
        if ((count + 1) % slide == 0) {
            putOut(slot, count / paneSize, event.timestampNs(), outputs);
        }
    }

    private int at(int slot, long pane) {
        return (slot * panesPerKey + (int) (pane % panesPerKey)) * stride;
    }

    private void putOut(int slot, long newest, long timestampNs, Outputs outputs) {
        int at = at(slot, newest);
        long leastNs = panes[at + LEAST_NS];
        long greatestNs = panes[at + GREATEST_NS];
        long oldest = Math.max(0, newest + 1 - panesPerKey);
        if (oldest == newest) {
            layout.results(panes, at + PANE_LEAD, results, 0);
        } else {
            layout.init(scratch, 0);
            for (long pane = newest; pane >= oldest; pane--) {
                int from = at(slot, pane);
                leastNs = Math.min(leastNs, panes[from + LEAST_NS]);
                greatestNs = Math.max(greatestNs, panes[from + GREATEST_NS]);
                layout.merge(scratch, 0, panes, from + PANE_LEAD);
            }
            layout.results(scratch, 0, results, 0);
        }
        MutableEvent row = claimRow(keys.keyAt(slot), leastNs, greatestNs + 1, results, 0, outputs);
        layout.encodeMore(row.timestampNs(timestampNs), 0, 0, 0);
        outputs.commit();
        if (isTumbling) {
            keys.remove(slot);
        }
    }

    @Override
    long touchSlot(int slot) {
        return panes[at(slot, counts[slot] / paneSize)];
    }

    @Override
    public int paneCount() {
        int count = 0;
        for (int slot = 0; slot < keys.highWater(); slot++) {
            count += keys.isUsed(slot) ? paneCount(slot) : 0;
        }
        return count;
    }

    private int paneCount(int slot) {
        return (int) Math.min(panesPerKey, (counts[slot] + paneSize - 1) / paneSize);
    }

    @Override
    public long openWindowCount() {
        long count = 0;
        for (int slot = 0; slot < keys.highWater(); slot++) {
            count += keys.isUsed(slot) && counts[slot] % slide != 0 ? 1 : 0;
        }
        return count;
    }

    @Override
    void saveSlots(StateWriter writer) {
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                writer.putLong(counts[slot]);
                writer.putLongs(panes, slot * panesPerKey * stride, paneCount(slot) * stride);
            }
        }
    }

    @Override
    void loadSlots(StateReader reader) {
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                counts[slot] = reader.getLong();
                StateException.requireRange(what(), "count", counts[slot], 1, Long.MAX_VALUE);
                reader.getLongs(panes, slot * panesPerKey * stride, paneCount(slot) * stride);
            }
        }
    }
}
