package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.latency.LatencyStage;
import io.millrace.status.PipelineCounter;
import org.jspecify.annotations.Nullable;

/**
 * EMIT: lets an event and then its outputs go once the event has passed the gate: to subscribers in the process, and
 * the outputs to the outbox. A slot of the ring is free when it has been here.
 *
 * <p>While an earlier run's events are replayed, subscribers are muted, and outputs that the outbox has already are not
 * written again: they come in the same order, so all up to and including the last one in the outbox are passed over.
 */
final class EmitStage implements Stage {
    private static final long OPERATOR_AND_ORDINAL = (1L << 48) - 1;

    private final EventRing ring;
    private final Cursor gate;
    private final Cursor applied;
    private final Cursor emitted;
    private final OutputRing outputs;
    private final @Nullable LogWriter outbox;
    private final DeadLetters deadLetters;
    private final int attempts;
    private final boolean isGated;
    private final StageProbe probe;
    private final int maxBatchCount;
    private final Subscription[][] byType;
    private final Redeliveries redeliveries;
    private final boolean isEventWanted;

    /** The last ticket whose event was delivered; its outputs may still be coming. */
    private long deliveredTicket = -1;

    private long deliveredSequence = -1;
    private long skipIdHi;
    private long skipIdLo = -1;
    private long restoredOutputCount;
    private long restoreFrom;
    private boolean isLastExpected;
    private long lastIdHi;
    private long lastIdLo = -1;
    private long emittedCount;

    EmitStage(PipelineParts parts) {
        this.ring = parts.ring;
        this.gate = parts.gateCursor();
        this.applied = parts.applied;
        this.emitted = parts.emitted;
        this.outputs = parts.outputs;
        this.deadLetters = parts.deadLetters;
        this.attempts = parts.subscriberAttempts;
        this.isGated = gate != parts.admitted;
        this.probe = parts.probe(LatencyStage.EMIT, PipelineCounter.EMIT_CYCLE_MAX_NS);
        this.outbox = parts.store == null
                ? null
                : new LogWriter(
                        parts.store.outbox(),
                        "outbox",
                        probe.counter(PipelineCounter.OUTBOX_FRAMES),
                        probe.counter(PipelineCounter.OUTBOX_BYTES));
        this.maxBatchCount = parts.maxBatchCount;
        this.byType = parts.subscriptionsByType();
        this.redeliveries = parts.redeliveries(probe);
        this.isEventWanted = parts.isEventWanted();
    }

    @Override
    public StageProbe probe() {
        return probe;
    }

    @Override
    public String name() {
        return "EMIT";
    }

    @Override
    public void start() {
        if (outbox != null) {
            outbox.start();
        }
        redeliveries.start();
    }

    /*
     * An output may go before its record is all applied (a boundary over many keys fills the output ring within one
     * record), so what bounds it is the gate, not the applied cursor; the slot is freed only when both have passed it.
     * Both tickets are read before the outputs: whatever they caused is then visible.
     */
    @Override
    public int doWork() {
        int redelivered = redeliveries.doWork();
        long gateTicket = gate.ticket();
        long appliedTicket = applied.ticket();
        long from = emitted.ticket() + 1;
        long to = Math.min(Math.min(gateTicket, appliedTicket), from + maxBatchCount - 1);
        if (to < from && outputs.peek() == null) {
            return redelivered;
        }
        probe.begin();
        int count = isEventWanted ? deliverAndRelease(gateTicket, to) : release(Long.MAX_VALUE);
        freeOutputs(count);
        if (to >= from) {
            probe.end(ring, from, to);
            emitted.advance(to, lastSequence(from, to));
        }
        return redelivered + count + (int) (Math.max(to, from - 1) - from + 1);
    }

    /** {@return what brings parked events back to subscribers} */
    Redeliveries redeliveries() {
        return redeliveries;
    }

    private void freeOutputs(int count) {
        if (count > 0) {
            if (outbox != null) {
                outbox.commit();
            }
            outputs.free();
            emittedCount += count;
            probe.counter(PipelineCounter.OUTPUTS_EMITTED).setRelease(emittedCount);
        }
    }

    private long lastSequence(long from, long to) {
        long last = emitted.sequence();
        for (long ticket = to; ticket >= from; ticket--) {
            MutableEvent event = ring.slot(ticket);
            if (!event.hasAny(Event.DROPPED)) {
                return event.sequence();
            }
        }
        return last;
    }

