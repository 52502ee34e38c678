package io.millrace.ops.journal;

import io.millrace.journal.LogKind;
import io.millrace.journal.Repair;
import io.millrace.journal.RepairPlan;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.Units;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace journal repair}. */
@Command(
        name = "repair",
        description = {
            "Give up what is damaged and all behind it, when a data directory is refused and no copy is left.",
            "Without --accept-loss it shows what would be lost and changes nothing.",
            "What is given up goes to quarantine/, or stays in its file where no reader gets it."
        },
        footer = {
            "",
            "Exit code 0: nothing to repair, or repaired; 65: to be repaired; 73: a process has the directory.",
            "Examples:",
            "  millrace journal repair --data data/trades",
            "  millrace journal repair --data data/trades --accept-loss 5000-5999 --reason \"disk of node 7\""
        })
final class RepairCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Option(
            names = "--accept-loss",
            paramLabel = "FROM-TO",
            description = "What is given up, exactly as it is shown without this option.")
    private @Nullable String acceptLoss;

    @Option(names = "--reason", paramLabel = "TEXT", description = "For the audit log; needed to repair.")
    private @Nullable String reason;

    @Override
    public Integer call() throws ConfigException {
        Path directory = dataOptions.openWithoutTypes().path();
        String accepted = acceptLoss;
        if (accepted != null && reason == null) {
            spec.commandLine().getErr().println("millrace: cannot repair: reason is missing; add --reason TEXT");
            return ExitCode.USAGE;
        }
        RepairPlan plan =
                accepted == null || reason == null ? Repair.plan(directory) : Repair.apply(directory, accepted, reason);
        boolean isRepaired = accepted != null && plan.isNeeded();
        if (options.isJson()) {
            Json.print(spec, json(directory, plan, isRepaired));
        } else {
            print(directory, plan, isRepaired);
        }
        return plan.isNeeded() && !isRepaired ? ExitCode.DATA_DAMAGED : ExitCode.OK;
    }

    private void print(Path directory, RepairPlan plan, boolean isRepaired) {
        PrintWriter out = spec.commandLine().getOut();
        if (!plan.isNeeded()) {
            out.println("nothing to repair: " + directory + " can be opened");
            return;
        }
        out.println("damage: " + plan.problem());
        for (RepairPlan.Loss loss : plan.losses()) {
            out.printf(
                    Locale.ROOT,
                    "%s %-12s %s; %,d of them whole%s%n",
                    isRepaired ? "lost " : "loses",
                    loss.log().directoryName(),
                    places(loss),
                    loss.wholeRecordCount(),
                    loss.length() == 0 ? "" : ", " + Units.size(loss.length()) + " of files moved");
        }
        plan.moved().forEach(path -> out.println("  to quarantine: " + directory.relativize(path)));
        out.println(
                isRepaired
                        ? "repaired: what is before it is kept; see audit.log"
                        : "to accept that: millrace journal repair --data " + directory + " --accept-loss "
                                + plan.acceptLoss() + " --reason TEXT");
    }

    private static String places(RepairPlan.Loss loss) {
        String place = loss.log() == LogKind.JOURNAL ? "sequence " : "ordinal ";
        return loss.to() < loss.from()
                ? "from " + place + loss.from() + " on, as far as known nothing"
                : place + loss.from() + " to " + loss.to();
    }

    private static Map<String, Object> json(Path directory, RepairPlan plan, boolean isRepaired) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("directory", directory.toString());
        json.put("needed", plan.isNeeded());
        json.put("repaired", isRepaired);
        json.put("problem", plan.problem());
        json.put("acceptLoss", plan.acceptLoss());
        json.put("losses", plan.losses().stream().map(RepairCommand::json).toList());
        json.put("moved", List.copyOf(plan.moved().stream().map(Path::toString).toList()));
        return json;
    }

    private static Map<String, Object> json(RepairPlan.Loss loss) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("log", loss.log().directoryName());
        json.put("from", loss.from());
        json.put("to", loss.to());
        json.put("wholeRecords", loss.wholeRecordCount());
        json.put("length", loss.length());
        return json;
    }
}
