package io.millrace.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.millrace.TestSeed;
import io.millrace.pattern.oracle.Found;
import io.millrace.pattern.oracle.PatternRun;
import io.millrace.pattern.oracle.PatternRun.Item;
import io.millrace.workload.CepCases;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What Flink's and Siddhi's own tests expect of a pattern: as given, keys together, restored on the way, replayed. */
class PatternConformanceTest {
    private static final int FLINK_CASE_COUNT = 117;
    private static final int SIDDHI_CASE_COUNT = 15;
    private static final int COPY_COUNT = 4;
    private static final int RESTORE_COUNT = 2;
    private static final long SEED = TestSeed.of(PatternConformanceTest.class);

    private static List<JsonNode> flinkCases() {
        return CepCases.of("flink-cep");
    }

    private static List<JsonNode> siddhiCases() {
        return CepCases.of("siddhi").stream().filter(one -> one.has("neutral")).toList();
    }

    @Test
    void shouldFindTheCases() {
        assertEquals(FLINK_CASE_COUNT, flinkCases().size());
        assertEquals(SIDDHI_CASE_COUNT, siddhiCases().size());
    }

    @TestFactory
    Stream<DynamicTest> shouldMatchAsGiven() {
        return testsOfAll(one -> check(one, run(one, items(one, 1), -1), 1));
    }

    @TestFactory
    Stream<DynamicTest> shouldMatchByEventTime() {
        return tests(one -> {
            ArrayNode input = one.get("input").deepCopy();
            input.addObject().put("wm", lastMs(input));
            check(one, run(one, PatternRun.byEventTime(input, 1), -1), 1);
        });
    }

