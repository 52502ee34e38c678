package io.millrace.ops;

import io.millrace.Pipeline;
import io.millrace.Publisher;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalException;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.journal.replay.Follower;
import io.millrace.latency.HiccupMeter;
import io.millrace.latency.LatencyRecorder;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.KeptConfig;
import io.millrace.ops.command.Signals;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.format.EventMapping;
import io.millrace.ops.format.RowReader;
import io.millrace.pattern.Match;
import io.millrace.pattern.PatternMatch;
import io.millrace.ring.Level;
import io.millrace.ring.PipelineFailedException;
import io.millrace.thread.CorePinning;
import io.millrace.window.WindowResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * One run: opens input and data directory, starts the pipeline, publishes the rows, drains and sums up.
 *
 * <p><b>Threading</b>: the thread that runs is the one writer. <b>Failure</b>: {@link CommandException} with the status
 * to end with; what was accepted before it is in the journal.
 */
final class RunSession implements StoppableInput.Watch {
    private static final long DRAIN_LOOK_INTERVAL_NS = 50_000_000;
    private final RunConfig config;
    private final Options options;
    private final Signals signals;
    private final PrintWriter err;
    private final RecoveryProgress recovery;
    private final NanoClock clock = SystemNanoClock.INSTANCE;
    private final EpochNanoClock epochClock = new SystemEpochNanoClock();
    /** Of a pipeline that runs. */
    private @Nullable Publisher publisher;

    private String end = RowPublisher.END_OF_INPUT;

    RunSession(RunConfig config, Options options, Signals signals, PrintWriter err) {
        this.config = config;
        this.options = options;
        this.signals = signals;
        this.err = err;
        this.recovery = new RecoveryProgress(err, clock, Boolean.getBoolean("millrace.terminal"));
    }

    /**
     * What the command line says of a run.
     *
     * @param ratePerSecond planned, 0 for as fast as it goes
     */
    record Options(
            Path dataDirectory, boolean isFlushing, boolean isStrict, boolean isReconfiguring, long ratePerSecond) {}

    /** {@return the status to end with, after {@link #run}} */
    int exitCode() {
        if (end.equals(RowPublisher.BAD_ROW)) {
            return ExitCode.NO_INPUT;
        }
        if (end.equals(RowPublisher.STORAGE_FULL)) {
            return ExitCode.STORAGE_FULL;
        }
        return signals.isStopping() ? signals.exitCode() : ExitCode.OK;
    }

    @Override
    public boolean isStopping() {
        return signals.isStopping();
    }

    /** A stream pauses: what operators have not put out yet must not wait for its next event. */
    @Override
    public void onIdle() {
        if (publisher != null) {
            publisher.onIdle(epochClock.nanoTime());
        }
    }

    RunSummary run() {
        EventMapping mapping = Inputs.mapping(config.input());
        long openedNs = clock.nanoTime();
        try (RowReader rows = Inputs.open(config.input(), mapping, this);
                Journal store = Journal.open(PipelineSetup.journal(config, options.dataDirectory())
                        .storageListener(state -> StorageWait.warn(state, err))
                        .recoveryListener(recovery))) {
            return run(rows, store, new Figures(config, options, mapping.keyNames(), openedNs));
        } catch (JournalException e) {
            throw CommandException.of(e.exitCode(), e);
        } catch (IOException e) {
            throw Inputs.unreadable(config.input().file(), e);
        } finally {
            recovery.end();
        }
    }

    private RunSummary run(RowReader rows, Journal store, Figures figures) throws IOException {
        Operators operators = Operators.of(config);
        DeadLetterQueue letters = new DeadLetterQueue(store, epochClock::nanoTime);
        BadRows badRows = new BadRows(letters, options.dataDirectory(), err);
        Pipeline pipeline = create(operators, store, letters);
        HiccupMeter hiccups = new HiccupMeter();
        try (pipeline;
                hiccups;
                Sinks sinks = new Sinks(store, pipeline.counters(), err);
                Redrives redrives = new Redrives(config, store, letters, pipeline, rows, figures.keyNames(), err);
                SnapshotRequests requests = new SnapshotRequests(options.dataDirectory(), pipeline, err);
                TimeWatch timeWatch = new TimeWatch(pipeline, config.eventTime(), err, epochClock);
                RuleRequests rules = new RuleRequests(options.dataDirectory(), pipeline, err)) {
            subscribe(pipeline, figures.tally());
            hiccups.start();
            start(pipeline);
            recovery.end();
            keepConfig(store.recovery().start());
            store.warnings().forEach(warning -> err.println("millrace: warning: " + warning));
            store.snapshots().passedOver().forEach(why -> err.println("millrace: snapshot passed over: " + why));
            publisher = pipeline.publisher();
            sinks.open(config, store, letters, pipeline.rules());
            pinPublisher();
            figures.started(pipeline, store.recovery(), clock.nanoTime());
            redrives.start(sinks);
            requests.start();
            timeWatch.start();
            rules.serveAll(this::onIdle);
            rules.start();
            try (Follower follower = PipelineSetup.follower(config, store, pipeline)) {
                startFollower(follower);
                process(rows, pipeline, hiccups, badRows, redrives, figures);
                tellFollower(follower);
            }
            badRows.end();
            sinks.finish();
            figures.delivered(sinks.statuses());
        }
        // The last sync comes when the pipeline closes.
        if (pipeline.fault() != null) {
            throw RowPublisher.failure(pipeline, "FAILED");
        }
        return figures.summary(end, pipeline, operators);
    }

