package io.millrace.pattern;

import static io.millrace.pattern.EventPattern.count;
import static io.millrace.pattern.EventPattern.distinct;
import static io.millrace.workload.CepCases.NS_PER_MS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.TestSeed;
import io.millrace.event.MutableEvent;
import io.millrace.workload.Arrival;
import io.millrace.workload.CepCases;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The threshold cases, which were run on Flink as well: in the order of event time, as a reorder buffer gives it. */
class ThresholdCasesTest {
    private static final int CASE_COUNT = 11;
    private static final int COPY_COUNT = 4;
    private static final int RESTORE_COUNT = 3;
    private static final long SEED = TestSeed.of(ThresholdCasesTest.class);

    private static List<JsonNode> cases() {
        return CepCases.of("threshold");
    }

    @Test
    void shouldFindTheCases() {
        assertEquals(CASE_COUNT, cases().size());
    }

    @TestFactory
    Stream<DynamicTest> shouldMatchAtEveryEvent() {
        return tests((one, name) -> assertEquals(
                numbers(one.get("expect").get("levelTrueAt")), lastNumbers(run(one, MatchMode.EVERY_EVENT, name))));
    }

    @TestFactory
    Stream<DynamicTest> shouldMatchAtRisingEdge() {
        return tests((one, name) -> assertEquals(
                numbers(one.get("expect").get("risingEdgeAt")), lastNumbers(run(one, MatchMode.RISING_EDGE, name))));
    }

    @TestFactory
    Stream<DynamicTest> shouldMatchAndSkipPastLast() {
        return tests((one, name) -> {
            List<String> expected = new ArrayList<>();
            for (JsonNode match : one.get("expect").get("skipPastLastMatches")) {
                expected.add(match.get(0) + ".." + match.get(match.size() - 1) + ", " + match.size());
            }
            assertEquals(expected, run(one, MatchMode.SKIP_PAST_LAST, name));
        });
    }

    @TestFactory
    Stream<DynamicTest> shouldHaveAnOracleThatAgrees() {
        return cases().stream()
                .map(one -> DynamicTest.dynamicTest(one.get("id").asText(), () -> {
                    JsonNode expect = one.get("expect");
                    assertEquals(numbers(expect.get("levelTrueAt")), oracle(one, MatchMode.EVERY_EVENT));
                    assertEquals(numbers(expect.get("risingEdgeAt")), oracle(one, MatchMode.RISING_EDGE));
                    List<Long> lasts = new ArrayList<>();
                    expect.get("skipPastLastMatches")
                            .forEach(match ->
                                    lasts.add(match.get(match.size() - 1).asLong()));
                    assertEquals(lasts, oracle(one, MatchMode.SKIP_PAST_LAST));
                }));
    }

    private static List<Long> oracle(JsonNode one, MatchMode mode) {
        JsonNode pattern = one.get("pattern");
        ThresholdOracle oracle = new ThresholdOracle(
                pattern.get("countGreaterThan").asLong() + 1,
                pattern.get("distinctGreaterThan").asLong() + 1,
                pattern.get("windowMs").asLong() * NS_PER_MS,
                mode);
        for (JsonNode item : inOrder(one.get("input"))) {
            Arrival arrival = arrival(item, pattern);
            if (arrival.typeId() == Arrival.TYPE.id()) {
                oracle.add(arrival, Long.MIN_VALUE);
            }
        }
        return oracle.found().stream().map(ThresholdOracle.Found::last).toList();
    }

