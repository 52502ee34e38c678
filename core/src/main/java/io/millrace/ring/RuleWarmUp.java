package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.Outputs;
import io.millrace.rule.RuleException;
import io.millrace.state.Operator;
import io.millrace.window.Watermark;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Gives the operator of a new rule the records before it, with its outputs muted. Which records these are, the change
 * itself says, so live and every replay give it the same.
 *
 * <pre>
 *   journal   ... | warmFrom ................. S-1 | S = the change | ...
 *                   '--- operator, time of its own -'                 '--- operator, with all others
 *
 *   live: a thread of its own begins when the change is asked for, and APPLY waits at S until that has read S
 * </pre>
 *
 * <p><b>Failure</b>: what the operator throws is the reason why the change is refused, live and in a replay alike
 * ({@link RuleException}); records that are no longer there halt the pipeline.
 */
final class RuleWarmUp {
    private static final int MOVES_TIME = Event.TICK | Event.END;
    private static final long PARK_NS = 50_000;

    private final Operator operator;
    private final Watermark watermark;
    private final Outputs outputs;
    private final RecordHistory history;
    private final long fromSequence;
    private final Event record = new Event();
    private long[] skipped = {};
    private byte @Nullable [] ending;
    private long endsAfter;

    /** First record that is not given any more, live unknown until it is read. */
    private long endSequence = Long.MAX_VALUE;

    private volatile boolean isStopped;
    private volatile boolean isDone;
    private volatile @Nullable RuntimeException failure;

    RuleWarmUp(Operator operator, Watermark watermark, Outputs outputs, RecordHistory history, long fromSequence) {
        this.operator = operator;
        this.watermark = watermark;
        this.outputs = outputs;
        this.history = history;
        this.fromSequence = fromSequence;
    }

    /** Has records passed over, ascending; before it begins. */
    RuleWarmUp skip(long[] sequences) {
        skipped = sequences;
        return this;
    }

    /**
     * Begins on a thread of its own, which may be ahead of APPLY: it must see for itself where the change stands.
     *
     * @param lastPart content of the record that the change takes effect with
     * @param afterSequence behind which that record comes
     */
    void start(String ruleName, byte[] lastPart, long afterSequence) {
        ending = lastPart;
        endsAfter = afterSequence;
        Thread thread = new Thread(this::run, "rule-warm-up-" + ruleName);
        thread.setDaemon(true);
        thread.start();
    }

    /** {@return whether all is given; any thread} */
    boolean isDone() {
        return isDone;
    }

    void stop() {
        isStopped = true;
    }

    /** {@return why the operator could not be warmed, null if it is} */
    @Nullable
    RuntimeException failure() {
        return failure;
    }

    /** Gives all records to a sequence, on the thread that calls. */
    void runTo(long sequence) {
        endSequence = sequence;
        run();
    }

    private void run() {
        try (RecordReader reader = history.open(fromSequence)) {
            long next = fromSequence;
            while (next < endSequence && !isStopped) {
                if (reader.next(record)) {
                    next = record.sequence() + 1;
                    take(record);
                    if (isEnding(record)) {
                        endSequence = record.sequence();
                    }
                } else {
                    LockSupport.parkNanos(PARK_NS);
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            isDone = true;
        }
    }

    private boolean isEnding(Event event) {
        if (ending == null || event.sequence() <= endsAfter || !event.hasAny(Event.CONTROL)) {
            return false;
        }
        ControlRecord control = ControlRecord.of(event);
        return control != null && control.kind() == ControlRecord.RULE && Arrays.equals(control.content(), ending);
    }

    private void take(Event event) {
        if (event.sequence() < fromSequence || Arrays.binarySearch(skipped, event.sequence()) >= 0) {
            return;
        }
        boolean isIdle = event.hasAny(MOVES_TIME) || ApplyStage.isSourceMarker(event);
        if (event.hasAny(Event.SYSTEM) && !isIdle) {
            return;
        }
        ApplyStage.moveTime(watermark, event);
        try {
            give(event, isIdle);
        } catch (RuntimeException e) {
            throw new RuleException("cannot warm rule: name=" + operator.name() + ": it threw at sequence="
                    + event.sequence() + " (" + e + "); deploy it without warming, or correct it");
        }
    }

    private void give(Event event, boolean isIdle) {
        boolean isMoved = false;
        while (!isMoved && !isStopped) {
            isMoved = operator.advanceTo(watermark.watermarkNs(), isIdle, outputs);
        }
        if (!isIdle) {
            operator.onEvent(event, outputs);
            while (operator.hasMore()) {
                operator.putOutMore(outputs);
            }
        }
    }
}
