package io.millrace.ops.journal;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.EventId;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.FieldTest;
import io.millrace.ops.command.KeyText;
import io.millrace.ops.command.LogOption;
import io.millrace.ops.command.RangeOptions;
import io.millrace.ops.command.RecordFilter;
import io.millrace.ops.command.RecordPrinter;
import io.millrace.ops.command.RecordScan;
import io.millrace.ops.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace journal search}. */
@Command(
        name = "search",
        description = {
            "Print the records that pass all tests.",
            "A range by sequence or time is found by the segments' indexes; all of it is read."
        },
        footer = {
            "",
            "Examples:",
            "  millrace journal search --key DTW 'delay>=180'",
            "  millrace journal search --id 6ab4ce90f729b077811aa54e55006484",
            "  millrace journal search --log outbox --operator bad-day 'count>3' --from-time 2001-02-01"
        })
final class SearchCommand implements Callable<Integer> {
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

    @Parameters(
            arity = "0..*",
            paramLabel = "TEST",
            description = "FIELD OP VALUE with OP one of = != < <= > >=; in quotes, for the shell's sake.")
    private List<String> tests = new ArrayList<>();

    @Option(
            names = "--id",
            paramLabel = "ID",
            converter = EventId.Text.class,
            description = "The id: 32 hex digits, a UUID, or PRODUCER:SEQUENCE.")
    private @Nullable EventId id;

    @Option(names = "--key", paramLabel = "KEY", description = "The key, as text or number.")
    private @Nullable String key;

    @Option(names = "--operator", paramLabel = "NAME", description = "In the outbox: the operator.")
    private @Nullable String operator;

    @Option(
            names = "--cause",
            paramLabel = "N",
            description = "In the outbox: the sequence of the event that caused it.")
    private @Nullable Long cause;

    @Option(names = "--limit", paramLabel = "N", description = "Stop after N records.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--count", description = "Print only how many there are.")
    private boolean isCounting;

    @Option(names = "--ids", description = "Show ids too; JSON always has them.")
    private boolean isWithIds;

    @Override
    public Integer call() throws ConfigException {
        DataDirectory data = dataOptions.open();
        RecordFilter filter = range.filter(data).and(conditions(data));
        RecordPrinter printer =
                new RecordPrinter(spec.commandLine().getOut(), data, log.kind(), options.isJson(), isWithIds);
        if (!isCounting) {
            printer.head();
        }
        Event record = new Event();
        long foundCount = 0;
        try (RecordScan scan = RecordScan.open(data, log.kind(), filter)) {
            while (foundCount < limit && scan.next(record)) {
                foundCount++;
                if (!isCounting) {
                    printer.print(record, scan.place());
                }
            }
            scan.sayTornTail(spec.commandLine().getErr());
            sayScanned(foundCount, scan);
        }
        if (isCounting) {
            spec.commandLine().getOut().println(foundCount);
        }
        return ExitCode.OK;
    }

    private void sayScanned(long foundCount, RecordScan scan) {
        spec.commandLine()
                .getErr()
                .println(String.format(
                        Locale.ROOT,
                        "millrace: %,d found of %,d records looked at%s; %,d passed over with their frames",
                        foundCount,
                        scan.lookedAtCount(),
                        foundCount < limit ? "" : " up to the limit",
                        scan.passedOverCount()));
    }

    private List<Condition> conditions(DataDirectory data) {
        List<Condition> conditions = new ArrayList<>();
        if (id != null) {
            conditions.add(id.condition());
        }
        if (key != null) {
            conditions.add(KeyText.condition(key));
        }
        if (operator != null) {
            String name = operator;
            conditions.add(output -> name.equals(data.operator(output.idHi())));
        }
        if (cause != null) {
            long sequence = cause;
            conditions.add(output -> output.idLo() == sequence);
        }
        try {
            tests.forEach(test -> conditions.add(FieldTest.of(data, test)));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        return conditions;
    }
}
