package io.millrace.ops.journal;

import io.millrace.journal.Frame;
import io.millrace.journal.LogCheck;
import io.millrace.journal.LogKind;
import io.millrace.journal.LogVerifier;
import io.millrace.ops.command.ByteProgress;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.Units;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace journal verify}. */
@Command(
        name = "verify",
        description = {
            "Check every frame of all logs: its bytes by checksum, its place by the chain.",
            "Where a log is damaged it says where, which records are gone, and what behind is still whole.",
            "A tail that a crash tore is no damage: the next start leaves it out."
        },
        footer = {
            "",
            "Exit code 0: all whole; 65: damaged; 1: something acknowledged (--acked) is missing or different.",
            "Examples:",
            "  millrace journal verify",
            "  millrace journal verify --data data/trades --acked acks.txt --json"
        })
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Option(
            names = "--acked",
            paramLabel = "FILE",
            description = {
                "What was acknowledged, a line each, in order:",
                "SEQUENCE, FIRST-LAST, or SEQUENCE ID_HI ID_LO [CRC]."
            })
    private @Nullable Path acked;

    @Override
    public Integer call() throws ConfigException {
        DataDirectory data = dataOptions.openWithoutTypes();
        boolean isLive = data.holder() != null;
        try (AckCheck acks = acked == null ? null : new AckCheck(acked)) {
            List<LogCheck> checks = new ArrayList<>();
            for (LogKind kind : LogKind.values()) {
                checks.add(verify(data.path(), kind, isLive, kind == LogKind.JOURNAL ? acks : null));
            }
            if (acks != null) {
                acks.end(checks.get(0).endPlace());
            }
            if (options.isJson()) {
                Json.print(spec, json(data.path(), isLive, checks, acks));
            } else {
                checks.forEach(this::print);
                print(acks);
            }
            return exitCode(checks, acks);
        }
    }

    private LogCheck verify(Path directory, LogKind kind, boolean isLive, @Nullable AckCheck acks) {
        long length = FrameCopy.writtenLength(directory, kind);
        ByteProgress progress = new ByteProgress(spec.commandLine().getErr(), kind.directoryName(), length);
        Consumer<Frame> onFrame = frame -> {
            progress.add(frame.length());
            if (acks != null) {
                acks.onFrame(frame);
            }
        };
        LogCheck check = LogVerifier.verify(directory, kind, isLive, onFrame);
        progress.end();
        return check;
    }

    private static int exitCode(List<LogCheck> checks, @Nullable AckCheck acks) {
        if (checks.stream().anyMatch(check -> check.damage() != null)) {
            return ExitCode.DATA_DAMAGED;
        }
        return acks != null && acks.problemCount() > 0 ? ExitCode.FINDING : ExitCode.OK;
    }

    private void print(LogCheck check) {
        PrintWriter out = spec.commandLine().getOut();
        LogCheck.Damage damage = check.damage();
        String name = check.kind().directoryName();
        out.printf(
                Locale.ROOT,
                "%-12s %s: %,d records in %,d frames, %s%s%n",
                name,
                damage == null ? "whole" : "DAMAGED",
                check.recordCount(),
                check.frameCount(),
                Units.size(check.frameLength()),
                check.recordCount() == 0 ? "" : ", " + places(check));
        LogCheck.TornTail tail = check.tornTail();
        if (tail != null) {
            out.printf(
                    Locale.ROOT,
                    "  torn tail: file=%s, offset=%d, length=%d: %s; the next start leaves it out%n",
                    tail.file(),
                    tail.offset(),
                    tail.length(),
                    tail.reason());
        }
        if (damage != null) {
            out.println("  first damage: " + damage.message());
            out.printf(
                    Locale.ROOT,
                    "  behind it are whole: %,d frames with %,d records%n",
                    damage.wholeFrameCount(),
                    damage.wholeRecordCount());
            damage.missing().forEach(range -> out.println("  gone: " + range(range)));
            if (damage.wholeFrameCount() == 0) {
                out.println("  gone: all from " + damage.place() + " on");
            }
        }
    }

    private static String places(LogCheck check) {
        return (check.kind() == LogKind.JOURNAL ? "sequence " : "ordinal ") + check.firstPlace() + " to "
                + (check.endPlace() - 1);
    }

    private static String range(LogCheck.Range range) {
        return range.first() == range.last()
                ? Long.toString(range.first())
                : range.first() + " to " + range.last()
                        + String.format(Locale.ROOT, " (%,d records)", range.last() - range.first() + 1);
    }

    private void print(@Nullable AckCheck acks) {
        if (acks != null) {
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    Locale.ROOT,
                    "%-12s %s: %,d acknowledged, %,d missing, %,d problems%n",
                    "acked",
                    acks.problemCount() == 0 ? "all there" : "LOST OR WRONG",
                    acks.ackedCount(),
                    acks.missingCount(),
                    acks.problemCount());
            acks.problems().forEach(problem -> out.println("  " + problem));
        }
    }

    private static Map<String, Object> json(
            Path directory, boolean isLive, List<LogCheck> checks, @Nullable AckCheck acks) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("directory", directory.toString());
        result.put("isLive", isLive);
        result.put("ok", exitCode(checks, acks) == ExitCode.OK);
        result.put("logs", checks.stream().map(VerifyCommand::json).toList());
        if (acks != null) {
            Map<String, Object> acked = new LinkedHashMap<>();
            acked.put("acked", acks.ackedCount());
            acked.put("missing", acks.missingCount());
            acked.put("problemCount", acks.problemCount());
            acked.put("problems", acks.problems());
            result.put("acks", acked);
        }
        return result;
    }

    private static Map<String, Object> json(LogCheck check) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("log", check.kind().directoryName());
        fields.put("frames", check.frameCount());
        fields.put("records", check.recordCount());
        fields.put("controlRecords", check.controlCount());
        fields.put("frameLength", check.frameLength());
        fields.put("firstPlace", check.firstPlace());
        fields.put("endPlace", check.endPlace());
        LogCheck.TornTail tail = check.tornTail();
        fields.put(
                "tornTail",
                tail == null
                        ? null
                        : Map.of(
                                "file", tail.file().toString(),
                                "offset", tail.offset(),
                                "length", tail.length(),
                                "reason", tail.reason()));
        fields.put("damage", check.damage());
        return fields;
    }
}
