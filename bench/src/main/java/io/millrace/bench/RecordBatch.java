package io.millrace.bench;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.workload.Payments;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Payments in the slots of a ring-sized slab, for what appends records: a batch at a time, over and over, with
 * sequences that go on.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction.
 */
final class RecordBatch {
    private final MutableEvent[] slots = new MutableEvent[RecordTemplate.RING_CAPACITY];
    private long sequence;

    RecordBatch() {
        UnsafeBuffer slab = new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(RecordTemplate.RING_CAPACITY * RecordTemplate.STRIDE, 64));
        PaymentTypes types = new PaymentTypes();
        Payments payments = new Payments(Payments.SEED);
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new MutableEvent();
            slots[i].wrap(slab, i * RecordTemplate.STRIDE, RecordTemplate.STRIDE);
            payments.next();
            types.encode(payments, slots[i]);
        }
    }

    /** {@return the next record, with the next sequence} */
    Event next() {
        MutableEvent slot = slots[(int) sequence & slots.length - 1];
        slot.sequence(sequence++);
        return slot;
    }

    /** Begins at sequence 0 again, for a new log. */
    void restart() {
        sequence = 0;
    }
}
