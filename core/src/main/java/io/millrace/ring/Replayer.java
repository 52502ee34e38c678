package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.EventHandler;
import io.millrace.event.MutableEvent;
import io.millrace.rule.RuleStatus;
import io.millrace.state.StateImage;
import io.millrace.thread.CorePinning;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * Runs the state of ADMIT and APPLY over records that were accepted before: at the start of a pipeline, in a replay, in
 * a follower. It has no journal, no outbox and no subscribers, so it has no effects; outputs go to one handler.
 *
 * <pre>
 *   record -copy-> [ batch area: slots of a ring ] -full or flush-> touch ids, take ids, touch keys, apply -> outputs
 * </pre>
 *
 * <p>Records gather in a batch first, because the cache misses of a batch overlap when all are asked for before the
 * first is needed; live does the same. What comes out does not depend on where batches end.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction, unless a record is longer than a slot.
 * <b>Failure</b>: what an operator throws, with {@link #sequence} at its record; then nothing more may be given.
 */
public final class Replayer {
    private static final int BATCH_MAX = 128;

    private final PipelineParts parts;
    private final AdmitStage admit;
    private final ApplyStage apply;
    private final Runnable drain;
    private final int capacity;
    private int count;
    private int epoch;
    private long takenNs;
    private ChainHistory history = new ChainHistory(List.of());

    /**
     * Makes stages of their own, with the operators and the dedup of the context, and an output handler.
     *
     * @param context whose operators and dedup no other chain uses; its store and subscribers play no part
     * @param outputs gets each output, in order, valid until it returns
     */
    public Replayer(ChainContext context, EventHandler outputs) {
        this.parts = new PipelineParts(context, List.of());
        this.admit = new AdmitStage(parts);
        this.apply = new ApplyStage(parts);
        this.drain = () -> drainTo(outputs);
        this.capacity = capacity(parts);
    }

    /** The stages of a chain that has not begun; its empty ring lends the slots. */
    Replayer(PipelineParts parts, AdmitStage admit, ApplyStage apply, Runnable drain) {
        this.parts = parts;
        this.admit = admit;
        this.apply = apply;
        this.drain = drain;
        this.capacity = capacity(parts);
    }

    /** Small batches stay in the nearest cache; two at least must fit, for a thread that reads ahead. */
    private static int capacity(PipelineParts parts) {
        return Math.max(1, Math.min(Math.min(parts.maxBatchCount, BATCH_MAX), parts.ring.capacity() / 2));
    }

    /**
     * Takes the next accepted record; it is copied, and applied at the latest by {@link #flush}.
     *
     * @param recordEpoch of the run that accepted it: an output has the epoch of its cause, so that it is the same
     *     output after any number of restarts
     */
    public void take(Event record, int recordEpoch) {
        if (recordEpoch != epoch) {
            flush();
            epoch(recordEpoch);
        }
        if (record.payloadLength() > parts.ring.maxPayloadLength()) {
            // Slots were longer in the run that accepted it.
            flush();
            admit(record);
            apply(record);
            return;
        }
        parts.ring.slot(count++).copyFrom(record);
        if (count == capacity) {
            flush();
        }
    }

    /**
     * Takes and applies all records that a source gives, as fast as it goes. If there are cores for it, another thread
     * reads ahead.
     *
     * @param source calls what it is given with each record in order, and its epoch, and returns behind the last; it
     *     may run on another thread, but has ended when this returns
     */
    public void takeAll(Consumer<ObjIntConsumer<Event>> source) {
        flush();
        if (CorePinning.availableCores() > 1) {
            new ReplayAhead(this, parts.ring, capacity).run(source);
        } else {
            source.accept(this::take);
            flush();
        }
    }

    /**
     * {@return why ADMIT would refuse a record if it came now (an {@link Outcome}), 0 if it would not; that its id is
     * known says nothing}
     */
    public long refusal(Event record) {
        return record.hasAny(Event.SYSTEM) ? 0 : admit.refusal(record);
    }

    /** Applies all that was taken. */
    public void flush() {
        if (count > 0) {
            int to = count - 1;
            count = 0;
            admit(0, to);
            apply(0, to);
        }
    }

    void epoch(int recordEpoch) {
        epoch = recordEpoch;
        parts.outputs.epoch(recordEpoch);
    }

    /** Does ADMIT's share of the records in these slots. */
    void admit(long from, long to) {
        admit.restore(from, to);
    }

    void admit(Event record) {
        admit.restore(record);
    }

    /** Does APPLY's share of the records in these slots, and gives their outputs. */
    void apply(long from, long to) {
        apply.touchSlots(from, to);
        for (long ticket = from; ticket <= to; ticket++) {
            applyWhole(parts.ring.slot(ticket));
        }
        takenNs = parts.ring.slot(to).ingestTimeNs();
        drain();
    }

    void apply(Event record) {
        applyWhole(record);
        takenNs = record.ingestTimeNs();
        drain();
    }

    private void applyWhole(Event record) {
        while (!apply.apply(record)) {
            drain();
        }
    }

    private void drain() {
        parts.outputs.flush();
        drain.run();
    }

    private void drainTo(EventHandler handler) {
        OutputRing outputs = parts.outputs;
        MutableEvent output = outputs.peek();
        while (output != null) {
            handler.onEvent(output);
            outputs.skip();
            output = outputs.peek();
        }
        outputs.free();
    }

    /** {@return the sequence of the record applied last, or at which an operator threw; -1 before the first} */
    public long sequence() {
        return apply.sequence();
    }

    /** {@return how many records were taken and not applied yet} */
    public int pendingCount() {
        return count;
    }

    /**
     * Does what the CONTROL records of a journal say: passes over what is skipped, and lets an operator begin where the
     * journal says that it came. One that the journal does not know takes part from the first record on. Before
     * {@link #load} and the first record.
     */
    public void follow(List<ControlRecord> controls) {
        history = new ChainHistory(controls);
        parts.roster.follow(history, 0);
        apply.skip(history.skipped(), 0);
    }

    /**
     * Says where records come from that a rule was warmed with. Without it a journal with such a rule cannot be
     * replayed from before the rule. Before the first record.
     */
    public void readBackFrom(RecordHistory history) {
        parts.rules.history(history);
    }

    /** {@return the rules after {@link #sequence}, in the order in which they were deployed} */
    public List<RuleStatus> rules() {
        return parts.rules.list();
    }

    /**
     * Begins behind a snapshot instead of at the first record.
     *
     * @throws io.millrace.state.StateException if it does not fit these operators; then nothing may be given
     */
    public void load(Snapshot snapshot) {
        parts.state.load(snapshot, history);
        epoch = snapshot.epoch();
        takenNs = snapshot.takenNs();
        parts.outputs.epoch(epoch);
        parts.outputs.restored(snapshot.outputPlace(), snapshot.lastOutputIdHi(), snapshot.lastOutputIdLo());
        apply.begin(snapshot.sequence());
        apply.skip(history.skipped(), snapshot.sequence() + 1);
    }

    /** Does the same if the snapshot fits; {@return false if not, and all is still at its beginning} */
    public boolean loadIfFits(Snapshot snapshot) {
        StateImage beginning = new StateImage();
        parts.roster.activateAll();
        parts.state.save(beginning);
        parts.roster.follow(history, 0);
        try {
            load(snapshot);
            return true;
        } catch (RuntimeException e) {
            parts.roster.rules().clear();
            parts.roster.activateAll();
            parts.state.load(beginning);
            parts.roster.follow(history, 0);
            return false;
        }
    }

    /**
     * Says where in the outbox the outputs of the next record go, and behind which output. All that was taken has to be
     * applied.
     */
    public void outputsBehind(long place, long lastIdHi, long lastIdLo) {
        parts.outputs.restored(place, lastIdHi, lastIdLo);
    }

    /** {@return the state after {@link #sequence}, with all that was taken applied; valid until the next record} */
    public Snapshot snapshot() {
        return snapshot(new StateImage());
    }

    /** {@return the same in an image that is used again, which saves allocating as much as the state is} */
    public Snapshot snapshot(StateImage image) {
        flush();
        image.clear();
        parts.state.save(image);
        OutputRing outputs = parts.outputs;
        return new Snapshot(
                sequence(),
                epoch,
                takenNs,
                outputs.place(),
                outputs.lastIdHi(),
                outputs.lastIdLo(),
                parts.state.layouts(),
                image);
    }

    /** {@return the hash over dedup, event time and all operators after {@link #sequence}, like a pipeline's} */
    public long stateHash() {
        return parts.state.stateHash();
    }

    /** Begins a new hash over outputs, behind {@link #sequence}. */
    public void resetOutputHash() {
        parts.outputs.hashes(parts.hashes);
        parts.hashes.reset();
    }

    /**
     * {@return the hash over all outputs since {@link #resetOutputHash}, as live leaves it in the journal}
     */
    public long outputHash() {
        return parts.hashes.hash();
    }

    /** {@return event time after {@link #sequence}, as {@link io.millrace.window.Watermark#watermarkNs} says it} */
    public long watermarkNs() {
        return parts.watermark.watermarkNs();
    }

    /** {@return events that were late for event time} */
    public long lateCount() {
        return parts.watermark.lateCount();
    }
}
