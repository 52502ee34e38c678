package io.millrace.window;

import static io.millrace.workload.CepCases.NS_PER_MS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.workload.Arrival;
import io.millrace.workload.CepCases;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** All window cases of Flink's documentation and of Scotty's tests, as given and restored behind every item. */
class AggregateCasesTest {
    private static final int CASE_COUNT = 13;

    @Test
    void shouldFindTheCases() {
        assertEquals(CASE_COUNT, CepCases.of("window").size());
    }

    @TestFactory
    Stream<DynamicTest> shouldGiveTheWindowsOfTheCase() {
        return CepCases.of("window").stream()
                .flatMap(one -> Stream.of(
                        DynamicTest.dynamicTest(one.get("id").asText(), () -> check(one, false)),
                        DynamicTest.dynamicTest(one.get("id").asText() + ".restored", () -> check(one, true))));
    }

    private static void check(JsonNode one, boolean isRestored) {
        List<String> expected = new ArrayList<>();
        for (JsonNode row : one.get("expect").get("windows")) {
            long key = row.has("key") ? CepCases.keyOf(row.get("key")) : 0;
            expected.add(text(key, row.get("start").asLong(), row.get("end").asLong(), (long)
                    row.get("value").asDouble()));
        }
        List<String> actual = new ArrayList<>();
        for (JsonNode window : one.get("windows")) {
            actual.addAll(run(spec(window, one.has("partitionBy")), one.get("input"), isRestored));
        }
        if (one.get("expect").get("matchMode").asText().equals("exact")) {
            expected.sort(null);
            actual.sort(null);
            assertEquals(expected, actual);
        } else {
            assertTrue(actual.containsAll(expected), () -> expected + " in " + actual);
        }
    }

    private static AggregateSpec spec(JsonNode window, boolean isKeyed) {
        AggregateSpec.Builder builder = AggregateSpec.named("case")
                .over(Arrival.TYPE)
                .window(window(window))
                .aggregate(Aggregate.sum("sum").of(Arrival.VALUE))
                .maxKeys(16);
        return (isKeyed ? builder : builder.unkeyed()).build();
    }

    private static Window window(JsonNode window) {
        long size = window.path("size").asLong();
        return switch (window.get("kind").asText()) {
            case "tumble" -> Window.tumbling(size, MILLISECONDS);
            case "hop" -> Window.hopping(size, MILLISECONDS, window.get("slide").asLong(), MILLISECONDS);
            case "cumulate" ->
                Window.cumulating(size, MILLISECONDS, window.get("step").asLong(), MILLISECONDS);
            default -> Window.session(window.get("gap").asLong(), MILLISECONDS);
        };
    }

    /** Events in the order of arrival; time is moved by the case's watermarks alone, as by a feed out of order. */
    private static List<String> run(AggregateSpec spec, JsonNode input, boolean isRestored) {
        List<String> records = new ArrayList<>();
        RecordedOutputs outputs = RecordedOutputs.into(records);
        AggregateOperator operator = AggregateOperator.of(spec);
        OperatorDriver driver = new OperatorDriver(operator, Long.MAX_VALUE, outputs);
        MutableEvent event = MutableEvent.allocate(0);
        long sequence = 0;
        for (JsonNode item : input) {
            if (item.has("wm")) {
                driver.onTick(sequence++, CepCases.watermarkNs(item.get("wm").asLong()));
            } else {
                driver.onEvent(Arrival.of(
                                sequence++,
                                CepCases.keyOf(item.get("key")),
                                item.get("ts").asLong() * NS_PER_MS,
                                (long) item.get("value").asDouble())
                        .to(event));
            }
            if (isRestored) {
                operator = Snapshots.copy(operator, AggregateOperator.of(spec));
                driver = new OperatorDriver(operator, Long.MAX_VALUE, outputs);
            }
        }
        EventType type = spec.resultType();
        return RecordedOutputs.events(records).stream()
                .map(row -> text(
                        row.key(),
                        type.field("startNs").getLong(row) / NS_PER_MS,
                        type.field("endNs").getLong(row) / NS_PER_MS,
                        type.field("sum").getLong(row)))
                .toList();
    }

    private static String text(long key, long startMs, long endMs, long sum) {
        return key + " [" + startMs + ", " + endMs + ") " + sum;
    }
}
