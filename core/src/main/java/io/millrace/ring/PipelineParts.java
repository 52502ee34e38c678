package io.millrace.ring;

import io.millrace.event.Condition;
import io.millrace.event.EventTypes;
import io.millrace.event.SystemTypes;
import io.millrace.latency.Latencies;
import io.millrace.latency.LatencyStage;
import io.millrace.state.Operator;
import io.millrace.status.Counters;
import io.millrace.status.DutyCycle;
import io.millrace.status.ErrorLog;
import io.millrace.status.PipelineCounter;
import io.millrace.window.Watermark;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochNanoClock;
import org.jspecify.annotations.Nullable;

/** What the stages of one chain share; made before them, from a context. */
final class PipelineParts {
    private static final int TYPE_COUNT = 1 << 16;
    private static final Subscription[] NOBODY = {};

    final EventRing ring;
    final OutputRing outputs;
    final Cursor admitted;
    final Cursor journaled;

    /** What JOURNAL moves: the cursor of JOURNALED, unless a batch has to be synced before it counts as that. */
    final Cursor appended;

    final CommitMarks marks = new CommitMarks();
    final SyncPolicy syncPolicy;
    final Cursor synced;
    final Cursor applied;
    final Cursor emitted;
    final @Nullable EventTypes eventTypes;
    final @Nullable Condition validator;
    final long maxSkewNs;
    final Operator[] operators;
    final OperatorRoster roster;
    final boolean mayReconfigure;
    final Watermark watermark;
    final AdmitState admitState;
    final ChainState state;
    final OutputHashes hashes;
    final SnapshotCut cut;
    final ControlInbox inbox = new ControlInbox();
    final Rules rules;
    final @Nullable EventStore store;
    final Level gate;
    final SnapshotPolicy snapshotPolicy;
    final DeadLetters deadLetters;
    final int subscriberAttempts;
    final int maxBatchCount;
    final EpochNanoClock clock;
    final Counters counters;
    final ErrorLog errors;
    final Latencies latencies = new Latencies();
    private final List<Subscription> subscriptions;

    PipelineParts(ChainContext context, List<Subscription> subscriptions) {
        this.ring = new EventRing(context.ringCapacity(), context.maxPayloadLength());
        this.eventTypes = context.eventTypes();
        this.validator = context.validator();
        this.maxSkewNs = context.maxSkewNs();
        this.counters = context.counters();
        this.errors = context.errorLog();
        this.admitted = cursor(PipelineCounter.CURSOR_ADMITTED, PipelineCounter.SEQUENCE_ADMITTED);
        this.operators = context.operators().toArray(new Operator[0]);
        this.rules = new Rules(context, inbox, admitted, () -> watermark(context));
        this.roster = new OperatorRoster(operators, context.operatorSettings(), rules.book());
        this.outputs =
                new OutputRing(context.outputRingCapacity(), context.maxOutputPayloadLength(), roster.runningIds());
        this.hashes = new OutputHashes(context.hashIntervalCount());
        this.watermark = watermark(context);
        this.admitState = new AdmitState(context.dedup());
        this.mayReconfigure = context.reconfigure();
        this.state = new ChainState(admitState, watermark, roster, eventTypes);
        this.store = context.store();
        this.gate = context.gate();
        this.syncPolicy = context.syncPolicy();
        this.snapshotPolicy = context.snapshots();
        this.deadLetters = context.deadLetters();
        this.subscriberAttempts = context.subscriberAttempts();
        this.maxBatchCount = context.maxBatchCount();
        this.clock = context.epochClock();
        this.cut =
                new SnapshotCut(state, clock, new DutyCycle(counters.counter(PipelineCounter.SNAPSHOT_PAUSE_MAX_NS)));
        this.journaled = cursor(PipelineCounter.CURSOR_JOURNALED, PipelineCounter.SEQUENCE_JOURNALED);
        this.appended = isSyncedPerBatch() ? new Cursor() : journaled;
        this.synced = cursor(PipelineCounter.CURSOR_SYNCED, PipelineCounter.SEQUENCE_SYNCED);
        this.applied = cursor(PipelineCounter.CURSOR_APPLIED, PipelineCounter.SEQUENCE_APPLIED);
        this.emitted = cursor(PipelineCounter.CURSOR_EMITTED, PipelineCounter.SEQUENCE_EMITTED);
        this.subscriptions = subscriptions;
    }

    boolean requestControl(int kind, DirectBuffer content, int offset, int length) {
        int longest = ring.maxPayloadLength() - ControlInbox.CONTENT_OFFSET;
        if (length > longest) {
            throw new IllegalArgumentException("cannot ask for control record: kind=" + kind + ", length=" + length
                    + " (expected: <= " + longest + ", what a slot takes); raise maxPayloadLength");
        }
        return inbox.offerControl(kind, content, offset, length);
    }

    private static Watermark watermark(ChainContext context) {
        return new Watermark(context.outOfOrdernessNs(), context.idleAdvance(), context.maxSources());
    }

    private Cursor cursor(PipelineCounter ticket, PipelineCounter sequence) {
        return new Cursor().shownBy(counters.counter(ticket), counters.counter(sequence));
    }

    /**
     * {@return the cursor of a level}
     *
     * @throws IllegalArgumentException if the level needs a store and there is none
     */
    Cursor cursorOf(Level level) {
        if (level == Level.PUBLISHED) {
            return admitted;
        }
        if (store == null) {
            throw new IllegalArgumentException("cannot await level=" + level
                    + ": the pipeline has no store (expected: PUBLISHED); give it a journal");
        }
        return level == Level.JOURNALED ? journaled : synced;
    }

    boolean isSyncedPerBatch() {
        return syncPolicy.kind() == SyncPolicy.Kind.PER_BATCH;
    }

    /** Hashes the outputs of live records from a sequence on, if that is wanted. */
    void beginHashes(long nextSequence) {
        if (hashes.isOn()) {
            hashes.restored(nextSequence);
            outputs.hashes(hashes);
        }
    }

    /** {@return the cursor that an event must have passed before it and its outputs leave} */
    Cursor gateCursor() {
        if (store == null || gate == Level.PUBLISHED) {
            return admitted;
        }
        return gate == Level.JOURNALED ? journaled : synced;
    }

    Subscription[][] subscriptionsByType() {
        Subscription[][] byType = new Subscription[TYPE_COUNT][];
        Arrays.fill(byType, NOBODY);
        for (Subscription subscription : subscriptions) {
            Subscription[] others = byType[subscription.typeId()];
            Subscription[] all = Arrays.copyOf(others, others.length + 1);
            all[others.length] = subscription;
            byType[subscription.typeId()] = all;
        }
        return byType;
    }

    Redeliveries redeliveries(StageProbe probe) {
        return new Redeliveries(subscriptions, subscriberAttempts, deadLetters, probe);
    }

    /** {@return whether anybody wants events, not only outputs} */
    boolean isEventWanted() {
        return subscriptions.stream().anyMatch(subscription -> isOfInput(subscription.typeId()));
    }

    private static boolean isOfInput(int typeId) {
        return typeId < SystemTypes.ID_MIN || (typeId >= SystemTypes.TICK && typeId <= SystemTypes.SOURCE_ACTIVE);
    }

    StageProbe probe(@Nullable LatencyStage stage, PipelineCounter cycleMaxNs) {
        return new StageProbe(clock, counters, errors, cycleMaxNs, stage == null ? null : latencies.recorder(stage));
    }
}
