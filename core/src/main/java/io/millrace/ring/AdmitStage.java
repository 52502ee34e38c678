package io.millrace.ring;

import io.millrace.dedup.Dedup;
import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.MutableEvent;
import io.millrace.latency.LatencyStage;
import io.millrace.status.PipelineCounter;
import org.agrona.concurrent.status.AtomicCounter;
import org.jspecify.annotations.Nullable;

/**
 * ADMIT: validates, finds duplicates, and gives every accepted record the next journal sequence. What is refused is
 * marked in its slot and goes no further; it changes no state.
 */
final class AdmitStage implements Stage {
    private final EventRing ring;
    private final Cursor admitted;
    private final StageProbe probe;
    private final int maxBatchCount;
    private final @Nullable EventTypes types;
    private final @Nullable Condition validator;
    private final AdmitState state;
    private final SnapshotCut cut;
    private final long maxSkewNs;

    private final AtomicCounter accepted;
    private final AtomicCounter duplicates;
    private final AtomicCounter tooOld;
    private final AtomicCounter invalid;
    private final AtomicCounter ticks;
    private final AtomicCounter controls;
    private final AtomicCounter published;
    private final AtomicCounter skewed;

    private long nextTicket;
    private long nextSequence;
    private long firstSequence;
    private long systemCount;
    private boolean isCut;

    AdmitStage(PipelineParts parts) {
        this.ring = parts.ring;
        this.admitted = parts.admitted;
        this.probe = parts.probe(LatencyStage.ADMIT, PipelineCounter.ADMIT_CYCLE_MAX_NS);
        this.maxBatchCount = parts.maxBatchCount;
        this.types = parts.eventTypes;
        this.validator = parts.validator;
        this.state = parts.admitState;
        this.cut = parts.cut;
        this.maxSkewNs = parts.maxSkewNs;
        this.accepted = probe.counter(PipelineCounter.EVENTS_ACCEPTED);
        this.duplicates = probe.counter(PipelineCounter.EVENTS_DUPLICATE);
        this.tooOld = probe.counter(PipelineCounter.EVENTS_TOO_OLD);
        this.skewed = probe.counter(PipelineCounter.EVENTS_SKEWED);
        this.invalid = probe.counter(PipelineCounter.EVENTS_INVALID);
        this.ticks = probe.counter(PipelineCounter.TICKS_ACCEPTED);
        this.controls = probe.counter(PipelineCounter.CONTROLS_ACCEPTED);
        this.published = probe.counter(PipelineCounter.CURSOR_PUBLISHED);
    }

    @Override
    public StageProbe probe() {
        return probe;
    }

    @Override
    public String name() {
        return "ADMIT";
    }

    @Override
    public int doWork() {
        long from = nextTicket;
        long to = Math.min(ring.published(), from + maxBatchCount - 1);
        if (to < from) {
            return 0;
        }
        probe.begin();
        state.touch(ring, from, to);
        long last = admit(from, to);
        nextTicket = last + 1;
        probe.end(ring, from, last);
        accepted.setRelease(nextSequence - firstSequence - systemCount);
        published.setRelease(last);
        admitted.advance(last, nextSequence - 1);
        return (int) (last - from + 1);
    }

    /** {@return the last ticket that was done: a slot flagged SNAPSHOT ends the batch} */
    private long admit(long from, long to) {
        long ticket = from - 1;
        while (ticket < to && !isCut) {
            ticket++;
            ring.outcome(ticket, admit(ring.slot(ticket)));
        }
        if (isCut) {
            cut.admit(ticket, ring.slot(ticket));
            isCut = false;
        }
        return ticket;
    }

    private long admit(MutableEvent event) {
        int flags = event.flags();
        if ((flags & (Event.SYSTEM | Event.ABORTED)) != 0) {
            return admitSystem(event, flags);
        }
        long refusal = refusal(event);
        if (refusal != 0) {
            return reject(event, flags, refusal);
        }
        long found = state.admit(event, nextSequence);
        if (found == Dedup.NEW) {
            return accept(event);
        }
        return found == Dedup.TOO_OLD ? reject(event, flags, Outcome.TOO_OLD) : duplicate(event, flags, found);
    }

    private long accept(MutableEvent event) {
        event.sequence(nextSequence);
        return Outcome.accepted(nextSequence++);
    }

    private long reject(MutableEvent event, int flags, long outcome) {
        event.flags(flags | Event.REJECTED);
        counterOf(outcome).incrementRelease();
        return outcome;
    }

    private AtomicCounter counterOf(long rejection) {
        if (rejection == Outcome.TOO_OLD) {
            return tooOld;
        }
        return rejection == Outcome.SKEWED ? skewed : invalid;
    }

    private long duplicate(MutableEvent event, int flags, long original) {
        event.flags(flags | Event.DUPLICATE);
        duplicates.incrementRelease();
        return original == Dedup.SEEN ? Outcome.DUPLICATE_OF_UNKNOWN : Outcome.duplicateOf(original);
    }

    /** An END that no event parts from the last one says nothing new: a second run over one input leaves no trace. */
    private long admitSystem(MutableEvent event, int flags) {
        if ((flags & Event.ABORTED) != 0) {
            return Outcome.ABORTED;
        }
        if ((flags & Event.END) != 0) {
            long repeated = state.admitEnd(nextSequence);
            if (repeated >= 0) {
                return duplicate(event, flags, repeated);
            }
        }
        isCut = (flags & Event.SNAPSHOT) != 0;
        systemCount++;
        ((flags & Event.TICK) != 0 ? ticks : controls).incrementRelease();
        return accept(event);
    }

    /** Behind here stages read lengths and fields without looking: what lies about them must not pass. */
    long refusal(Event event) {
        EventType type = types == null ? null : types.byId(event.typeId());
        if (types != null && type == null) {
            return Outcome.UNKNOWN_TYPE;
        }
        if (event.payloadLength() < 0 || event.payloadLength() > ring.maxPayloadLength()) {
            return Outcome.TOO_LARGE;
        }
        boolean isValid = isExtensionValid(event)
                && (type == null || type.isValid(event))
                && (validator == null || validator.test(event));
        if (!isValid) {
            return Outcome.INVALID;
        }
        return maxSkewNs > 0 && isSkewed(event) ? Outcome.SKEWED : 0;
    }

    /** One wrong time far in the future would close every window and make every later event late. */
    private boolean isSkewed(Event event) {
        long ingestTimeNs = event.ingestTimeNs();
        return event.timestampNs() > ingestTimeNs && event.timestampNs() - ingestTimeNs > maxSkewNs;
    }

    private static boolean isExtensionValid(Event event) {
        if (!event.hasAny(Event.EXTENDED)) {
            return true;
        }
        int length = event.payloadLength() < Integer.BYTES ? 0 : event.payloadOffset() - Event.HEADER_LENGTH;
        return length >= Integer.BYTES && length <= event.payloadLength();
    }

    /** Takes the records of an earlier run that stand in these slots. */
    void restore(long from, long to) {
        state.touch(ring, from, to);
        for (long ticket = from; ticket <= to; ticket++) {
            restore(ring.slot(ticket));
        }
    }

    /** Takes a record of an earlier run: its id is known from now on. */
    void restore(Event event) {
        state.restore(event);
        nextSequence = event.sequence() + 1;
    }

    /** Ends the restoring; cursors stand at the last recovered sequence. */
    void restored(long sequence) {
        nextSequence = sequence;
        firstSequence = sequence;
        admitted.advance(-1, sequence - 1);
    }

    @Override
    public long sequence() {
        return nextSequence;
    }
}
