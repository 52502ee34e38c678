package io.millrace.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.event.Event;
import io.millrace.journal.LogKind;
import io.millrace.journal.replay.Divergence;
import io.millrace.journal.replay.OutputCounts;
import io.millrace.journal.replay.OutputDifference;
import io.millrace.journal.replay.ReplayComparison;
import io.millrace.journal.replay.WhatIf;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.Json;
import io.millrace.ops.command.RecordJson;
import io.millrace.ops.command.RecordText;
import io.millrace.ops.command.RecordTypes;
import io.millrace.ops.config.RunConfig;
import io.millrace.ring.Outcome;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** What a comparison found, for people and for programs. */
final class ReplayText {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String DEAD_LETTERS = "dead letters";
    private static final int OPERATOR_SHIFT = 32;
    private static final String COLUMNS = "  %-16s %-14s %12s %12s %12s %12s %12s %12s";

    private final CommandSpec spec;
    private final PrintWriter out;
    private final DataDirectory left;
    private final DataDirectory right;

    /**
     * @param left as the first replay, or live, knows types and operators
     * @param right as the second replay knows them
     */
    ReplayText(CommandSpec spec, DataDirectory left, DataDirectory right) {
        this.spec = spec;
        this.out = spec.commandLine().getOut();
        this.left = left;
        this.right = right;
    }

