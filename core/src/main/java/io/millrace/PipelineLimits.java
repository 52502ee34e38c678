package io.millrace;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.ring.EventLog;
import io.millrace.ring.EventRing;
import io.millrace.ring.EventStore;
import io.millrace.ring.Level;
import io.millrace.ring.SyncPolicy;
import io.millrace.ring.ThreadPlan;
import io.millrace.ring.WaitStrategy;
import io.millrace.state.FedOperator;
import io.millrace.state.Operator;
import io.millrace.thread.CorePinning;
import io.millrace.window.ReorderBuffer;
import io.millrace.window.ReorderSpec;
import io.millrace.window.Watermark;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the settings of a pipeline, alone and against each other; throws at the first that is wrong. */
final class PipelineLimits {
    private final PipelineContext context;

    PipelineLimits(PipelineContext context) {
        this.context = context;
    }

    void check() {
        requireRange("maxPayloadLength", context.maxPayloadLength(), 0, 1 << 20);
        requireRange("maxOutputPayloadLength", context.maxOutputPayloadLength(), 0, 1 << 20);
        requireRange("maxBatchCount", context.maxBatchCount(), 1, 1 << 20);
        requireRange("subscriberAttempts", context.subscriberAttempts(), 1, 1000);
        requireRange("unblockTimeoutNs", context.unblockTimeoutNs(), 1, Long.MAX_VALUE);
        requireRange("spinningPublisherCount", context.spinningPublisherCount(), 0, 1000);
        requireRange("hashIntervalCount", context.hashIntervalCount(), 0, 1L << 40);
        requireLevels();
        requireSyncs();
        requireRange("outOfOrdernessNs", context.outOfOrdernessNs(), 0, Long.MAX_VALUE / 4);
        requireRange("reorderCapacity", context.reorderCapacity(), 1, ReorderSpec.CAPACITY_MAX);
        requireRange("maxSources", context.maxSources(), 1, Watermark.MAX_SOURCES_LIMIT);
        requireRange("maxSkewNs", context.maxSkewNs(), 0, Long.MAX_VALUE / 4);
        requirePowerOfTwo("ringCapacity", context.ringCapacity());
        requirePowerOfTwo("outputRingCapacity", context.outputRingCapacity());
        requirePowerOfTwo("frontRingLength", context.frontRingLength());
        requireNames();
        requireRoomForOutputs();
        requireRoomForWaiting();
        requireOutputTypes();
        requireRoomForRules();
        requireRoomInFrames();
        requireCores(0);
        requireSlabs();
    }

