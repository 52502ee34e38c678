package io.millrace.ops.rule;

import io.millrace.journal.AuditLog;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Holder;
import io.millrace.ops.command.Json;
import io.millrace.ops.command.Refusal;
import io.millrace.ops.command.RuleAnswer;
import io.millrace.ops.command.RuleFiles;
import io.millrace.ops.command.RuleRequest;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.RuleReader;
import io.millrace.ops.config.RunConfig;
import io.millrace.rule.RuleChange.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Asks for a change of rules: leaves the request, and waits for the run that has the directory, if there is one. */
final class RuleAsk {
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait for the run that has the directory, 60 if not given.")
    private long timeoutSeconds = 60;

    @Option(names = "--reason", paramLabel = "TEXT", description = "For the audit log.")
    private String reason = "";

    /**
     * What is printed.
     *
     * @param isApplied false if the next run makes the change
     * @param sequence of the change: it holds from the record behind it on; null if it is not made yet
     * @param pid of the run that made it, null if none has the directory
     */
    record Result(
            String action,
            String name,
            boolean isApplied,
            @Nullable Long sequence,
            @Nullable Long pid) {}

    /** Asks for what needs no text. */
    Integer call(Action action, String name) throws ConfigException {
        return call(dataOptions.openWithoutTypes(), action, name, "", false, 0);
    }

    /** Asks for what a file says, which is checked first. */
    Integer call(Action action, Path file, boolean isKeepingState, long warmCount) throws ConfigException {
        DataDirectory data = dataOptions.openWithoutTypes();
        RunConfig config = data.config();
        if (config == null) {
            throw new CommandException(
                    ExitCode.CONFIG,
                    "cannot check rule: no configuration is kept in " + data.path()
                            + " (expected: event types); name the one that it was written with by -c FILE");
        }
        String text = read(file);
        String name = RuleReader.read(file.toString(), text, config).name();
        return call(data, action, name, text, isKeepingState, warmCount);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.NO_INPUT, "cannot read rule: file=" + file + ": " + Refusal.reason(e), e);
        }
    }

    private Integer call(
            DataDirectory data, Action action, String name, String text, boolean isKeepingState, long warmCount) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("name", name);
        details.put("reason", reason);
        AuditLog.append(data.path(), "rule-" + word(action) + "-requested", details);
        RuleFiles files = new RuleFiles(data.path());
        RuleRequest request = files.submit(action, name, text, isKeepingState, warmCount, reason);
        Holder holder = data.holder();
        RuleAnswer answer = holder == null ? null : await(files, request);
        Result result = new Result(
                word(action),
                name,
                answer != null,
                answer == null ? null : answer.sequence(),
                holder == null ? null : holder.pid());
        if (options.isJson()) {
            Json.print(spec, result);
        } else {
            print(result);
        }
        return ExitCode.OK;
    }

    private RuleAnswer await(RuleFiles files, RuleRequest request) {
        long beganNs = System.nanoTime();
        RuleAnswer answer = files.takeAnswer(request);
        while (answer == null) {
            if (System.nanoTime() - beganNs > TimeUnit.SECONDS.toNanos(timeoutSeconds) && files.withdraw(request)) {
                throw new CommandException(
                        ExitCode.IO,
                        "rule was not changed in timeout=" + timeoutSeconds
                                + " s: the input of the run may be waiting; the request is withdrawn");
            }
            LockSupport.parkNanos(LOOK_INTERVAL_NS);
            answer = files.takeAnswer(request);
        }
        if (!answer.message().isEmpty()) {
            throw new CommandException(ExitCode.CONFIG, answer.message());
        }
        return answer;
    }

    private void print(Result result) {
        String what = result.action() + ": name=" + result.name();
        spec.commandLine()
                .getOut()
                .println(
                        result.isApplied()
                                ? what + ", sequence=" + result.sequence() + ": it holds from the record behind that on"
                                : "requested " + what + "; the next run on this directory does it first of all");
    }

    private static String word(Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }
}
