package io.millrace.pattern.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.pattern.AfterMatch;
import io.millrace.pattern.Contiguity;
import io.millrace.pattern.Overflow;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.PatternBuilder;
import io.millrace.pattern.PatternLimits;
import io.millrace.pattern.Quantifier;
import io.millrace.pattern.Semantics;
import io.millrace.pattern.StageGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;

/** Says the patterns of the cases in the words of the fluent API, conditions in the expression language. */
public final class CasePatterns {
    private static final int MAX_RUNS = 1 << 11;

    private CasePatterns() {}

    /** {@return the pattern of a case, ready to be built} */
    public static PatternBuilder of(JsonNode pattern, Semantics semantics) {
        PatternBuilder builder = chain(pattern.get("stages"))
                .named("case")
                .over(CaseEvents.TYPE)
                .afterMatch(afterMatch(pattern.path("skip").asText("NO_SKIP")))
                .semantics(semantics)
                .timeouts()
                .limits(wide(pattern.has("withinMs") ? Overflow.HALT : Overflow.EVICT_OLDEST));
        if (pattern.has("withinMs")) {
            builder.within(pattern.get("withinMs").asLong(), TimeUnit.MILLISECONDS);
        }
        return pattern.path("every").asBoolean(true) ? builder : builder.once();
    }

    private static PatternBuilder chain(JsonNode stages) {
        PatternBuilder builder = null;
        for (JsonNode stage : stages) {
            builder = stage(builder, stage);
            quantify(builder, stage);
        }
        return builder;
    }

    private static PatternBuilder stage(PatternBuilder builder, JsonNode stage) {
        String op = stage.get("op").asText();
        if (stage.has("group") || stage.has("anyOf") || stage.has("allOf")) {
            StageGroup group = group(stage);
            return switch (op) {
                case "begin" -> Pattern.begin(group);
                case "next" -> builder.next(group);
                case "followedBy" -> builder.followedBy(group);
                case "followedByAny" -> builder.followedByAny(group);
                default -> throw new IllegalArgumentException("op=" + op);
            };
        }
        String name = stage.get("name").asText();
        PatternBuilder with = switch (op) {
            case "begin" -> Pattern.begin(name);
            case "next" -> builder.next(name);
            case "followedBy" -> builder.followedBy(name);
            case "followedByAny" -> builder.followedByAny(name);
            case "notNext" -> builder.notNext(name);
            case "notFollowedBy" -> builder.notFollowedBy(name);
            case "absentFor" -> builder.absentFor(name, stage.get("forMs").asLong(), TimeUnit.MILLISECONDS);
            default -> throw new IllegalArgumentException("op=" + op);
        };
        return where(with, stage.get("where"));
    }

    private static PatternBuilder where(PatternBuilder builder, JsonNode where) {
        return where == null || where.isBoolean() ? builder : builder.where(text(where));
    }

    private static StageGroup group(JsonNode stage) {
        if (stage.has("group")) {
            return Pattern.group(chain(stage.get("group")));
        }
        List<PatternBuilder> parts = new ArrayList<>();
        stage.get(stage.has("anyOf") ? "anyOf" : "allOf")
                .forEach(part -> parts.add(where(Pattern.begin(part.get("name").asText()), part.get("where"))));
        PatternBuilder[] array = parts.toArray(new PatternBuilder[0]);
        return stage.has("anyOf") ? Pattern.anyOf(array) : Pattern.allOf(array);
    }