    private static void startFollower(@Nullable Follower follower) {
        if (follower != null) {
            follower.start();
        }
    }

    /** Without its snapshots the next start takes longer; the run is as good as ever. */
    private void tellFollower(@Nullable Follower follower) {
        Throwable fault = follower == null ? null : follower.fault();
        if (fault != null) {
            err.println("millrace: the follower took no more snapshots: " + fault);
        }
    }

    /** For those who look at the data later; a run is not worth less without it. */
    private void keepConfig(int start) {
        try {
            KeptConfig.write(config, options.dataDirectory(), start);
        } catch (IOException e) {
            err.println("millrace: cannot keep a copy of the configuration in " + options.dataDirectory() + ": " + e
                    + "; commands that show events will need -c");
        }
    }

    private Pipeline create(Operators operators, Journal store, DeadLetterQueue letters) {
        try {
            return Pipeline.create(
                    PipelineSetup.pipeline(config, operators, store, letters).reconfigure(options.isReconfiguring()));
        } catch (IllegalArgumentException e) {
            throw CommandException.of(ExitCode.CONFIG, e);
        }
    }

    private void start(Pipeline pipeline) {
        try {
            pipeline.start();
        } catch (PipelineFailedException e) {
            throw Halts.of(e.fault(), config.file());
        }
    }

    private void process(
            RowReader rows, Pipeline pipeline, HiccupMeter hiccups, BadRows badRows, Redrives redrives, Figures figures)
            throws IOException {
        Pace pace = options.ratePerSecond() > 0 ? new Pace(clock, options.ratePerSecond()) : null;
        StorageWait storage = new StorageWait(options.dataDirectory(), config.segmentLength(), err, clock);
        RowPublisher rowPublisher =
                new RowPublisher(pipeline, signals, badRows, pace, options.isStrict(), storage, redrives);
        List<LatencyRecorder> recorders = recorders(pipeline, pace, hiccups);
        LatencyLog log = latencyLog(recorders);
        try {
            publish(rows, rowPublisher);
            if (end.equals(RowPublisher.STORAGE_FULL)) {
                err.println("millrace: " + storage.message());
            }
            redrives.finish(signals, pipeline);
            long endTicket = isFlushed() ? rowPublisher.end() : -1;
            drain(pipeline);
            if (endTicket >= 0) {
                figures.ended(pipeline.awaitLevel(endTicket, Level.PUBLISHED, 0));
            }
        } finally {
            if (log != null) {
                log.close();
            }
        }
        figures.drained(pipeline, recorders, rowPublisher.rowCount(), badRows.count(), clock.nanoTime());
    }

    private void publish(RowReader rows, RowPublisher rowPublisher) throws IOException {
        MutableEvent event = MutableEvent.allocate(config.pipeline().maxPayloadLength());
        Progress progress = new Progress(err, clock, Boolean.getBoolean("millrace.terminal"));
        end = rowPublisher.publish(rows, event, progress);
        progress.end();
        if (signals.isStopping()) {
            err.println("millrace: " + end + ": processing what was read; a second signal ends it at once");
        }
    }

    private boolean isFlushed() {
        return options.isFlushing() && end.equals(RowPublisher.END_OF_INPUT);
    }

    private void drain(Pipeline pipeline) {
        while (!pipeline.awaitDrained(DRAIN_LOOK_INTERVAL_NS)) {
            if (pipeline.fault() != null) {
                throw RowPublisher.failure(pipeline, "FAILED");
            }
            onIdle();
        }
    }

    private void subscribe(Pipeline pipeline, Tally tally) {
        if (tally.ranked() != null) {
            pipeline.subscribe(tally.ranked().type().id(), "tally of events", tally::onEvent);
        }
        pipeline.subscribe(WindowResult.TYPE_ID, "tally of windows", tally::onWindow);
        pipeline.subscribe(Match.TYPE_ID, "tally of matches", tally::onMatch);
        pipeline.subscribe(PatternMatch.TYPE_ID, "tally of patterns", tally::onMatch);
        for (EventType type : tally.streamTypes()) {
            pipeline.subscribe(type.id(), "tally of " + type.name(), tally::onStream);
        }
    }

    /** After the start: threads that a pinned thread starts are pinned too. */
    private void pinPublisher() {
        List<Integer> cores = config.pipeline().cores();
        if (!cores.isEmpty()) {
            CorePinning.pinCurrentThread(cores.get(0));
        }
    }

    /** {@return what latencies are shown of: stages in their order, the publisher's own, the jitter floor last} */
    private static List<LatencyRecorder> recorders(Pipeline pipeline, @Nullable Pace pace, HiccupMeter hiccups) {
        List<LatencyRecorder> recorders = new ArrayList<>(pipeline.latencies().recorders());
        if (pace != null) {
            recorders.add(pace.recorder());
        }
        recorders.add(hiccups.recorder());
        return recorders;
    }

    private @Nullable LatencyLog latencyLog(List<LatencyRecorder> recorders) {
        return config.hlog() == null
                ? null
                : new LatencyLog(options.dataDirectory().resolve(config.hlog()), recorders, SystemEpochClock.INSTANCE);
    }
}
