package io.millrace.ring;

import com.lmax.disruptor.EventFactory;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The ring of event slots: one slab off the heap with a fixed stride per slot, touched when it is made, and a Disruptor
 * ring of views over it. One thread claims and publishes; a slot is free again when EMIT has passed it.
 *
 * <pre>
 *   slab   | slot 0: header 64, payload | slot 1: ...          | ... | slot capacity-1 |
 *          0                            stride (multiple of 64)
 * </pre>
 *
 * <p>Beside each slot stands the outcome that ADMIT gave, until the slot is used again.
 *
 * <p><b>Threading</b>: {@link #claim} and {@link #publish} from one thread, all else from any. <b>Allocation</b>: none
 * after construction.
 */
public final class EventRing {
    /** Greatest slab in bytes. */
    public static final long SLAB_LENGTH_MAX = 1L << 30;

    private static final VarHandle OUTCOMES = MethodHandles.arrayElementVarHandle(long[].class);

    private final RingBuffer<MutableEvent> slots;
    private final Wakeups wakeups = new Wakeups();
    private final long[] outcomes;
    private final int mask;
    private final int maxPayloadLength;
    private final AtomicReference<@Nullable Fault> fault = new AtomicReference<>();
    private volatile boolean isClosed;

    /**
     * Makes a ring.
     *
     * @param capacity in slots, a power of two, 2 to 2^24
     * @param maxPayloadLength in bytes, at least 0
     * @throws IllegalArgumentException if the slab would be longer than {@link #SLAB_LENGTH_MAX}
     */
    public EventRing(int capacity, int maxPayloadLength) {
        if (Integer.bitCount(capacity) != 1 || capacity < 2) {
            throw new IllegalArgumentException("cannot build ring: ringCapacity=" + capacity
                    + " (expected: power of two, 2 to 16777216); set ringCapacity=" + nearestCapacity(capacity));
        }
        requireSlab("ringCapacity", capacity, "maxPayloadLength", maxPayloadLength);
        this.slots = RingBuffer.createSingleProducer(SlotFactory.of(capacity, maxPayloadLength), capacity, wakeups);
        this.outcomes = new long[capacity];
        this.mask = capacity - 1;
        this.maxPayloadLength = maxPayloadLength;
    }

    /**
     * Checks that a ring's slab is not too long.
     *
     * @throws IllegalArgumentException if it would be longer than {@link #SLAB_LENGTH_MAX}
     */
    public static void requireSlab(String capacityName, int capacity, String lengthName, int maxPayloadLength) {
        int stride = stride(maxPayloadLength);
        if ((long) capacity * stride > SLAB_LENGTH_MAX) {
            throw new IllegalArgumentException("cannot build ring: " + capacityName + '=' + capacity + " slots of "
                    + stride + " bytes = " + (long) capacity * stride + " bytes (expected: <= " + SLAB_LENGTH_MAX
                    + "); lower " + capacityName + " or " + lengthName);
        }
    }

    private static int stride(int maxPayloadLength) {
        return BitUtil.align(Event.HEADER_LENGTH + maxPayloadLength, 64);
    }

    /** {@return the power of two from 2 to 2^30 that is nearest, for a message} */
    public static int nearestCapacity(int capacity) {
        int below = Math.max(2, Integer.highestOneBit(Math.max(2, capacity)));
        int above = Math.min(1 << 30, below) << (below < 1 << 30 ? 1 : 0);
        return capacity - below < above - capacity ? below : above;
    }

    public int capacity() {
        return mask + 1;
    }

    /** {@return the most payload bytes that a slot takes} */
    public int maxPayloadLength() {
        return maxPayloadLength;
    }

    /** {@return the last published ticket, with acquire order} */
    public long published() {
        return slots.getCursor();
    }

    /** {@return the view of the slot that a ticket has} */
    public MutableEvent slot(long ticket) {
        return slots.get(ticket);
    }

    /** {@return whether that many slots can be claimed now} */
    public boolean hasRoom(int count) {
        return slots.hasAvailableCapacity(count);
    }

    /** {@return the last of {@code count} tickets, which the caller now owns; there must be room} */
    public long claim(int count) {
        return slots.next(count);
    }

    /** Makes the slots up to a ticket visible. */
    public void publish(long ticket) {
        slots.publish(ticket);
    }

    /** {@return why the pipeline stopped, null while it runs} */
    public @Nullable Fault fault() {
        return fault.get();
    }

    /** Refuses all further claims. */
    public void close() {
        isClosed = true;
    }

    public boolean isClosed() {
        return isClosed;
    }

    /** Stops everything for the first reason that is given. */
    void fail(Fault reason) {
        fault.compareAndSet(null, reason);
        wakeups.signalAllWhenBlocking();
    }

    void outcome(long ticket, long outcome) {
        OUTCOMES.setRelease(outcomes, (int) ticket & mask, outcome);
    }

    /** {@return the outcome of an admitted ticket, {@link Outcome#FORGOTTEN} if its slot has been used again} */
    public long outcome(long ticket) {
        long outcome = (long) OUTCOMES.getAcquire(outcomes, (int) ticket & mask);
        return published() - ticket > mask ? Outcome.FORGOTTEN : outcome;
    }

    /** Lets a slot be claimed again only when all of these have passed it. */
    void freeBehind(Sequence... cursors) {
        slots.addGatingSequences(cursors);
    }

    /** Those to wake at each publish. */
    Wakeups wakeups() {
        return wakeups;
    }

    /** Makes the views over a slab, slot by slot. */
    static final class SlotFactory implements EventFactory<MutableEvent> {
        private final UnsafeBuffer slab;
        private final int stride;
        private int next;

        private SlotFactory(UnsafeBuffer slab, int stride) {
            this.slab = slab;
            this.stride = stride;
        }

        static SlotFactory of(int capacity, int maxPayloadLength) {
            int stride = stride(maxPayloadLength);
            UnsafeBuffer slab = new UnsafeBuffer(BufferUtil.allocateDirectAligned(capacity * stride, 64));
            slab.setMemory(0, slab.capacity(), (byte) 0);
            return new SlotFactory(slab, stride);
        }

        @Override
        public MutableEvent newInstance() {
            MutableEvent slot = new MutableEvent();
            slot.wrap(slab, next++ * stride, stride);
            return slot;
        }
    }
}
