package io.millrace.ops;

import io.millrace.Pipeline;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalException;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.RunConfig;
import io.millrace.ring.Fault;
import io.millrace.ring.PipelineFailedException;
import io.millrace.status.PipelineCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SystemEpochNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace snapshot take}. */
@Command(
        name = "take",
        description = {
            "Take a snapshot: ask the run that has the directory for one, or recover the directory and take it here.",
            ""
        })
final class SnapshotTakeCommand implements Callable<Integer> {
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait for a run to take it, 60 if not given.")
    private long timeoutSeconds = 60;

    @Override
    public Integer call() throws ConfigException, IOException {
        DataDirectory data = dataOptions.openWithoutTypes();
        SnapshotDirectory snapshots = new SnapshotDirectory(data.path());
        long sequence = data.holder() == null ? takeHere(data) : ask(data.path(), snapshots);
        SnapshotRow row = SnapshotRow.of(snapshots, sequence);
        if (options.isJson()) {
            Json.print(spec, row);
        } else {
            spec.commandLine()
                    .getOut()
                    .println("snapshot is taken: sequence=" + sequence + ", file=" + row.file() + ", bytes="
                            + row.fileLength() + ", stateHash=" + row.stateHash());
        }
        return ExitCode.OK;
    }

    /** {@return the sequence of the snapshot that a run took because it was asked} */
    private long ask(Path dataDirectory, SnapshotDirectory snapshots) throws IOException {
        List<Long> before = snapshots.sequences();
        Path request = SnapshotDirectory.request(dataDirectory);
        if (Files.notExists(request)) {
            Files.createFile(request);
        }
        long beganNs = System.nanoTime();
        while (Files.exists(request)) {
            if (System.nanoTime() - beganNs > TimeUnit.SECONDS.toNanos(timeoutSeconds)) {
                Files.deleteIfExists(request);
                throw new CommandException(
                        ExitCode.IO,
                        "no snapshot was taken in timeout=" + timeoutSeconds
                                + " s: its input may be waiting, or storage is low; the request is withdrawn");
            }
            LockSupport.parkNanos(LOOK_INTERVAL_NS);
        }
        List<Long> after = snapshots.sequences();
        long newest = after.isEmpty() ? -1 : after.get(after.size() - 1);
        if (newest < 0 || before.contains(newest)) {
            throw new CommandException(ExitCode.IO, "the run could not write a snapshot; its error log says why");
        }
        return newest;
    }

    /** A start without input: recovery completes the outbox, and the snapshot is a record like any other. */
    private static long takeHere(DataDirectory data) {
        RunConfig config = data.config();
        if (config == null) {
            throw new CommandException(
                    ExitCode.CONFIG,
                    "cannot take snapshot: no configuration is kept in " + data.path()
                            + " (expected: operators); name the one that it was written with by -c FILE");
        }
        try (Journal store = Journal.open(PipelineSetup.journal(config, data.path()));
                Pipeline pipeline = Pipeline.create(PipelineSetup.pipeline(
                        config,
                        Operators.of(config),
                        store,
                        new DeadLetterQueue(store, new SystemEpochNanoClock()::nanoTime)))) {
            pipeline.start();
            return take(pipeline);
        } catch (PipelineFailedException e) {
            throw Halts.of(e.fault(), config.file());
        } catch (JournalException e) {
            throw CommandException.of(e.exitCode(), e);
        }
    }

    private static long take(Pipeline pipeline) {
        long before =
                pipeline.counters().counter(PipelineCounter.SNAPSHOTS_WRITTEN).get();
        pipeline.requestSnapshot();
        while (pipeline.counters().counter(PipelineCounter.SNAPSHOTS_WRITTEN).get() == before) {
            pipeline.publisher().onIdle(new SystemEpochNanoClock().nanoTime());
            Fault fault = pipeline.fault();
            if (fault != null) {
                throw Halts.of(fault, "");
            }
            if (pipeline.counters().counter(PipelineCounter.SNAPSHOTS_FAILED).get() > 0) {
                throw new CommandException(ExitCode.IO, "cannot write the snapshot: " + pipeline.errorLog());
            }
            LockSupport.parkNanos(LOOK_INTERVAL_NS / 10);
        }
        return pipeline.snapshotSequence();
    }
}
