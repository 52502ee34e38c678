package io.millrace.ring;

import io.millrace.dedup.Dedup;
import io.millrace.event.Condition;
import io.millrace.event.EventTypes;
import io.millrace.rule.RuleSettings;
import io.millrace.state.Operator;
import io.millrace.status.Counters;
import io.millrace.status.ErrorLog;
import java.util.List;
import org.agrona.concurrent.EpochNanoClock;
import org.jspecify.annotations.Nullable;

/** What a {@link StageChain} is made of. Read once, when it is made; already validated. */
public interface ChainContext {
    String name();

    int ringCapacity();

    int maxPayloadLength();

    int outputRingCapacity();

    int maxOutputPayloadLength();

    int maxBatchCount();

    @Nullable
    EventTypes eventTypes();

    @Nullable
    Condition validator();

    @Nullable
    Dedup dedup();

    List<Operator> operators();

    /** {@return the settings of each operator in words, in their order; empty for one that nobody told} */
    List<String> operatorSettings();

    /** {@return what rules it takes while it runs, null for none} */
    @Nullable
    RuleSettings rules();

    /** {@return an operator that comes later, behind a reorder buffer where one of {@link #operators} would be} */
    Operator inOrder(Operator operator);

    /** {@return whether operators may be others than those that the data was written with} */
    boolean reconfigure();

    SnapshotPolicy snapshots();

    /** {@return how many accepted records each hash over outputs in the journal covers, 0 for none} */
    long hashIntervalCount();

    long outOfOrdernessNs();

    long maxSkewNs();

    boolean idleAdvance();

    int maxSources();

    ThreadPlan threadPlan();

    String waitStrategy();

    int[] cores();

    @Nullable
    EventStore store();

    Level gate();

    SyncPolicy syncPolicy();

    DeadLetters deadLetters();

    int subscriberAttempts();

    EpochNanoClock epochClock();

    Counters counters();

    ErrorLog errorLog();
}
