package io.millrace.ops;

import io.millrace.ClaimPolicy;
import io.millrace.Pipeline;
import io.millrace.Publisher;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalException;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.latency.HiccupMeter;
import io.millrace.latency.LatencyRecorder;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.format.EventMapping;
import io.millrace.ops.format.RowError;
import io.millrace.ops.format.RowReader;
import io.millrace.pattern.Match;
import io.millrace.ring.Fault;
import io.millrace.ring.Level;
import io.millrace.ring.PipelineFailedException;
import io.millrace.thread.CorePinning;
import io.millrace.window.WindowResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
final class RunSession {
    static final String END_OF_INPUT = "end of input";
    static final String BAD_ROW = "bad row";

    private static final long CLAIM_TIMEOUT_NS = 50_000_000;
    private static final long DRAIN_LOOK_INTERVAL_NS = 50_000_000;
    /** How long publishing waits for the next segment before the storage counts as full. */
    private static final long STORAGE_TIMEOUT_NS = 10_000_000_000L;

    private final RunConfig config;
    private final Options options;
    private final Signals signals;
    private final PrintWriter err;
    private final NanoClock clock = SystemNanoClock.INSTANCE;
    private String end = END_OF_INPUT;

    RunSession(RunConfig config, Options options, Signals signals, PrintWriter err) {
        this.config = config;
        this.options = options;
        this.signals = signals;
        this.err = err;
    }

    /**
     * What the command line says of a run.
     *
     * @param ratePerSecond planned, 0 for as fast as it goes
     */
    record Options(Path dataDirectory, boolean isFlushing, boolean isStrict, long ratePerSecond) {}

    /** {@return the status to end with, after {@link #run}} */
    int exitCode() {
        if (end.equals(BAD_ROW)) {
            return ExitCode.NO_INPUT;
        }
        return signals.isStopping() ? signals.exitCode() : ExitCode.OK;
    }

    RunSummary run() {
        EventMapping mapping = Inputs.mapping(config.input());
        long openedNs = clock.nanoTime();
        try (RowReader rows = Inputs.open(config.input(), mapping, signals::isStopping);
                Journal store = Journal.open(PipelineSetup.journal(config, options.dataDirectory()))) {
            return run(rows, store, new Figures(config, options, mapping.keyNames(), openedNs));
        } catch (JournalException e) {
            throw CommandException.of(e.exitCode(), e);
        } catch (IOException e) {
            throw Inputs.unreadable(Inputs.name(config.input()), e);
        }
    }

    private RunSummary run(RowReader rows, Journal store, Figures figures) throws IOException {
        Operators operators = Operators.of(config);
        DeadLetterQueue letters = new DeadLetterQueue(store, new SystemEpochNanoClock()::nanoTime);
        BadRows badRows = new BadRows(letters, options.dataDirectory(), err);
        Pipeline pipeline = create(operators, store, letters);
        HiccupMeter hiccups = new HiccupMeter();
        try (pipeline;
                hiccups;
                Sinks sinks = new Sinks()) {
            subscribe(pipeline, figures.tally());
            hiccups.start();
            start(pipeline);
            sinks.open(config, options.dataDirectory());
            pinPublisher();
            figures.started(pipeline, store.recovery(), clock.nanoTime());
            process(rows, pipeline, hiccups, badRows, figures);
            badRows.end();
            figures.drained(pipeline, hiccups, rows, badRows, clock.nanoTime());
            sinks.finish();
        }
        return figures.summary(end, pipeline, operators);
    }

    private Pipeline create(Operators operators, Journal store, DeadLetterQueue letters) {
        try {
            return Pipeline.create(PipelineSetup.pipeline(config, operators, store, letters));
        } catch (IllegalArgumentException e) {
            throw CommandException.of(ExitCode.CONFIG, e);
        }
    }

    private static void start(Pipeline pipeline) {
        try {
            pipeline.start();
        } catch (PipelineFailedException e) {
            throw CommandException.of(exitCode(e), e);
        }
    }

