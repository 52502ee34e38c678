package io.millrace.window;

import static io.millrace.window.EntryChains.NIL;

import io.millrace.event.Event;
import io.millrace.state.KeyTable;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/**
 * Panes of long windows once more, 64 in one, so that a row merges blocks where it can and panes at both ends:
 *
 * <pre>
 *   panes     | | | | | | | | | | | | | | | | | |
 *   blocks    |       |       |       |       |
 *   window        |---+-------+-------+-|
 *   merged        p p     B       B    p
 * </pre>
 *
 * <p>An event is added to its pane and to its block. A block knows its oldest pane, behind which the walk goes on.
 */
final class PaneBlocks {
    /** Windows of more panes have blocks. */
    static final int PANES_PER_WINDOW_MIN = 64;
    /** Cells before those of the aggregates. */
    static final int LEAD = 2;

    private static final int SHIFT = 6;
    private static final int OLDEST = 0;
    private static final int EVENTS = 1;

    private final CellLayout layout;
    private final EntryChains chains;

    PaneBlocks(AggregateSpec spec) {
        layout = spec.layout();
        chains = new EntryChains(spec.maxKeys(), spec.maxBlocks(), LEAD + layout.cellCount());
    }

    /** {@return how many blocks so many keys may need; a pane needs at most one} */
    static int maxBlocks(PaneRuler ruler, int maxKeys, int maxPanes) {
        if (ruler.panesPerWindow() <= PANES_PER_WINDOW_MIN) {
            return 0;
        }
        return (int) Math.min(maxPanes, maxKeys * ((ruler.panesPerKey() >> SHIFT) + 3));
    }

    static long blockOf(long pane) {
        return pane >> SHIFT;
    }

    /** {@return the first pane of a block} */
    static long begin(long block) {
        return block << SHIFT;
    }

    /** {@return the block of a pane, made where it is missing; {@link EntryChains#NIL} if none is free} */
    int find(int slot, long pane) {
        long block = blockOf(pane);
        int before = chains.floor(slot, block);
        if (before != NIL && chains.position(before) == block) {
            return before;
        }
        int entry = chains.insert(slot, before, block);
        if (entry != NIL) {
            int at = chains.cellsAt(entry);
            chains.cells()[at + OLDEST] = NIL;
            chains.cells()[at + EVENTS] = 0;
            layout.init(chains.cells(), at + LEAD);
        }
        return entry;
    }

    /** {@return the entry of the oldest pane} */
    int oldest(int block) {
        return (int) chains.cells()[chains.cellsAt(block) + OLDEST];
    }

    void oldest(int block, int pane) {
        chains.cells()[chains.cellsAt(block) + OLDEST] = pane;
    }

    /** Takes a block out that no pane came to be of. */
    void removeUnused(int slot, int block) {
        if (oldest(block) == NIL) {
            chains.remove(slot, block);
        }
    }

    void add(int block, Event event) {
        int at = chains.cellsAt(block);
        chains.cells()[at + EVENTS]++;
        layout.add(chains.cells(), at + LEAD, event);
    }

    /**
     * Frees the blocks that end at a pane or before it. One of which some panes are gone is merged no more, and
     * knows the
     * key's oldest pane.
     */
    void expire(int slot, long firstNeeded, int oldestPane) {
        int first = chains.first(slot);
        while (first != NIL && begin(chains.position(first) + 1) <= firstNeeded) {
            chains.remove(slot, first);
            first = chains.first(slot);
        }
        if (first != NIL && begin(chains.position(first)) < firstNeeded) {
            oldest(first, oldestPane);
        }
    }

    /** {@return the newest block that is not behind one} */
    int floor(int slot, long block) {
        return chains.floor(slot, block);
    }

    /** {@return the block or, where it is behind the one wanted, the next older one that is not} */
    int backTo(int from, long block) {
        int at = from;
        while (at != NIL && chains.position(at) > block) {
            at = chains.prev(at);
        }
        return at;
    }

    boolean isAt(int block, long wanted) {
        return chains.position(block) == wanted;
    }

    long[] cells() {
        return chains.cells();
    }

    int cellsAt(int block) {
        return chains.cellsAt(block) + LEAD;
    }

    long eventCount(int block) {
        return chains.cells()[chains.cellsAt(block) + EVENTS];
    }

    void save(KeyTable keys, StateWriter writer) {
        chains.save(keys, writer);
    }

    void load(KeyTable keys, String what, StateReader reader) {
        chains.load(keys, what, reader);
    }
}
