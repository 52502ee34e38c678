package io.millrace.pattern.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.millrace.workload.CepCases;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The judge is judged first: the oracle gives what Flink's own tests expect. */
class PatternOracleTest {
    private static final int CASE_COUNT = 117;

    @Test
    void shouldFindTheCases() {
        assertEquals(CASE_COUNT, CepCases.of("flink-cep").size());
    }

    @TestFactory
    Stream<DynamicTest> shouldGiveTheMatchesOfTheCase() {
        return CepCases.of("flink-cep").stream()
                .map(one -> DynamicTest.dynamicTest(one.get("id").asText(), () -> {
                    CaseFeed feed = new CaseFeed(one.get("pattern"), true);
                    boolean isByTime = one.get("feed").asText().equals("eventTime");
                    check(one, isByTime ? feed.runByEventTime(one.get("input")) : feed.runOnArrival(one.get("input")));
                }));
    }

    @TestFactory
    Stream<DynamicTest> shouldGiveTheSameByEventTime() {
        return CepCases.of("flink-cep").stream()
                .filter(one -> one.get("feed").asText().equals("arrival"))
                .map(one -> DynamicTest.dynamicTest(one.get("id").asText(), () -> {
                    ArrayNode input = one.get("input").deepCopy();
                    input.addObject().put("wm", lastMs(input));
                    check(one, new CaseFeed(one.get("pattern"), true).runByEventTime(input));
                }));
    }

    @TestFactory
    Stream<DynamicTest> shouldGiveTheSameByTheRulesOfThisProject() {
        return CepCases.of("flink-cep").stream()
                .filter(one -> one.get("feed").asText().equals("arrival"))
                .filter(one -> !one.get("pattern").toString().contains("timesWithinMs"))
                .map(one -> DynamicTest.dynamicTest(
                        one.get("id").asText(),
                        () -> check(one, new CaseFeed(one.get("pattern"), false).runOnArrival(one.get("input")))));
    }

    private static long lastMs(JsonNode input) {
        long lastMs = Long.MIN_VALUE;
        for (JsonNode item : input) {
            lastMs = Math.max(lastMs, item.path("ts").asLong(Long.MIN_VALUE));
        }
        return lastMs;
    }

    private static void check(JsonNode one, CaseFeed feed) {
        JsonNode expect = one.get("expect");
        List<Found> expected = new ArrayList<>();
        expect.get("matches").forEach(match -> expected.add(Found.of(match, 0)));
        expected.sort(null);
        assertEquals(
                expected, feed.matches(), () -> one.get("pattern").get("text").asText());
        if (expect.has("timeouts")) {
            List<Found> timeouts = new ArrayList<>();
            expect.get("timeouts")
                    .forEach(timeout -> timeouts.add(
                            Found.of(timeout.get("match"), timeout.get("at").asLong())));
            timeouts.sort(null);
            assertEquals(timeouts, feed.timeouts());
        }
        if (expect.has("late")) {
            List<Long> late = new ArrayList<>();
            expect.get("late").forEach(number -> late.add(number.asLong()));
            assertEquals(late, feed.late);
        }
    }
}
