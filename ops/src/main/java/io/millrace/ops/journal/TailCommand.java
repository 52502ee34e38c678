package io.millrace.ops.journal;

import io.millrace.event.Event;
import io.millrace.journal.CorruptJournalException;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.LogOption;
import io.millrace.ops.command.RecordFilter;
import io.millrace.ops.command.RecordPrinter;
import io.millrace.ops.command.RecordScan;
import io.millrace.ops.command.Signals;
import io.millrace.ops.config.ConfigException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace journal tail}. */
@Command(
        name = "tail",
        description = "Print the last records; with -f go on with those that come, until Ctrl-C.",
        footer = {
            "",
            "-f follows over segments, restarts and crashes of the pipeline.",
            "Examples:",
            "  millrace journal tail -n 20",
            "  millrace journal tail -f --log outbox --json | grep Match"
        })
final class TailCommand implements Callable<Integer> {
    private static final long POLL_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Mixin
    private LogOption log = new LogOption();

    @Option(names = "-n", paramLabel = "N", description = "How many of those that are there; 10 if not given.")
    private long count = 10;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with records that come.")
    private boolean isFollowing;

    @Option(names = "--ids", description = "Show ids too; JSON always has them.")
    private boolean isWithIds;

    @Override
    public Integer call() throws ConfigException {
        DataDirectory data = dataOptions.open();
        RecordPrinter printer =
                new RecordPrinter(spec.commandLine().getOut(), data, log.kind(), options.isJson(), isWithIds);
        long end = end(data.path(), log.kind());
        long from = Math.max(0, end - Math.max(0, count));
        printer.head();
        RecordFilter last = RecordFilter.from(from);
        try (RecordScan scan =
                isFollowing ? RecordScan.follow(data, log.kind(), last) : RecordScan.open(data, log.kind(), last)) {
            print(scan, printer);
            scan.sayTornTail(spec.commandLine().getErr());
            return isFollowing ? follow(scan, printer) : ExitCode.OK;
        }
    }

    private static void print(RecordScan scan, RecordPrinter printer) {
        Event record = new Event();
        while (scan.next(record)) {
            printer.print(record, scan.place());
        }
    }

    private static int follow(RecordScan scan, RecordPrinter printer) {
        Signals signals = Signals.install();
        while (!signals.isStopping()) {
            print(scan, printer);
            printer.flush();
            LockSupport.parkNanos(POLL_INTERVAL_NS);
        }
        return signals.exitCode();
    }

    /** {@return the place behind the last record} */
    private static long end(Path dataDirectory, LogKind kind) {
        long end = end(dataDirectory, kind, Long.MAX_VALUE);
        return end < 0 ? Math.max(0, end(dataDirectory, kind, 0)) : end;
    }

    private static long end(Path dataDirectory, LogKind kind, long from) {
        long end = -1;
        try (FrameReader reader = FrameReader.open(dataDirectory, kind, from)) {
            while (reader.nextFrame()) {
                end = reader.frame().endSequence();
            }
        } catch (CorruptJournalException e) {
            // The scan will meet it too and say what it is.
            return e.sequence();
        }
        return end;
    }
}
