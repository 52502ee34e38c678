package io.millrace.window;

import static io.millrace.window.EntryChains.NIL;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.DeadlineHeap;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;

/**
 * Aggregates over sessions: events of a key that are at most a gap apart. A session is {@code [first, last + gap)}.
 * An event that comes out of order may lengthen one at either end, or join two to one, as long as one of them is open.
 *
 * <pre>
 *   gap 4      x . x . . . . . . x . x           sessions [0, 6), [9, 15)
 *                        e                       at 5: within 4 of both: one session [0, 15)
 * </pre>
 *
 * <p>An event exactly a gap behind the last one belongs to its session, although {@code endNs} is its time. So a
 * session closes when the watermark is at its end, not just before it as other windows do: no event that could lengthen
 * it is expected any more, and what comes out does not depend on the order in which events that are not late arrive.
 * The row's time is the end.
 *
 * <p>Corrections ({@link LatePolicy#update}): a closed session is kept for the lateness allowed. A late event that
 * is within
 * the gap of it lengthens it, and the row comes out at once with the next revision; or if that leaves the session
 * open again,
 * when it closes. Of two sessions that a late event joins, the row of the one stands for both from then on.
 *
 * <p><b>Ordering</b>: sessions in the order of their ends, of equal ends in the order in which they got them or, if
 * that was
 * seen later, were found to have them. One exception: an event brings forward the rows of closed sessions that it is
 * within
 * the gap of. <b>Complexity</b>: an event O(sessions of its key that are newer), closing O(log sessions), up to
 * {@code
 * sweepBudget} per record.
 */
final class SessionAggregates extends AggregateOperator {
    /** Cells before those of the aggregates. */
    static final int LEAD = 3;

    private static final int LAST = 0;
    /** The next revision, doubled, plus one if the session is closed. */
    private static final int STATE = 1;

    private static final int SLOT = 2;

    /** A session is lengthened more often than it is closed: deadlines are moved on only when they are due. */
    private static final int STEPS_PER_ROW = 2;

    private final long gapNs;
    private final long allowedLatenessNs;
    private final boolean isUpdating;
    private final int sweepBudget;
    private final EntryChains sessions;
    private final long[] cells;
    private final DeadlineHeap deadlines;

    SessionAggregates(AggregateSpec spec) {
        super(spec);
        gapNs = spec.windows().get(0).size();
        allowedLatenessNs = spec.late().allowedLatenessNs();
        isUpdating = spec.late().isUpdate();
        sweepBudget = spec.sweepBudget();
        sessions = new EntryChains(spec.maxKeys(), spec.maxPanes(), LEAD + layout.cellCount());
        cells = sessions.cells();
        deadlines = new DeadlineHeap(spec.maxPanes());
    }

    static long deadlineBytes(int maxPanes) {
        return DeadlineHeap.bytes(maxPanes);
    }

    @Override
    public int maxOutputsPerStep() {
        // An event: two sessions brought forward, and its own.
        return Math.max(sweepBudget, 3);
    }

    @Override
    public long nextDeadlineNs() {
        return deadlines.isDue(watermarkNs) ? Long.MIN_VALUE : deadlines.firstNs();
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        this.watermarkNs = watermarkNs;
        int rows = 0;
        int maxSteps = STEPS_PER_ROW * sweepBudget;
        for (int i = 0; i < maxSteps && rows < sweepBudget && deadlines.isDue(watermarkNs); i++) {
            if (act(deadlines.first(), outputs)) {
                rows++;
            }
        }
        return !idle || !deadlines.isDue(watermarkNs);
    }

    /** Does what a session's deadline is for. {@return whether a row was put out} */
    private boolean act(int session, Outputs outputs) {
        long dueNs = dueNs(session);
        if (dueNs > deadlines.deadlineNs(session)) {
            deadlines.arm(session, dueNs);
            return false;
        }
        if (isClosed(session)) {
            remove(session);
            return false;
        }
        close(session, outputs);
        return true;
    }

    private void close(int session, Outputs outputs) {
        putOut(session, outputs);
        if (isUpdating) {
            cells[at(session) + STATE] |= 1;
            deadlines.arm(session, dueNs(session));
        } else {
            remove(session);
        }
    }

    private void putOut(int session, Outputs outputs) {
        int at = at(session);
        int revision = (int) (cells[at + STATE] >> 1);
        cells[at + STATE] += 2;
        layout.results(cells, at + LEAD, results, 0);
        long key = keys.keyAt((int) cells[at + SLOT]);
        MutableEvent row = claimRow(key, sessions.position(session), endNs(session), results, 0, outputs);
        layout.encodeMore(row, 0, 0, revision);
        outputs.commit();
    }

    private void remove(int session) {
        int slot = (int) cells[at(session) + SLOT];
        deadlines.disarm(session);
        sessions.remove(slot, session);
        if (sessions.isEmpty(slot)) {
            keys.remove(slot);
        }
    }

    private int at(int session) {
        return sessions.cellsAt(session);
    }

    private long endNs(int session) {
        return cells[at(session) + LAST] + gapNs;
    }

