package io.millrace.pattern;

import io.millrace.state.KeyTable;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * The live runs of all keys and the matches that wait, in flat arrays.
 *
 * <pre>
 *   key slot            first                      last        live runs, in the order in which they started
 *     7  ------------->  [12] <--> [3] <--> [40] <-- '
 *        heldFirst ---->  [8] ---> [21]                        matches that wait for an earlier run
 *
 *   queue: [5] ---> [17] ---> ...                              matches that wait for room, of all keys
 * </pre>
 */
final class Runs extends RunRecords {
    static final int NONE = -1;
    /** In {@code prev}, of an entry that is no live run. */
    static final int NOT_LIVE = -2;
    /** In {@code prev}, of an entry that is free. */
    private static final int FREE = -3;

    private static final String WHAT = "runs";
    private static final int STARTED = 1;
    private static final int DEGRADED = 2;
    /** For the instant at hand only. */
    private static final int TOUCHED = 4;

    private final int capacity;
    private final int registerCount;

    private static final int FIRST = 0;
    private static final int LAST = 1;
    private static final int LIVE_COUNT = 2;
    private static final int HELD_FIRST = 3;
    private static final int FLAGS = 4;
    /** Ints of a key, as a power of two. */
    private static final int KEY_SHIFT = 3;

    /** The registers of all runs, and behind them those of a run that has no event yet. */
    final long[] registers;

    final KeyTable keys;
    private final @Nullable SharedKeys shared;
    private final int[] keyInts;

    private int highWater;
    private int freeHead = NONE;
    private int liveCount;
    private int waitingCount;
    private int queueHead = NONE;
    private int queueTail = NONE;

    /** @param sharedKeys of many patterns, null for those of one */
    Runs(PatternLimits limits, int registerCount, @Nullable SharedKeys sharedKeys) {
        super(limits.maxRuns() + limits.maxWaitingMatches());
        this.capacity = limits.maxRuns() + limits.maxWaitingMatches();
        this.registerCount = registerCount;
        this.shared = sharedKeys;
        registers = new long[Math.multiplyExact(capacity + 1, registerCount)];
        keys = sharedKeys == null ? new KeyTable(limits.maxKeys()) : sharedKeys.slots();
        keyInts = new int[Math.multiplyExact(keys.maxKeys(), 1 << KEY_SHIFT)];
    }

    static long bytes(PatternLimits limits, int registerCount, int maxSlots) {
        long capacity = (long) limits.maxRuns() + limits.maxWaitingMatches();
        return capacity * RECORD_LENGTH
                + (capacity + 1) * registerCount * Long.BYTES
                + ((long) Integer.BYTES << KEY_SHIFT) * maxSlots;
    }

    int capacity() {
        return capacity;
    }

    int liveCount() {
        return liveCount;
    }

    int waitingCount() {
        return waitingCount;
    }

    int first(int keySlot) {
        return keyInts[(keySlot << KEY_SHIFT) + FIRST];
    }

    private void first(int keySlot, int value) {
        keyInts[(keySlot << KEY_SHIFT) + FIRST] = value;
    }

    private int last(int keySlot) {
        return keyInts[(keySlot << KEY_SHIFT) + LAST];
    }

    private void last(int keySlot, int value) {
        keyInts[(keySlot << KEY_SHIFT) + LAST] = value;
    }

    int liveCount(int keySlot) {
        return keyInts[(keySlot << KEY_SHIFT) + LIVE_COUNT];
    }

    private void liveCount(int keySlot, int value) {
        keyInts[(keySlot << KEY_SHIFT) + LIVE_COUNT] = value;
    }

    int heldFirst(int keySlot) {
        return keyInts[(keySlot << KEY_SHIFT) + HELD_FIRST];
    }

    private void heldFirst(int keySlot, int value) {
        keyInts[(keySlot << KEY_SHIFT) + HELD_FIRST] = value;
    }

    private int flags(int keySlot) {
        return keyInts[(keySlot << KEY_SHIFT) + FLAGS];
    }

    private void flags(int keySlot, int value) {
        keyInts[(keySlot << KEY_SHIFT) + FLAGS] = value;
    }

    int registersOf(int run) {
        return run * registerCount;
    }

    /** {@return where the registers of a run without events are} */
    int emptyRegisters() {
        return capacity * registerCount;
    }

    /** {@return the number of the pattern that a slot belongs to} */
    int patternOf(int keySlot) {
        return shared == null ? 0 : shared.patternOf(keySlot);
    }