    /** {@return the status of the first cause that has one} */
    private static int exitCode(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof JournalException journal) {
                return journal.exitCode();
            }
        }
        return ExitCode.INTERNAL;
    }

    private void process(RowReader rows, Pipeline pipeline, HiccupMeter hiccups, BadRows badRows, Figures figures)
            throws IOException {
        LatencyLog log = latencyLog(pipeline, hiccups);
        try {
            publish(rows, pipeline, badRows);
            long endTicket = flush(pipeline);
            drain(pipeline);
            if (endTicket >= 0) {
                figures.ended(pipeline.awaitLevel(endTicket, Level.PUBLISHED, 0));
            }
        } finally {
            if (log != null) {
                log.close();
            }
        }
    }

    private void subscribe(Pipeline pipeline, Tally tally) {
        if (tally.ranked() != null) {
            pipeline.subscribe(tally.ranked().type().id(), "tally of events", tally::onEvent);
        }
        pipeline.subscribe(WindowResult.TYPE_ID, "tally of windows", tally::onWindow);
        pipeline.subscribe(Match.TYPE_ID, "tally of matches", tally::onMatch);
    }

    /** After the start: threads that a pinned thread starts are pinned too. */
    private void pinPublisher() {
        List<Integer> cores = config.pipeline().cores();
        if (!cores.isEmpty()) {
            CorePinning.pinCurrentThread(cores.get(0));
        }
    }

    private @Nullable LatencyLog latencyLog(Pipeline pipeline, HiccupMeter hiccups) {
        if (config.hlog() == null) {
            return null;
        }
        List<LatencyRecorder> recorders = new ArrayList<>(pipeline.latencies().recorders());
        recorders.add(hiccups.recorder());
        return new LatencyLog(options.dataDirectory().resolve(config.hlog()), recorders, SystemEpochClock.INSTANCE);
    }

    private void publish(RowReader rows, Pipeline pipeline, BadRows badRows) throws IOException {
        MutableEvent event = MutableEvent.allocate(config.pipeline().maxPayloadLength());
        Progress progress = new Progress(err, clock, Boolean.getBoolean("millrace.terminal"));
        Pace pace = options.ratePerSecond() > 0 ? new Pace(clock, options.ratePerSecond()) : null;
        // A stop cuts a stream off in the middle of a row: what was read when it is seen is not published.
        while (!signals.isStopping() && rows.next(event) && awaitDue(pace)) {
            RowError error = rows.error();
            if (error == null) {
                publish(event, pipeline);
            } else {
                badRows.add(error);
                if (options.isStrict()) {
                    end = BAD_ROW;
                    break;
                }
            }
            progress.onRow(rows.rowCount());
        }
        progress.end();
        if (signals.isStopping()) {
            end = signals.name();
            err.println("millrace: " + end + ": processing what was read; a second signal ends it at once");
        }
    }

    /** {@return whether the next event is to go, false if the run is to stop} */
    private boolean awaitDue(@Nullable Pace pace) {
        if (pace != null) {
            while (!signals.isStopping() && !pace.awaitDue()) {
                // Looks at the signals again and again; the wait is in there.
            }
            pace.sent();
        }
        return !signals.isStopping();
    }

    private void publish(Event event, Pipeline pipeline) {
        ClaimPolicy policy = ClaimPolicy.park(CLAIM_TIMEOUT_NS);
        long beganNs = 0;
        long code = pipeline.publisher().publish(event, policy);
        while (code == Publisher.BACK_PRESSURED || code == Publisher.STORAGE_LOW) {
            long nowNs = clock.nanoTime();
            beganNs = beganNs == 0 || code == Publisher.BACK_PRESSURED ? nowNs : beganNs;
            if (nowNs - beganNs > STORAGE_TIMEOUT_NS) {
                throw new CommandException(
                        ExitCode.STORAGE_FULL,
                        "cannot publish: storage is low: directory="
                                + options.dataDirectory().toAbsolutePath() + "; make room, then start again");
            }
            code = pipeline.publisher().publish(event, policy);
        }
        if (code < 0) {
            throw failure(pipeline, Publisher.describe(code));
        }
    }

    /** {@return the ticket of the end that closes all windows, -1 if they stay open} */
    private long flush(Pipeline pipeline) {
        if (!options.isFlushing() || !end.equals(END_OF_INPUT)) {
            return -1;
        }
        long code = pipeline.publisher().end();
        while (code == Publisher.BACK_PRESSURED) {
            Thread.onSpinWait();
            code = pipeline.publisher().end();
        }
        if (code < 0) {
            throw failure(pipeline, Publisher.describe(code));
        }
        return code;
    }

    private void drain(Pipeline pipeline) {
        while (!pipeline.awaitDrained(DRAIN_LOOK_INTERVAL_NS)) {
            if (pipeline.fault() != null) {
                throw failure(pipeline, "FAILED");
            }
        }
    }

    private static CommandException failure(Pipeline pipeline, String code) {
        Fault fault = pipeline.fault();
        if (fault == null) {
            return new CommandException(ExitCode.INTERNAL, "cannot publish: code=" + code);
        }
        return new CommandException(exitCode(fault.cause()), fault.message(), fault.cause());
    }
}
