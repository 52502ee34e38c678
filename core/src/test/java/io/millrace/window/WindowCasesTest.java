package io.millrace.window;

import static io.millrace.workload.CepCases.NS_PER_MS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.MutableEvent;
import io.millrace.workload.Arrival;
import io.millrace.workload.CepCases;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Cases of Flink's documentation and of Scotty, those with tumbling and hopping windows. */
class WindowCasesTest {
    private static final int CASE_COUNT = 5;

    /** What is in the rows of a case: start and end in milliseconds, and the sum. */
    private record Row(long start, long end, long value) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            return end != other.end ? Long.compare(end, other.end) : Long.compare(start, other.start);
        }
    }

    private static List<JsonNode> cases() {
        return CepCases.of("window").stream()
                .filter(one -> one.get("windows").size() == 1)
                .filter(one -> kind(one).equals("tumble") || kind(one).equals("hop"))
                .toList();
    }

    private static String kind(JsonNode one) {
        return one.get("windows").get(0).get("kind").asText();
    }

    @Test
    void shouldFindTheCases() {
        assertEquals(CASE_COUNT, cases().size());
    }

    @TestFactory
    Stream<DynamicTest> shouldGiveTheWindowsOfTheCase() {
        return cases().stream().map(one -> DynamicTest.dynamicTest(one.get("id").asText(), () -> check(one)));
    }

    private static void check(JsonNode one) {
        TreeSet<Row> expected = new TreeSet<>();
        for (JsonNode row : one.get("expect").get("windows")) {
            expected.add(new Row(row.get("start").asLong(), row.get("end").asLong(), (long)
                    row.get("value").asDouble()));
        }
        for (int sweepBudget : new int[] {1, 64}) {
            TreeSet<Row> actual = run(one, sweepBudget);
            if (one.get("expect").get("matchMode").asText().equals("exact")) {
                assertEquals(expected, actual);
            } else {
                assertTrue(actual.containsAll(expected), () -> expected + " in " + actual);
            }
        }
    }

    /** Events in the order of arrival; time is moved by the case's watermarks alone, as by a feed out of order. */
    private static TreeSet<Row> run(JsonNode one, int sweepBudget) {
        JsonNode window = one.get("windows").get(0);
        long sizeMs = window.get("size").asLong();
        WindowSpec spec = WindowSpec.named("case")
                .over(Arrival.TYPE)
                .value(Arrival.VALUE)
                .size(sizeMs, MILLISECONDS)
                .slide(window.has("slide") ? window.get("slide").asLong() : sizeMs, MILLISECONDS)
                .sweepBudget(sweepBudget)
                .build();
        List<String> records = new ArrayList<>();
        OperatorDriver driver =
                new OperatorDriver(new WindowOperator(spec), Long.MAX_VALUE, RecordedOutputs.into(records));
        MutableEvent event = MutableEvent.allocate(0);
        long sequence = 0;
        for (JsonNode item : one.get("input")) {
            if (item.has("wm")) {
                driver.onTick(sequence++, CepCases.watermarkNs(item.get("wm").asLong()));
            } else {
                driver.onEvent(Arrival.of(sequence++, 0, item.get("ts").asLong() * NS_PER_MS, (long)
                                item.get("value").asDouble())
                        .to(event));
            }
        }
        return rows(records);
    }

    private static TreeSet<Row> rows(List<String> records) {
        TreeSet<Row> rows = new TreeSet<>();
        WindowResult result = new WindowResult();
        for (MutableEvent output : RecordedOutputs.events(records)) {
            result.wrap(output);
            rows.add(new Row(result.startNs() / NS_PER_MS, result.endNs() / NS_PER_MS, result.sum()));
        }
        return rows;
    }
}
