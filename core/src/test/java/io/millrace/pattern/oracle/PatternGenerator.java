package io.millrace.pattern.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random patterns and streams in the notation of the cases, so that a difference that is found can be read, made
 * smaller and kept as a case.
 */
public final class PatternGenerator {
    /** Which patterns to make. */
    public enum Breadth {
        /** All that Flink has, and absentFor, anyOf and allOf. */
        OURS,
        /** All operators that Flink has. */
        ALL,
        /**
         * Those on which Flink does what it documents. Left out: a negation behind a loop that may go on, which in
         * Flink is not always looked for between the rounds and at the end of within; a loop behind a negation, which
         * is still looked for when later rounds pass over events; a notNext before a stage that may be left out, which
         * Flink asks of the event before; limits between rounds; a group that may go on after events passed over, which
         * can then still be left, so that matches come twice and next is not strict; a loop that begins a group,
         * between whose rounds Flink asks for the contiguity of the group; a negation before a group that may be left
         * out, which Flink forgets once the group has passed over an event.
         */
        FLINK
    }

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String[] TYPES = {"a", "b", "c", "d"};
    private static final String[] OPS = {"next", "followedBy", "followedBy", "followedByAny"};
    private static final String[] INNERS = {"relaxed", "relaxed", "consecutive", "allowCombinations"};
    private static final String[] SKIPS = {"SKIP_TO_NEXT", "SKIP_PAST_LAST_EVENT", "SKIP_TO_FIRST:", "SKIP_TO_LAST:"};
    private static final int STAGE_COUNT_MAX = 4;
    private static final int EVENT_COUNT_MAX = 25;
    private static final int KEY_COUNT = 3;

    private final Random random;
    private final Breadth breadth;
    private final List<String> names = new ArrayList<>();
    private final List<String> topNames = new ArrayList<>();
    private int notCount;

    public PatternGenerator(Random random, Breadth breadth) {
        this.random = random;
        this.breadth = breadth;
    }

    /** {@return a pattern} */
    public ObjectNode pattern() {
        names.clear();
        topNames.clear();
        notCount = 0;
        ObjectNode pattern = NODES.objectNode();
        int stageCount = 1 + random.nextInt(STAGE_COUNT_MAX);
        ArrayNode stages = pattern.putArray("stages");
        for (int i = 0; i < stageCount; i++) {
            addStage(stages, i == 0 ? "begin" : null, i == stageCount - 1, true);
        }
        needOne(stages);
        if (chance(3, 4) || isEndedByNot(stages)) {
            pattern.put("withinMs", Math.max(2 + random.nextInt(14), longestGap(stages)));
        }
        pattern.put("skip", pattern.has("withinMs") && chance(1, 3) ? skip() : "NO_SKIP");
        return pattern;
    }

    /** A gap may not be longer than the whole. */
    private static int longestGap(JsonNode stages) {
        int longest = 0;
        for (JsonNode stage : stages) {
            longest = Math.max(longest, stage.path("withinPrevMs").asInt());
            longest = Math.max(longest, stage.path("timesWithinMs").asInt());
            longest = Math.max(longest, stage.has("forMs") ? stage.get("forMs").asInt() + 1 : 0);
            longest = Math.max(longest, longestGap(stage.path("group")));
        }
        return longest;
    }

    private String skip() {
        String skip = SKIPS[random.nextInt(SKIPS.length)];
        if (!skip.endsWith(":")) {
            return skip;
        }
        return topNames.isEmpty() ? "SKIP_TO_NEXT" : skip + topNames.get(random.nextInt(topNames.size()));
    }

    private static boolean isEndedByNot(ArrayNode stages) {
        return stages.get(stages.size() - 1).get("op").asText().equals("notFollowedBy");
    }

    /** A pattern of nothing but optional stages is none. */
    private static void needOne(ArrayNode stages) {
        for (JsonNode stage : stages) {
            if (!stage.path("optional").asBoolean() && !isNot(stage)) {
                return;
            }
        }
        ((ObjectNode) stages.get(0)).remove("optional");
    }

