package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.SystemTypes;
import io.millrace.latency.LatencyStage;
import io.millrace.state.FedOperator;
import io.millrace.state.Operator;
import io.millrace.status.PipelineCounter;
import io.millrace.window.Watermark;
import org.agrona.concurrent.status.AtomicCounter;
import org.jspecify.annotations.Nullable;

/**
 * APPLY: gives each accepted record to all operators, in sequence order, after event time has moved to it. It runs
 * beside JOURNAL; what it puts out waits in the output ring. Without room there it stops, also within a record, and
 * goes on where it was.
 */
final class ApplyStage implements Stage {
    static final String NAME = "APPLY";

    private static final int MOVES_TIME = Event.TICK | Event.END;

    private final EventRing ring;
    private final Cursor admitted;
    private final Cursor applied;
    private final OutputRing outputs;
    private final OperatorRoster roster;
    private final Rules rules;
    private Operator[] operators;
    private @Nullable FedOperator[] fed;
    private final Watermark watermark;
    private final OutputHashes hashes;
    private final SnapshotCut cut;
    private final StageProbe probe;
    private final AtomicCounter written;
    private final AtomicCounter stalls;
    private final ReorderCounters reorders;
    private final TimeCounters times;
    private final int maxBatchCount;

    private long nextTicket;
    private long lastSequence = -1;

    /** What the touched lines held; written so that the compiler keeps the loads. */
    @SuppressWarnings("UnusedVariable")
    private long touched;

    private long touchedTicket = -1;
    private final Event[] touchedEvents = new Event[Operator.MAX_TOUCHED];
    /** The next call for the record at hand: advanceTo of each operator, then onEvent of each. */
    private int step;

    private boolean isWithinRecord;
    /** Whether the operator at hand has taken the event and has more to put out. */
    private boolean isTaken;

    /** Sequences of a replay that are passed over, ascending, and the next of them. */
    private long[] skips = {};

    private int skipIndex;
    private long nextSkip = -1;
    private int stepCount;
    private volatile long nextDeadlineNs = Long.MAX_VALUE;

    ApplyStage(PipelineParts parts) {
        this.ring = parts.ring;
        this.admitted = parts.admitted;
        this.applied = parts.applied;
        this.outputs = parts.outputs;
        this.roster = parts.roster;
        this.operators = roster.running();
        this.fed = roster.fed();
        this.rules = parts.rules;
        this.watermark = parts.watermark;
        this.hashes = parts.hashes;
        this.cut = parts.cut;
        this.probe = parts.probe(LatencyStage.APPLY, PipelineCounter.APPLY_CYCLE_MAX_NS);
        this.written = probe.counter(PipelineCounter.OUTPUTS_WRITTEN);
        this.stalls = probe.counter(PipelineCounter.OUTPUT_STALLS);
        this.reorders = new ReorderCounters(operators, probe);
        this.times = new TimeCounters(watermark, probe);
        this.maxBatchCount = parts.maxBatchCount;
    }

