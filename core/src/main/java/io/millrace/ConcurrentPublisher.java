package io.millrace;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.ring.Level;
import io.millrace.ring.StageChain;
import io.millrace.ring.WaitStrategy;
import io.millrace.status.Counters;
import io.millrace.status.ErrorLog;
import io.millrace.status.PipelineCounter;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Lets many threads publish: a front ring that all write and one sequencer thread reads, which is the pipeline's one
 * writer.
 *
 * <pre>
 *   offer --.
 *   offer ---+--> [front ring, many to one] --> sequencer --> [ring] ...
 *   offer --'                                       |
 *                     onOutcome(correlationId, outcome) when the level is reached
 * </pre>
 *
 * <p>{@link #offer} true means: in the front ring. The outcome comes by callback on the sequencer's thread. The order
 * of one thread's offers is kept; the order between threads is the sequencer's. When the main ring is full, the
 * sequencer leaves what it has in the front ring and goes on later, so nothing is dropped. What a producer left that
 * died while it wrote to the front ring is skipped after a time.
 *
 * <p><b>Threading</b>: {@link #offer} from any thread. <b>Allocation</b>: none.
 */
public final class ConcurrentPublisher {
    /** Takes what became of offers. */
    @FunctionalInterface
    public interface OutcomeHandler {
        /**
         * Called on the sequencer's thread, which it must not block.
         *
         * @param correlationId as given to {@link ConcurrentPublisher#offer}
         * @param outcome see {@link io.millrace.ring.Outcome}; a negative code of {@link Publisher} if it was never
         * published
         */
        void onOutcome(long correlationId, long outcome);
    }

    private static final int MESSAGE_TYPE = 1;
    private static final int EVENT_OFFSET = 8;
    private static final int READ_COUNT = 64;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final StageChain chain;
    private final Publisher publisher;
    private final ManyToOneRingBuffer front;
    private final WaitStrategy wait;
    private final Level level;
    private final OutcomeHandler outcomes;
    private final EpochNanoClock clock;
    private final Counters counters;
    private final ErrorLog errors;
    private final long unblockTimeoutNs;
    private final MutableEvent view = new MutableEvent();
    private final ControlledMessageHandler sequencing = this::onMessage;

    /* Sent and not answered, first in first out; the indexes grow for ever. */
    private final long[] correlationIds;
    private final long[] tickets;
    private final int mask;
    private long answered;
    private long sent;

    private long stuckPosition = -1;
    private long stuckSinceNs;

    ConcurrentPublisher(StageChain chain, PipelineContext context, Publisher publisher, OutcomeHandler outcomes) {
        this.chain = chain;
        this.publisher = publisher;
        this.outcomes = outcomes;
        this.level = context.outcomeLevel();
        this.wait = WaitStrategy.named(context.waitStrategy());
        this.clock = context.epochClock();
        this.counters = context.counters();
        this.errors = context.errorLog();
        this.unblockTimeoutNs = context.unblockTimeoutNs();
        int length = context.frontRingLength() + RingBufferDescriptor.TRAILER_LENGTH;
        this.front = new ManyToOneRingBuffer(
                new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, BitUtil.CACHE_LINE_LENGTH)));
        int longest = EVENT_OFFSET + Event.HEADER_LENGTH + context.maxPayloadLength();
        if (longest > front.maxMsgLength()) {
            throw new IllegalArgumentException("cannot build front ring: frontRingLength=" + context.frontRingLength()
                    + " takes messages of " + front.maxMsgLength() + " bytes (expected: at least " + longest
                    + ", for maxPayloadLength=" + context.maxPayloadLength() + "); raise frontRingLength");
        }
        this.correlationIds = new long[chain.ring().capacity()];
        this.tickets = new long[chain.ring().capacity()];
        this.mask = chain.ring().capacity() - 1;
        chain.wakeAtLevel(level, wait);
    }

    /**
     * Hands an event over for publication.
     *
     * @param event copied before this returns
     * @param correlationId that the outcome comes back with
     * @return 0 if accepted into the front ring, else {@link Publisher#BACK_PRESSURED} (retry) or
     *     {@link Publisher#TOO_LARGE}, {@link Publisher#FAILED}, {@link Publisher#CLOSED} (do not)
     */
    public long offer(Event event, long correlationId) {
        long refusal = refusal(event);
        if (refusal != 0) {
            return refusal;
        }
        int length = event.recordLength();
        int index = front.tryClaim(MESSAGE_TYPE, EVENT_OFFSET + length);
        if (index < 0) {
            counters.counter(PipelineCounter.OFFERS_BACK_PRESSURED).increment();
            return Publisher.BACK_PRESSURED;
        }
        AtomicBuffer buffer = front.buffer();
        buffer.putLong(index, correlationId, ORDER);
        buffer.putBytes(index + EVENT_OFFSET, event.buffer(), 0, length);
        front.commit(index);
        wait.signal();
        return 0;
    }

    private long refusal(Event event) {
        if (chain.fault() != null) {
            return Publisher.FAILED;
        }
        if (chain.ring().isClosed()) {
            return Publisher.CLOSED;
        }
        boolean fits = event.payloadLength() >= 0
                && event.payloadLength() <= chain.ring().maxPayloadLength();
        return fits ? 0 : Publisher.TOO_LARGE;
    }

    /** {@return bytes of the front ring that are waiting for the sequencer; any thread} */
    public int waitingLength() {
        return front.size();
    }

    ManyToOneRingBuffer front() {
        return front;
    }

    WaitStrategy waitStrategy() {
        return wait;
    }

    /** One duty cycle of the sequencer: {@return how much was moved on}. */
    int doWork() {
        int work = front.controlledRead(sequencing, READ_COUNT);
        work += answer();
        if (work == 0) {
            long nowNs = clock.nanoTime();
            unblock(nowNs);
            work = publisher.onIdle(nowNs);
        }
        return work;
    }

    private ControlledMessageHandler.Action onMessage(
            int messageType, MutableDirectBuffer buffer, int index, int length) {
        long correlationId = buffer.getLong(index, ORDER);
        if (isOutcomeAtRisk()) {
            return ControlledMessageHandler.Action.ABORT;
        }
        view.wrap(buffer, index + EVENT_OFFSET, length - EVENT_OFFSET);
        long ticket = publisher.publish(view);
        if (ticket == Publisher.BACK_PRESSURED || ticket == Publisher.STORAGE_LOW) {
            return ControlledMessageHandler.Action.ABORT;
        }
        if (ticket < 0) {
            tell(correlationId, ticket);
        } else {
            correlationIds[(int) sent & mask] = correlationId;
            tickets[(int) sent & mask] = ticket;
            sent++;
        }
        return ControlledMessageHandler.Action.CONTINUE;
    }

    /** The ring keeps an outcome until its slot is published again; what is not answered must not be passed. */
    private boolean isOutcomeAtRisk() {
        return answered < sent && chain.ring().published() - tickets[(int) answered & mask] >= mask;
    }

    private int answer() {
        long reachedTicket = chain.reached(level);
        int count = 0;
        while (answered < sent && tickets[(int) answered & mask] <= reachedTicket) {
            int slot = (int) answered & mask;
            tell(correlationIds[slot], chain.ring().outcome(tickets[slot]));
            answered++;
            count++;
        }
        return count;
    }

    private void tell(long correlationId, long outcome) {
        try {
            outcomes.onOutcome(correlationId, outcome);
        } catch (RuntimeException e) {
            errors.onError(e);
        }
    }

    private void unblock(long nowNs) {
        long position = front.consumerPosition();
        if (front.producerPosition() == position || position != stuckPosition) {
            stuckPosition = position;
            stuckSinceNs = nowNs;
        } else if (nowNs - stuckSinceNs > unblockTimeoutNs) {
            front.unblock();
            stuckSinceNs = nowNs;
        }
    }
}
