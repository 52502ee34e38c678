package io.millrace.ops.deadletter;

import io.millrace.journal.AuditLog;
import io.millrace.journal.deadletter.DeadLetterRequest;
import io.millrace.journal.deadletter.DeadLetterRequest.Action;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Holder;
import io.millrace.ops.command.Json;
import io.millrace.ops.config.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Asks for something to be done with dead letters: says what that is, and with {@code --yes} leaves the request. */
final class LetterRequest {
    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Mixin
    private LetterOptions letters = new LetterOptions();

    @Option(names = "--all", description = "All that are open.")
    private boolean isAll;

    @Option(names = "--yes", description = "Do it; without, only say what would be done.")
    private boolean isDoing;

    @Option(names = "--reason", paramLabel = "TEXT", description = "For the audit log.")
    private String reason = "";

    /**
     * What is printed.
     *
     * @param request the file that asks for it, null if nothing was asked for
     * @param pid of the run that carries it out, null if none has the directory now
     */
    record Result(
            String action,
            long count,
            Map<String, Long> countByHandler,
            long ratePerSecond,
            boolean isRequested,
            @Nullable String request,
            @Nullable Long pid) {}

    Integer call(Action action, long ratePerSecond) throws ConfigException {
        if (!isAll && !letters.isNarrowed()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Missing which dead letters: numbers, --handler, --error, --id, times, or --all");
        }
        DataDirectory data = dataOptions.open();
        List<Long> places = new ArrayList<>();
        Map<String, Long> counts = new TreeMap<>();
        letters.forEach(data.path(), false, entry -> {
            places.add(entry.letter().place());
            counts.merge(entry.letter().handler(), 1L, Long::sum);
        });
        String request = isDoing && !places.isEmpty() ? submit(data, action, ratePerSecond, places) : null;
        Holder holder = data.holder();
        Result result = new Result(
                word(action),
                places.size(),
                counts,
                ratePerSecond,
                request != null,
                request,
                holder == null ? null : holder.pid());
        if (options.isJson()) {
            Json.print(spec, result);
        } else {
            print(result);
        }
        return ExitCode.OK;
    }

    private String submit(DataDirectory data, Action action, long ratePerSecond, List<Long> places) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("count", places.size());
        details.put("which", letters.toString());
        details.put("ratePerSecond", ratePerSecond);
        details.put("reason", reason);
        AuditLog.append(data.path(), "dead-letters-" + word(action) + "-requested", details);
        return DeadLetterRequest.submit(data.path(), action, ratePerSecond, reason, places)
                .id();
    }

    private void print(Result result) {
        String what = result.action() + ' ' + result.count() + " dead letters"
                + (result.countByHandler().isEmpty() ? "" : " " + result.countByHandler())
                + (result.ratePerSecond() > 0 ? ", " + result.ratePerSecond() + " a second at most" : "");
        if (!result.isRequested()) {
            spec.commandLine()
                    .getOut()
                    .println("would " + what + (result.count() > 0 ? "; nothing was changed; --yes does it" : ""));
            return;
        }
        spec.commandLine()
                .getOut()
                .println("requested: " + what + "; "
                        + (result.pid() == null
                                ? "the next run on this directory carries it out"
                                : "the run with pid=" + result.pid() + " carries it out"));
    }

    private static String word(Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }
}
