package io.millrace.ops;

import io.millrace.Pipeline;
import io.millrace.journal.Journal;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.journal.deadletter.RedriveTarget;
import io.millrace.journal.deadletter.Redriver;
import io.millrace.journal.outbox.SinkRunner;
import io.millrace.ops.command.Signals;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.format.KeyNames;
import io.millrace.ops.format.RowReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.locks.LockSupport;

/** Requests on dead letters that come before or during a run, see {@code millrace dlq}. */
final class Redrives implements AutoCloseable {
    private static final long WAIT_NS = 1_000_000;

    private final Redriver redriver;
    private final RowRedrive rows;

    /** @param input whose columns bad rows have */
    Redrives(
            RunConfig config,
            Journal store,
            DeadLetterQueue letters,
            Pipeline pipeline,
            RowReader input,
            KeyNames keyNames,
            PrintWriter err) {
        rows = new RowRedrive(
                pipeline,
                letters,
                Inputs.rowMapping(config.input(), input.columns(), keyNames),
                config.pipeline().maxPayloadLength());
        redriver = new Redriver(store, letters, text -> err.println("millrace: " + text))
                .subscribers(pipeline)
                .rows(rows);
    }

    /** Begins to look for requests. */
    void start(Sinks sinks) {
        for (SinkRunner runner : sinks.runners()) {
            String handler = runner.handler();
            RedriveTarget target = runner.redriveTarget();
            if (handler != null && target != null) {
                redriver.target(handler, target);
            }
        }
        redriver.start();
    }

    /** Reads a bad row again if one is due; the one writer. */
    void doWork() throws IOException {
        rows.doWork();
    }

    /** Carries out what was asked for by now, unless the run is to stop; the one writer. */
    void finish(Signals signals, Pipeline pipeline) throws IOException {
        while (redriver.isBusy() && !signals.isStopping() && pipeline.fault() == null) {
            rows.doWork();
            LockSupport.parkNanos(WAIT_NS);
        }
    }

    @Override
    public void close() {
        redriver.close();
    }
}
