package io.millrace.pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.DerivedType;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.FieldType;
import io.millrace.event.MutableEvent;
import io.millrace.workload.CepCases;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds the patterns and events of the conformance cases. */
final class PatternCase {
    static final EventType TYPE = DerivedType.named("caseEvent")
            .text("type", 24)
            .text("class", 16)
            .text("symbol", 16)
            .field("id", FieldType.INT64)
            .field("value", FieldType.DOUBLE)
            .field("volume", FieldType.DOUBLE)
            .field("price", FieldType.DOUBLE)
            .build();

    private PatternCase() {}

    /** {@return a builder of the pattern, bounded well above what a case needs} */
    static PatternBuilder pattern(String id, JsonNode json) {
        PatternBuilder builder = stages(json.get("stages"));
        if (json.hasNonNull("withinMs")) {
            builder.within(json.get("withinMs").asLong(), TimeUnit.MILLISECONDS);
        }
        builder.afterMatch(afterMatch(json.path("skip").asText("NO_SKIP")));
        if (!json.path("every").asBoolean(true)) {
            builder.once();
        }
        PatternLimits small = PatternLimits.defaults()
                .maxKeys(64)
                .maxRunsPerKey(2_000)
                .maxRuns(4_000)
                .maxNodes(20_000)
                .maxEventsPerMatch(64)
                .maxWaitingMatches(4_000)
                .maxMatchLength(4_096)
                .maxOutputsPerStep(3)
                .overflow(Overflow.EVICT_OLDEST);
        return builder.named(id).over(TYPE).timeouts().limits(small);
    }

    private static AfterMatch afterMatch(String skip) {
        String[] parts = skip.split(":", 2);
        return switch (parts[0]) {
            case "NO_SKIP" -> AfterMatch.noSkip();
            case "SKIP_TO_NEXT" -> AfterMatch.skipToNext();
            case "SKIP_PAST_LAST_EVENT" -> AfterMatch.skipPastLastEvent();
            case "SKIP_TO_FIRST" -> AfterMatch.skipToFirst(parts[1]);
            case "SKIP_TO_LAST" -> AfterMatch.skipToLast(parts[1]);
            default -> throw new IllegalArgumentException(skip);
        };
    }

    private static PatternBuilder stages(JsonNode stages) {
        PatternBuilder builder = null;
        for (JsonNode stage : stages) {
            builder = details(begin(builder, stage), stage);
        }
        if (builder == null) {
            throw new IllegalArgumentException("no stages");
        }
        return builder;
    }

    private static PatternBuilder begin(@Nullable PatternBuilder builder, JsonNode stage) {
        StageGroup group = group(stage);
        String name = stage.path("name").asText();
        String op = stage.get("op").asText();
        if (builder == null) {
            return group == null ? Pattern.begin(name) : Pattern.begin(group);
        }
        return switch (op) {
            case "next" -> group == null ? builder.next(name) : builder.next(group);
            case "followedBy" -> group == null ? builder.followedBy(name) : builder.followedBy(group);
            case "followedByAny" -> group == null ? builder.followedByAny(name) : builder.followedByAny(group);
            case "notNext" -> builder.notNext(name);
            case "notFollowedBy" -> builder.notFollowedBy(name);
            case "absentFor" -> builder.absentFor(name, stage.get("forMs").asLong(), TimeUnit.MILLISECONDS);
            default -> throw new IllegalArgumentException(op);
        };
    }

    private static @Nullable StageGroup group(JsonNode stage) {
        if (stage.has("group")) {
            return Pattern.group(stages(stage.get("group")));
        }
        JsonNode parts = stage.has("anyOf") ? stage.get("anyOf") : stage.get("allOf");
        if (parts == null) {
            return null;
        }
        List<PatternBuilder> alternatives = new ArrayList<>();
        for (JsonNode part : parts) {
            alternatives.add(Pattern.begin(part.get("name").asText()).where(condition(part.get("where"))));
        }
        PatternBuilder[] all = alternatives.toArray(PatternBuilder[]::new);
        return stage.has("anyOf") ? Pattern.anyOf(all) : Pattern.allOf(all);
    }

