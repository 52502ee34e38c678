package io.millrace.journal.replay;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.dedup.ProducerWindows;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.ring.ThreadPlan;
import io.millrace.state.Operator;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.nio.file.Path;

/** A small live run to replay: an output for each event whose key is at least a threshold, with a running sum. */
final class Steps {
    static final int OUTPUT_TYPE = 60_500;
    static final int EVENT_TYPE = 7;
    static final long INGEST_STEP_NS = 1_000_000;
    private static final long TIMEOUT_NS = 20_000_000_000L;

    private Steps() {}

    static PipelineContext context(long threshold) {
        return new PipelineContext()
                .threadPlan(ThreadPlan.INVOKED)
                .dedup(new ProducerWindows("dedup", 4, 4096))
                .operator(new Sum(threshold));
    }

    static JournalContext journal(Path directory) {
        return new JournalContext()
                .directory(directory)
                .segmentLength(1 << 20)
                .blockLength(1 << 18)
                .frameLength(1 << 14);
    }

    /** Publishes events numbered from..to-1, their keys 0..9 in turn, one a millisecond. */
    static long run(Path directory, PipelineContext context, long from, long to) {
        try (Journal journal = Journal.open(journal(directory))) {
            return run(journal, context, from, to);
        }
    }

    static long run(Journal journal, PipelineContext context, long from, long to) {
        long[] nowNs = {from * INGEST_STEP_NS};
        try (Pipeline pipeline = Pipeline.create(context.store(journal).epochClock(() -> nowNs[0]))) {
            pipeline.start();
            for (long number = from; number < to; number++) {
                nowNs[0] = number * INGEST_STEP_NS;
                assertTrue(pipeline.publisher().publish(event(number)) >= 0);
                while (pipeline.doWork() > 0) {
                    // Ends the batch, so that the clock is read for the next event.
                }
            }
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
            return pipeline.stateHash();
        }
    }

    static MutableEvent event(long number) {
        return MutableEvent.allocate(0)
                .id(1, number)
                .key(number % 10)
                .typeId(EVENT_TYPE)
                .timestampNs(number * INGEST_STEP_NS);
    }

    static String describe(Event output) {
        return output.idLo() + "/" + Long.toHexString(output.idHi()) + '=' + output.key();
    }

    static final class Sum implements Operator {
        private final long threshold;
        /** A planted fault: what is added to the sum at one sequence. */
        long wrongAt = -1;

        private long sum;

        Sum(long threshold) {
            this.threshold = threshold;
        }

        @Override
        public String name() {
            return "sum";
        }

        @Override
        public int maxOutputsPerStep() {
            return 1;
        }

        @Override
        public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
            return true;
        }

        @Override
        public void onEvent(Event event, Outputs outputs) {
            sum += event.key() + (event.sequence() == wrongAt ? 1 : 0);
            if (event.key() >= threshold) {
                MutableEvent output = outputs.claim(OUTPUT_TYPE, 0);
                output.key(sum);
                outputs.commit();
            }
        }

        @Override
        public long nextDeadlineNs() {
            return Long.MAX_VALUE;
        }

        @Override
        public void save(StateWriter writer) {
            writer.putLong(sum);
        }

        @Override
        public void load(StateReader reader) {
            sum = reader.getLong();
        }
    }
}
