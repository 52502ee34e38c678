package io.millrace.window;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.DeadlineHeap;
import io.millrace.state.Losses;
import io.millrace.state.Operator;
import io.millrace.state.SlotPool;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.List;
import java.util.Map;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives events to an operator in the order of event time, those of one time in the order in which they came: what
 * patterns, count windows and rules at each event need. An event waits here until the watermark says that none before
 * it is expected any more.
 *
 * <pre>
 *   arrival       105  101  104  102            W passes 103
 *                  |    |    |    |                  |
 *                  v    v    v    v                  v
 *              [ heap over (time, arrival) ] --> 101  102  (103 is the next that could still come)
 *                events in slots of a slab        |    |
 *                                                 v    v
 *                      inner: advanceTo(100), onEvent(101), advanceTo(101), onEvent(102), advanceTo(W)
 * </pre>
 *
 * <p>Before each event the inner operator's time moves to just before that of the event, so that everything that is
 * due at or before the event's time happens first; behind the last event its time moves to W. An event with time
 * {@code W + 1} waits for nobody: all that can still come has that time or a later one, and comes after it. So with
 * one source and no out-of-orderness every event goes straight through.
 *
 * <p>Late (time at or before W) on arrival: as {@link LatePolicy} says, and counted. With more than {@code capacity}
 * events held the oldest one is released when the next record comes, as if the watermark had moved to it: counted as
 * forced, and what then comes before it is late here. Events that the inner operator does not {@link
 * Operator#accepts accept} are not held, and are never late.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Complexity</b>: O(log held) per
 * event that waits. <b>Failure</b>: an event with a longer payload than configured is dropped and counted.
 */
public final class ReorderBuffer implements Operator {
    private final Operator inner;
    private final ReorderSpec spec;
    private final int capacity;
    private final int stride;
    private final int innerOutputs;
    private final DeadlineHeap held;
    private final SlotPool slots;
    private final UnsafeBuffer slab;
    private final Event released = new Event();
    private final MutableEvent copy = new MutableEvent();
    private final CountedOutputs counted = new CountedOutputs();

    /** The inner operator's time: W, or a later one after a forced release. */
    private long timeNs = Watermark.NONE;
    /** Within a record: time has moved to the first event held, which is next. Not state. */
    private boolean isTimeMoved;

    private long heldCount;
    private long lateCount;
    private long forcedCount;
    private long refusedLengthCount;

    /** Puts an operator behind a buffer; it keeps its name. */
    public ReorderBuffer(Operator inner, ReorderSpec spec) {
        this.inner = inner;
        this.spec = spec;
        this.capacity = spec.capacity();
        this.stride = stride(spec.maxPayloadLength());
        this.innerOutputs = inner.maxOutputsPerStep();
        this.held = new DeadlineHeap(capacity + 1);
        this.slots = new SlotPool(capacity + 1);
        this.slab = new UnsafeBuffer(BufferUtil.allocateDirectAligned((capacity + 1) * stride, 64));
    }

    static int stride(int maxPayloadLength) {
        return BitUtil.align(Event.HEADER_LENGTH + maxPayloadLength, 64);
    }

    /** {@return bytes that a buffer takes, without the operator behind it} */
    public static long bytes(ReorderSpec spec) {
        int slotCount = spec.capacity() + 1;
        return (long) slotCount * stride(spec.maxPayloadLength())
                + DeadlineHeap.bytes(slotCount)
                + SlotPool.bytes(slotCount);
    }

    @Override
    public String name() {
        return inner.name();
    }

    /** {@return the operator behind the buffer} */
    public Operator inner() {
        return inner;
    }

    @Override
    public List<Operator> operators() {
        return List.of(inner);
    }

    @Override
    public long bytes() {
        return bytes(spec) + inner.bytes();
    }

    @Override
    public Map<String, Long> losses() {
        return new Losses()
                .add("late", lateCount)
                .add("forced early", forcedCount)
                .add("too long", refusedLengthCount)
                .counts();
    }

    public ReorderSpec spec() {
        return spec;
    }

    /** {@return one for a late event, or what the inner operator writes} */
    @Override
    public int maxOutputsPerStep() {
        return Math.max(1, innerOutputs);
    }

    @Override
    public List<EventType> outputTypes() {
        return inner.outputTypes();
    }

    @Override
    public boolean accepts(Event event) {
        return inner.accepts(event);
    }

    @Override
    public long touch(Event event) {
        return inner.touch(event);
    }

    @Override
    public long nextDeadlineNs() {
        if (held.isEmpty()) {
            return inner.nextDeadlineNs();
        }
        return held.size() > capacity ? Long.MIN_VALUE : Math.min(justBefore(held.firstNs()), inner.nextDeadlineNs());
    }

    private static long justBefore(long timestampNs) {
        return timestampNs == Long.MIN_VALUE ? timestampNs : timestampNs - 1;
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        Outputs step = counted.begin(outputs);
        while (isReleaseDue(watermarkNs)) {
            if (!isTimeMoved && counted.hasRoom()) {
                timeNs = Math.max(timeNs, justBefore(held.firstNs()));
                isTimeMoved = inner.advanceTo(timeNs, false, step);
            } else if (isTimeMoved && counted.hasRoom()) {
                release(watermarkNs, step);
            } else {
                return false;
            }
        }
        timeNs = Math.max(timeNs, watermarkNs);
        while (counted.hasRoom()) {
            if (inner.advanceTo(timeNs, idle, step)) {
                return true;
            }
        }
        return false;
    }

    private boolean isReleaseDue(long watermarkNs) {
        return !held.isEmpty()
                && (justBefore(held.firstNs()) <= Math.max(watermarkNs, timeNs) || held.size() > capacity);
    }

    private void release(long watermarkNs, Outputs step) {
        if (justBefore(held.firstNs()) > watermarkNs) {
            forcedCount++;
        }
        int slot = held.removeFirst();
        released.wrap(slab, slot * stride, stride);
        isTimeMoved = false;
        inner.onEvent(released, step);
        slots.give(slot);
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        if (!inner.accepts(event)) {
            return;
        }
        long timestampNs = event.timestampNs();
        if (timestampNs <= timeNs) {
            late(event, outputs);
        } else if (timestampNs == timeNs + 1) {
            inner.onEvent(event, outputs);
        } else {
            hold(event);
        }
    }

    @Override
    public boolean hasMore() {
        return inner.hasMore();
    }

    @Override
    public void putOutMore(Outputs outputs) {
        inner.putOutMore(outputs);
    }

    private void late(Event event, Outputs outputs) {
        lateCount++;
        if (spec.late().isSideOutput()) {
            LateEvent.putOut(event, timeNs, outputs);
        }
    }

    private void hold(Event event) {
        if (event.recordLength() > stride) {
            refusedLengthCount++;
            return;
        }
        int slot = slots.take();
        copy.wrap(slab, slot * stride, stride);
        copy.copyFrom(event);
        held.arm(slot, event.timestampNs());
        heldCount++;
    }

    /** {@return events that wait now} */
    public int waitingCount() {
        return held.size();
    }

    /** {@return events that had to wait so far} */
    public long heldCount() {
        return heldCount;
    }

    /** {@return events that were late for the operator} */
    public long lateCount() {
        return lateCount;
    }

    /** {@return events released before their time, as there was no more room} */
    public long forcedCount() {
        return forcedCount;
    }

    /** {@return events dropped because their payload was longer than configured} */
    public long refusedLengthCount() {
        return refusedLengthCount;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putInt(spec.late().isSideOutput() ? 1 : 0);
        writer.putLong(timeNs);
        writer.putLong(heldCount);
        writer.putLong(lateCount);
        writer.putLong(forcedCount);
        writer.putLong(refusedLengthCount);
        held.save(writer);
        slots.save(writer);
        for (int slot = 0; slot < slots.highWater(); slot++) {
            if (slots.isUsed(slot)) {
                released.wrap(slab, slot * stride, stride);
                writer.putInt(released.recordLength());
                writer.putBytes(slab, slot * stride, released.recordLength());
            }
        }
        inner.save(writer);
    }

    @Override
    public void load(StateReader reader) {
        String what = "reorder buffer of " + name();
        StateException.requireSame(
                what, "isSideOutput", reader.getInt(), spec.late().isSideOutput() ? 1 : 0);
        timeNs = reader.getLong();
        heldCount = reader.getLong();
        lateCount = reader.getLong();
        forcedCount = reader.getLong();
        refusedLengthCount = reader.getLong();
        held.load(reader);
        slots.load(reader);
        for (int slot = 0; slot < slots.highWater(); slot++) {
            if (slots.isUsed(slot)) {
                loadEvent(what, slot, reader);
            }
        }
        if (held.size() != slots.size()) {
            throw StateException.damaged(what, "slots", slots.size(), "those of " + held.size() + " events");
        }
        isTimeMoved = false;
        inner.load(reader);
    }

    private void loadEvent(String what, int slot, StateReader reader) {
        int length = reader.getInt();
        StateException.requireRange(what, "recordLength", length, Event.HEADER_LENGTH, stride);
        reader.getBytes(slab, slot * stride, length);
        released.wrap(slab, slot * stride, stride);
        if (!held.isArmed(slot) || held.deadlineNs(slot) != released.timestampNs()) {
            throw StateException.damaged(what, "slot", slot, "an event that waits under its own time");
        }
        if (released.recordLength() != length) {
            throw StateException.damaged(what, "recordLength", length, "that of the event, " + released.recordLength());
        }
    }

    /** Knows how much room a step has left: enough for one more call of the inner operator or not. */
    private final class CountedOutputs implements Outputs {
        private Outputs target = this;
        private int room;

        Outputs begin(Outputs newTarget) {
            target = newTarget;
            room = maxOutputsPerStep();
            return this;
        }

        boolean hasRoom() {
            return room >= innerOutputs;
        }

        @Override
        public MutableEvent claim(int typeId, int payloadLength) {
            return target.claim(typeId, payloadLength);
        }

        @Override
        public void commit() {
            target.commit();
            room--;
        }

        @Override
        public long causeSequence() {
            return target.causeSequence();
        }
    }
}