    private void line(String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments).stripTrailing());
    }

    void comparison(ReplayComparison result, boolean isJson) {
        if (isJson) {
            Json.print(spec, properties(result));
            return;
        }
        Divergence divergence = result.divergence();
        line(
                "%,d records replayed to sequence %,d, state hash %016x",
                result.recordCount(), result.lastSequence(), result.stateHash());
        line(
                "%,d outputs, %,d the same in the outbox, %,d not in it yet",
                result.outputCount(), result.checkedCount(), result.unknownCount());
        line(
                "%,d hashes over outputs in the journal and %,d snapshots have the same",
                result.hashCount(), result.stateCount());
        if (divergence == null) {
            line("no difference");
        } else {
            line("DIFFERENT from %s: %s", place(divergence), divergence.what());
            side("live", divergence.live(), left);
            side("replay", divergence.replayed(), left);
        }
    }

    private static String place(Divergence divergence) {
        return divergence.isExact()
                ? "sequence " + divergence.firstSequence() + " on"
                : "a sequence from " + divergence.firstSequence() + " to " + divergence.lastSequence() + " on";
    }

    private void side(String name, @Nullable Event output, DataDirectory data) {
        if (output != null) {
            line("  %-8s%s", name, text(output, data, LogKind.OUTBOX));
        }
    }

    private static String text(Event event, DataDirectory data, LogKind kind) {
        return new RecordText(data, kind, false).line(event, event.sequence());
    }

    void whatIf(WhatIf result, RunConfig asIs, RunConfig whatIf, boolean isJson) {
        List<ConfigDifference> settings = ConfigDifference.between(asIs, whatIf);
        if (isJson) {
            Json.print(spec, properties(result, asIs.file(), whatIf.file(), settings));
            return;
        }
        line("%,d records through both configurations", result.recordCount());
        line("  as is    %s", asIs.file());
        line("  what if  %s", whatIf.file());
        line(settings.isEmpty() ? "no setting differs that decides outputs" : "settings that differ");
        settings.forEach(setting -> line("  %s: %s -> %s", setting.key(), said(setting.left()), said(setting.right())));
        line("");
        line(COLUMNS, "operator", "type", "as is", "what if", "same", "changed", "only as is", "only what if");
        result.counts().forEach(this::counts);
        line("");
        if (result.isSame()) {
            line("no difference");
            return;
        }
        line("%,d differences%s", result.differenceCount(), shown(result));
        line("  - only as is   + only what if   < > changed");
        result.differences().forEach(this::difference);
    }

    private static String said(@Nullable String value) {
        return value == null ? "(none)" : value;
    }

    private static String shown(WhatIf result) {
        int shown = result.differences().size();
        return shown < result.differenceCount() ? ", the first " + shown + " (--rows shows more)" : "";
    }

    private void counts(OutputCounts counts) {
        line(
                COLUMNS,
                operator(counts.operatorId()),
                type(counts),
                number(counts.left()),
                number(counts.right()),
                number(counts.same()),
                number(counts.changed()),
                number(counts.onlyLeft()),
                number(counts.onlyRight()));
    }

    private String type(OutputCounts counts) {
        return counts.typeId() == 0 ? "" : new RecordTypes(left.types()).name(counts.typeId());
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private String operator(int operatorId) {
        if (operatorId == OutputCounts.DEAD_LETTERS) {
            return DEAD_LETTERS;
        }
        long idHi = (long) operatorId << OPERATOR_SHIFT;
        String name = left.operator(idHi) == null ? right.operator(idHi) : left.operator(idHi);
        return name == null ? Integer.toString(operatorId) : name;
    }

    private void difference(OutputDifference difference) {
        LogKind kind = difference.operatorId() == OutputCounts.DEAD_LETTERS ? LogKind.JOURNAL : LogKind.OUTBOX;
        String reason = kind == LogKind.OUTBOX ? "" : "  " + Outcome.describe(difference.reason());
        Event leftSide = difference.left();
        Event rightSide = difference.right();
        if (leftSide != null) {
            line("%s %s%s", rightSide == null ? "-" : "<", text(leftSide, left, kind), reason);
        }
        if (rightSide != null) {
            line("%s %s%s", leftSide == null ? "+" : ">", text(rightSide, right, kind), reason);
        }
    }

    private Map<String, Object> properties(ReplayComparison result) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("records", result.recordCount());
        properties.put("lastSequence", result.lastSequence());
        properties.put("stateHash", String.format(Locale.ROOT, "%016x", result.stateHash()));
        properties.put("outputs", result.outputCount());
        properties.put("checked", result.checkedCount());
        properties.put("notInOutbox", result.unknownCount());
        properties.put("hashes", result.hashCount());
        properties.put("snapshots", result.stateCount());
        Divergence divergence = result.divergence();
        properties.put("isSame", divergence == null);
        if (divergence != null) {
            properties.put("firstSequence", divergence.firstSequence());
            properties.put("lastPossibleSequence", divergence.lastSequence());
            properties.put("what", divergence.what());
            properties.put("live", json(divergence.live(), left, LogKind.OUTBOX));
            properties.put("replayed", json(divergence.replayed(), left, LogKind.OUTBOX));
        }
        return properties;
    }

    private Map<String, Object> properties(
            WhatIf result, String leftFile, String rightFile, List<ConfigDifference> settings) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("records", result.recordCount());
        properties.put("asIs", leftFile);
        properties.put("whatIf", rightFile);
        properties.put("settings", settings.stream().map(ReplayText::properties).toList());
        properties.put("isSame", result.isSame());
        properties.put(
                "operators", result.counts().stream().map(this::properties).toList());
        properties.put("differenceCount", result.differenceCount());
        List<Map<String, Object>> differences =
                result.differences().stream().map(this::properties).toList();
        properties.put("differences", differences);
        return properties;
    }

    private static Map<String, Object> properties(ConfigDifference setting) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("key", setting.key());
        properties.put("asIs", setting.left());
        properties.put("whatIf", setting.right());
        return properties;
    }

    private Map<String, Object> properties(OutputCounts counts) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("operator", operator(counts.operatorId()));
        properties.put("type", type(counts));
        properties.put("asIs", counts.left());
        properties.put("whatIf", counts.right());
        properties.put("same", counts.same());
        properties.put("changed", counts.changed());
        properties.put("onlyAsIs", counts.onlyLeft());
        properties.put("onlyWhatIf", counts.onlyRight());
        return properties;
    }

    private Map<String, Object> properties(OutputDifference difference) {
        LogKind kind = difference.operatorId() == OutputCounts.DEAD_LETTERS ? LogKind.JOURNAL : LogKind.OUTBOX;
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("operator", operator(difference.operatorId()));
        if (kind == LogKind.JOURNAL) {
            properties.put("reason", Outcome.describe(difference.reason()));
        }
        properties.put("asIs", json(difference.left(), left, kind));
        properties.put("whatIf", json(difference.right(), right, kind));
        return properties;
    }

    private static @Nullable JsonNode json(@Nullable Event event, DataDirectory data, LogKind kind) {
        try {
            return event == null ? null : MAPPER.readTree(new RecordJson(data, kind).line(event, event.sequence()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record was written as JSON", e);
        }
    }
}