    private void addStage(ArrayNode stages, String fixedOp, boolean isLast, boolean mayNest) {
        JsonNode previous = stages.isEmpty() ? null : stages.get(stages.size() - 1);
        ObjectNode stage = stages.addObject();
        boolean isHeadOfGroup = !mayNest && stages.size() == 1;
        boolean mayNot = fixedOp == null && mayNest && !isOptional(previous) && !isNot(previous);
        if (mayNot && chance(1, 5)) {
            addNot(stage, previous, isLast);
            return;
        }
        stage.put("op", fixedOp == null ? OPS[random.nextInt(OPS.length)] : fixedOp);
        if (mayNest && chance(1, 7)) {
            addGroup(stage);
        } else if (breadth == Breadth.OURS && chance(1, 6)) {
            addAlternatives(stage, mayNest);
        } else {
            String name = "s" + (names.size() + 1);
            stage.put("name", name);
            stage.set("where", condition(name));
            names.add(name);
            if (mayNest) {
                topNames.add(name);
            }
            boolean isUnsure = breadth == Breadth.FLINK && (isNot(previous) || isHeadOfGroup);
            addLoop(stage, !isUnsure, mayNest && !isLast);
        }
        boolean isAfterNot = isNot(previous);
        boolean mayBeOptional = !isGreedy(isAfterNot ? stages.get(stages.size() - 3) : previous)
                && !(isAfterNot && (isNextNot(previous) || stage.has("group")) && breadth == Breadth.FLINK)
                && (mayNest || stages.size() > 1);
        if (mayBeOptional && chance(1, 4)) {
            stage.put("optional", true);
        }
        addGaps(stage, previous);
    }