    /** Event by event, each followed by its outputs. */
    private int deliverAndRelease(long gateTicket, long to) {
        int count = release(deliveredSequence);
        while (deliveredTicket < to || isNextUnderWay(gateTicket)) {
            deliveredTicket++;
            MutableEvent event = ring.slot(deliveredTicket);
            if (!event.hasAny(Event.DROPPED)) {
                deliveredSequence = event.sequence();
                deliver(event);
            }
            count += release(deliveredSequence);
        }
        return count;
    }

    /** {@return whether outputs of the record behind the last delivered one are there before it is all applied} */
    private boolean isNextUnderWay(long gateTicket) {
        MutableEvent output = outputs.peek();
        if (output == null || deliveredTicket >= gateTicket) {
            return false;
        }
        MutableEvent next = ring.slot(deliveredTicket + 1);
        return !next.hasAny(Event.DROPPED) && next.sequence() == output.idLo();
    }

    /** {@return how many outputs left whose causes have passed the gate and are at most {@code maxCause}} */
    private int release(long maxCause) {
        long limit = isGated ? Math.min(maxCause, gate.sequence()) : maxCause;
        int count = 0;
        MutableEvent output = outputs.peek();
        while (output != null && output.idLo() <= limit) {
            appendToOutbox(output);
            deliver(output);
            outputs.skip();
            count++;
            output = outputs.peek();
        }
        return count;
    }

    private void appendToOutbox(MutableEvent output) {
        if (outbox != null) {
            outbox.append(output);
        }
    }

    private void deliver(Event event) {
        for (Subscription subscription : byType[event.typeId()]) {
            subscription.deliver(event, attempts, deadLetters, probe);
        }
    }

    /**
     * Begins the replay of an earlier run.
     *
     * @param outboxIdHi identity of the last output in the outbox; {@code outboxIdLo} is -1 if it is empty
     * @param fromSequence first record whose outputs are looked at: those of earlier ones are in the outbox
     * @param isExact whether the last output there must come again
     */
    void restoring(long outboxIdHi, long outboxIdLo, long fromSequence, boolean isExact) {
        restoreFrom = fromSequence;
        isLastExpected = isExact;
        lastIdHi = outboxIdHi;
        lastIdLo = outboxIdLo;
        skipIdHi = outboxIdHi & OPERATOR_AND_ORDINAL;
        skipIdLo = outboxIdLo < fromSequence ? -1 : outboxIdLo;
    }

    /** Takes the outputs of replayed events: those that the outbox lacks are written, nobody else sees any. */
    void restoreOutputs() {
        int count = 0;
        MutableEvent output = outputs.peek();
        while (output != null) {
            if (isMissing(output)) {
                appendToOutbox(output);
                restoredOutputCount++;
                lastIdHi = output.idHi();
                lastIdLo = output.idLo();
            }
            outputs.skip();
            count++;
            output = outputs.peek();
        }
        freeOutputs(count);
    }

    private boolean isMissing(Event output) {
        if (skipIdLo < 0) {
            return output.idLo() >= restoreFrom;
        }
        if (output.idLo() > skipIdLo) {
            if (isLastExpected) {
                throw diverged();
            }
            skipIdLo = -1;
            return true;
        }
        if (output.idLo() == skipIdLo && (output.idHi() & OPERATOR_AND_ORDINAL) == skipIdHi) {
            skipIdLo = -1;
        }
        return false;
    }

    private IllegalStateException diverged() {
        return new IllegalStateException("replay differs from the outbox: the last output there, operatorId="
                + (skipIdHi >>> 32) + ", ordinal=" + (skipIdHi & 0xFFFFFFFFL) + ", cause sequence=" + skipIdLo
                + ", did not come again (expected: the same operators as in the run that wrote it);"
                + " start with the old configuration, or with another data directory");
    }

    /** Ends the replay. */
    void restored(long sequence) {
        if (skipIdLo >= 0 && isLastExpected) {
            throw diverged();
        }
        deliveredSequence = sequence - 1;
        emitted.advance(-1, sequence - 1);
    }

    /** {@return idHi of the last output in the outbox when the replay ended} */
    long lastIdHi() {
        return lastIdHi;
    }

    /** {@return idLo of the last output in the outbox when the replay ended, -1 if it is empty} */
    long lastIdLo() {
        return lastIdLo;
    }

    /** {@return how many outputs the replay gave that the outbox did not have} */
    long restoredOutputCount() {
        return restoredOutputCount;
    }

    @Override
    public long sequence() {
        return emitted.sequence() + 1;
    }
}