    @TestFactory
    Stream<DynamicTest> shouldMatchWithKeysTogether() {
        return testsOfAll(one -> {
            PatternRun run = run(one, shuffled(one, new Random(SEED)), -1);
            for (int copy = 1; copy <= COPY_COUNT; copy++) {
                check(one, run, copy);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> shouldMatchWhenRestoredAtAnyEvent() {
        return testsOfAll(one -> {
            List<Item> items = shuffled(one, new Random(SEED));
            PatternRun straight = run(one, items, -1);
            Random random = new Random(SEED + items.size());
            for (int i = 0; i < RESTORE_COUNT; i++) {
                int at = random.nextInt(items.size());
                PatternRun restored = run(one, items, at);
                assertEquals(straight.records, restored.records, "restored at " + at);
                assertEquals(
                        straight.operator().stateHash(), restored.operator().stateHash());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> shouldMatchTheSameWhenReplayed() {
        return testsOfAll(one -> {
            List<Item> items = shuffled(one, new Random(SEED));
            assertEquals(run(one, items, -1).records, run(one, items, -1).records);
        });
    }

    @TestFactory
    Stream<DynamicTest> shouldGiveTheRowsOfSiddhi() {
        return siddhiCases().stream()
                .map(one -> DynamicTest.dynamicTest(one.get("id").asText(), () -> {
                    PatternRun run = run(one, items(one, 1), -1);
                    check(one, run, 1);
                    // A row holds selected values: each that is not null is one of an event that was matched.
                    for (int i = 0; i < run.matches(1).size(); i++) {
                        checkRow(
                                one,
                                one.get("expect").get("rows").get(i),
                                run.matches(1).get(i));
                    }
                }));
    }

    private static void checkRow(JsonNode one, JsonNode row, Found match) {
        List<Long> numbers =
                match.stages().values().stream().flatMap(List::stream).toList();
        for (JsonNode value : row) {
            boolean isFound =
                    value.isNull() || numbers.stream().anyMatch(number -> holds(one.get("input"), number, value));
            assertTrue(isFound, () -> row + " of " + match);
        }
    }

    private static boolean holds(JsonNode input, long number, JsonNode value) {
        for (JsonNode event : input) {
            if (event.path("n").asLong() == number) {
                return event.get("symbol").equals(value) || event.get("price").equals(value);
            }
        }
        return false;
    }

    @Test
    void shouldHoldNothingOnceTimeIsOver() {
        JsonNode one = flinkCases().stream()
                .filter(each -> each.get("id").asText().endsWith("testCEPOperatorCleanupEventTime"))
                .findFirst()
                .orElseThrow();
        PatternRun run = run(one, items(one, 1), -1);
        check(one, run, 1);
        assertEquals(0, run.operator().keyCount());
        assertEquals(0, run.operator().runCount());
    }

    private static Stream<DynamicTest> tests(Consumer<JsonNode> test) {
        return tests(flinkCases(), test);
    }

    private static Stream<DynamicTest> testsOfAll(Consumer<JsonNode> test) {
        return Stream.concat(tests(test), tests(siddhiCases(), test));
    }

    private static Stream<DynamicTest> tests(List<JsonNode> cases, Consumer<JsonNode> test) {
        return cases.stream().map(one -> DynamicTest.dynamicTest(one.get("id").asText(), () -> test.accept(one)));
    }

    private static PatternRun run(JsonNode one, List<Item> items, int restoreAt) {
        return new PatternRun(pattern(one), semantics(one)).run(items, restoreAt);
    }

    private static JsonNode pattern(JsonNode one) {
        return one.get(one.has("neutral") ? "neutral" : "pattern");
    }

    /** By the rules of this project, but for limits between the rounds of a loop, which Flink has its own way with. */
    private static Semantics semantics(JsonNode one) {
        return one.get("pattern").toString().contains("timesWithinMs") ? Semantics.FLINK_EXACT : Semantics.MILLRACE;
    }

    /** Of Siddhi's cases time is over at the last event. */
    private static List<Item> items(JsonNode one, int copy) {
        if (one.has("neutral")) {
            ArrayNode input = one.get("input").deepCopy();
            input.addObject().put("wm", lastMs(input));
            return PatternRun.byEventTime(input, copy);
        }
        return one.get("feed").asText().equals("arrival")
                ? PatternRun.onArrival(one.get("input"), copy)
                : PatternRun.byEventTime(one.get("input"), copy);
    }

    /** The case several times at once: each copy's events in their order, time never back, watermarks together. */
    private static List<Item> shuffled(JsonNode one, Random random) {
        List<List<Item>> queues = new ArrayList<>();
        for (int copy = 1; copy <= COPY_COUNT; copy++) {
            queues.add(new ArrayList<>(items(one, copy)));
        }
        List<Item> all = new ArrayList<>();
        while (!queues.get(0).isEmpty() || queues.stream().anyMatch(queue -> !queue.isEmpty())) {
            queues.removeIf(List::isEmpty);
            long nextMs = queues.stream()
                    .mapToLong(queue -> order(queue.get(0)))
                    .min()
                    .orElseThrow();
            List<List<Item>> ready = queues.stream()
                    .filter(queue -> order(queue.get(0)) == nextMs)
                    .toList();
            if (ready.get(0).get(0).isWatermark()) {
                all.add(ready.get(0).get(0));
                ready.forEach(queue -> queue.remove(0));
            } else {
                all.add(ready.get(random.nextInt(ready.size())).remove(0));
            }
        }
        return all;
    }

    /** A watermark is behind all that it lets through. */
    private static long order(Item item) {
        return item.ms() * 2 + (item.isWatermark() ? 1 : 0);
    }

    private static long lastMs(JsonNode input) {
        long lastMs = Long.MIN_VALUE;
        for (JsonNode item : input) {
            lastMs = Math.max(lastMs, item.path("ts").asLong(item.path("wm").asLong()));
        }
        return lastMs;
    }

    private static void check(JsonNode one, PatternRun run, int copy) {
        if (one.has("neutral")) {
            int rowCount = one.get("expect").get("rows").size();
            assertEquals(
                    rowCount,
                    run.matches(copy).size(),
                    () -> pattern(one).get("text").asText());
            return;
        }
        List<Found> expected = new ArrayList<>();
        one.get("expect").get("matches").forEach(match -> expected.add(Found.of(match, 0)));
        expected.sort(null);
        assertEquals(
                expected,
                run.matches(copy),
                () -> one.get("pattern").get("text").asText());
        if (one.get("expect").has("timeouts")) {
            List<Found> timeouts = new ArrayList<>();
            one.get("expect")
                    .get("timeouts")
                    .forEach(timeout -> timeouts.add(
                            Found.of(timeout.get("match"), timeout.get("at").asLong())));
            timeouts.sort(null);
            assertEquals(timeouts, run.timeouts(copy));
        }
    }
}
