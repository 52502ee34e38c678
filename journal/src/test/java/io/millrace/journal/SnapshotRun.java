package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.dedup.LastIds;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.ring.ThreadPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Pipelines with snapshots on a data directory, polled by the test. */
final class SnapshotRun {
    static final long TIMEOUT_NS = 20_000_000_000L;

    private SnapshotRun() {}

    static PipelineContext context() {
        return new PipelineContext()
                .ringCapacity(256)
                .outputRingCapacity(256)
                .maxBatchCount(32)
                .dedup(new LastIds("ids", 1 << 17))
                .threadPlan(ThreadPlan.INVOKED)
                .operator(new Tally("tally"));
    }

    static Pipeline start(Journal journal) {
        return start(journal, context());
    }

    static Pipeline start(Journal journal, PipelineContext context) {
        Pipeline pipeline = Pipeline.create(context.store(journal));
        pipeline.start();
        return pipeline;
    }

    static MutableEvent event(long number) {
        return MutableEvent.allocate(0).id(1, number).key(number % 11).typeId(7).timestampNs(number * 1000);
    }

    static void publish(Pipeline pipeline, long from, long to) {
        for (long number = from; number < to; number++) {
            while (pipeline.publisher().publish(event(number)) < 0) {
                pipeline.doWork();
            }
        }
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
    }

    /** Takes a snapshot and waits until it counts. {@return its sequence} */
    static long snapshot(Pipeline pipeline) {
        long before = pipeline.snapshotSequence();
        assertTrue(pipeline.requestSnapshot());
        pipeline.publisher().onIdle(0);
        long beganNs = System.nanoTime();
        while (pipeline.snapshotSequence() == before) {
            pipeline.doWork();
            assertTrue(System.nanoTime() - beganNs < TIMEOUT_NS, () -> errors(pipeline));
        }
        return pipeline.snapshotSequence();
    }

    private static String errors(Pipeline pipeline) {
        StringBuilder text = new StringBuilder();
        pipeline.errorLog()
                .read((count, firstMs, lastMs, stack) -> text.append(stack).append('\n'));
        return text.toString();
    }

    /** {@return the outputs of a data directory, identity and all} */
    static List<String> outputs(Path directory) {
        List<String> outputs = new ArrayList<>();
        Event output = new Event();
        try (FrameReader reader = FrameReader.open(directory, LogKind.OUTBOX)) {
            while (reader.nextRecord(output)) {
                outputs.add(Long.toHexString(output.idHi()) + '/' + output.idLo() + '=' + output.key());
            }
        }
        return outputs;
    }

    /** {@return the outputs that the whole journal gives in operators of their own} */
    static List<String> replayedOutputs(Path directory) {
        List<String> outputs = new ArrayList<>();
        var replayer = Pipeline.replayer(
                context(),
                output -> outputs.add(Long.toHexString(output.idHi()) + '/' + output.idLo() + '=' + output.key()));
        Event record = new Event();
        try (FrameReader reader = FrameReader.open(directory, LogKind.JOURNAL)) {
            while (reader.nextRecord(record)) {
                replayer.take(record, reader.frame().epoch());
            }
        }
        replayer.flush();
        return outputs;
    }
}
