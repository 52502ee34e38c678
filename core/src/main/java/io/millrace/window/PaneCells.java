package io.millrace.window;

import static io.millrace.window.EntryChains.NIL;

import io.millrace.event.Event;
import io.millrace.state.KeyTable;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * The panes of all keys with their aggregates, and the merge of those of one window.
 *
 * <pre>
 *   cells of a pane     | aggregates ... |                                        without corrections
 *                       | events | revision of each window ending behind it | aggregates ... |    with
 * </pre>
 *
 * <p>With corrections a pane may be there for its revisions alone, without events.
 */
final class PaneCells {
    private final CellLayout layout;
    private final EntryChains chains;
    private final @Nullable PaneBlocks blocks;
    private final @Nullable RunningCells running;
    private final boolean hasRevisions;
    /** Cells before those of the aggregates. */
    private final int lead;

    private final long[] scratch;
    private long[] gathered;
    private int gatheredAt;
    private long gatheredCount;
    private int at = NIL;
    private int block = NIL;
    /** All panes from here on are merged. */
    private long limit;

    PaneCells(AggregateSpec spec, int windowCount) {
        layout = spec.layout();
        hasRevisions = spec.late().isUpdate();
        lead = lead(hasRevisions, windowCount);
        chains = new EntryChains(spec.maxKeys(), spec.maxPanes(), lead + layout.cellCount());
        running = spec.isRunning() ? new RunningCells(spec.maxKeys(), chains, layout.cellCount()) : null;
        blocks = spec.maxBlocks() == 0 ? null : new PaneBlocks(spec);
        scratch = new long[layout.cellCount()];
        gathered = scratch;
    }

    static int lead(boolean hasRevisions, int windowCount) {
        return hasRevisions ? 1 + windowCount : 0;
    }

    int size() {
        return chains.size();
    }

    boolean isEmpty(int slot) {
        return chains.isEmpty(slot);
    }

    /** Begins a slot without panes. */
    void open(int slot, long mark) {
        chains.mark(slot, mark);
        if (running != null) {
            running.open(slot);
        }
    }

    long mark(int slot) {
        return chains.mark(slot);
    }

    void mark(int slot, long value) {
        chains.mark(slot, value);
    }

    long touch(int slot) {
        return chains.touch(slot);
    }

    long touchEnds(int slot) {
        return chains.touchEnds(slot);
    }

    long firstPane(int slot) {
        return chains.position(chains.first(slot));
    }

    long lastPane(int slot) {
        return chains.position(chains.last(slot));
    }

    /** {@return false if a pane was needed and none is free} */
    boolean add(int slot, long pane, Event event) {
        if (blocks != null) {
            return add(slot, pane, event, blocks);
        }
        if (running != null) {
            return add(slot, pane, event, running);
        }
        int entry = find(slot, pane);
        if (entry == NIL) {
            return false;
        }
        add(entry, event);
        return true;
    }

    /** The pane of a late event may be part of what runs: it goes out and comes in again. */
    private boolean add(int slot, long pane, Event event, RunningCells inRunning) {
        boolean isIncluded = pane < chains.mark(slot);
        int held = isIncluded ? chains.floor(slot, pane) : NIL;
        if (held != NIL && chains.position(held) == pane) {
            inRunning.expire(slot, held);
        }
        int entry = find(slot, pane);
        if (entry == NIL) {
            return false;
        }
        add(entry, event);
        if (isIncluded) {
            inRunning.include(slot, entry);
        }
        return true;
    }

    private boolean add(int slot, long pane, Event event, PaneBlocks inBlocks) {
        int inBlock = inBlocks.find(slot, pane);
        if (inBlock == NIL) {
            return false;
        }
        int entry = find(slot, pane);
        if (entry == NIL) {
            inBlocks.removeUnused(slot, inBlock);
            return false;
        }
        int oldest = inBlocks.oldest(inBlock);
        if (oldest == NIL || chains.position(oldest) > pane) {
            inBlocks.oldest(inBlock, entry);
        }
        add(entry, event);
        inBlocks.add(inBlock, event);
        return true;
    }

    private void add(int entry, Event event) {
        int cells = chains.cellsAt(entry);
        if (hasRevisions) {
            chains.cells()[cells]++;
        }
        layout.add(chains.cells(), cells + lead, event);
    }

    private int find(int slot, long pane) {
        int before = chains.floor(slot, pane);
        if (before != NIL && chains.position(before) == pane) {
            return before;
        }
        int entry = chains.insert(slot, before, pane);
        if (entry != NIL) {
            int cells = chains.cellsAt(entry);
            for (int i = 0; i < lead; i++) {
                chains.cells()[cells + i] = 0;
            }
            layout.init(chains.cells(), cells + lead);
        }
        return entry;
    }

