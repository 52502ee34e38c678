package io.millrace.pattern.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A stage of a pattern, as the cases write it. */
final class CaseStage {
    static final int UNBOUNDED = Integer.MAX_VALUE;

    final String name;
    final String op;
    final JsonNode where;
    final int min;
    final int max;
    final String inner;
    final boolean isGreedy;
    final boolean isOptional;
    final JsonNode until;
    final long timesWithinMs;
    final long withinPrevMs;
    final long forMs;
    /** The stages of a group, empty for others. */
    final List<CaseStage> group;

    /** The alternatives of anyOf and allOf, empty for others. */
    final List<CaseStage> alternatives;

    final boolean isAllOf;

    private CaseStage(JsonNode stage) {
        this.name = stage.path("name").asText("");
        this.op = stage.path("op").asText("");
        this.where = stage.get("where");
        this.min = stage.path("min").asInt(1);
        this.max = !stage.has("max") ? 1 : stage.get("max").asInt(UNBOUNDED);
        this.inner = stage.path("inner").asText("relaxed");
        this.isGreedy = stage.path("greedy").asBoolean();
        this.isOptional = stage.path("optional").asBoolean();
        this.until = stage.get("until");
        this.timesWithinMs = stage.path("timesWithinMs").asLong();
        this.withinPrevMs = stage.path("withinPrevMs").asLong();
        this.forMs = stage.path("forMs").asLong();
        this.group = listOf(stage.path("group"));
        this.isAllOf = stage.has("allOf");
        this.alternatives = listOf(stage.path(isAllOf ? "allOf" : "anyOf"));
    }

    static List<CaseStage> listOf(JsonNode stages) {
        List<CaseStage> list = new ArrayList<>();
        stages.forEach(stage -> list.add(new CaseStage(stage)));
        return list;
    }

    /** Whether its end is left to the events: a greedy stage of a fixed number of rounds is not greedy. */
    boolean isGreedyLoop() {
        return isGreedy && (max == UNBOUNDED || min != max);
    }
}