    private void addAlternatives(ObjectNode stage, boolean isTop) {
        boolean isAllOf = chance(1, 2);
        ArrayNode alternatives = stage.putArray(isAllOf ? "allOf" : "anyOf");
        int count = 2 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            String name = "s" + (names.size() + 1);
            alternatives.addObject().put("name", name).set("where", condition(name));
            names.add(name);
            if (isTop) {
                topNames.add(name);
            }
        }
        if (!isAllOf && chance(1, 4)) {
            rounds(stage);
            stage.put("inner", INNERS[random.nextInt(INNERS.length)]);
        }
    }

    private void addNot(ObjectNode stage, JsonNode previous, boolean isLast) {
        JsonNode group = previous.path("group");
        boolean isGroupOpen = mayGoOn(group.path(group.size() - 1));
        boolean isLoopOpen =
                mayGoOn(previous) && (isLast || !previous.get("max").isNull());
        boolean isUnsure = breadth == Breadth.FLINK && (isGroupOpen || isLoopOpen);
        stage.put("name", "not" + ++notCount);
        if (breadth == Breadth.OURS && chance(1, 3)) {
            stage.put("op", "absentFor").put("forMs", 1 + random.nextInt(6));
        } else {
            stage.put("op", chance(1, 3) || isUnsure ? "notNext" : "notFollowedBy");
        }
        stage.set("where", simple());
    }

    private static boolean mayGoOn(JsonNode stage) {
        return stage.has("min") && !stage.get("min").equals(stage.get("max"));
    }

    private static boolean isNextNot(JsonNode stage) {
        return stage.get("op").asText().equals("notNext");
    }

    private static boolean isOptional(JsonNode stage) {
        return stage != null && stage.path("optional").asBoolean();
    }

    private static boolean isNot(JsonNode stage) {
        return stage != null
                && stage.get("name") != null
                && stage.get("name").asText().startsWith("not");
    }

    private static boolean isGreedy(JsonNode stage) {
        return stage != null && stage.path("greedy").asBoolean();
    }

    private void addGroup(ObjectNode stage) {
        ArrayNode group = stage.putArray("group");
        addStage(group, "begin", false, false);
        if (!isOptional(group.get(0)) && chance(1, 6)) {
            addNot(group.addObject(), group.get(0), false);
        }
        addStage(group, null, false, false);
        ((ObjectNode) group.get(group.size() - 1)).remove("optional");
        if (chance(1, 2)) {
            rounds(stage);
            boolean isUnsure = breadth == Breadth.FLINK && !stage.get("min").equals(stage.get("max"));
            stage.put("inner", isUnsure ? "consecutive" : INNERS[random.nextInt(INNERS.length)]);
        }
    }

    /** Greed at the end of a group reaches what is behind the group, also where the group is left out. */
    private void addLoop(ObjectNode stage, boolean mayLoop, boolean mayBeGreedy) {
        if (!mayLoop || !chance(2, 5)) {
            return;
        }
        rounds(stage);
        String inner = INNERS[random.nextInt(INNERS.length)];
        stage.put("inner", inner);
        boolean isUnbounded = stage.get("max").isNull();
        if (isUnbounded && chance(1, 4)) {
            stage.set("until", simple());
        }
        if (!inner.equals("allowCombinations") && mayBeGreedy && chance(1, 4)) {
            stage.put("greedy", true);
        }
    }

    private void rounds(ObjectNode stage) {
        int min = 1 + random.nextInt(3);
        stage.put("min", min);
        switch (random.nextInt(3)) {
            case 0 -> stage.put("max", min);
            case 1 -> stage.put("max", min + 1 + random.nextInt(2));
            default -> stage.putNull("max");
        }
    }

    /** In Flink such a limit holds where the run stands, so it is only comparable where that is one stage. */
    private void addGaps(ObjectNode stage, JsonNode previous) {
        boolean isPlain = !stage.has("min") && !stage.has("group") && !isOptional(stage);
        boolean isAfterPlain = previous != null && !previous.has("group") && !isNot(previous) && !isOptional(previous);
        if (isPlain && isAfterPlain && !previous.has("max") && !hasAlternatives(stage) && chance(1, 10)) {
            stage.put("withinPrevMs", 1 + random.nextInt(4));
        }
        boolean isLoop = stage.has("min") && stage.get("max").asInt() != 1 && !stage.has("group");
        if (breadth != Breadth.FLINK && isLoop && chance(1, 10)) {
            stage.put("timesWithinMs", 1 + random.nextInt(4));
        }
    }

    private static boolean hasAlternatives(JsonNode stage) {
        return stage.has("anyOf") || stage.has("allOf");
    }

    private JsonNode condition(String name) {
        if (chance(1, 6)) {
            ArrayNode both = array("and").add(simple());
            return both.add(overRun(name));
        }
        return simple();
    }

    private JsonNode simple() {
        ArrayNode isType = array("eq").add(field("type")).add(TYPES[random.nextInt(TYPES.length)]);
        return switch (random.nextInt(6)) {
            case 0 ->
                array("or").add(isType).add(array("eq").add(field("type")).add(TYPES[random.nextInt(TYPES.length)]));
            case 1 ->
                array("and").add(isType).add(array("gt").add(field("value")).add(random.nextInt(6)));
            case 2 -> array(chance(1, 2) ? "ge" : "lt").add(field("value")).add(2 + random.nextInt(5));
            default -> isType;
        };
    }

    /** A condition over what the run has accepted, which may be nothing yet. */
    private JsonNode overRun(String name) {
        List<String> choices = new ArrayList<>(names);
        choices.add(name);
        String stage = choices.get(random.nextInt(choices.size()));
        return switch (random.nextInt(5)) {
            case 0 -> array("lt").add(array("count").add(stage)).add(1 + random.nextInt(3));
            case 1 -> array("le").add(aggregate("sum", stage)).add(random.nextInt(20));
            case 2 -> array("ge").add(field("value")).add(aggregate("last", stage));
            case 3 -> array("ne").add(field("value")).add(aggregate("first", stage));
            default -> array("le").add(field("value")).add(aggregate(chance(1, 2) ? "max" : "min", stage));
        };
    }

    private static ArrayNode aggregate(String function, String stage) {
        return array(function).add(stage).add("value");
    }

    private static ArrayNode field(String name) {
        return array("f").add(name);
    }

    private static ArrayNode array(String operator) {
        return NODES.arrayNode().add(operator);
    }

    private boolean chance(int n, int of) {
        return random.nextInt(of) < n;
    }

    /** {@return events whose time never goes back, of several keys} */
    public ArrayNode input() {
        ArrayNode input = NODES.arrayNode();
        int count = 4 + random.nextInt(EVENT_COUNT_MAX - 3);
        int keyCount = 1 + random.nextInt(KEY_COUNT);
        long ts = random.nextInt(5);
        for (int n = 1; n <= count; n++) {
            ts += chance(1, 4) ? 0 : 1 + random.nextInt(chance(1, 10) ? 9 : 2);
            input.addObject()
                    .put("n", n)
                    .put("ts", ts)
                    .put("type", TYPES[random.nextInt(TYPES.length)])
                    .put("key", "k" + random.nextInt(keyCount))
                    .put("value", random.nextInt(8));
        }
        return input;
    }
}
