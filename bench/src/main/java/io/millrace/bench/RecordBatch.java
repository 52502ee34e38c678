package io.millrace.bench;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.workload.Payments;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Payments in slots like a ring's, for what appends records: over and over, with sequences that go on. They lie in the
 * processor's cache, as they do when ADMIT has just been there.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction.
 */
final class RecordBatch {
    private static final int SLOT_COUNT = 2 * RecordTemplate.BATCH_COUNT;

    private final MutableEvent[] slots = new MutableEvent[SLOT_COUNT];
    private long sequence;
    private long numberedCount;

    RecordBatch() {
        UnsafeBuffer slab = new UnsafeBuffer(BufferUtil.allocateDirectAligned(SLOT_COUNT * RecordTemplate.STRIDE, 64));
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
        if (sequence == numberedCount) {
            number();
        }
        return slots[(int) sequence++ & slots.length - 1];
    }

    /** Gives sequences to a batch at once, well before they are read, as ADMIT does: a copy waits for a fresh store. */
    private void number() {
        for (int i = 0; i < RecordTemplate.BATCH_COUNT; i++) {
            slots[(int) numberedCount & slots.length - 1].sequence(numberedCount++);
        }
    }

    /** Begins at sequence 0 again, for a new log. */
    void restart() {
        sequence = 0;
        numberedCount = 0;
    }
}
