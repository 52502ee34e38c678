package io.millrace;

import io.millrace.dedup.Dedup;
import io.millrace.event.Condition;
import io.millrace.event.EventTypes;
import io.millrace.pattern.PatternLimits;
import io.millrace.ring.ChainContext;
import io.millrace.ring.DeadLetters;
import io.millrace.ring.EventStore;
import io.millrace.ring.Level;
import io.millrace.ring.SnapshotPolicy;
import io.millrace.ring.SyncPolicy;
import io.millrace.ring.ThreadPlan;
import io.millrace.ring.WaitStrategy;
import io.millrace.rule.RuleSettings;
import io.millrace.state.Operator;
import io.millrace.status.Counters;
import io.millrace.status.ErrorLog;
import io.millrace.status.PipelineCounter;
import io.millrace.window.ReorderSpec;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * All settings of a {@link Pipeline}, with defaults that suit a service on a small machine. Setters return this;
 * {@link #conclude} checks everything once, and from then on nothing may be set.
 *
 * <p><b>Threading</b>: one thread. It is long because it is a list: a setter and an accessor for each setting.
 */
public final class PipelineContext implements ChainContext {
    private String name = "millrace";
    private int ringCapacity = 1 << 14;
    private int maxPayloadLength = 192;
    private int outputRingCapacity = 1 << 12;
    private int maxOutputPayloadLength = PatternLimits.MAX_MATCH_LENGTH_DEFAULT;
    private int maxBatchCount = 512;
    private int frontRingLength = 1 << 20;
    private long unblockTimeoutNs = 10_000_000_000L;
    private Level outcomeLevel = Level.PUBLISHED;
    private @Nullable EventTypes eventTypes;
    private @Nullable Condition validator;
    private @Nullable Dedup dedup;
    private final OperatorList operators = new OperatorList();
    private int reorderCapacity = ReorderSpec.CAPACITY_DEFAULT;
    private @Nullable RuleSettings rules;
    private boolean reconfigure;
    private SnapshotPolicy snapshots = SnapshotPolicy.ON_REQUEST;
    private long outOfOrdernessNs;
    private long maxSkewNs;
    private boolean idleAdvance;
    private int maxSources = 1;
    private ThreadPlan threadPlan = ThreadPlan.AUTO;
    private String waitStrategy = "adaptive";
    private int spinningPublisherCount;
    private boolean force;
    private int[] cores = {};
    private @Nullable EventStore store;
    private Level gate = Level.JOURNALED;
    private @Nullable SyncPolicy syncPolicy;
    private @Nullable DeadLetters deadLetters;
    private int subscriberAttempts = 3;
    private EpochNanoClock epochClock = new OffsetEpochNanoClock();
    private @Nullable Counters counters;
    private @Nullable ErrorLog errorLog;
    private long hashIntervalCount = 1 << 16;
    private Runnable warmUp = () -> {};
    private boolean isConcluded;

    private PipelineContext set(Runnable setting) {
        if (isConcluded) {
            throw new IllegalStateException(
                    "cannot change a concluded context: name=" + name + "; make a new one for another pipeline");
        }
        setting.run();
        return this;
    }

    /** Checks all settings; called by {@link Pipeline#create}. */
    PipelineContext conclude() {
        if (isConcluded) {
            throw new IllegalStateException("context concluded twice: name=" + name + "; make one for each pipeline");
        }
        new PipelineLimits(this).check();
        isConcluded = true;
        return this;
    }

    void requireCores(int cpuCount, int sequencerCount) {
        new PipelineLimits(this).requireCores(cpuCount, sequencerCount);
    }

    public PipelineContext name(String value) {
        return set(() -> name = value);
    }

    @Override
    public String name() {
        return name;
    }

    /** Slots of the ring: a power of two. */
    public PipelineContext ringCapacity(int value) {
        return set(() -> ringCapacity = value);
    }

    @Override
    public int ringCapacity() {
        return ringCapacity;
    }

    /** Payload bytes that a slot takes. */
    public PipelineContext maxPayloadLength(int value) {
        return set(() -> maxPayloadLength = value);
    }

    @Override
    public int maxPayloadLength() {
        return maxPayloadLength;
    }

    /** Places between APPLY and EMIT: a power of two, at least what one step of any operator writes. */
    public PipelineContext outputRingCapacity(int value) {
        return set(() -> outputRingCapacity = value);
    }

    @Override
    public int outputRingCapacity() {
        return outputRingCapacity;
    }

    public PipelineContext maxOutputPayloadLength(int value) {
        return set(() -> maxOutputPayloadLength = value);
    }

    @Override
    public int maxOutputPayloadLength() {
        return maxOutputPayloadLength;
    }

    /** The most records that a stage takes in one duty cycle. */
    public PipelineContext maxBatchCount(int value) {
        return set(() -> maxBatchCount = value);
    }

    @Override
    public int maxBatchCount() {
        return maxBatchCount;
    }

    /** Bytes of a {@link ConcurrentPublisher}'s front ring: a power of two. */
    public PipelineContext frontRingLength(int value) {
        return set(() -> frontRingLength = value);
    }

    public int frontRingLength() {
        return frontRingLength;
    }

    /** How long the front ring may stand still on a claim before its producer counts as dead. */
    public PipelineContext unblockTimeoutNs(long value) {
        return set(() -> unblockTimeoutNs = value);
    }

    public long unblockTimeoutNs() {
        return unblockTimeoutNs;
    }

    /** The level at which a {@link ConcurrentPublisher} tells an outcome. */
    public PipelineContext outcomeLevel(Level value) {
        return set(() -> outcomeLevel = value);
    }

    public Level outcomeLevel() {
        return outcomeLevel;
    }

    /** Event types that are accepted; without them every type id is. */
    public PipelineContext eventTypes(EventTypes value) {
        return set(() -> eventTypes = value);
    }

    @Override
    public @Nullable EventTypes eventTypes() {
        return eventTypes;
    }

    /** A test that ADMIT rejects events by; it must depend on nothing but the event. */
    public PipelineContext validator(Condition value) {
        return set(() -> validator = value);
    }

    @Override
    public @Nullable Condition validator() {
        return validator;
    }

    /** What ADMIT finds duplicates with; without it every event is new. */
    public PipelineContext dedup(Dedup value) {
        return set(() -> dedup = value);
    }

    @Override
    public @Nullable Dedup dedup() {
        return dedup;
    }

    /**
     * Adds an operator; they run in this order. If events may come out of order, one that needs them in order is put
     * behind a {@link io.millrace.window.ReorderBuffer} that drops late events.
     */
    public PipelineContext operator(Operator value) {
        return operator(value, "");
    }

    /**
     * Adds an operator whose settings the journal knows: where they change, the operator begins anew.
     *
     * @param settings all that decides what it puts out, in words; empty if nobody looks after changes
     */
    public PipelineContext operator(Operator value, String settings) {
        return set(() -> operators.add(value, settings));
    }

    @Override
    public List<String> operatorSettings() {
        return operators.settings();
    }

    /** What rules may be deployed while it runs, see {@link Pipeline#rules}; without it none. */
    public PipelineContext rules(@Nullable RuleSettings value) {
        return set(() -> rules = value);
    }

    @Override
    public @Nullable RuleSettings rules() {
        return rules;
    }

    /**
     * Lets operators be others than those that the data was written with. One that changed starts empty, one that is
     * gone is forgotten; both would be refused otherwise. New ones need no leave.
     */
    public PipelineContext reconfigure(boolean value) {
        return set(() -> reconfigure = value);
    }

    @Override
    public boolean reconfigure() {
        return reconfigure;
    }

    /** The operators, those that need it behind their reorder buffers. */
    @Override
    public List<Operator> operators() {
        return operators.inOrder(this);
    }

    @Override
    public Operator inOrder(Operator operator) {
        return OperatorList.ordered(operator, this);
    }

    /** How many events wait in order at most, for each operator that needs order and is given out of it. */
    public PipelineContext reorderCapacity(int value) {
        return set(() -> reorderCapacity = value);
    }

    public int reorderCapacity() {
        return reorderCapacity;
    }

    /** How far behind the greatest event time an event may come without being late. */
    public PipelineContext outOfOrdernessNs(long value) {
        return set(() -> outOfOrdernessNs = value);
    }

    @Override
    public long outOfOrdernessNs() {
        return outOfOrdernessNs;
    }

    /** How far an event's time may be ahead of its publication before ADMIT rejects it; 0 for any. */
    public PipelineContext maxSkewNs(long value) {
        return set(() -> maxSkewNs = value);
    }

    @Override
    public long maxSkewNs() {
        return maxSkewNs;
    }

    /** Whether event time goes on by the clock while nothing is published. */
    public PipelineContext idleAdvance(boolean value) {
        return set(() -> idleAdvance = value);
    }

    @Override
    public boolean idleAdvance() {
        return idleAdvance;
    }

    /**
     * How many sources event time tells apart: it waits for the one that is furthest behind, until {@link
     * Publisher#idle} says not to. 1, the default, tells none apart: time follows the newest event.
     */
    public PipelineContext maxSources(int value) {
        return set(() -> maxSources = value);
    }

    @Override
    public int maxSources() {
        return maxSources;
    }

    public PipelineContext threadPlan(ThreadPlan value) {
        return set(() -> threadPlan = value);
    }

    @Override
    public ThreadPlan threadPlan() {
        return threadPlan;
    }

    /** One of {@link WaitStrategy#names()}. */
    public PipelineContext waitStrategy(String value) {
        return set(() -> waitStrategy = value);
    }

    @Override
    public String waitStrategy() {
        return waitStrategy;
    }

    /** How many threads of the caller spin beside the pipeline's; counted against the cores. */
    public PipelineContext spinningPublisherCount(int value) {
        return set(() -> spinningPublisherCount = value);
    }

    public int spinningPublisherCount() {
        return spinningPublisherCount;
    }

    /** Starts also where more threads would spin than there are cores. */
    public PipelineContext force(boolean value) {
        return set(() -> force = value);
    }

    public boolean force() {
        return force;
    }

    /** Cores to pin the stage threads to, in the order of the plan, used in turn; none to pin nothing. */
    public PipelineContext cores(int... value) {
        return set(() -> cores = value.clone());
    }

    @Override
    public int[] cores() {
        return cores.clone();
    }

    /** Where events and outputs are kept; without it nothing outlives the process. The caller closes it. */
    public PipelineContext store(EventStore value) {
        return set(() -> store = value);
    }

    @Override
    public @Nullable EventStore store() {
        return store;
    }

    /** When a snapshot is taken, if the store keeps any. */
    public PipelineContext snapshots(SnapshotPolicy value) {
        return set(() -> snapshots = value);
    }

    @Override
    public SnapshotPolicy snapshots() {
        return snapshots;
    }

    /**
     * The level that an event must have reached before it and its outputs leave. JOURNALED, the default, suits input
     * that is there again after a power cut; what came over a network, and is acknowledged to its sender, needs SYNCED.
     */
    public PipelineContext gate(Level value) {
        return set(() -> gate = value);
    }

    @Override
    public Level gate() {
        return gate;
    }

    /**
     * When the journal is forced to the disk by itself. The default is {@link SyncPolicy#GROUP} where {@link #gate} or
     * {@link #outcomeLevel} is SYNCED, else {@link SyncPolicy#NONE}.
     */
    public PipelineContext syncPolicy(SyncPolicy value) {
        return set(() -> syncPolicy = value);
    }

    @Override
    public SyncPolicy syncPolicy() {
        return syncPolicy != null ? syncPolicy : SyncPolicy.behind(gate, outcomeLevel);
    }

    /** After how many accepted records a hash over their outputs goes to the journal; 0 for never. */
    public PipelineContext hashIntervalCount(long value) {
        return set(() -> hashIntervalCount = value);
    }

    @Override
    public long hashIntervalCount() {
        return hashIntervalCount;
    }

    /**
     * What is run before {@link Pipeline#isReady}, on the thread that starts: say, a replay into operators of its own,
     * so that the code is compiled before the first event.
     */
    public PipelineContext warmUp(Runnable value) {
        return set(() -> warmUp = value);
    }

    Runnable warmUp() {
        return warmUp;
    }

    /** Where events go that a subscriber gave up; without it the subscriber halts. */
    public PipelineContext deadLetters(DeadLetters value) {
        return set(() -> deadLetters = value);
    }

    @Override
    public DeadLetters deadLetters() {
        return deadLetters != null ? deadLetters : DeadLetters.NONE;
    }

    /** How often a subscriber is called with an event before the event is a dead letter. */
    public PipelineContext subscriberAttempts(int value) {
        return set(() -> subscriberAttempts = value);
    }

    @Override
    public int subscriberAttempts() {
        return subscriberAttempts;
    }

    /** The clock of {@code ingestTimeNs} and of latencies. */
    public PipelineContext epochClock(EpochNanoClock value) {
        return set(() -> epochClock = value);
    }

    @Override
    public EpochNanoClock epochClock() {
        return epochClock;
    }

    public PipelineContext counters(Counters value) {
        return set(() -> counters = value);
    }

    @Override
    public Counters counters() {
        if (counters == null) {
            counters = Counters.allocate();
        }
        return counters;
    }

    public PipelineContext errorLog(ErrorLog value) {
        return set(() -> errorLog = value);
    }

    @Override
    public ErrorLog errorLog() {
        if (errorLog == null) {
            errorLog = ErrorLog.allocate(counters().counter(PipelineCounter.ERRORS));
        }
        return errorLog;
    }

    @Override
    public String toString() {
        return "PipelineContext{name=" + name + ", ringCapacity=" + ringCapacity + ", maxPayloadLength="
                + maxPayloadLength + ", outputRingCapacity=" + outputRingCapacity + ", maxBatchCount=" + maxBatchCount
                + ", operators=" + operators().stream().map(Operator::name).toList() + ", outOfOrdernessNs="
                + outOfOrdernessNs + ", maxSkewNs=" + maxSkewNs + ", idleAdvance=" + idleAdvance + ", threadPlan="
                + threadPlan + ", waitStrategy=" + waitStrategy + ", cores=" + Arrays.toString(cores) + ", store="
                + store + ", gate=" + gate + ", syncPolicy=" + syncPolicy() + ", subscriberAttempts="
                + subscriberAttempts + '}';
    }
}