    /** Frees the panes before one. */
    void expire(int slot, long firstNeeded) {
        int first = chains.first(slot);
        while (first != NIL && chains.position(first) < firstNeeded) {
            if (running != null) {
                running.expire(slot, first);
            }
            chains.remove(slot, first);
            first = chains.first(slot);
        }
        if (blocks != null) {
            blocks.expire(slot, first == NIL ? Long.MAX_VALUE : firstNeeded, first);
        }
    }

    /** Begins a merge of panes before an end, newest first. */
    void begin(int slot, long end) {
        if (running != null) {
            running.include(slot, chains.mark(slot), end);
            gathered = running.cells();
            gatheredAt = running.cellsAt(slot);
            gatheredCount = running.paneCount(slot);
            return;
        }
        at = chains.floor(slot, end - 1);
        gatheredCount = 0;
        if (blocks != null) {
            limit = end;
            block = blocks.floor(slot, PaneBlocks.blockOf(end - 1));
        }
    }

    /** Goes on with a merge, back to a pane. {@return whether there are events up to now} */
    boolean gather(long start) {
        while (running == null && at != NIL && chains.position(at) >= start) {
            if (blocks == null || !gatherBlock(start, blocks)) {
                gatherPane();
            }
        }
        return gatheredCount > 0;
    }

    private void gatherPane() {
        int cells = chains.cellsAt(at);
        long count = hasRevisions ? chains.cells()[cells] : 1;
        if (count > 0) {
            gather(chains.cells(), cells + lead, count);
        }
        limit = chains.position(at);
        at = chains.prev(at);
    }

    /** Merges the block of the next pane, if all of it is in the window. */
    private boolean gatherBlock(long start, PaneBlocks from) {
        long wanted = PaneBlocks.blockOf(chains.position(at));
        if (PaneBlocks.begin(wanted) < start || PaneBlocks.begin(wanted + 1) > limit) {
            return false;
        }
        block = from.backTo(block, wanted);
        if (block == NIL || !from.isAt(block, wanted)) {
            return false;
        }
        gather(from.cells(), from.cellsAt(block), from.eventCount(block));
        limit = PaneBlocks.begin(wanted);
        at = chains.prev(from.oldest(block));
        return true;
    }

    /** A single pane is read where it is. */
    private void gather(long[] cells, int cellsAt, long count) {
        if (gatheredCount == 0) {
            gathered = cells;
            gatheredAt = cellsAt;
        } else {
            if (gathered != scratch) {
                layout.init(scratch, 0);
                layout.merge(scratch, 0, gathered, gatheredAt);
                gathered = scratch;
                gatheredAt = 0;
            }
            layout.merge(scratch, 0, cells, cellsAt);
        }
        gatheredCount += count;
    }

    /** {@return events merged; with corrections only, else panes and events of blocks} */
    long gatheredCount() {
        return gatheredCount;
    }

    /** Reads the results of the merge. */
    void results(long[] to) {
        layout.results(gathered, gatheredAt, to, 0);
    }

    /**
     * {@return the next revision of the window that ends behind a pane, from 1 on; 0 if no pane is free to keep it}
     */
    int nextRevision(int slot, long pane, int window) {
        int entry = find(slot, pane);
        return entry == NIL ? 0 : (int) ++chains.cells()[chains.cellsAt(entry) + 1 + window];
    }

    /** {@return how many windows with events of this slot end at {@code openEnd} or later} */
    long windowCount(int slot, WindowEnds window, long openEnd) {
        long count = 0;
        long counted = openEnd - 1;
        for (int entry = chains.first(slot); entry != NIL; entry = chains.next(entry)) {
            long pane = chains.position(entry);
            boolean hasEvents = !hasRevisions || chains.cells()[chains.cellsAt(entry)] > 0;
            long from = Math.max(window.endAfter(pane), window.endAfter(counted));
            long to = window.lastEnd(pane);
            if (hasEvents && from <= to) {
                count += (to - from) / window.slide() + 1;
                counted = to;
            }
        }
        return count;
    }

    void save(KeyTable keys, StateWriter writer) {
        chains.save(keys, writer);
        if (blocks != null) {
            blocks.save(keys, writer);
        }
    }

    void load(KeyTable keys, String what, StateReader reader) {
        chains.load(keys, what, reader);
        if (blocks != null) {
            blocks.load(keys, what, reader);
        }
        for (int slot = 0; running != null && slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                running.open(slot);
                running.include(slot, Long.MIN_VALUE, chains.mark(slot));
            }
        }
    }
}
