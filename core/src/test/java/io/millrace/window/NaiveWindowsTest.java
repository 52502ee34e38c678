package io.millrace.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.workload.Arrival;
import io.millrace.workload.CepCases;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The judge is judged first: the oracle gives the windows that Flink's documentation and Scotty's tests expect. */
class NaiveWindowsTest {
    private static final int CASE_COUNT = 13;

    @Test
    void shouldFindTheCases() {
        assertEquals(CASE_COUNT, CepCases.of("window").size());
    }

    @TestFactory
    Stream<DynamicTest> shouldGiveTheWindowsOfTheCase() {
        return CepCases.of("window").stream()
                .map(one -> DynamicTest.dynamicTest(one.get("id").asText(), () -> check(one)));
    }

    private static void check(JsonNode one) {
        List<String> expected = new ArrayList<>();
        for (JsonNode row : one.get("expect").get("windows")) {
            expected.add(text(
                    row.get("start").asLong(),
                    row.get("end").asLong(),
                    row.get("value").asDouble(),
                    row.get("key")));
        }
        List<String> actual = new ArrayList<>();
        for (JsonNode window : one.get("windows")) {
            actual.addAll(run(window, one));
        }
        if (one.get("expect").get("matchMode").asText().equals("exact")) {
            expected.sort(null);
            actual.sort(null);
            assertEquals(expected, actual);
        } else {
            assertTrue(actual.containsAll(expected), () -> expected + " in " + actual);
        }
    }

    private static List<String> run(JsonNode window, JsonNode one) {
        NaiveWindows oracle = oracle(window);
        long sequence = 0;
        for (JsonNode item : one.get("input")) {
            if (item.has("wm")) {
                oracle.advanceTo(item.get("wm").asLong());
            } else {
                long key = one.has("partitionBy") ? CepCases.keyOf(item.get("key")) : 0;
                oracle.add(
                        Arrival.of(sequence++, key, item.get("ts").asLong(), (long)
                                item.get("value").asDouble()),
                        Long.MIN_VALUE);
            }
        }
        return oracle.rows.stream()
                .map(row -> text(row.start(), row.end(), row.sum(), one.has("partitionBy") ? row.key() : null))
                .toList();
    }

    private static NaiveWindows oracle(JsonNode window) {
        long size = window.path("size").asLong();
        return switch (window.get("kind").asText()) {
            case "tumble" -> new NaiveWindows(NaiveWindows.Kind.HOP, size, size, 0, 0);
            case "hop" ->
                new NaiveWindows(
                        NaiveWindows.Kind.HOP, size, window.get("slide").asLong(), 0, 0);
            case "cumulate" ->
                new NaiveWindows(
                        NaiveWindows.Kind.CUMULATE, size, window.get("step").asLong(), 0, 0);
            default ->
                new NaiveWindows(NaiveWindows.Kind.SESSION, window.get("gap").asLong(), 0, 0, 0);
        };
    }

    private static String text(long start, long end, double value, JsonNode key) {
        return text(start, end, value, key == null ? null : CepCases.keyOf(key));
    }

    private static String text(long start, long end, double value, Long key) {
        return "[" + start + ", " + end + ") " + (long) value + (key == null ? "" : " of " + key);
    }
}
