package io.millrace;

import io.millrace.event.Event;
import io.millrace.event.EventTypes;
import io.millrace.event.MutableEvent;
import io.millrace.event.SystemTypes;
import io.millrace.ring.ControlInbox;
import io.millrace.ring.EventLog;
import io.millrace.ring.EventRing;
import io.millrace.ring.EventStore;
import io.millrace.ring.StageChain;
import io.millrace.ring.ThreadPlan;
import io.millrace.status.Counters;
import io.millrace.status.PipelineCounter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.EpochNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a pipeline. A claim gives a slot to fill in place; {@link #commit} publishes it and {@link #abort}
 * gives it back (the slot is still published, marked, and nobody sees it).
 *
 * <pre>{@code
 *   long ticket = publisher.claim(type.id(), payloadLength);
 *   if (ticket >= 0) {
 *       MutableEvent event = publisher.event();
 *       ...                                   // id, key, timestampNs, payload
 *       publisher.commit();
 *   }
 * }</pre>
 *
 * <p>A ticket is the position in the ring in this run; {@link Pipeline#awaitLevel} says what became of it.
 *
 * <p><b>Threading</b>: the thread that claims first owns the publisher; a claim by another, or by a thread that runs
 * stages (in a subscriber), is {@link #NOT_WRITER} and changes nothing. <b>Allocation</b>: none. <b>Failure</b>:
 * negative codes; nothing is thrown for a state of the pipeline.
 */
public final class Publisher {
    /** The ring is full. Retry, or use a variant with a {@link ClaimPolicy}. */
    public static final long BACK_PRESSURED = -1;
    /** The payload is longer than a slot takes. Do not retry. */
    public static final long TOO_LARGE = -2;
    /** No event type has this id. Do not retry. */
    public static final long UNKNOWN_TYPE = -3;
    /** The journal or the outbox might not have room for it. Retry when space is back. */
    public static final long STORAGE_LOW = -4;
    /** Another thread is the writer. Do not retry here. */
    public static final long NOT_WRITER = -5;
    /** The claim before this one was neither committed nor aborted. End it first. */
    public static final long CLAIM_OPEN = -6;
    /** The caller is a thread of the pipeline, which would wait for itself. Do not retry here. */
    public static final long WOULD_DEADLOCK = -7;
    /** The pipeline has failed. Start it again, then retry with the same id. */
    public static final long FAILED = -8;
    /** The pipeline is closed. Do not retry. */
    public static final long CLOSED = -9;
    /** A sink is too far behind, and the outbox is set to refuse then. Retry when the sink has caught up. */
    public static final long OUTBOX_FULL = -10;

    /** The clock is read again after this many publishes at most. */
    private static final int CLOCK_REUSE_COUNT = 64;

    /** A clock that goes back by more than this is counted. */
    private static final long CLOCK_STEP_NS = 1_000_000_000L;

    private static final VarHandle OWNER;

    static {
        try {
            OWNER = MethodHandles.lookup().findVarHandle(Publisher.class, "owner", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final StageChain chain;
    private final EventRing ring;
    private final ControlInbox inbox;
    private final @Nullable EventTypes types;
    private final @Nullable EventStore store;
    private final @Nullable EventLog journal;
    private final @Nullable EventLog outbox;
    private final EpochNanoClock clock;
    private final Counters counters;
    private final long outOfOrdernessNs;
    private final boolean isIdleAdvancing;

    private volatile @Nullable Thread owner;
    private int openCount;
    private long openTicket = -1;
    private long ingestTimeNs;
    private boolean isClockBehind;
    private int clockUses;
    private long publishedCount;

    Publisher(StageChain chain, PipelineContext context) {
        this.chain = chain;
        this.ring = chain.ring();
        this.inbox = chain.inbox();
        this.types = context.eventTypes();
        this.store = context.store();
        this.journal = store == null ? null : store.journal();
        this.outbox = store == null ? null : store.outbox();
        this.clock = context.epochClock();
        this.counters = context.counters();
        this.outOfOrdernessNs = context.outOfOrdernessNs();
        this.isIdleAdvancing = context.idleAdvance();
    }

    /** {@return a code in words} */
    public static String describe(long code) {
        if (code >= 0) {
            return "ticket " + code;
        }
        return switch ((int) code) {
            case -1 -> "BACK_PRESSURED";
            case -2 -> "TOO_LARGE";
            case -3 -> "UNKNOWN_TYPE";
            case -4 -> "STORAGE_LOW";
            case -5 -> "NOT_WRITER";
            case -6 -> "CLAIM_OPEN";
            case -7 -> "WOULD_DEADLOCK";
            case -8 -> "FAILED";
            case -9 -> "CLOSED";
            case -10 -> "OUTBOX_FULL";
            default -> "unknown code " + code;
        };
    }

    /**
     * Claims one slot. Its header is zero but for type and payload length; its payload holds what was there before.
     *
     * @param typeId of the event, 0 to 65535
     * @param payloadLength in bytes, at least 0
     * @return the ticket, or a negative code
     */
    public long claim(int typeId, int payloadLength) {
        long ticket = claimUncleared(typeId, payloadLength);
        if (ticket >= 0) {
            ring.slot(ticket).clearHeader().typeId(typeId).payloadLength(payloadLength);
        }
        return ticket;
    }

    private long claimUncleared(int typeId, int payloadLength) {
        if (typeId >>> 16 != 0 || (types != null && !types.isKnown(typeId))) {
            return refuse(UNKNOWN_TYPE, PipelineCounter.CLAIMS_UNKNOWN_TYPE);
        }
        if (payloadLength < 0 || payloadLength > ring.maxPayloadLength()) {
            return refuse(TOO_LARGE, PipelineCounter.CLAIMS_TOO_LARGE);
        }
        return claimUncleared(1);
    }

    /**
     * Claims slots for a batch; see {@link #event(int)}. ADMIT rejects those of a wrong type or length,
     * as {@link Pipeline#awaitLevel} then says.
     *
     * @param count 1 to the ring's capacity
     * @return the first ticket, or a negative code
     */
    public long claim(int count) {
        long ticket = claimUncleared(count);
        if (ticket >= 0) {
            for (int i = 0; i < count; i++) {
                event(i).clearHeader();
            }
        }
        return ticket;
    }

    private long claimUncleared(int count) {
        long refusal = refusal(count);
        if (refusal != 0) {
            return refusal;
        }
        openTicket = ring.claim(count);
        openCount = count;
        return openTicket - count + 1;
    }

    /**
     * As {@link #claim(int, int)}, waiting for room in the ring, the journal and the outbox; {@link #BACK_PRESSURED},
     * {@link #STORAGE_LOW} or {@link #OUTBOX_FULL} when the policy's time is over.
     */
    public long claim(int typeId, int payloadLength, ClaimPolicy policy) {
        long ticket = claim(typeId, payloadLength);
        return isWorthWaiting(ticket) ? await(typeId, payloadLength, policy) : ticket;
    }

    /** {@return whether a refusal passes by itself} */
    static boolean isWorthWaiting(long code) {
        return code == BACK_PRESSURED || code == STORAGE_LOW || code == OUTBOX_FULL;
    }

    private long await(int typeId, int payloadLength, ClaimPolicy policy) {
        if (chain.isOwnThread() || chain.plan() == ThreadPlan.INVOKED) {
            return refuse(WOULD_DEADLOCK, PipelineCounter.CLAIMS_WOULD_DEADLOCK);
        }
        counters.counter(PipelineCounter.CLAIM_STALLS).incrementRelease();
        long beganNs = System.nanoTime();
        long ticket = BACK_PRESSURED;
        while (isWorthWaiting(ticket) && System.nanoTime() - beganNs < policy.timeoutNs()) {
            policy.idle();
            ticket = ring.hasRoom(1) ? claim(typeId, payloadLength) : stopped();
        }
        return ticket;
    }

    /** {@return the claimed slot} Valid until commit or abort. */
    public MutableEvent event() {
        return event(0);
    }

    /**
     * {@return a slot of the claimed batch} Valid until commit or abort.
     *
     * @param index 0 to the batch's count less one
     */
    public MutableEvent event(int index) {
        if (index < 0 || index >= openCount) {
            throw new IllegalStateException(
                    "no such claimed slot: index=" + index + " (expected: 0 to " + (openCount - 1) + "); claim first");
        }
        return ring.slot(openTicket - openCount + 1 + index);
    }

    /**
     * Publishes what was claimed. Of the flags only {@link Event#EXTENDED} is the caller's.
     *
     * @return the last ticket
     */
    public long commit() {
        requireOpen("commit");
        long nowNs = ingestTimeNs(openCount);
        for (int i = 0; i < openCount; i++) {
            MutableEvent event = event(i);
            event.ingestTimeNs(nowNs).flags(event.flags() & Event.EXTENDED);
        }
        long ticket = publishOpen();
        if (!inbox.isEmpty()) {
            publishControls(nowNs);
        }
        return ticket;
    }

    /** Gives back what was claimed: the slots are published, marked as aborted, and go no further than ADMIT. */
    public void abort() {
        requireOpen("abort");
        for (int i = 0; i < openCount; i++) {
            event(i).flags(Event.ABORTED);
        }
        counters.counter(PipelineCounter.CLAIMS_ABORTED).getAndAddRelease(openCount);
        publishOpen();
    }

    /**
     * Publishes a copy of an event, ids, key, time, type, flags of the payload and all.
     *
     * @return the ticket, or a negative code
     */
    public long publish(Event event) {
        return publishClaimed(event, claimUncleared(event.typeId(), event.payloadLength()));
    }

    /** As {@link #publish(Event)}, waiting for room; see {@link #claim(int, int, ClaimPolicy)}. */
    public long publish(Event event, ClaimPolicy policy) {
        return publishClaimed(event, claim(event.typeId(), event.payloadLength(), policy));
    }

    private long publishClaimed(Event event, long ticket) {
        if (ticket < 0) {
            return ticket;
        }
        try {
            event().copyFrom(event);
        } catch (RuntimeException e) {
            abort();
            throw e;
        }
        return commit();
    }

    /**
     * Says that the input has ended: event time moves to its maximum, so every window closes. Events after it are late.
     * An end that no event parts from the last end is a duplicate.
     *
     * @return the ticket, or a negative code
     */
    public long end() {
        return publishSystem(Event.END, SystemTypes.END, clock.nanoTime());
    }

    /**
     * Says that nothing is expected of a source for now, so that event time does not wait for it; its next event makes
     * it active again. The marker is in the journal, so a replay does the same at the same place.
     *
     * @return the ticket, or a negative code
     */
    public long idle(int sourceId) {
        return publishSource(SystemTypes.SOURCE_IDLE, sourceId);
    }

    /**
     * Says that events of a source are expected, also if none has come so far: event time waits for it.
     *
     * @return the ticket, or a negative code
     */
    public long active(int sourceId) {
        return publishSource(SystemTypes.SOURCE_ACTIVE, sourceId);
    }

    private long publishSource(int typeId, int sourceId) {
        long ticket = claim(1);
        if (ticket < 0) {
            return ticket;
        }
        event().typeId(typeId).flags(Event.CONTROL).sourceId(sourceId);
        return publishSystem(clock.nanoTime());
    }

    /**
     * What the writer does when it has nothing to publish: it takes what waits in the control inbox, and time goes on
     * for operators that wait for it: it admits a TICK if one of them is due.
     *
     * @param nowNs nanoseconds since the epoch
     * @return how much was done
     */
    public int onIdle(long nowNs) {
        return publishControls(nowNs) + publishTick(nowNs);
    }

    private int publishControls(long nowNs) {
        int count = 0;
        while (!inbox.isEmpty() && claim(1) >= 0) {
            inbox.takeInto(event());
            publishSystem(nowNs);
            count++;
        }
        return count;
    }

    private int publishTick(long nowNs) {
        if (chain.applied().ticket() < ring.published() || !isTickDue(nowNs)) {
            return 0;
        }
        return publishSystem(Event.TICK, SystemTypes.TICK, nowNs) >= 0 ? 1 : 0;
    }

    private boolean isTickDue(long nowNs) {
        long deadlineNs = chain.nextDeadlineNs();
        return deadlineNs == Long.MIN_VALUE || (isIdleAdvancing && deadlineNs < nowNs - outOfOrdernessNs);
    }

    private long publishSystem(int flag, int typeId, long nowNs) {
        long ticket = claim(1);
        if (ticket < 0) {
            return ticket;
        }
        event().typeId(typeId).flags(flag);
        return publishSystem(nowNs);
    }

    private long publishSystem(long nowNs) {
        ingestTimeNs = Math.max(ingestTimeNs, nowNs);
        event().timestampNs(ingestTimeNs).ingestTimeNs(ingestTimeNs);
        return publishOpen();
    }

    private long publishOpen() {
        ring.publish(openTicket);
        publishedCount += openCount;
        openCount = 0;
        return openTicket;
    }

    /** {@return how many slots were published; the writer's thread} */
    public long publishedCount() {
        return publishedCount;
    }

    /** A cached clock that never goes back: read anew after some publishes, and whenever nothing is on its way. */
    private long ingestTimeNs(int count) {
        clockUses += count;
        if (clockUses >= CLOCK_REUSE_COUNT || chain.emitted().ticket() >= ring.published()) {
            clockUses = 0;
            takeClock(clock.nanoTime());
        }
        return ingestTimeNs;
    }

    private void takeClock(long nowNs) {
        boolean wasBehind = isClockBehind;
        isClockBehind = nowNs < ingestTimeNs - CLOCK_STEP_NS;
        if (isClockBehind && !wasBehind) {
            counters.counter(PipelineCounter.CLOCK_STEPS_BACK).incrementRelease();
        }
        ingestTimeNs = Math.max(ingestTimeNs, nowNs);
    }

    private long refusal(int count) {
        if (Thread.currentThread() != owner && !own()) {
            return refuse(NOT_WRITER, PipelineCounter.CLAIMS_NOT_WRITER);
        }
        if (openCount > 0) {
            return refuse(CLAIM_OPEN, PipelineCounter.CLAIMS_OPEN);
        }
        if (count < 1 || count > ring.capacity()) {
            throw new IllegalArgumentException("cannot claim: count=" + count + " (expected: 1 to " + ring.capacity()
                    + "); claim smaller batches or raise ringCapacity");
        }
        long stopped = stopped();
        if (stopped != BACK_PRESSURED) {
            return stopped;
        }
        if (isLow(journal) || isLow(outbox)) {
            return refuse(STORAGE_LOW, PipelineCounter.CLAIMS_STORAGE_LOW);
        }
        if (store != null && store.isOutboxFull()) {
            return refuse(OUTBOX_FULL, PipelineCounter.CLAIMS_OUTBOX_FULL);
        }
        return ring.hasRoom(count) ? 0 : refuse(BACK_PRESSURED, PipelineCounter.CLAIMS_BACK_PRESSURED);
    }

    private static boolean isLow(@Nullable EventLog log) {
        return log != null && log.isStorageLow();
    }

    /** {@return FAILED or CLOSED, else BACK_PRESSURED} */
    private long stopped() {
        if (ring.fault() != null) {
            return refuse(FAILED, PipelineCounter.CLAIMS_FAILED);
        }
        return ring.isClosed() ? refuse(CLOSED, PipelineCounter.CLAIMS_CLOSED) : BACK_PRESSURED;
    }

    private boolean own() {
        return owner == null && !chain.isStageThread() && OWNER.compareAndSet(this, null, Thread.currentThread());
    }

    private long refuse(long code, PipelineCounter counter) {
        counters.counter(counter).increment();
        return code;
    }

    private void requireOpen(String what) {
        if (openCount == 0) {
            throw new IllegalStateException("cannot " + what + ": no claim is open (expected: one); claim first");
        }
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("cannot " + what + ": thread="
                    + Thread.currentThread().getName() + " (expected: the thread that claimed)");
        }
    }
}