    private static PatternBuilder details(PatternBuilder builder, JsonNode stage) {
        if (stage.has("where") && !stage.get("where").isBoolean() && !isTrue(stage.get("where"))) {
            builder.where(condition(stage.get("where")));
        }
        if (stage.has("min")) {
            int max = stage.hasNonNull("max") ? stage.get("max").asInt() : Quantifier.UNBOUNDED;
            builder.times(
                    stage.get("min").asInt(), max, stage.path("timesWithinMs").asLong(0), TimeUnit.MILLISECONDS);
            switch (stage.path("inner").asText()) {
                case "consecutive" -> builder.consecutive();
                case "allowCombinations" -> builder.allowCombinations();
                default -> {}
            }
        }
        if (stage.path("greedy").asBoolean(false)) {
            builder.greedy();
        }
        if (stage.path("optional").asBoolean(false)) {
            builder.optional();
        }
        if (stage.has("until")) {
            builder.until(condition(stage.get("until")));
        }
        if (stage.has("withinPrevMs")) {
            builder.withinPrevious(stage.get("withinPrevMs").asLong(), TimeUnit.MILLISECONDS);
        }
        return builder;
    }

    private static boolean isTrue(JsonNode condition) {
        return condition.size() == 1 && condition.get(0).asText().equals("true");
    }

    static String condition(JsonNode json) {
        if (json.isTextual()) {
            return json.asText().equals("true") ? "true" : "'" + json.asText() + "'";
        }
        if (!json.isArray()) {
            return json.isBoolean() ? json.asText() : json.decimalValue().toPlainString();
        }
        String op = json.get(0).asText();
        return switch (op) {
            case "true" -> "true";
            case "f" -> "`" + json.get(1).asText() + "`";
            case "and", "or" -> joined(json, " " + op + " ");
            case "not" -> "not (" + condition(json.get(1)) + ")";
            case "eq" -> joined(json, " == ");
            case "ne" -> joined(json, " != ");
            case "lt" -> joined(json, " < ");
            case "le" -> joined(json, " <= ");
            case "gt" -> joined(json, " > ");
            case "ge" -> joined(json, " >= ");
            case "add" -> joined(json, " + ");
            case "sub" -> joined(json, " - ");
            case "mul" -> joined(json, " * ");
            case "contains", "startsWith" -> joined(json, " " + op + " ");
            case "is" -> "`class` == '" + json.get(json.size() - 1).asText() + "'";
            case "isNull" -> condition(json.get(1)) + " is null";
            case "count" -> "count(`" + json.get(1).asText() + "`)";
            default -> op + "(`" + json.get(1).asText() + "." + json.get(2).asText() + "`)";
        };
    }

    private static String joined(JsonNode json, String operator) {
        List<String> parts = new ArrayList<>();
        for (int i = 1; i < json.size(); i++) {
            parts.add(condition(json.get(i)));
        }
        return "(" + String.join(operator, parts) + ")";
    }

    /** Writes an event of a case: its number is its sequence. */
    static Event event(JsonNode item, MutableEvent event, Supplier<Long> sequence) {
        event.clearHeader();
        TYPE.encode(event);
        event.sequence(sequence.get())
                .id(~item.get("n").asLong(), item.get("n").asLong())
                .key(CepCases.keyOf(item.get("key")))
                .timestampNs(item.get("ts").asLong() * CepCases.NS_PER_MS);
        for (String text : List.of("type", "class", "symbol")) {
            if (item.hasNonNull(text)) {
                TYPE.field(text).putText(event, item.get(text).asText());
            }
        }
        for (String number : List.of("value", "volume", "price")) {
            if (item.hasNonNull(number)) {
                TYPE.field(number).putDouble(event, item.get(number).asDouble());
            }
        }
        if (item.hasNonNull("id")) {
            TYPE.field("id").putLong(event, item.get("id").asLong());
        }
        return event;
    }
}
