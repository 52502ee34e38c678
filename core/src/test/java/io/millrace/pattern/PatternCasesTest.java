package io.millrace.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.MutableEvent;
import io.millrace.workload.CepCases;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The cases that Flink's own tests and documentation give, as given and restored behind every event. */
class PatternCasesTest {
    @TestFactory
    Stream<DynamicTest> shouldMatchAsFlink() {
        return CepCases.of("flink-cep").stream()
                .flatMap(one -> Stream.of(
                        DynamicTest.dynamicTest(one.get("id").asText(), () -> check(one, false)),
                        DynamicTest.dynamicTest(one.get("id").asText() + ".restored", () -> check(one, true))));
    }

    @TestFactory
    Stream<DynamicTest> shouldMatchAsSiddhiWhereRulesAreTheSame() {
        return CepCases.of("siddhi").stream()
                .filter(one -> one.hasNonNull("neutral"))
                .map(one -> DynamicTest.dynamicTest(one.get("id").asText(), () -> checkSiddhi(one)));
    }

    private static void checkSiddhi(JsonNode one) {
        Replay replay = new Replay(
                PatternCase.pattern(one.get("id").asText(), one.get("neutral")).build(), false);
        replay.inArrivalOrder(one.get("input"));
        assertEquals(
                one.get("expect").get("rows").size(),
                replay.found(PatternMatch.MATCH).size());
    }

    private static void check(JsonNode one, boolean isRestored) {
        String id = one.get("id").asText();
        Replay replay = new Replay(
                PatternCase.pattern(id, one.get("pattern"))
                        .semantics(Semantics.FLINK_EXACT)
                        .build(),
                isRestored);
        if (one.get("feed").asText().equals("arrival")) {
            replay.inArrivalOrder(one.get("input"));
        } else {
            replay.inEventTime(one.get("input"));
        }
        assertEquals(expected(one), replay.found(PatternMatch.MATCH));
        JsonNode timeouts = one.get("expect").get("timeouts");
        if (timeouts != null) {
            List<String> wanted = new ArrayList<>();
            timeouts.forEach(each -> wanted.add(stages(each.get("match"))));
            assertEquals(wanted.stream().sorted().toList(), replay.found(PatternMatch.TIMEOUT));
        }
    }

    private static List<String> expected(JsonNode one) {
        List<String> expected = new ArrayList<>();
        one.get("expect").get("matches").forEach(match -> expected.add(stages(match)));
        return expected.stream().sorted().toList();
    }

    private static String stages(JsonNode match) {
        Map<String, List<Long>> stages = new TreeMap<>();
        match.properties().forEach(stage -> {
            List<Long> numbers = new ArrayList<>();
            stage.getValue().forEach(number -> numbers.add(number.asLong()));
            if (!numbers.isEmpty()) {
                stages.put(stage.getKey(), numbers);
            }
        });
        return stages.toString();
    }

    /** One run of a pattern over a case's input. */
    private static final class Replay {
        private final List<String> records = new ArrayList<>();
        private final RecordedOutputs outputs = RecordedOutputs.into(records);
        private final MutableEvent event = MutableEvent.allocate(512);
        private final Pattern pattern;
        private final boolean isRestored;
        private PatternOperator operator;
        private OperatorDriver driver;
        private long sequence;

        Replay(Pattern pattern, boolean isRestored) {
            this.pattern = pattern;
            this.isRestored = isRestored;
            this.operator = new PatternOperator(pattern);
            this.driver = new OperatorDriver(operator, 0, outputs);
        }

        void inArrivalOrder(JsonNode input) {
            for (JsonNode item : input) {
                if (item.has("wm")) {
                    driver.onTick(
                            sequence++, CepCases.watermarkNs(item.get("wm").asLong()));
                } else {
                    onEvent(item);
                }
            }
            driver.onTick(sequence, Long.MIN_VALUE);
        }

        private void onEvent(JsonNode item) {
            driver.onEvent(PatternCase.event(item, event, () -> item.get("n").asLong()));
            if (isRestored) {
                operator = Snapshots.copy(operator, new PatternOperator(pattern));
                driver = new OperatorDriver(operator, 0, outputs);
            }
        }

        void inEventTime(JsonNode input) {
            List<JsonNode> waiting = new ArrayList<>();
            long watermarkMs = Long.MIN_VALUE;
            for (JsonNode item : input) {
                if (!item.has("wm")) {
                    if (item.get("ts").asLong() > watermarkMs) {
                        waiting.add(item);
                    }
                    continue;
                }
                watermarkMs = item.get("wm").asLong();
                long limitMs = watermarkMs;
                waiting.sort(Comparator.comparingLong(each -> each.get("ts").asLong()));
                waiting.stream()
                        .filter(each -> each.get("ts").asLong() <= limitMs)
                        .forEach(this::onEvent);
                waiting.removeIf(each -> each.get("ts").asLong() <= limitMs);
                driver.onTick(sequence++, CepCases.watermarkNs(watermarkMs));
            }
        }

        List<String> found(int kind) {
            List<String> found = new ArrayList<>();
            PatternMatch match = new PatternMatch();
            for (MutableEvent output : RecordedOutputs.events(records)) {
                match.wrap(output);
                if (match.kind() == kind) {
                    Map<String, List<Long>> stages = new TreeMap<>();
                    List<String> names = operator.automaton().stageNames;
                    for (int i = 0; i < match.listedCount(); i++) {
                        stages.computeIfAbsent(names.get(match.stage(i)), name -> new ArrayList<>())
                                .add(match.sequence(i));
                    }
                    found.add(stages.toString());
                }
            }
            return found.stream().sorted().toList();
        }
    }
}