    /**
     * {@return the slot of a key, which is put in if it was not; {@link #NONE} if there is no room for it}
     *
     * @param pattern number of the pattern
     */
    int putKey(long keyValue, int pattern) {
        int size = keys.size();
        int keySlot = shared == null ? keys.put(keyValue) : shared.put(keyValue, pattern);
        if (keys.size() > size) {
            first(keySlot, NONE);
            last(keySlot, NONE);
            liveCount(keySlot, 0);
            heldFirst(keySlot, NONE);
            flags(keySlot, 0);
        }
        return keySlot;
    }

    /** Takes a key out for which there is nothing to remember. */
    void freeKeyIfIdle(int keySlot) {
        if (keys.isUsed(keySlot)
                && first(keySlot) == NONE
                && heldFirst(keySlot) == NONE
                && (flags(keySlot) & STARTED) == 0) {
            if (shared == null) {
                keys.remove(keySlot);
            } else {
                shared.remove(keySlot);
            }
        }
    }

    boolean hasStarted(int keySlot) {
        return (flags(keySlot) & STARTED) != 0;
    }

    void started(int keySlot) {
        flags(keySlot, flags(keySlot) | STARTED);
    }

    boolean isTouched(int keySlot) {
        return (flags(keySlot) & TOUCHED) != 0;
    }

    void touched(int keySlot, boolean isTouched) {
        flags(keySlot, (isTouched ? flags(keySlot) | TOUCHED : flags(keySlot) & ~TOUCHED));
    }

    boolean isDegraded(int keySlot) {
        return (flags(keySlot) & DEGRADED) != 0;
    }

    void degraded(int keySlot, boolean isDegraded) {
        flags(keySlot, (isDegraded ? flags(keySlot) | DEGRADED : flags(keySlot) & ~DEGRADED));
    }

    private int allocate() {
        int run = freeHead;
        if (run == NONE) {
            run = highWater++;
        } else {
            freeHead = next(run);
        }
        return run;
    }

    private void free(int run) {
        prev(run, FREE);
        next(run, freeHead);
        freeHead = run;
    }

    /** {@return a live run that is the last of a key} */
    int start(int keySlot) {
        int run = allocate();
        slot(run, keySlot);
        link(run, last(keySlot), NONE);
        return run;
    }

    /** {@return a live run behind another one, with all that is known of it} */
    int fork(int run) {
        int copy = allocate();
        copy(run, copy);
        link(copy, run, next(run));
        System.arraycopy(registers, registersOf(run), registers, registersOf(copy), registerCount);
        return copy;
    }

    private void copy(int run, int copy) {
        state(copy, state(run));
        tail(copy, tail(run));
        slot(copy, slot(run));
        startNs(copy, startNs(run));
        lastNs(copy, lastNs(run));
        startOrder(copy, startOrder(run));
        key(copy, key(run));
    }

    private void link(int run, int before, int behind) {
        int keySlot = slot(run);
        prev(run, before);
        next(run, behind);
        if (before == NONE) {
            first(keySlot, run);
        } else {
            next(before, run);
        }
        if (behind == NONE) {
            last(keySlot, run);
        } else {
            prev(behind, run);
        }
        liveCount(keySlot, liveCount(keySlot) + 1);
        liveCount++;
    }

    private void unlink(int run) {
        int keySlot = slot(run);
        if (prev(run) == NONE) {
            first(keySlot, next(run));
        } else {
            next(prev(run), next(run));
        }
        if (next(run) == NONE) {
            last(keySlot, prev(run));
        } else {
            prev(next(run), prev(run));
        }
        liveCount(keySlot, liveCount(keySlot) - 1);
        liveCount--;
    }

    /** Ends a live run. */
    void end(int run) {
        unlink(run);
        free(run);
    }

    /** {@return a waiting match of a run, the run goes on} */
    int waitingCopy(int run) {
        int copy = allocate();
        copy(run, copy);
        return waiting(copy);
    }

    /** {@return a waiting match that never was a run} */
    int waitingOf(int keySlot) {
        int entry = allocate();
        slot(entry, keySlot);
        return waiting(entry);
    }

    /** Makes a live run a waiting match. */
    int toWaiting(int run) {
        unlink(run);
        return waiting(run);
    }

    private int waiting(int entry) {
        prev(entry, NOT_LIVE);
        next(entry, NONE);
        pattern(entry, patternOf(slot(entry)));
        lastNs(entry, 0);
        waitingCount++;
        return entry;
    }

    /** Forgets a waiting match. */
    void endWaiting(int entry) {
        waitingCount--;
        free(entry);
    }