    @Override
    public StageProbe probe() {
        return probe;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int doWork() {
        long from = nextTicket;
        long to = Math.min(admitted.ticket(), from + maxBatchCount - 1);
        if (to < from) {
            return 0;
        }
        to = cut.endOfBatch(from, to);
        probe.begin();
        int stepsBefore = stepCount;
        long ticket = touchAndApply(from, to);
        outputs.flush();
        count();
        if (ticket == from) {
            return stepCount == stepsBefore ? 0 : 1;
        }
        nextTicket = ticket;
        if (cut.isAt(ticket - 1)) {
            cut.apply(outputs);
        }
        nextDeadlineNs = earliestDeadlineNs();
        probe.end(ring, from, ticket - 1);
        applied.advance(ticket - 1, lastSequence);
        return (int) (ticket - from);
    }

    private void count() {
        written.setRelease(outputs.writtenCount());
        times.set();
        reorders.set();
    }

    /** Applies records, a few touched ahead at a time, so that these lie in the nearest cache. {@return the next} */
    private long touchAndApply(long from, long to) {
        long ticket = from;
        while (ticket <= to) {
            long last = Math.min(to, ticket + Operator.MAX_TOUCHED - 1);
            touchSlots(Math.max(ticket, touchedTicket + 1), last);
            touchedTicket = Math.max(touchedTicket, last);
            while (ticket <= last) {
                if (!apply(ring.slot(ticket))) {
                    return ticket;
                }
                ticket++;
            }
        }
        return ticket;
    }

    /** Loads what the accepted records in these slots will need. */
    void touchSlots(long from, long to) {
        int count = 0;
        for (long ticket = from; ticket <= to; ticket++) {
            MutableEvent event = ring.slot(ticket);
            if (!event.hasAny(Event.DROPPED | Event.SYSTEM)) {
                touchedEvents[count++] = event;
            }
            if (count == touchedEvents.length || ticket == to) {
                touchEvents(count);
                count = 0;
            }
        }
    }

    private void touchEvents(int count) {
        for (Operator operator : roster.running()) {
            touched += operator.touch(touchedEvents, count);
        }
    }

    /** {@return whether the record is done; false if the output ring has no room for the next step, or it must wait} */
    boolean apply(Event event) {
        if (event.hasAny(Event.DROPPED)) {
            return true;
        }
        if (!isWithinRecord) {
            if (event.sequence() == nextSkip) {
                passOver(event);
                return true;
            }
            if (!begin(event)) {
                return false;
            }
        }
        boolean isIdle = event.hasAny(MOVES_TIME) || isSourceMarker(event);
        int steps = stepsOf(event, isIdle);
        while (step < steps) {
            if (!takeFed() || !step(event, isIdle)) {
                return false;
            }
        }
        if (!takeFed()) {
            return false;
        }
        isWithinRecord = false;
        hashes.onApplied(lastSequence);
        return true;
    }

    /** Has records passed over in a replay: operators and event time do not see them. */
    void skip(long[] sequences, long fromSequence) {
        skips = sequences;
        rules.skip(sequences);
        skipIndex = 0;
        while (skipIndex < skips.length && skips[skipIndex] < fromSequence) {
            skipIndex++;
        }
        nextSkip = skipIndex < skips.length ? skips[skipIndex] : -1;
    }

    private void passOver(Event event) {
        lastSequence = event.sequence();
        skipIndex++;
        nextSkip = skipIndex < skips.length ? skips[skipIndex] : -1;
        hashes.onApplied(lastSequence);
    }

    /** A change of the pipeline and a snapshot are nothing to operators. */
    private int stepsOf(Event event, boolean isIdle) {
        if (event.hasAny(Event.SYSTEM)) {
            return isIdle ? operators.length : 0;
        }
        return 2 * operators.length;
    }

    /** {@return false if it has to wait: a rule is still warmed} */
    private boolean begin(Event event) {
        if (event.hasAny(Event.CONTROL) && !takeControl(event)) {
            return false;
        }
        if (operators != roster.running()) {
            operators = roster.running();
            fed = roster.fed();
            outputs.operators(roster.runningIds());
            reorders.operators(operators);
        }
        lastSequence = event.sequence();
        outputs.cause(event);
        moveTime(watermark, event);
        step = 0;
        isTaken = false;
        isWithinRecord = true;
        return true;
    }

    private boolean takeControl(Event event) {
        ControlRecord control = ControlRecord.of(event);
        if (control == null) {
            return true;
        }
        boolean isReady = roster.isReady(control);
        if (isReady) {
            roster.take(control);
        }
        return isReady;
    }

    /** Moves event time on to a record. */
    static void moveTime(Watermark watermark, Event event) {
        if (event.hasAny(Event.END)) {
            watermark.onEnd();
        } else if (event.hasAny(Event.TICK)) {
            watermark.onTick(event.ingestTimeNs());
        } else if (!event.hasAny(Event.SYSTEM)) {
            watermark.onEvent(event.sourceId(), event.timestampNs(), event.ingestTimeNs());
        } else if (isSourceMarker(event)) {
            moveTimeOfSource(watermark, event);
        }
    }

    static boolean isSourceMarker(Event event) {
        return event.hasAny(Event.CONTROL) && event.typeId() != SystemTypes.CONTROL;
    }

    private static void moveTimeOfSource(Watermark watermark, Event event) {
        if (event.typeId() == SystemTypes.SOURCE_IDLE) {
            watermark.onIdle(event.sourceId());
        } else if (event.typeId() == SystemTypes.SOURCE_ACTIVE) {
            watermark.onActive(event.sourceId(), event.ingestTimeNs());
        }
    }

    private boolean step(Event event, boolean isIdle) {
        int index = step < operators.length ? step : step - operators.length;
        Operator operator = operators[index];
        if (!outputs.begin(index, operator.maxOutputsPerStep())) {
            stalls.incrementRelease();
            return false;
        }
        stepCount++;
        if (step >= operators.length) {
            give(event, operator);
        } else if (operator.advanceTo(watermark.watermarkNs(), isIdle, outputs)) {
            step++;
        }
        return true;
    }

    /** Has operators take what others gave them, the last one first. {@return false if there is no room for it} */
    private boolean takeFed() {
        int index = fed.length - 1;
        while (index >= 0) {
            FedOperator operator = fed[index];
            if (operator == null || !operator.isFed()) {
                index--;
            } else if (outputs.begin(index, operators[index].maxOutputsPerStep())) {
                stepCount++;
                operator.takeFed(outputs);
                index = fed.length - 1;
            } else {
                stalls.incrementRelease();
                return false;
            }
        }
        return true;
    }

    private void give(Event event, Operator operator) {
        if (isTaken) {
            operator.putOutMore(outputs);
        } else {
            operator.onEvent(event, outputs);
        }
        isTaken = operator.hasMore();
        step += isTaken ? 0 : 1;
    }

    private long earliestDeadlineNs() {
        long earliest = Long.MAX_VALUE;
        for (Operator operator : roster.running()) {
            earliest = Math.min(earliest, operator.nextDeadlineNs());
        }
        return earliest;
    }

    /** {@return the watermark at which an operator has something to do; any thread} */
    long nextDeadlineNs() {
        return nextDeadlineNs;
    }

    /** Begins behind a record. */
    void begin(long sequence) {
        lastSequence = sequence;
    }

    void restored(long sequence) {
        lastSequence = sequence - 1;
        roster.activateAll();
        times.begin();
        reorders.operators(roster.running());
        reorders.begin();
        nextDeadlineNs = earliestDeadlineNs();
        applied.advance(-1, lastSequence);
    }

    @Override
    public long sequence() {
        return lastSequence;
    }
}
