package io.millrace.bench;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.event.Event;
import io.millrace.journal.Journal;
import io.millrace.journal.replay.Follower;
import io.millrace.ring.SnapshotPolicy;
import io.millrace.status.PipelineCounter;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Q1 + Q2 + Q3 at a fixed rate, journal on: an event has come out when a subscriber gets it behind the gate. For the
 * price of snapshots there is an operator with much state besides, and one is taken every so often.
 */
final class OpenPipelineSubject implements Subject {
    /**
     * Few keys per record: what closes a window of 84,000 keys then takes a third of the slide, and no event waits for
     * more than a few rows.
     */
    private static final String SWEEP_BUDGET = "4";

    /** Who takes snapshots. */
    enum Snapshots {
        NONE,
        INLINE,
        FOLLOWER
    }

    private final BenchDirectory directory;
    private final Journal journal;
    private final PaymentsPipeline pipeline;
    private final OpenLoop loop;
    private final OpenLoop.Sender sender;
    private final @Nullable Follower follower;
    private int lastOrdinal;

    /** Without ballast and snapshots. */
    OpenPipelineSubject(Map<String, String> options) throws IOException {
        this(options, Snapshots.NONE, 0);
    }

    /** With ballast of as many bytes as the option {@code stateMb} says. */
    OpenPipelineSubject(Map<String, String> options, Snapshots snapshots) throws IOException {
        this(options, snapshots, Long.parseLong(options.getOrDefault("stateMb", "200")) << 20);
    }

    private OpenPipelineSubject(Map<String, String> options, Snapshots snapshots, long ballastLength)
            throws IOException {
        this.loop = new OpenLoop("millrace", options);
        this.directory = BenchDirectory.create(options);
        this.journal = QuerySubject.openJournal(directory.path(), options);
        PipelineContext context = QuerySubject.context(options).store(journal);
        if (ballastLength > 0) {
            context.operator(new BallastOperator(ballastLength));
        }
        SnapshotPolicy policy =
                new SnapshotPolicy(0, 0, Long.parseLong(options.getOrDefault("snapshotMs", "2000")) * 1_000_000);
        if (snapshots == Snapshots.INLINE) {
            context.snapshots(policy);
        }
        int sweepBudget = Integer.parseInt(options.getOrDefault("sweep", SWEEP_BUDGET));
        this.pipeline = new PaymentsPipeline(Query.Q123, context, sweepBudget, this::onEvent, this::onOutput);
        this.sender = pipeline::publishNext;
        this.follower = snapshots == Snapshots.FOLLOWER ? follower(options, policy, ballastLength, sweepBudget) : null;
    }

    private Follower follower(Map<String, String> options, SnapshotPolicy policy, long ballastLength, int sweepBudget) {
        PipelineContext context = QuerySubject.context(options).operator(new BallastOperator(ballastLength));
        Follower made = new Follower(
                journal,
                PaymentsPipeline.configure(Query.Q123, context, new PaymentTypes(), sweepBudget),
                policy,
                pipeline.pipeline().emitted()::sequence,
                Double.parseDouble(options.getOrDefault("share", "0.5")));
        made.start();
        return made;
    }

    private void onEvent(Event event) {
        lastOrdinal = event.sourceId();
        loop.received(lastOrdinal);
    }

    /** Outputs follow the event that caused them. */
    private void onOutput(Event output) {
        loop.receivedOutput(lastOrdinal);
    }

    @Override
    public long fillCount() {
        return Query.Q123.fillCount;
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        meter.begin();
        int count = loop.run(durationNs, sender);
        pipeline.drain();
        meter.end(count, (long) count * RecordTemplate.RECORD_LENGTH);
        loop.report(meter);
        tellSnapshots();
    }

    private void tellSnapshots() {
        Pipeline live = pipeline.pipeline();
        if (follower != null) {
            System.err.println("follower at " + follower.sequence() + ", snapshot " + follower.snapshotSequence()
                    + ", live at " + live.emitted().sequence() + ", fault=" + follower.fault());
        } else if (live.snapshotSequence() >= 0) {
            System.err.println("inline snapshot " + live.snapshotSequence() + ", longest pause so far us="
                    + live.counters()
                                    .counter(PipelineCounter.SNAPSHOT_PAUSE_MAX_NS)
                                    .get()
                            / 1000);
        }
    }

    @Override
    public void close() throws IOException {
        if (follower != null) {
            follower.close();
        }
        pipeline.close();
        journal.close();
        directory.close();
    }
}