    private static void requireRange(String setting, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("cannot build pipeline: " + setting + '=' + value + " (expected: " + min
                    + " to " + max + "); set " + setting + " in that range");
        }
    }

    private static void requirePowerOfTwo(String setting, int value) {
        if (value < 2 || Integer.bitCount(value) != 1) {
            throw new IllegalArgumentException("cannot build pipeline: " + setting + '=' + value
                    + " (expected: power of two, 2 to 1073741824); set " + setting + '='
                    + EventRing.nearestCapacity(value));
        }
    }

    private void requireSlabs() {
        EventRing.requireSlab("ringCapacity", context.ringCapacity(), "maxPayloadLength", context.maxPayloadLength());
        EventRing.requireSlab(
                "outputRingCapacity",
                context.outputRingCapacity(),
                "maxOutputPayloadLength",
                context.maxOutputPayloadLength());
    }

    private void requireLevels() {
        if (context.store() == null && context.outcomeLevel() != Level.PUBLISHED) {
            throw new IllegalArgumentException("cannot build pipeline: outcomeLevel=" + context.outcomeLevel()
                    + " without a store (expected: PUBLISHED); set a store, or outcomeLevel=PUBLISHED");
        }
    }

    private void requireSyncs() {
        if (context.gate() == Level.SYNCED && context.syncPolicy().equals(SyncPolicy.NONE)) {
            throw new IllegalArgumentException("cannot build pipeline: syncPolicy=NONE with gate=SYNCED (expected:"
                    + " GROUP, PER_BATCH or an interval); choose another syncPolicy, or gate=JOURNALED");
        }
    }

    private void requireNames() {
        WaitStrategy.named(context.waitStrategy());
        Set<String> names = new HashSet<>();
        for (Operator operator : context.operators()) {
            if (!names.add(operator.name())) {
                throw new IllegalArgumentException("cannot build pipeline: operator name=" + operator.name()
                        + " is used twice (expected: each name once); rename one of them");
            }
            for (String feeder : feeders(operator)) {
                if (!names.contains(feeder) || feeder.equals(operator.name())) {
                    throw new IllegalArgumentException("cannot build pipeline: operator " + operator.name()
                            + " takes outputs of operator=" + feeder + " (expected: one of those added before it, "
                            + names + "); add that one first");
                }
            }
        }
    }

    private static List<String> feeders(Operator operator) {
        return operator instanceof FedOperator fed
                ? fed.feeders()
                : operator.operators().stream()
                        .flatMap(inner -> feeders(inner).stream())
                        .toList();
    }

    private void requireRoomForOutputs() {
        for (Operator operator : context.operators()) {
            if (operator.maxOutputsPerStep() > context.outputRingCapacity()) {
                throw new IllegalArgumentException("cannot build pipeline: operator " + operator.name()
                        + " writes maxOutputsPerStep=" + operator.maxOutputsPerStep()
                        + " (expected: <= outputRingCapacity=" + context.outputRingCapacity()
                        + "); raise outputRingCapacity");
            }
        }
    }

    /** What {@link Operator#outputTypes} tells must fit an output, and share no id or name with any other type. */
    private void requireOutputTypes() {
        EventTypes known = context.eventTypes();
        EventTypes types = known == null ? EventTypes.of(List.of()) : known;
        for (Operator operator : context.operators()) {
            for (EventType type : operator.outputTypes()) {
                requireRoom(operator, type);
                EventType same = types.byId(type.id());
                if (same == null || !isSame(same, type)) {
                    types = types.with(List.of(type));
                }
            }
        }
    }

    private void requireRoom(Operator operator, EventType type) {
        if (type.encodedLength() > context.maxOutputPayloadLength()) {
            throw new IllegalArgumentException("cannot build pipeline: operator " + operator.name() + " puts out "
                    + type + " of " + type.encodedLength() + " bytes (expected: <= maxOutputPayloadLength="
                    + context.maxOutputPayloadLength() + "); raise maxOutputPayloadLength");
        }
    }

    private static boolean isSame(EventType left, EventType right) {
        return left.name().equals(right.name()) && left.layout(0).equals(right.layout(0));
    }

    private void requireRoomForWaiting() {
        for (Operator operator : context.operators()) {
            if (operator instanceof ReorderBuffer buffer
                    && buffer.spec().maxPayloadLength() < context.maxPayloadLength()) {
                throw new IllegalArgumentException("cannot build pipeline: the reorder buffer of operator "
                        + operator.name() + " takes maxPayloadLength="
                        + buffer.spec().maxPayloadLength() + " (expected: >= maxPayloadLength="
                        + context.maxPayloadLength() + " of the pipeline); raise it, or lower the pipeline's");
            }
        }
    }

    /** A change of rules comes in parts, and none may be empty. */
    private void requireRoomForRules() {
        if (context.rules() != null) {
            requireRange("maxPayloadLength with rules", context.maxPayloadLength(), 64, 1 << 20);
        }
    }

    private void requireRoomInFrames() {
        EventStore store = context.store();
        if (store != null) {
            requireFrame("maxPayloadLength", context.maxPayloadLength(), "journal", store.journal());
            requireFrame("maxOutputPayloadLength", context.maxOutputPayloadLength(), "outbox", store.outbox());
        }
    }

    private static void requireFrame(String setting, int payloadLength, String what, EventLog log) {
        int longest = log.maxRecordLength() - Event.HEADER_LENGTH;
        if (payloadLength > longest) {
            throw new IllegalArgumentException("cannot build pipeline: " + setting + '=' + payloadLength
                    + " (expected: <= " + longest + ", what a frame of the " + what
                    + " takes); lower it, or raise frameLength");
        }
    }

    /** Has the store keep room for what the rings can hold, so that what is admitted can always be written. */
    void keepRoom() {
        EventStore store = context.store();
        if (store != null) {
            int recordLength = Event.HEADER_LENGTH + context.maxPayloadLength();
            int outputLength = Event.HEADER_LENGTH + context.maxOutputPayloadLength();
            store.journal().keepRoomFor(context.ringCapacity(), recordLength);
            store.outbox().keepRoomFor((long) context.ringCapacity() + context.outputRingCapacity(), outputLength);
        }
    }

    /** Asks for the cores of this machine. */
    void requireCores(int sequencerCount) {
        requireCores(CorePinning.availableCores(), sequencerCount);
    }

    /** Threads that spin on more cores than there are steal each other's time slices: stalls of milliseconds. */
    void requireCores(int cpuCount, int sequencerCount) {
        ThreadPlan plan = context.threadPlan().resolve(cpuCount);
        boolean isSpinning = WaitStrategy.named(context.waitStrategy()).isBusySpinning();
        int stageCount = isSpinning ? plan.threadCount() : 0;
        int sequencers = isSpinning && plan != ThreadPlan.INVOKED ? sequencerCount : 0;
        int publisherCount = context.spinningPublisherCount() + sequencers;
        int spinningCount = stageCount + publisherCount;
        if (spinningCount > Math.max(0, cpuCount - 1) && !context.force()) {
            throw new IllegalArgumentException("cannot build pipeline: busy-spinning threads=" + spinningCount
                    + " (" + stageCount + " stage threads of plan " + plan + " with waitStrategy "
                    + context.waitStrategy() + ", " + publisherCount + " publishers; expected: <= "
                    + Math.max(0, cpuCount - 1) + ", the cores=" + cpuCount
                    + " less one); choose waitStrategy adaptive, a plan with fewer threads, or force");
        }
    }
}