    private boolean isClosed(int session) {
        return (cells[at(session) + STATE] & 1) != 0;
    }

    /** {@return the watermark that closes a session, or that an already closed one is kept for} */
    private long dueNs(int session) {
        return endNs(session) + (isClosed(session) ? allowedLatenessNs : 0);
    }

    @Override
    void add(Event event, long key, Outputs outputs) {
        long timestampNs = event.timestampNs();
        int known = keys.slotOf(key);
        int before = NIL;
        int behind = NIL;
        if (known >= 0) {
            before = heldUpTo(sessions.floor(known, timestampNs), timestampNs, outputs);
            // Closing a session may have freed the key.
            behind = keys.slotOf(key) < 0 ? NIL : heldFrom(known, timestampNs, outputs);
        }
        int session = before != NIL ? before : behind;
        if (session == NIL) {
            open(event, key, outputs);
            return;
        }
        countValue(event);
        lengthen(session, timestampNs);
        layout.add(cells, at(session) + LEAD, event);
        if (before != NIL && behind != NIL) {
            join(before, behind);
        }
        settle(session, outputs);
    }

    /** {@return a session that begins at or before a time, if that is within its gap and it can still change} */
    private int heldUpTo(int session, long timestampNs, Outputs outputs) {
        return session != NIL && endNs(session) >= timestampNs ? held(session, outputs) : NIL;
    }

    /** {@return the session that begins behind a time, if that is within the gap of it and it can still change} */
    private int heldFrom(int slot, long timestampNs, Outputs outputs) {
        int floor = sessions.floor(slot, timestampNs);
        int session = floor == NIL ? sessions.first(slot) : sessions.next(floor);
        return session != NIL && sessions.position(session) <= timestampNs + gapNs ? held(session, outputs) : NIL;
    }

    /** Closes a session that is due. {@return it, if it can still change} */
    private int held(int session, Outputs outputs) {
        if (!isClosed(session) && dueNs(session) <= watermarkNs) {
            boolean isGone = !isUpdating;
            close(session, outputs);
            if (isGone) {
                return NIL;
            }
        }
        if (isClosed(session) && dueNs(session) <= watermarkNs) {
            remove(session);
            return NIL;
        }
        return session;
    }

    private void open(Event event, long key, Outputs outputs) {
        long timestampNs = event.timestampNs();
        if (timestampNs + gapNs + allowedLatenessNs <= watermarkNs) {
            tooLate(event, outputs);
            return;
        }
        int slot = keys.put(key);
        if (slot < 0) {
            countRefusedKey();
            return;
        }
        int session = sessions.insert(slot, sessions.floor(slot, timestampNs), timestampNs);
        if (session == NIL) {
            countRefusedPane();
            if (sessions.isEmpty(slot)) {
                keys.remove(slot);
            }
            return;
        }
        countValue(event);
        int at = at(session);
        cells[at + LAST] = timestampNs;
        cells[at + STATE] = 0;
        cells[at + SLOT] = slot;
        layout.init(cells, at + LEAD);
        layout.add(cells, at + LEAD, event);
        deadlines.arm(session, dueNs(session));
        settle(session, outputs);
    }

    private void lengthen(int session, long timestampNs) {
        int at = at(session);
        cells[at + LAST] = Math.max(cells[at + LAST], timestampNs);
        if (timestampNs < sessions.position(session)) {
            sessions.position(session, timestampNs);
        }
    }

    private void join(int before, int behind) {
        int at = at(before);
        int from = at(behind);
        cells[at + LAST] = Math.max(cells[at + LAST], cells[from + LAST]);
        long revision = Math.max(cells[at + STATE] >> 1, cells[from + STATE] >> 1);
        cells[at + STATE] = revision << 1 | (cells[at + STATE] & 1);
        layout.merge(cells, at + LEAD, cells, from + LEAD);
        remove(behind);
    }

    /** Puts out a session that changed after its end was passed, and opens one again whose end no longer is. */
    private void settle(int session, Outputs outputs) {
        int at = at(session);
        if (endNs(session) > watermarkNs) {
            if (isClosed(session)) {
                cells[at + STATE] &= ~1L;
                deadlines.arm(session, dueNs(session));
            }
        } else if (isClosed(session)) {
            putOut(session, outputs);
        } else {
            close(session, outputs);
        }
    }

    @Override
    long touchSlot(int slot) {
        return sessions.touch(slot);
    }

    @Override
    public int paneCount() {
        return sessions.size();
    }

    @Override
    public long openWindowCount() {
        long count = 0;
        for (int slot = 0; slot < keys.highWater(); slot++) {
            if (keys.isUsed(slot)) {
                for (int at = sessions.first(slot); at != NIL; at = sessions.next(at)) {
                    count += isClosed(at) ? 0 : 1;
                }
            }
        }
        return count;
    }

    @Override
    void saveSlots(StateWriter writer) {
        sessions.save(keys, writer);
        deadlines.save(writer);
    }

    @Override
    void loadSlots(StateReader reader) {
        sessions.load(keys, what(), reader);
        deadlines.load(reader);
    }
}
