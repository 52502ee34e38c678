package io.millrace;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.SystemTypes;
import io.millrace.ring.Level;
import io.millrace.ring.Outcome;
import io.millrace.ring.StageChain;
import io.millrace.ring.WaitStrategy;
import io.millrace.status.Counters;
import io.millrace.status.ErrorLog;
import io.millrace.status.PipelineCounter;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
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
 * <p>{@link #offer} 0 means: in the front ring. The outcome comes by callback on the sequencer's thread, exactly once;
 * what is left when the pipeline fails or is closed is answered then. The order of one thread's offers is kept; the
 * order between threads is the sequencer's. When the main ring is full, the sequencer leaves what it has in the front
 * ring and goes on later, so nothing is dropped. What a producer left that died while it wrote to the front ring is
 * skipped after a time.
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
         * @param outcome see {@link Outcome}; a negative code of {@link Publisher} if it was never published
         */
        void onOutcome(long correlationId, long outcome);
    }

    private static final int MESSAGE_TYPE = 1;
    /** A marker that a source is idle, or active: nobody waits for what becomes of it. */
    private static final int MARKER_TYPE = 2;

    private static final int MARKER_LENGTH = 8;
    private static final int EVENT_OFFSET = 8;
    private static final int READ_COUNT = 64;
    /** How long the end waits for a producer that is within its claim. */
    private static final long STOP_TIMEOUT_NS = 1_000_000_000;

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
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean isEnded;

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
        if (isEnded) {
            front.abort(index);
            return stopCode();
        }
        write(index, event, length, correlationId);
        wait.signal();
        return 0;
    }

    /**
     * Says that nothing is expected of a source for now, behind all that this thread has offered; see {@link
     * Publisher#idle}.
     *
     * @return 0 if accepted into the front ring, else a negative code as of {@link #offer}
     */
    public long idle(int sourceId) {
        return offerMarker(sourceId, SystemTypes.SOURCE_IDLE);
    }

    /** Says that events of a source are expected; see {@link Publisher#active}. {@return as {@link #idle}} */
    public long active(int sourceId) {
        return offerMarker(sourceId, SystemTypes.SOURCE_ACTIVE);
    }

    private long offerMarker(int sourceId, int typeId) {
        if (isEnded || chain.fault() != null || chain.ring().isClosed()) {
            return stopCode();
        }
        int index = front.tryClaim(MARKER_TYPE, MARKER_LENGTH);
        if (index < 0) {
            counters.counter(PipelineCounter.OFFERS_BACK_PRESSURED).increment();
            return Publisher.BACK_PRESSURED;
        }
        front.buffer().putInt(index, sourceId, ORDER);
        front.buffer().putInt(index + Integer.BYTES, typeId, ORDER);
        front.commit(index);
        wait.signal();
        return 0;
    }

    private void write(int index, Event event, int length, long correlationId) {
        try {
            AtomicBuffer buffer = front.buffer();
            buffer.putLong(index, correlationId, ORDER);
            buffer.putBytes(index + EVENT_OFFSET, event.buffer(), 0, length);
        } catch (RuntimeException e) {
            front.abort(index);
            throw e;
        }
        front.commit(index);
    }

    private long refusal(Event event) {
        if (chain.fault() != null || chain.ring().isClosed()) {
            return stopCode();
        }
        boolean fits = event.payloadLength() >= 0
                && event.payloadLength() <= chain.ring().maxPayloadLength();
        return fits ? 0 : Publisher.TOO_LARGE;
    }

    private long stopCode() {
        return chain.fault() != null ? Publisher.FAILED : Publisher.CLOSED;
    }

    /** {@return whether all offers have been answered; any thread} */
    boolean isDrained() {
        return front.size() == 0 && answered.get() == sent.get();
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
            work = isOutcomeAtRisk() ? 0 : publisher.onIdle(nowNs);
        }
        return work;
    }

    private ControlledMessageHandler.Action onMessage(
            int messageType, MutableDirectBuffer buffer, int index, int length) {
        if (messageType == MARKER_TYPE) {
            return publishMarker(buffer.getInt(index, ORDER), buffer.getInt(index + Integer.BYTES, ORDER));
        }
        long correlationId = buffer.getLong(index, ORDER);
        if (isOutcomeAtRisk()) {
            return ControlledMessageHandler.Action.ABORT;
        }
        view.wrap(buffer, index + EVENT_OFFSET, length - EVENT_OFFSET);
        long ticket = publisher.publish(view);
        if (Publisher.isWorthWaiting(ticket)) {
            return ControlledMessageHandler.Action.ABORT;
        }
        if (ticket < 0) {
            tell(correlationId, ticket);
        } else {
            int slot = (int) sent.getPlain() & mask;
            correlationIds[slot] = correlationId;
            tickets[slot] = ticket;
            sent.setRelease(sent.getPlain() + 1);
        }
        return ControlledMessageHandler.Action.CONTINUE;
    }

    private ControlledMessageHandler.Action publishMarker(int sourceId, int typeId) {
        if (isOutcomeAtRisk()) {
            return ControlledMessageHandler.Action.ABORT;
        }
        long ticket = typeId == SystemTypes.SOURCE_IDLE ? publisher.idle(sourceId) : publisher.active(sourceId);
        return Publisher.isWorthWaiting(ticket)
                ? ControlledMessageHandler.Action.ABORT
                : ControlledMessageHandler.Action.CONTINUE;
    }

    /** The ring keeps an outcome until its slot is published again; what is not answered must not be passed. */
    private boolean isOutcomeAtRisk() {
        return hasUnanswered() && chain.ring().published() - tickets[(int) answered.getPlain() & mask] >= mask;
    }

    private boolean hasUnanswered() {
        return answered.getPlain() < sent.getPlain();
    }

    private int answer() {
        if (level == Level.SYNCED && hasUnanswered()) {
            chain.requestSync(tickets[(int) (sent.getPlain() - 1) & mask]);
        }
        long reachedTicket = chain.reached(level);
        int count = 0;
        while (hasUnanswered() && tickets[(int) answered.getPlain() & mask] <= reachedTicket) {
            answerNext(chain.ring().outcome(tickets[(int) answered.getPlain() & mask]));
            count++;
        }
        return count;
    }

    private void answerNext(long outcome) {
        tell(correlationIds[(int) answered.getPlain() & mask], outcome);
        answered.setRelease(answered.getPlain() + 1);
    }

    private void tell(long correlationId, long outcome) {
        try {
            outcomes.onOutcome(correlationId, outcome);
        } catch (Exception e) {
            errors.onError(e);
        }
    }

    /*
     * Whoever offers claims in the front ring (a full fence), then reads isEnded; here isEnded is set, then the front
     * ring's claims are read. So an offer either sees the end and takes its claim back, or is seen here and answered.
     */
    /** Answers what is left, on the sequencer's thread after its last duty cycle. */
    void onStop() {
        isEnded = true;
        VarHandle.fullFence();
        answer();
        while (hasUnanswered()) {
            answerNext(Outcome.FAILED);
        }
        long beganNs = System.nanoTime();
        while (front.size() > 0 && System.nanoTime() - beganNs < STOP_TIMEOUT_NS) {
            if (front.read(this::refuse) == 0) {
                Thread.onSpinWait();
            }
        }
    }

    private void refuse(int messageType, MutableDirectBuffer buffer, int index, int length) {
        if (messageType == MESSAGE_TYPE) {
            tell(buffer.getLong(index, ORDER), stopCode());
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
