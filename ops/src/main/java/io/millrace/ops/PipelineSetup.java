package io.millrace.ops;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.dedup.Dedup;
import io.millrace.dedup.LastIds;
import io.millrace.dedup.ProducerWindows;
import io.millrace.event.Schema;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.journal.OutboxOverrun;
import io.millrace.journal.replay.Follower;
import io.millrace.ops.config.RunConfig;
import io.millrace.ring.DeadLetters;
import io.millrace.ring.EventStore;
import io.millrace.ring.Level;
import io.millrace.ring.SnapshotPolicy;
import io.millrace.ring.ThreadPlan;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns a configuration into the settings of a pipeline and of its store. */
final class PipelineSetup {
    private static final long BLOCK_LENGTH_MAX = 1 << 24;
    private static final int FRAME_LENGTH_MAX = 1 << 18;
    /** Chronicle takes an excerpt of a quarter of a block; the frame's header and alignment go off that. */
    private static final int BLOCK_TO_FRAME = 4;

    private static final int FRAME_MARGIN = 1024;

    /** Of a core. */
    private static final double FOLLOWER_SHARE = 0.5;

    private PipelineSetup() {}

    static JournalContext journal(RunConfig config, Path dataDirectory) {
        int blockLength = (int) Math.min(BLOCK_LENGTH_MAX, Long.lowestOneBit(config.segmentLength()));
        return new JournalContext()
                .directory(dataDirectory)
                .segmentLength(config.segmentLength())
                .blockLength(blockLength)
                .frameLength(Math.min(FRAME_LENGTH_MAX, blockLength / BLOCK_TO_FRAME - FRAME_MARGIN))
                .snapshotKeepCount(config.snapshots().keepCount())
                .verifyAll(config.snapshots().verifiesAll())
                .retention(config.retention())
                .outboxMaxLength(config.outbox().maxLength())
                .outboxOverrun(OutboxOverrun.valueOf(config.outbox().overrun().name()));
    }

    /** {@return settings of what a replay needs: types, time, dedup and operators, all of its own} */
    static PipelineContext replay(RunConfig config) {
        return replay(config, Operators.of(config));
    }

    /** {@return the same with operators that the caller looks at} */
    static PipelineContext replay(RunConfig config, Operators operators) {
        return states(config, operators);
    }

    /** {@return what takes snapshots behind a pipeline that has started, null if its stages do} */
    static @Nullable Follower follower(RunConfig config, Journal store, Pipeline pipeline) {
        return config.snapshots().isByFollower()
                ? new Follower(
                        store,
                        replay(config),
                        config.snapshots().policy(),
                        pipeline.emitted()::sequence,
                        FOLLOWER_SHARE)
                : null;
    }

    static PipelineContext pipeline(RunConfig config, Operators operators, EventStore store, DeadLetters deadLetters) {
        RunConfig.PipelineSection pipeline = config.pipeline();
        return states(config, operators)
                .threadPlan(ThreadPlan.valueOf(pipeline.plan().toUpperCase(Locale.ROOT)))
                .waitStrategy(pipeline.waitStrategy())
                .force(pipeline.force())
                .cores(pipeline.cores().stream().skip(1).mapToInt(core -> core).toArray())
                .store(store)
                .gate(Level.valueOf(config.outbox().gate().name()))
                .syncPolicy(config.syncPolicy())
                .snapshots(
                        config.snapshots().isByFollower()
                                ? SnapshotPolicy.ON_REQUEST
                                : config.snapshots().policy())
                .deadLetters(deadLetters);
    }

    /** All that decides what the outputs are, and the rings. */
    private static PipelineContext states(RunConfig config, Operators operators) {
        RunConfig.PipelineSection pipeline = config.pipeline();
        PipelineContext context = new PipelineContext()
                .name(pipeline.name())
                .ringCapacity(pipeline.ringCapacity())
                .maxPayloadLength(pipeline.maxPayloadLength())
                .maxOutputPayloadLength(config.maxOutputPayloadLength())
                .outputRingCapacity(pipeline.outputRingCapacity())
                .maxBatchCount(pipeline.maxBatchCount())
                .eventTypes(config.eventTypes().with(Schema.outputs()))
                .outOfOrdernessNs(config.eventTime().outOfOrdernessNs())
                .maxSkewNs(config.eventTime().maxSkewNs())
                .rules(RuleTexts.settings(config))
                .idleAdvance(config.eventTime().idleAdvance())
                .maxSources(config.eventTime().maxSources())
                .reorderCapacity(config.eventTime().reorderCapacity());
        Dedup dedup = dedup(config.dedup());
        if (dedup != null) {
            context.dedup(dedup);
        }
        operators.all().forEach(operator -> context.operator(operator, OperatorSettings.of(config, operator.name())));
        return context;
    }

    private static @Nullable Dedup dedup(RunConfig.DedupSection dedup) {
        return switch (dedup.kind()) {
            case LAST_IDS -> new LastIds("dedup", dedup.size());
            case PRODUCERS -> new ProducerWindows("dedup", dedup.maxProducers(), dedup.windowBits());
            case NONE -> null;
        };
    }
}
