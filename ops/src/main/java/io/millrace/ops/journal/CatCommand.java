package io.millrace.ops.journal;

import io.millrace.event.Event;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.LogOption;
import io.millrace.ops.command.RangeOptions;
import io.millrace.ops.command.RecordFilter;
import io.millrace.ops.command.RecordPrinter;
import io.millrace.ops.command.RecordScan;
import io.millrace.ops.config.ConfigException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace journal cat}. */
@Command(
        name = "cat",
        description = "Print records, one a line: sequence, event time, type, key and fields.",
        footer = {
            "",
            "Examples:",
            "  millrace journal cat --limit 10",
            "  millrace journal cat --from 1000 --to 1999 --json",
            "  millrace journal cat --log outbox --type Match --from-time 2001-01-02 --to-time 2001-01-03"
        })
final class CatCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Mixin
    private LogOption log = new LogOption();

    @Mixin
    private RangeOptions range = new RangeOptions();

    @Option(names = "--limit", paramLabel = "N", description = "Stop after N records.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--ids", description = "Show ids too; JSON always has them.")
    private boolean isWithIds;

    @Override
    public Integer call() throws ConfigException {
        DataDirectory data = dataOptions.open();
        RecordFilter filter = range.filter(data);
        RecordPrinter printer =
                new RecordPrinter(spec.commandLine().getOut(), data, log.kind(), options.isJson(), isWithIds);
        printer.head();
        Event record = new Event();
        try (RecordScan scan = RecordScan.open(data, log.kind(), filter)) {
            while (printer.count() < limit && scan.next(record)) {
                printer.print(record, scan.place());
            }
            scan.sayTornTail(spec.commandLine().getErr());
        }
        return ExitCode.OK;
    }
}
