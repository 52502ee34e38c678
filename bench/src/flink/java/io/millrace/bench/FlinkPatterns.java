package io.millrace.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BaseJsonNode;
import io.millrace.pattern.oracle.CaseCondition;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.WithinType;
import org.apache.flink.cep.pattern.conditions.IterativeCondition;

/** Says the patterns of the cases in Flink's own API. */
final class FlinkPatterns {
    private FlinkPatterns() {}

    static Pattern<JsonNode, JsonNode> of(JsonNode pattern) {
        AfterMatchSkipStrategy skip = skip(pattern.path("skip").asText("NO_SKIP"));
        Pattern<JsonNode, JsonNode> flink = chain(pattern.get("stages"), skip);
        if (pattern.has("withinMs")) {
            flink = flink.within(Duration.ofMillis(pattern.get("withinMs").asLong()));
        }
        return flink;
    }

    private static AfterMatchSkipStrategy skip(String skip) {
        String stage = skip.substring(skip.indexOf(':') + 1);
        return switch (skip.replace(":" + stage, "")) {
            case "NO_SKIP" -> AfterMatchSkipStrategy.noSkip();
            case "SKIP_TO_NEXT" -> AfterMatchSkipStrategy.skipToNext();
            case "SKIP_PAST_LAST_EVENT" -> AfterMatchSkipStrategy.skipPastLastEvent();
            case "SKIP_TO_FIRST" -> AfterMatchSkipStrategy.skipToFirst(stage);
            case "SKIP_TO_LAST" -> AfterMatchSkipStrategy.skipToLast(stage);
            default -> throw new IllegalArgumentException("skip=" + skip);
        };
    }

    private static Pattern<JsonNode, JsonNode> chain(JsonNode stages, AfterMatchSkipStrategy skip) {
        Pattern<JsonNode, JsonNode> flink = null;
        for (JsonNode stage : stages) {
            flink = quantified(stage(flink, stage, skip), stage);
        }
        return flink;
    }

    private static Pattern<JsonNode, JsonNode> stage(
            Pattern<JsonNode, JsonNode> flink, JsonNode stage, AfterMatchSkipStrategy skip) {
        String op = stage.get("op").asText();
        if (stage.has("group")) {
            Pattern<JsonNode, JsonNode> group = chain(stage.get("group"), AfterMatchSkipStrategy.noSkip());
            return switch (op) {
                case "begin" -> Pattern.begin(group, skip);
                case "next" -> flink.next(group);
                case "followedBy" -> flink.followedBy(group);
                default -> flink.followedByAny(group);
            };
        }
        String name = stage.get("name").asText();
        Pattern<JsonNode, JsonNode> with =
                switch (op) {
                    case "begin" -> Pattern.begin(name, skip);
                    case "next" -> flink.next(name);
                    case "followedBy" -> flink.followedBy(name);
                    case "followedByAny" -> flink.followedByAny(name);
                    case "notNext" -> flink.notNext(name);
                    default -> flink.notFollowedBy(name);
                };
        return stage.has("where") ? with.where(new CaseFilter(stage.get("where"))) : with;
    }

    private static Pattern<JsonNode, JsonNode> quantified(Pattern<JsonNode, JsonNode> flink, JsonNode stage) {
        Pattern<JsonNode, JsonNode> with = flink;
        if (stage.has("min")) {
            with = repeated(with, stage);
            with = switch (stage.path("inner").asText("relaxed")) {
                case "consecutive" -> with.consecutive();
                case "allowCombinations" -> with.allowCombinations();
                default -> with;
            };
        }
        if (stage.path("greedy").asBoolean()) {
            with = with.greedy();
        }
        if (stage.path("optional").asBoolean()) {
            with = with.optional();
        }
        if (stage.has("until")) {
            with = with.until(new CaseFilter(stage.get("until")));
        }
        if (stage.has("withinPrevMs")) {
            with = with.within(
                    Duration.ofMillis(stage.get("withinPrevMs").asLong()), WithinType.PREVIOUS_AND_CURRENT);
        }
        return with;
    }

    private static Pattern<JsonNode, JsonNode> repeated(Pattern<JsonNode, JsonNode> flink, JsonNode stage) {
        int min = stage.get("min").asInt();
        Duration limit = stage.has("timesWithinMs")
                ? Duration.ofMillis(stage.get("timesWithinMs").asLong())
                : null;
        if (stage.get("max").isNull()) {
            return flink.timesOrMore(min, limit);
        }
        return stage.get("max").asInt() == min
                ? flink.times(min, limit)
                : flink.times(min, stage.get("max").asInt(), limit);
    }

    /** A condition of the cases; Flink insists that it can be serialised. */
    private static final class CaseFilter extends IterativeCondition<JsonNode> {
        @Serial
        private static final long serialVersionUID = 1;

        private final BaseJsonNode condition;

        private CaseFilter(JsonNode condition) {
            this.condition = (BaseJsonNode) condition;
        }

        /** That there is one keeps Flink from looking into the fields. */
        @Serial
        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
        }

        @Override
        public boolean filter(JsonNode event, Context<JsonNode> context) {
            return CaseCondition.test(condition, event, new Taken(context));
        }
    }

    /** What a run has accepted, asked of Flink. */
    private static final class Taken extends AbstractMap<String, List<JsonNode>> {
        private final IterativeCondition.Context<JsonNode> context;

        private Taken(IterativeCondition.Context<JsonNode> context) {
            this.context = context;
        }

        @Override
        public boolean containsKey(Object stage) {
            return true;
        }

        @Override
        public List<JsonNode> get(Object stage) {
            try {
                List<JsonNode> events = new ArrayList<>();
                context.getEventsForPattern((String) stage).forEach(events::add);
                return events;
            } catch (Exception e) {
                throw new IllegalStateException("stage=" + stage, e);
            }
        }

        @Override
        public Set<Map.Entry<String, List<JsonNode>>> entrySet() {
            throw new UnsupportedOperationException();
        }
    }
}