    /** Puts a waiting match among those of its key that are held: by start, then as they became complete. */
    void hold(int entry) {
        int before = NONE;
        int at = heldFirst(slot(entry));
        while (at != NONE && startOrder(at) <= startOrder(entry)) {
            before = at;
            at = next(at);
        }
        next(entry, at);
        if (before == NONE) {
            heldFirst(slot(entry), entry);
        } else {
            next(before, entry);
        }
    }

    /** Takes the first one out of those that a key holds. */
    int removeHeld(int keySlot) {
        int entry = heldFirst(keySlot);
        heldFirst(keySlot, next(entry));
        next(entry, NONE);
        return entry;
    }

    void enqueue(int entry) {
        next(entry, NONE);
        if (queueTail == NONE) {
            queueHead = entry;
        } else {
            next(queueTail, entry);
        }
        queueTail = entry;
    }

    boolean isQueueEmpty() {
        return queueHead == NONE;
    }

    int removeQueued() {
        int entry = queueHead;
        queueHead = next(entry);
        if (queueHead == NONE) {
            queueTail = NONE;
        }
        return entry;
    }

    void save(StateWriter writer) {
        writer.putInt(capacity);
        writer.putInt(highWater);
        writer.putInt(freeHead);
        writer.putInt(liveCount);
        writer.putInt(waitingCount);
        writer.putInt(queueHead);
        writer.putInt(queueTail);
        for (int run = 0; run < highWater; run++) {
            writer.putInt(prev(run));
            writer.putInt(next(run));
            if (prev(run) != FREE) {
                saveEntry(run, writer);
            }
        }
        if (shared != null) {
            shared.save(writer);
        }
        keys.save(writer);
        for (int keySlot = 0; keySlot < keys.highWater(); keySlot++) {
            if (keys.isUsed(keySlot)) {
                writer.putInt(first(keySlot));
                writer.putInt(last(keySlot));
                writer.putInt(liveCount(keySlot));
                writer.putInt(heldFirst(keySlot));
                writer.putInt(flags(keySlot));
            }
        }
    }

    private void saveEntry(int run, StateWriter writer) {
        writer.putInt(state(run));
        writer.putInt(tail(run));
        writer.putInt(prev(run) == NOT_LIVE ? NONE : slot(run));
        writer.putLong(startNs(run));
        writer.putLong(lastNs(run));
        writer.putLong(startOrder(run));
        writer.putLong(key(run));
        if (prev(run) == NOT_LIVE) {
            writer.putInt(kind(run));
            writer.putLong(stampNs(run));
        } else {
            writer.putLongs(registers, registersOf(run), registerCount);
        }
    }

    void load(StateReader reader) {
        StateException.requireSame(WHAT, "capacity", reader.getInt(), capacity);
        highWater = index(reader.getInt(), "highWater", capacity + 1);
        freeHead = index(reader.getInt(), "freeHead", highWater);
        liveCount = index(reader.getInt(), "liveCount", highWater + 1);
        waitingCount = index(reader.getInt(), "waitingCount", highWater + 1);
        queueHead = index(reader.getInt(), "queueHead", highWater);
        queueTail = index(reader.getInt(), "queueTail", highWater);
        for (int run = 0; run < highWater; run++) {
            prev(run, reader.getInt());
            StateException.requireRange(WHAT, "prev", prev(run), FREE, highWater - 1L);
            next(run, index(reader.getInt(), "next", highWater));
            if (prev(run) != FREE) {
                loadEntry(run, reader);
            }
        }
        if (shared != null) {
            shared.load(reader);
        }
        keys.load(reader);
        if (shared != null) {
            shared.index();
        }
        for (int keySlot = 0; keySlot < keys.highWater(); keySlot++) {
            if (keys.isUsed(keySlot)) {
                first(keySlot, index(reader.getInt(), "first", highWater));
                last(keySlot, index(reader.getInt(), "last", highWater));
                liveCount(keySlot, index(reader.getInt(), "liveCount", highWater + 1));
                heldFirst(keySlot, index(reader.getInt(), "heldFirst", highWater));
                flags(keySlot, reader.getInt());
            }
        }
    }

    private void loadEntry(int run, StateReader reader) {
        state(run, reader.getInt());
        tail(run, reader.getInt());
        slot(run, index(reader.getInt(), "slot", keys.maxKeys()));
        startNs(run, reader.getLong());
        lastNs(run, reader.getLong());
        startOrder(run, reader.getLong());
        key(run, reader.getLong());
        if (prev(run) == NOT_LIVE) {
            kind(run, reader.getInt());
            stampNs(run, reader.getLong());
        } else {
            reader.getLongs(registers, registersOf(run), registerCount);
        }
    }

    private static int index(int value, String name, int limit) {
        StateException.requireRange(WHAT, name, value, NONE, limit - 1L);
        return value;
    }
}
