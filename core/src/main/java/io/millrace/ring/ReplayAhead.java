package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.thread.StageThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A replay on two threads, as live has two at work: one reads records, copies them and does ADMIT's share, the caller
 * does APPLY's and takes the outputs. Batches of slots go from the one to the other in order.
 *
 * <pre>
 *   slots of the ring   | batch 0 | batch 1 | ... | batch n-1 |      written and admitted, then produced + 1
 *                             ^ applied, then consumed + 1: the slots are free again
 * </pre>
 *
 * <p><b>Threading</b>: {@link #run} by one thread, which gets what either of the two throws. <b>Allocation</b>: a
 * thread and these objects per run, none per record.
 */
final class ReplayAhead {
    private static final int BATCHES_MAX = 16;
    private static final int SPINS_BEFORE_PARK = 200;
    private static final long PARK_NS = 20_000;

    private final Replayer replayer;
    private final EventRing ring;
    private final int capacity;
    private final int batchCount;
    private final int[] counts;
    private final int[] epochs;
    /** What is longer than a slot comes alone; there is one at a time. */
    private @Nullable MutableEvent longRecord;

    private int fill;
    /** Batches; the reader's own count of what it has produced. */
    private long writtenCount;

    private volatile long produced;
    /** Batches; the caller's own count of what it has consumed. */
    private long appliedCount;

    private volatile long consumed;
    private volatile boolean isEnded;
    private volatile boolean isStopped;
    private @Nullable Throwable failure;

    /** @param capacity of a batch; at least two of them must fit into the ring */
    ReplayAhead(Replayer replayer, EventRing ring, int capacity) {
        this.replayer = replayer;
        this.ring = ring;
        this.capacity = capacity;
        this.batchCount = Math.min(BATCHES_MAX, ring.capacity() / capacity);
        this.counts = new int[batchCount];
        this.epochs = new int[batchCount];
    }

    /** Thrown into the reader when nobody takes records any more. */
    private static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("the replay has failed", null, false, false);
        }
    }

    void run(Consumer<ObjIntConsumer<Event>> source) {
        Thread reader = new StageThreadFactory("replay").newThread("read-ahead", () -> read(source));
        reader.setDaemon(true);
        reader.start();
        try {
            consume();
        } finally {
            isStopped = true;
            join(reader);
        }
        rethrow(failure);
    }

    private static void rethrow(@Nullable Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception && !(exception instanceof StoppedException)) {
            throw exception;
        }
    }

    private static void join(Thread reader) {
        boolean wasInterrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(Consumer<ObjIntConsumer<Event>> source) {
        try {
            source.accept(this::put);
            publish();
        } catch (Throwable t) {
            failure = t;
        } finally {
            isEnded = true;
        }
    }

    private void put(Event record, int epoch) {
        int batch = (int) (writtenCount % batchCount);
        if (fill > 0 && epochs[batch] != epoch) {
            publish();
        }
        if (record.payloadLength() > ring.maxPayloadLength()) {
            putLong(record, epoch);
            return;
        }
        if (fill == 0) {
            batch = begin(epoch);
        }
        ring.slot((long) batch * capacity + fill++).copyFrom(record);
        if (fill == capacity) {
            publish();
        }
    }

    /** {@return the batch to fill, once the caller has freed its slots} */
    private int begin(int epoch) {
        awaitConsumed(writtenCount - batchCount + 1);
        int batch = (int) (writtenCount % batchCount);
        epochs[batch] = epoch;
        return batch;
    }

    private void awaitConsumed(long wanted) {
        for (int polls = 0; consumed < wanted; polls++) {
            if (isStopped) {
                throw new StoppedException();
            }
            idle(polls);
        }
    }

    private void publish() {
        if (fill > 0) {
            int batch = (int) (writtenCount % batchCount);
            long from = (long) batch * capacity;
            replayer.admit(from, from + fill - 1);
            counts[batch] = fill;
            fill = 0;
            produced = ++writtenCount;
        }
    }

    private void putLong(Event record, int epoch) {
        publish();
        awaitConsumed(writtenCount);
        int batch = begin(epoch);
        longRecord = MutableEvent.allocate(record.payloadLength()).copyFrom(record);
        replayer.admit(record);
        counts[batch] = 0;
        produced = ++writtenCount;
    }

    private void consume() {
        int polls = 0;
        while (true) {
            boolean wasEnded = isEnded;
            if (appliedCount < produced) {
                applyNext();
                polls = 0;
            } else if (wasEnded) {
                return;
            } else {
                idle(polls++);
            }
        }
    }

    private void applyNext() {
        int batch = (int) (appliedCount % batchCount);
        int count = counts[batch];
        long from = (long) batch * capacity;
        replayer.epoch(epochs[batch]);
        if (count > 0) {
            replayer.apply(from, from + count - 1);
        } else if (longRecord != null) {
            replayer.apply(longRecord);
        }
        consumed = ++appliedCount;
    }

    private static void idle(int polls) {
        if (polls < SPINS_BEFORE_PARK) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(PARK_NS);
        }
    }
}