    @TestFactory
    Stream<DynamicTest> shouldMatchWithKeysTogether() {
        return modes((one, mode) -> {
            List<Arrival> together = together(one);
            List<String> found = matches(run(one, mode, together, -1));
            List<String> alone = run(one, mode, false);
            for (int copy = 0; copy < COPY_COUNT; copy++) {
                int wanted = copy;
                List<String> ofCopy = found.stream()
                        .filter(match -> match.endsWith(" of " + wanted))
                        .map(match -> match.substring(0, match.indexOf(" of ")))
                        .toList();
                assertEquals(alone, ofCopy);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> shouldPutOutTheSameBytesWhenRestoredAtAnyEvent() {
        return modes((one, mode) -> {
            List<Arrival> together = together(one);
            List<String> straight = run(one, mode, together, -1);
            Random random = new Random(SEED + together.size());
            for (int i = 0; i < RESTORE_COUNT; i++) {
                int at = random.nextInt(together.size());
                assertEquals(straight, run(one, mode, together, at), "restored at " + at);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> shouldPutOutTheSameBytesWhenReplayed() {
        return modes((one, mode) -> {
            List<Arrival> together = together(one);
            assertEquals(run(one, mode, together, -1), run(one, mode, together, -1));
        });
    }

    private static Stream<DynamicTest> modes(BiConsumer<JsonNode, MatchMode> test) {
        return cases().stream()
                .flatMap(one -> Stream.of(MatchMode.values())
                        .map(mode -> DynamicTest.dynamicTest(
                                one.get("id").asText() + ' ' + mode, () -> test.accept(one, mode))));
    }

    /** {@return the case several times at once, each copy on keys of its own, those of one time in random order} */
    private static List<Arrival> together(JsonNode one) {
        List<List<JsonNode>> copies = new ArrayList<>();
        for (int copy = 0; copy < COPY_COUNT; copy++) {
            copies.add(new ArrayList<>(inOrder(one.get("input"))));
        }
        Random random = new Random(SEED);
        List<Arrival> together = new ArrayList<>();
        while (copies.stream().anyMatch(items -> !items.isEmpty())) {
            long nextMs = copies.stream()
                    .filter(items -> !items.isEmpty())
                    .mapToLong(items -> items.get(0).get("ts").asLong())
                    .min()
                    .orElseThrow();
            int copy = random.nextInt(COPY_COUNT);
            List<JsonNode> items = copies.get(copy);
            if (!items.isEmpty() && items.get(0).get("ts").asLong() == nextMs) {
                Arrival arrival = arrival(items.remove(0), one.get("pattern"));
                together.add(new Arrival(
                        arrival.sequence() * COPY_COUNT + copy,
                        arrival.typeId(),
                        arrival.key() * COPY_COUNT + copy,
                        arrival.timestampNs(),
                        arrival.value()));
            }
        }
        return together;
    }

    /** {@return the records put out} */
    private static List<String> run(JsonNode one, MatchMode mode, List<Arrival> arrivals, int restoreAt) {
        EventPattern pattern = pattern(one.get("pattern"), mode);
        List<String> records = new ArrayList<>();
        RecordedOutputs outputs = RecordedOutputs.into(records);
        ThresholdOperator operator = new ThresholdOperator(pattern);
        OperatorDriver driver = new OperatorDriver(operator, 0, outputs);
        MutableEvent event = MutableEvent.allocate(0);
        for (int i = 0; i < arrivals.size(); i++) {
            if (i == restoreAt) {
                operator = Snapshots.copy(operator, new ThresholdOperator(pattern));
                driver = new OperatorDriver(operator, 0, outputs);
            }
            driver.onEvent(arrivals.get(i).to(event));
        }
        return records;
    }

    /** {@return matches of copies, by the numbers of the case} */
    private static List<String> matches(List<String> records) {
        List<String> matches = new ArrayList<>();
        Match match = new Match();
        for (MutableEvent output : RecordedOutputs.events(records)) {
            match.wrap(output);
            matches.add(match.firstSequence() / COPY_COUNT + ".." + match.lastSequence() / COPY_COUNT + ", "
                    + match.count() + " of " + match.lastSequence() % COPY_COUNT);
        }
        return matches;
    }

    private interface Check {
        void accept(JsonNode one, boolean isRestored);
    }

    private static Stream<DynamicTest> tests(Check check) {
        return cases().stream()
                .flatMap(one -> Stream.of(
                        DynamicTest.dynamicTest(one.get("id").asText(), () -> check.accept(one, false)),
                        DynamicTest.dynamicTest(one.get("id").asText() + ".restored", () -> check.accept(one, true))));
    }

    private static List<Long> numbers(JsonNode numbers) {
        List<Long> list = new ArrayList<>();
        numbers.forEach(number -> list.add(number.asLong()));
        return list;
    }

    private static List<Long> lastNumbers(List<String> matches) {
        return matches.stream()
                .map(match -> Long.valueOf(match.substring(match.indexOf("..") + 2, match.indexOf(','))))
                .toList();
    }

    /** {@return matches as "first..last, count", by the numbers of the case} */
    private static List<String> run(JsonNode one, MatchMode mode, boolean isRestored) {
        EventPattern pattern = pattern(one.get("pattern"), mode);
        List<String> records = new ArrayList<>();
        RecordedOutputs outputs = RecordedOutputs.into(records);
        ThresholdOperator operator = new ThresholdOperator(pattern);
        OperatorDriver driver = new OperatorDriver(operator, 0, outputs);
        MutableEvent event = MutableEvent.allocate(0);
        for (JsonNode item : inOrder(one.get("input"))) {
            driver.onEvent(arrival(item, one.get("pattern")).to(event));
            if (isRestored) {
                operator = Snapshots.copy(operator, new ThresholdOperator(pattern));
                driver = new OperatorDriver(operator, 0, outputs);
            }
        }
        List<String> matches = new ArrayList<>();
        Match match = new Match();
        for (MutableEvent output : RecordedOutputs.events(records)) {
            match.wrap(output);
            matches.add(match.firstSequence() + ".." + match.lastSequence() + ", " + match.count());
        }
        return matches;
    }

    private static List<JsonNode> inOrder(JsonNode input) {
        List<JsonNode> items = new ArrayList<>();
        input.forEach(items::add);
        items.sort(Comparator.comparingLong(item -> item.get("ts").asLong()));
        return items;
    }

    private static EventPattern pattern(JsonNode pattern, MatchMode mode) {
        return EventPattern.named("fraud")
                .where(count(Arrival.TYPE).gt(pattern.get("countGreaterThan").asLong()))
                .where(distinct(Arrival.VALUE)
                        .gt(pattern.get("distinctGreaterThan").asLong()))
                .within(pattern.get("windowMs").asLong(), MILLISECONDS)
                .mode(mode)
                .build();
    }

    private static Arrival arrival(JsonNode item, JsonNode pattern) {
        boolean isCounted = item.get("type").equals(pattern.get("type"));
        return new Arrival(
                item.get("n").asLong(),
                isCounted ? Arrival.TYPE.id() : Arrival.OTHER_TYPE.id(),
                CepCases.keyOf(item.get(pattern.get("key").asText())),
                item.get("ts").asLong() * NS_PER_MS,
                CepCases.keyOf(item.get(pattern.get("distinct").asText())));
    }
}
