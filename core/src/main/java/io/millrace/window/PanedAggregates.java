package io.millrace.window;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates over tumbling, hopping and cumulating windows, one or several that share panes. An event is added to one
 * pane of its key, whatever the number of windows that hold it, and needs no order.
 *
 * <p><b>Ordering</b>: ends in their order, an end without any event is skipped. Within one, rows come in the order
 * of key
 * slots (a key takes the slot freed last, or else the next new one, and gives it back when its last pane is no longer
 * needed); of one key the shortest window first. With {@link AggregateSpec.Builder#top} the rows of a window come at
 * the
 * end of its sweep, by rank. One exception: an event that is late for the end being swept, but not too late, brings
 * the rows
 * of its own key forward. Rows that correct (revision above 0, or a window that had none) come with the event that
 * is the
 * cause, by window, then by end.
 *
 * <p><b>Complexity</b>: an event one pane (an out-of-order one walks back over newer panes of its key), a boundary
 * O(live keys) and for each O(panes of the window that hold events), of windows of more than 64 panes O(panes / 64 +
 * 128), of a single window with counts and sums of whole numbers and nothing else O(1); at most {@code
 * sweepBudget} keys per record (SweepPace).
 */
final class PanedAggregates extends AggregateOperator {
    /** No window has events. */
    private static final long NO_END = Long.MAX_VALUE;
    /** Slots between the load of a slot's first and last pane and the visit. */
    private static final int SWEEP_LEAD = 16;
    /** The mark of a slot that no sweep has been at. */
    private static final long NO_MARK = Long.MIN_VALUE;

    /*
     * Design: a key holds its panes and nothing that depends on windows (EntryChains), so a row is the merge of
     * panes,
     * newest first, and the same whatever was put out before, so that state restored at any event goes on alike.
     * Nothing is subtracted but whole numbers of a single window (RunningCells), where it changes nothing. All windows
     * of one end share their newest panes, so one walk back gives the rows of all of them.
     *
     * A slot's mark is the end whose rows it has put out last; the rest is as in WindowOperator: while a sweep is
     * under
     * way and events are let in, the next end behind it is open.
     *
     * A list of the keys with events per pane was considered: each live key has events in a pane that is needed, so
     * of a
     * single window every visit but the last gives a row, and a list would only cost. Of several windows the short
     * ones
     * visit keys in vain that are quiet for long.
     */
    private final PaneRuler ruler;
    private final WindowEnds[] windows;
    private final PaneCells panes;
    private final SlotSet live;
    private final @Nullable TopRows top;
    private final int topIndex;
    private final int sweepBudget;
    private final SweepPace pace;
    private final int maxOutputs;
    private final long allowedLatenessNs;
    private final boolean isUpdating;

    private long openEnd = PaneGrid.BEFORE_ALL;
    private long openDeadlineNs = Long.MIN_VALUE;
    /** The oldest end at which a key has something to do and that is not being swept. */
    private long nextEnd = NO_END;

    private boolean isSweeping;
    private int sweepSlot;
    /** What lines of panes held that a sweep comes to; written so that the compiler keeps the loads. */
    @SuppressWarnings("UnusedVariable")
    private long touched;

    /** What ends where the sweep is; the end itself is kept. */
    private final EndingWindows ending;

    /** The pane of the last event, as events come in clusters: a division less. Not state. */
    private long pane;

    private long paneStartNs = Long.MAX_VALUE;
    private long paneLimitNs = Long.MIN_VALUE;
    private long paneFirstEnd;
    private long paneLastEnd;
    private long paneTooLateNs;

    PanedAggregates(AggregateSpec spec) {
        super(spec);
        ruler = spec.ruler();
        windows = ruler.windows;
        isUpdating = spec.late().isUpdate();
        allowedLatenessNs = spec.late().allowedLatenessNs();
        panes = new PaneCells(spec, windows.length);
        live = new SlotSet(spec.maxKeys());
        int topCount = spec.topCount();
        top = topCount == 0 ? null : new TopRows(windows.length, topCount, layout.resultCount());
        topIndex = spec.topIndex();
        sweepBudget = spec.sweepBudget();
        pace = new SweepPace(sweepBudget);
        ending = new EndingWindows(ruler);
        maxOutputs = maxOutputs(topCount);
    }

    private int maxOutputs(int topCount) {
        int bySweep = (topCount == 0 ? sweepBudget : topCount) * windows.length;
        int byEvent = windows.length + 1 + (isUpdating ? (int) ruler.overlap() : 0);
        return Math.max(bySweep, byEvent);
    }

    @Override
    public int maxOutputsPerStep() {
        return maxOutputs;
    }

    @Override
    public long nextDeadlineNs() {
        if (isSweeping) {
            return Long.MIN_VALUE;
        }
        return nextEnd == NO_END ? Long.MAX_VALUE : ruler.deadlineNs(nextEnd);
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        this.watermarkNs = watermarkNs;
        boolean isSettled = watermarkNs < openDeadlineNs && nextEnd >= openEnd && !isSweeping;
        return isSettled || advance(watermarkNs, idle, outputs);
    }

    private boolean advance(long watermarkNs, boolean idle, Outputs outputs) {
        if (watermarkNs >= openDeadlineNs) {
            openEnd = ruler.openEnd(watermarkNs);
            openDeadlineNs = ruler.deadlineNs(openEnd);
        }
        if (!isSweeping && nextEnd < openEnd) {
            beginSweep();
        }
        if (isSweeping) {
            sweep(outputs);
        }
        return isSweeping ? !idle && openEnd <= ending.nextEnd() : nextEnd >= openEnd;
    }

    private void beginSweep() {
        isSweeping = true;
        sweepSlot = 0;
        ending.select(nextEnd);
        nextEnd = NO_END;
        pace.begin(keys.size());
        if (top != null) {
            top.clear();
        }
    }

    private void sweep(Outputs outputs) {
        int limit = keys.highWater();
        int slot = live.next(sweepSlot, limit);
        int budget = pace.budget();
        for (int i = 0; i < budget && slot < limit; i++) {
            int ahead = slot + SWEEP_LEAD;
            touched += ahead < limit ? panes.touchEnds(ahead) : 0;
            visit(slot, outputs);
            slot = live.next(slot + 1, limit);
        }
        sweepSlot = slot;
        isSweeping = slot < limit;
        if (!isSweeping && top != null) {
            putOutTop(top, outputs);
        }
    }

    private void visit(int slot, Outputs outputs) {
        close(slot, outputs);
        panes.expire(slot, ending.firstNeeded());
        if (panes.isEmpty(slot)) {
            free(slot);
        } else {
            awaitEnd(due(slot));
        }
    }

    private void free(int slot) {
        live.remove(slot);
        keys.remove(slot);
    }

    /** {@return the end at which a slot that was just visited has something to do again} */
    private long due(int slot) {
        long first = panes.firstPane(slot);
        long next = ending.nextEnd();
        if (ruler.lastEnd(panes.lastPane(slot)) > ending.end()) {
            return first < next ? next : ruler.endAfter(first);
        }
        return Math.max(next, ruler.endOfNeed(first));
    }

    /** Puts out the rows of a slot for the end being swept, unless that has been done. */
    private void close(int slot, Outputs outputs) {
        if (panes.mark(slot) < ending.end()) {
            panes.begin(slot, ending.end());
            panes.mark(slot, ending.end());
            for (int i = 0; i < ending.count(); i++) {
                if (panes.gather(ending.start(i))) {
                    panes.results(results);
                    takeRow(slot, ending.window(i), ending.start(i), outputs);
                }
            }
        }
    }

    private void takeRow(int slot, int window, long start, Outputs outputs) {
        long key = keys.keyAt(slot);
        if (top == null) {
            putOut(key, window, start, ending.end(), 0, outputs);
            return;
        }
        long result = results[topIndex];
        if (layout.isDouble(topIndex)) {
            if (!Double.isNaN(Double.longBitsToDouble(result))) {
                top.offer(window, TopRows.orderOf(result), key, results);
            }
        } else if (result != Long.MIN_VALUE) {
            top.offer(window, result, key, results);
        }
    }

    private void putOut(long key, int window, long start, long end, int revision, Outputs outputs) {
        MutableEvent row = claimRow(key, ruler.paneStartNs(start), ruler.paneStartNs(end), results, 0, outputs);
        layout.encodeMore(row, window, 0, revision);
        outputs.commit();
    }

    private void putOutTop(TopRows rows, Outputs outputs) {
        long endNs = ruler.paneStartNs(ending.end());
        for (int i = 0; i < ending.count(); i++) {
            int window = ending.window(i);
            long startNs = ruler.paneStartNs(ending.start(i));
            rows.sort(window);
            for (int place = 0; place < rows.size(window); place++) {
                int at = rows.resultsAt(window, place);
                MutableEvent row = claimRow(rows.key(window, place), startNs, endNs, rows.results(), at, outputs);
                layout.encodeMore(row, window, place + 1, 0);
                outputs.commit();
            }
        }
        rows.clear();
    }

    private void awaitEnd(long end) {
        nextEnd = Math.min(nextEnd, end);
    }

    @Override
    void add(Event event, long key, Outputs outputs) {
        pace.onRecord();
        long timestampNs = event.timestampNs();
        if (timestampNs < paneStartNs || timestampNs >= paneLimitNs) {
            select(timestampNs);
        }
        if (paneTooLateNs <= watermarkNs) {
            tooLate(event, outputs);
            return;
        }
        int slot = keys.put(key);
        if (slot < 0) {
            countRefusedKey();
        } else {
            add(slot, event, outputs);
        }
    }

    private void add(int slot, Event event, Outputs outputs) {
        if (!live.contains(slot)) {
            live.add(slot);
            panes.open(slot, isSweeping ? ending.end() : NO_MARK);
        } else if (isSweeping && pane < ending.end()) {
            close(slot, outputs);
        }
        if (!panes.add(slot, pane, event)) {
            countRefusedPane();
            if (panes.isEmpty(slot)) {
                free(slot);
            }
            return;
        }
        countValue(event);
        if (paneLastEnd >= openEnd) {
            awaitEnd(Math.max(paneFirstEnd, openEnd));
        } else {
            awaitEnd(Math.max(ruler.endOfNeed(pane), openEnd));
        }
        if (isUpdating && paneFirstEnd < openEnd) {
            correct(slot, outputs);
        }
    }

    /** Puts out again the closed windows that the event just added is in. */
    private void correct(int slot, Outputs outputs) {
        long eventPane = pane;
        for (int i = 0; i < windows.length; i++) {
            WindowEnds window = windows[i];
            long last = Math.min(window.lastEnd(eventPane), openEnd - 1);
            for (long end = window.endAfter(eventPane); end <= last; end += window.slide()) {
                if (ruler.paneStartNs(end) + allowedLatenessNs - 1 > watermarkNs) {
                    correct(slot, i, end, outputs);
                }
            }
        }
    }

    /** Without a pane to count revisions in there is no row, as it could not be told from the one before. */
    private void correct(int slot, int window, long end, Outputs outputs) {
        long start = windows[window].start(end);
        panes.begin(slot, end);
        panes.gather(start);
        panes.results(results);
        int revision = 0;
        if (panes.gatheredCount() > 1) {
            revision = panes.nextRevision(slot, end - 1, window);
            if (revision == 0) {
                countRefusedPane();
                return;
            }
        }
        putOut(keys.keyAt(slot), window, start, end, revision, outputs);
    }

    private void select(long timestampNs) {
        pane = ruler.paneOf(timestampNs);
        paneStartNs = ruler.paneStartNs(pane);
        paneLimitNs = paneStartNs + ruler.paneNs;
        paneFirstEnd = ruler.endAfter(pane);
        paneLastEnd = ruler.lastEnd(pane);
        paneTooLateNs = ruler.paneStartNs(paneLastEnd) + allowedLatenessNs - 1;
    }

    @Override
    long touchSlot(int slot) {
        return panes.touch(slot);
    }

    @Override
    public int paneCount() {
        return panes.size();
    }

    @Override
    public long openWindowCount() {
        long count = 0;
        int limit = keys.highWater();
        for (int slot = live.next(0, limit); slot < limit; slot = live.next(slot + 1, limit)) {
            long from = isSweeping && panes.mark(slot) < ending.end() ? ending.end() : openEnd;
            for (WindowEnds window : windows) {
                count += panes.windowCount(slot, window, from);
            }
        }
        return count;
    }

    @Override
    void saveSlots(StateWriter writer) {
        writer.putLong(nextEnd);
        writer.putInt(isSweeping ? 1 : 0);
        writer.putLong(isSweeping ? ending.end() : 0);
        writer.putInt(isSweeping ? sweepSlot : 0);
        pace.save(writer);
        if (top != null) {
            top.save(writer);
        }
        panes.save(keys, writer);
    }

    @Override
    void loadSlots(StateReader reader) {
        openEnd = ruler.openEnd(watermarkNs);
        openDeadlineNs = ruler.deadlineNs(openEnd);
        nextEnd = reader.getLong();
        int sweeping = reader.getInt();
        StateException.requireRange(what(), "isSweeping", sweeping, 0, 1);
        isSweeping = sweeping == 1;
        ending.select(reader.getLong());
        sweepSlot = reader.getInt();
        StateException.requireRange(what(), "sweepSlot", sweepSlot, 0, spec.maxKeys());
        pace.load(what(), reader);
        if (top != null) {
            top.load(what(), reader);
        }
        panes.load(keys, what(), reader);
        live.clear();
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                live.add(slot);
            }
        }
    }
}
