package io.millrace.bench;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.EventFactory;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import io.millrace.event.MutableEvent;
import io.millrace.ring.WaitStrategy;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What there is without a pipeline: a Disruptor ring of the same slots over a slab off the heap, one producer, one
 * consumer that waits as a pipeline's thread does and takes as many at a time.
 *
 * <p><b>Threading</b>: one thread publishes; the consumer has a thread of its own.
 */
final class BareRing implements AutoCloseable {
    private final RingBuffer<MutableEvent> ring;
    private final BatchEventProcessor<MutableEvent> processor;
    private final Thread thread;

    BareRing(String waitStrategy, EventHandler<MutableEvent> handler) {
        SharedWait wait = new SharedWait(WaitStrategy.named(waitStrategy));
        this.ring = RingBuffer.createSingleProducer(new SlotFactory(), RecordTemplate.RING_CAPACITY, wait);
        this.processor = new BatchEventProcessorBuilder()
                .setMaxBatchSize(RecordTemplate.BATCH_COUNT)
                .build(ring, ring.newBarrier(), handler);
        ring.addGatingSequences(processor.getSequence());
        this.thread = new Thread(processor, "consume" + Meter.PATH_SUFFIX);
        thread.start();
    }

    /** Publishes a copy of a record; spins while the ring is full. */
    void publish(MutableEvent record) {
        while (!ring.hasAvailableCapacity(1)) {
            Thread.onSpinWait();
        }
        long sequence = ring.next();
        ring.get(sequence).copyFrom(record);
        ring.publish(sequence);
    }

    void drain() {
        while (processor.getSequence().get() < ring.getCursor()) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        processor.halt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class SlotFactory implements EventFactory<MutableEvent> {
        private final UnsafeBuffer slab = new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(RecordTemplate.RING_CAPACITY * RecordTemplate.STRIDE, 64));
        private int next;

        @Override
        public MutableEvent newInstance() {
            MutableEvent slot = new MutableEvent();
            slot.wrap(slab, next++ * RecordTemplate.STRIDE, RecordTemplate.STRIDE);
            return slot;
        }
    }

    /** The pipeline's way of waiting, for a consumer of the Disruptor. */
    private static final class SharedWait implements com.lmax.disruptor.WaitStrategy {
        private final WaitStrategy wait;

        SharedWait(WaitStrategy wait) {
            this.wait = wait;
        }

        @Override
        public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier barrier)
                throws AlertException {
            long available = dependent.get();
            while (available < sequence) {
                barrier.checkAlert();
                wait.idle();
                available = dependent.get();
            }
            wait.onWork();
            return available;
        }

        @Override
        public void signalAllWhenBlocking() {
            wait.signal();
        }
    }
}