    private static void quantify(PatternBuilder builder, JsonNode stage) {
        if (stage.has("min")) {
            int max = stage.get("max").asInt(Quantifier.UNBOUNDED);
            builder.times(
                    stage.get("min").asInt(), max, stage.path("timesWithinMs").asLong(), TimeUnit.MILLISECONDS);
            builder.inner(
                    switch (stage.path("inner").asText("relaxed")) {
                        case "consecutive" -> Contiguity.STRICT;
                        case "allowCombinations" -> Contiguity.ANY;
                        default -> Contiguity.RELAXED;
                    });
        }
        if (stage.path("greedy").asBoolean()) {
            builder.greedy();
        }
        if (stage.path("optional").asBoolean()) {
            builder.optional();
        }
        if (stage.has("until")) {
            builder.until(text(stage.get("until")));
        }
        if (stage.has("withinPrevMs")) {
            builder.withinPrevious(stage.get("withinPrevMs").asLong(), TimeUnit.MILLISECONDS);
        }
    }

    private static AfterMatch afterMatch(String skip) {
        String stage = skip.substring(skip.indexOf(':') + 1);
        return switch (skip.replace(":" + stage, "")) {
            case "NO_SKIP" -> AfterMatch.noSkip();
            case "SKIP_TO_NEXT" -> AfterMatch.skipToNext();
            case "SKIP_PAST_LAST_EVENT" -> AfterMatch.skipPastLastEvent();
            case "SKIP_TO_FIRST" -> AfterMatch.skipToFirst(stage);
            case "SKIP_TO_LAST" -> AfterMatch.skipToLast(stage);
            default -> throw new IllegalArgumentException("skip=" + skip);
        };
    }

    /** {@return a condition in the expression language} */
    static String text(JsonNode node) {
        if (!node.isArray()) {
            return node.isTextual() ? "'" + node.asText() + "'" : node.asText();
        }
        String operator = node.get(0).asText();
        return switch (operator) {
            case "f" -> "`" + node.get(1).asText() + "`";
            case "is" -> "class == '" + node.get(1).asText() + "'";
            case "isNull" -> text(node.get(1)) + " is null";
            case "not" -> "not (" + text(node.get(1)) + ")";
            case "count" -> "count(`" + node.get(1).asText() + "`)";
            case "sum", "avg", "min", "max", "first", "last", "distinct" ->
                operator + "(`" + node.get(1).asText() + "." + node.get(2).asText() + "`)";
            default -> joined(node, symbol(operator));
        };
    }

    private static String symbol(String operator) {
        return switch (operator) {
            case "eq" -> "==";
            case "ne" -> "!=";
            case "lt" -> "<";
            case "le" -> "<=";
            case "gt" -> ">";
            case "ge" -> ">=";
            case "add" -> "+";
            case "sub" -> "-";
            case "mul" -> "*";
            default -> operator;
        };
    }

    private static String joined(JsonNode node, String symbol) {
        StringJoiner text = new StringJoiner(" " + symbol + " ", "(", ")");
        for (int i = 1; i < node.size(); i++) {
            text.add(text(node.get(i)));
        }
        return text.toString();
    }

    /** {@return the names of the stages that take events, in the order in which a match numbers them} */
    public static List<String> stageNames(JsonNode stages) {
        List<String> names = new ArrayList<>();
        for (JsonNode stage : stages) {
            String op = stage.path("op").asText();
            for (String nested : List.of("group", "anyOf", "allOf")) {
                if (stage.has(nested)) {
                    names.addAll(stageNames(stage.get(nested)));
                }
            }
            boolean isSingle = !stage.has("group") && !stage.has("anyOf") && !stage.has("allOf");
            if (isSingle && !op.startsWith("not") && !op.equals("absentFor")) {
                names.add(stage.get("name").asText());
            }
        }
        return names;
    }

    /** {@return bounds that no case reaches; few outputs per step, so that there is more than one} */
    private static PatternLimits wide(Overflow overflow) {
        return PatternLimits.defaults()
                .maxKeys(64)
                .maxRunsPerKey(MAX_RUNS)
                .maxRuns(MAX_RUNS)
                .maxNodes(4 * MAX_RUNS)
                .maxEventsPerMatch(64)
                .maxWaitingMatches(MAX_RUNS)
                .maxMatchLength(4_096)
                .maxOutputsPerStep(5)
                .overflow(overflow);
    }
}
