package io.millrace.window;

import static io.millrace.window.EntryChains.NIL;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.DeadlineList;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/**
 * Aggregates, at each event, the events of its key that are less than a duration older, and itself: a row per event.
 * Events
 * must come in the order of event time, so behind a {@link ReorderBuffer} unless they do: one that is behind another
 * one, or not
 * ahead of the watermark, is too late.
 *
 * <pre>
 *   events of a key   | front: each holds the merge of itself and the ones behind it | back: each holds itself |
 *                       ^ oldest                                           newest ^    '--- merge of all ---'
 *
 *   row = merge of the oldest event's cells and those of the back
 * </pre>
 *
 * <p>When the front is empty and an event leaves, the back becomes the front, newest event first. So each event is
 * merged
 * twice whatever the number of events in the window, and nothing is subtracted.
 *
 * <p>Each event held takes the cells of all aggregates: sketches in such windows need memory. A key whose events are
 * all too
 * old is freed, {@code sweepBudget} keys per record.
 *
 * <p><b>Complexity</b>: an event amortised O(1) merges; one that turns the back into the front O(events of its key).
 * <b>Source</b>: two stacks as a queue; Tangwongsan, Hirzel, Schneider, "Low-latency sliding-window aggregation in
 * worst-case constant time", DEBS 2017, section 2.
 */
final class SlidingAggregates extends AggregateOperator {
    private final long sizeNs;
    private final int sweepBudget;
    private final int cellCount;
    /** A slot's mark is the newest entry of its front, {@link EntryChains#NIL} if that is empty. */
    private final EntryChains events;

    private final long[] backs;
    private final long[] scratch;
    private final DeadlineList idleKeys;
    private long newestNs = Long.MIN_VALUE;

    SlidingAggregates(AggregateSpec spec) {
        super(spec);
        sizeNs = spec.windows().get(0).size();
        sweepBudget = spec.sweepBudget();
        cellCount = layout.cellCount();
        events = new EntryChains(spec.maxKeys(), spec.maxPanes(), cellCount);
        backs = new long[spec.maxKeys() * cellCount];
        scratch = new long[cellCount];
        idleKeys = new DeadlineList(spec.maxKeys());
    }

    /** {@return bytes that keys take, but for the key table} */
    static long keyBytes(int maxKeys, int cellCount) {
        return EntryChains.bytes(maxKeys, 0, 0) + (long) maxKeys * cellCount * Long.BYTES + DeadlineList.bytes(maxKeys);
    }

    @Override
    public int maxOutputsPerStep() {
        return 1;
    }

    @Override
    public long nextDeadlineNs() {
        return idleKeys.isDue(watermarkNs) ? Long.MIN_VALUE : idleKeys.firstNs();
    }

    @Override
    public boolean needsOrder() {
        return true;
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        this.watermarkNs = watermarkNs;
        for (int i = 0; i < sweepBudget && idleKeys.isDue(watermarkNs); i++) {
            free(idleKeys.removeFirst());
        }
        return !idle || !idleKeys.isDue(watermarkNs);
    }

    private void free(int slot) {
        for (int first = events.first(slot); first != NIL; first = events.first(slot)) {
            events.remove(slot, first);
        }
        keys.remove(slot);
    }

    @Override
    void add(Event event, long key, Outputs outputs) {
        long timestampNs = event.timestampNs();
        if (timestampNs <= watermarkNs || timestampNs < newestNs) {
            tooLate(event, outputs);
            return;
        }
        newestNs = timestampNs;
        int known = keys.size();
        int slot = keys.put(key);
        if (slot < 0) {
            countRefusedKey();
            return;
        }
        if (keys.size() > known) {
            begin(slot);
        } else {
            evict(slot, timestampNs);
        }
        if (append(slot, event)) {
            countValue(event);
            idleKeys.arm(slot, timestampNs + sizeNs - 1);
            putOut(slot, timestampNs, outputs);
        } else {
            countRefusedPane();
            if (events.isEmpty(slot)) {
                idleKeys.disarm(slot);
                keys.remove(slot);
            }
        }
    }

    private void begin(int slot) {
        events.mark(slot, NIL);
        layout.init(backs, slot * cellCount);
    }

    private void evict(int slot, long timestampNs) {
        int first = events.first(slot);
        while (first != NIL && events.position(first) <= timestampNs - sizeNs) {
            if (events.mark(slot) == NIL) {
                turn(slot);
            }
            if (events.mark(slot) == first) {
                events.mark(slot, NIL);
            }
            events.remove(slot, first);
            first = events.first(slot);
        }
    }

    /** Makes the back the front. */
    private void turn(int slot) {
        int newest = events.last(slot);
        long[] cells = events.cells();
        int behind = newest;
        for (int at = events.prev(newest); at != NIL; at = events.prev(at)) {
            layout.merge(cells, events.cellsAt(at), cells, events.cellsAt(behind));
            behind = at;
        }
        begin(slot);
        events.mark(slot, newest);
    }

    private boolean append(int slot, Event event) {
        int at = events.insert(slot, events.last(slot), event.timestampNs());
        if (at == NIL) {
            return false;
        }
        int cells = events.cellsAt(at);
        layout.init(events.cells(), cells);
        layout.add(events.cells(), cells, event);
        layout.merge(backs, slot * cellCount, events.cells(), cells);
        return true;
    }

    private void putOut(int slot, long timestampNs, Outputs outputs) {
        if (events.mark(slot) == NIL) {
            layout.results(backs, slot * cellCount, results, 0);
        } else {
            layout.init(scratch, 0);
            layout.merge(scratch, 0, backs, slot * cellCount);
            layout.merge(scratch, 0, events.cells(), events.cellsAt(events.first(slot)));
            layout.results(scratch, 0, results, 0);
        }
        long startNs = timestampNs - sizeNs + 1;
        MutableEvent row = claimRow(keys.keyAt(slot), startNs, timestampNs + 1, results, 0, outputs);
        layout.encodeMore(row.timestampNs(timestampNs), 0, 0, 0);
        outputs.commit();
    }

    @Override
    long touchSlot(int slot) {
        return events.touch(slot) + backs[slot * cellCount];
    }

    @Override
    public int paneCount() {
        return events.size();
    }

    @Override
    public long openWindowCount() {
        return 0;
    }

    @Override
    void saveSlots(StateWriter writer) {
        writer.putLong(newestNs);
        events.save(keys, writer);
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                writer.putLongs(backs, slot * cellCount, cellCount);
            }
        }
        idleKeys.save(writer);
    }

    @Override
    void loadSlots(StateReader reader) {
        newestNs = reader.getLong();
        events.load(keys, what(), reader);
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                StateException.requireRange(what(), "front", events.mark(slot), NIL, spec.maxPanes() - 1L);
                reader.getLongs(backs, slot * cellCount, cellCount);
            }
        }
        idleKeys.load(reader);
    }
}
