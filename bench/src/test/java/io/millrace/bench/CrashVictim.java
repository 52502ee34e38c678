package io.millrace.bench;

import io.millrace.PipelineContext;
import io.millrace.journal.FrameLog;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.journal.outbox.SinkRunner;
import io.millrace.ring.ThreadPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that the crash test kills: publishes the first events of the payments workload, always from the first,
 * into a journal, ends the input, and says how it went. It knows nothing of being killed but for the failpoint's
 * property.
 */
final class CrashVictim {
    private static final long SEGMENT_LENGTH = 16L << 20;
    private static final int BLOCK_LENGTH = 4 << 20;

    private CrashVictim() {}

    /** Arguments: data directory, events, events per second (0: as fast as it goes). */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        int count = Integer.parseInt(args[1]);
        long ratePerSecond = Long.parseLong(args[2]);
        try (Journal journal = Journal.open(context(directory));
                SinkRunner sink = new SinkRunner(directory, new IdentityFile(identities(directory)));
                PaymentsPipeline payments = new PaymentsPipeline(
                        Query.Q123,
                        new PipelineContext().threadPlan(ThreadPlan.FUSED).store(journal))) {
            System.out.println("live, recovered=" + payments.pipeline().recoveredCount() + " epoch=" + journal.epoch());
            sink.start();
            publish(payments, count, ratePerSecond);
            payments.pipeline().publisher().end();
            payments.drain();
            awaitDelivered(sink, journal);
            System.out.println("done, stateHash=" + payments.pipeline().stateHash());
        }
    }

    static Path identities(Path directory) {
        return directory.resolve("identities.bin");
    }

    private static void awaitDelivered(SinkRunner sink, Journal journal) {
        while (sink.position() < ((FrameLog) journal.outbox()).nextSequence()) {
            if (sink.fault() != null) {
                throw new IllegalStateException("the sink ended", sink.fault());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    static JournalContext context(Path directory) {
        return new JournalContext()
                .directory(directory)
                .segmentLength(SEGMENT_LENGTH)
                .blockLength(BLOCK_LENGTH);
    }

    private static void publish(PaymentsPipeline payments, int count, long ratePerSecond) {
        long beganNs = System.nanoTime();
        for (int i = 0; i < count; i++) {
            while (ratePerSecond > 0 && System.nanoTime() - beganNs < i * 1_000_000_000L / ratePerSecond) {
                LockSupport.parkNanos(100_000);
            }
            payments.publishNext();
        }
    }
}
