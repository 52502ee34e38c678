package io.millrace.window;

import io.millrace.state.DeadlineHeap;
import io.millrace.state.KeyTable;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/**
 * How far the event time of each source has come. A source is active from its first event on, or since a marker in the
 * journal says so, until a marker says that it is idle; its next event makes it active again.
 *
 * <pre>
 *   source    3 active    |------------------------> 140
 *   source    7 active    |--------> 60                        the one that holds event time
 *   source   12 idle      |---> 30                             nobody waits for it
 * </pre>
 *
 * <p>At most {@code maxSources} are told apart. A further one takes the place of an idle one; if there is none its
 * events do not move time, and are counted.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Complexity</b>: O(1) for an event,
 * O(log sources) for one of the source that holds event time.
 */
final class Sources {
    private static final int NO_SLOT = -1;

    private final KeyTable slots;
    private final long[] newestNs;
    private final long[] ingestTimeNs;
    /** Active sources, by a bound of their newest time from below: raised when a source comes first. */
    private final DeadlineHeap active;

    private long untrackedCount;
    /** The slot of the last event, as events come in runs of one source. Not state. */
    private int lastSlot = NO_SLOT;

    private int lastSourceId;

    Sources(int maxSources) {
        this.slots = new KeyTable(maxSources);
        this.newestNs = new long[maxSources];
        this.ingestTimeNs = new long[maxSources];
        this.active = new DeadlineHeap(maxSources);
    }

    /** Takes an event. */
    void onEvent(int sourceId, long timestampNs, long newIngestTimeNs) {
        int slot = sourceId == lastSourceId && lastSlot != NO_SLOT ? lastSlot : slotOf(sourceId);
        if (slot == NO_SLOT) {
            untrackedCount++;
            return;
        }
        lastSourceId = sourceId;
        lastSlot = slot;
        ingestTimeNs[slot] = newIngestTimeNs;
        if (timestampNs > newestNs[slot]) {
            newestNs[slot] = timestampNs;
        }
        if (!active.isArmed(slot)) {
            active.arm(slot, newestNs[slot]);
        }
    }

    /** {@return the slot of a source, a new one if it has none; {@link #NO_SLOT} if there is no room} */
    private int slotOf(int sourceId) {
        int slot = slots.slotOf(sourceId);
        if (slot >= 0) {
            return slot;
        }
        if (slots.size() == slots.maxKeys()) {
            forgetIdle();
        }
        slot = slots.put(sourceId);
        if (slot >= 0) {
            newestNs[slot] = Long.MIN_VALUE;
            ingestTimeNs[slot] = Long.MIN_VALUE;
        }
        return slot;
    }

    private void forgetIdle() {
        for (int slot = 0; slot < slots.highWater(); slot++) {
            if (slots.isUsed(slot) && !active.isArmed(slot)) {
                slots.remove(slot);
                lastSlot = NO_SLOT;
                return;
            }
        }
    }

    /** Takes a marker: nothing is expected of a source until its next event. */
    void onIdle(int sourceId) {
        int slot = slots.slotOf(sourceId);
        if (slot >= 0) {
            active.disarm(slot);
        }
    }

    /** Takes a marker: events of a source are expected, though none may have come so far. */
    void onActive(int sourceId, long newIngestTimeNs) {
        int slot = slotOf(sourceId);
        if (slot >= 0 && !active.isArmed(slot)) {
            ingestTimeNs[slot] = newIngestTimeNs;
            active.arm(slot, newestNs[slot]);
        }
    }

    boolean isAnyActive() {
        return !active.isEmpty();
    }

    /** {@return the newest time of the source that is furthest behind; one is active} */
    long heldNs() {
        int first = active.first();
        while (newestNs[first] > active.firstNs()) {
            active.arm(first, newestNs[first]);
            first = active.first();
        }
        return active.firstNs();
    }

    /** {@return the source that {@link #heldNs} is the time of; one is active} */
    int holdingSourceId() {
        return (int) slots.keyAt(active.first());
    }

    /** {@return when the last event of that source was published, in nanoseconds since the epoch} */
    long holdingSinceNs() {
        return ingestTimeNs[active.first()];
    }

    int activeCount() {
        return active.size();
    }

    int idleCount() {
        return slots.size() - active.size();
    }

    /** {@return events of sources for which there was no room} */
    long untrackedCount() {
        return untrackedCount;
    }

    void save(StateWriter writer) {
        writer.putLong(untrackedCount);
        slots.save(writer);
        for (int slot = 0; slot < slots.highWater(); slot++) {
            if (slots.isUsed(slot)) {
                writer.putLong(newestNs[slot]);
                writer.putLong(ingestTimeNs[slot]);
            }
        }
        active.save(writer);
    }

    void load(StateReader reader) {
        lastSlot = NO_SLOT;
        untrackedCount = reader.getLong();
        slots.load(reader);
        for (int slot = 0; slot < slots.highWater(); slot++) {
            if (slots.isUsed(slot)) {
                newestNs[slot] = reader.getLong();
                ingestTimeNs[slot] = reader.getLong();
            }
        }
        active.load(reader);
        requireUsed();
    }

    private void requireUsed() {
        int used = 0;
        for (int slot = 0; slot < slots.maxKeys(); slot++) {
            if (active.isArmed(slot) && slots.isUsed(slot) && active.deadlineNs(slot) <= newestNs[slot]) {
                used++;
            }
        }
        if (used != active.size()) {
            throw StateException.damaged("sources", "activeCount", active.size(), "sources that are known, " + used);
        }
    }
}
