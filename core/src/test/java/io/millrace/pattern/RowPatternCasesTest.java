package io.millrace.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.MutableEvent;
import io.millrace.pattern.RowMatcher.Found;
import io.millrace.pattern.RowMatcher.Taken;
import io.millrace.workload.CepCases;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The states and edges that patterns are made of can say row patterns of SQL as well: alternation, PERMUTE, greedy and
 * reluctant quantifiers, anchors, exclusion and empty matches. The cases of match-recognize are said in them and run:
 * the most preferred match of each row by {@link RowMatcher}, all matches by {@link PatternOperator} itself.
 */
class RowPatternCasesTest {
    private static final int PREFERRED_COUNT = 48;
    private static final int ALL_COUNT = 25;

    /** Cases that cannot be said, and why. */
    private static final Map<String, String> NOT_RUN = Map.of(
            "flinksql.partitioned", "LAST(A.name, 2) asks for the value before the last two; a register has one value");

    private static List<JsonNode> preferred() {
        return CepCases.of("match-recognize");
    }

    private static List<JsonNode> all() {
        return CepCases.of("match-recognize-all");
    }

    @Test
    void shouldFindTheCases() {
        assertEquals(PREFERRED_COUNT, preferred().size());
        assertEquals(ALL_COUNT, all().size());
    }

    @TestFactory
    Stream<DynamicTest> shouldFindTheMostPreferredMatches() {
        return preferred().stream()
                .map(one -> DynamicTest.dynamicTest(one.get("id").asText(), () -> {
                    String reason = NOT_RUN.get(one.get("id").asText());
                    if (reason == null) {
                        checkPreferred(one);
                    } else {
                        assertThrows(UnsupportedOperationException.class, () -> new RowCase(one), reason);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> shouldFindAllMatches() {
        return all().stream()
                .map(one -> DynamicTest.dynamicTest(one.get("id").asText(), () -> {
                    assertEquals(expected(one.get("expect").get("matches")), operator(new RowCase(one)));
                }));
    }

    private static void checkPreferred(JsonNode one) {
        JsonNode expected =
                one.has("isoResult") ? one.get("isoResult") : one.get("expect").get("matches");
        if (expected == null || expected.isTextual()) {
            String error = expected == null ? one.get("expect").get("error").asText() : expected.asText();
            assertEquals(
                    error,
                    assertThrows(IllegalStateException.class, () -> run(one)).getMessage());
            return;
        }
        List<Row> rows = run(one);
        assertEquals(expected(expected), matches(rows));
        assertRows(
                one.get("outputRowsAllRowsPerMatch"),
                rows.stream().filter(row -> !row.isExcluded).map(Row::number).toList());
        assertUnmatched(one, rows);
    }

    private static void assertUnmatched(JsonNode one, List<Row> rows) {
        TreeSet<Long> numbers = new TreeSet<>();
        one.get("input").forEach(item -> numbers.add(item.path("n").asLong()));
        rows.forEach(row -> numbers.remove(row.number));
        assertRows(one.get("unmatchedRows"), numbers);
    }

    private static void assertRows(JsonNode expected, Collection<Long> actual) {
        if (expected != null) {
            List<Long> numbers = new ArrayList<>();
            expected.forEach(number -> numbers.add(number.asLong()));
            assertEquals(numbers, List.copyOf(actual));
        }
    }

    /** A row of a match; an empty match is one without a variable. */
    private record Row(int match, long number, String variable, boolean isExcluded) {}

    private static List<Row> run(JsonNode one) {
        RowCase rowCase = new RowCase(one);
        Automaton automaton = rowCase.automaton(false);
        List<Row> rows = new ArrayList<>();
        int match = 0;
        for (List<MutableEvent> partition : rowCase.partitions()) {
            String skip = one.get("pattern").get("skip").asText();
            for (Found found : new RowMatcher(automaton, skip).run(partition)) {
                if (found.rows().isEmpty()) {
                    rows.add(new Row(match, 0, "", true));
                }
                for (Taken taken : found.rows()) {
                    int[] stages = automaton.labels[taken.label()];
                    rows.add(new Row(
                            match,
                            partition.get(taken.row()).sequence(),
                            automaton.stageNames.get(stages[0]),
                            stages.length > 1));
                }
                match++;
            }
        }
        return rows;
    }

    private static List<String> matches(List<Row> rows) {
        TreeMap<Integer, StringJoiner> matches = new TreeMap<>();
        for (Row row : rows) {
            StringJoiner match = matches.computeIfAbsent(row.match, number -> new StringJoiner(" "));
            if (!row.variable.isEmpty()) {
                match.add(row.number + row.variable);
            }
        }
        return matches.values().stream().map(StringJoiner::toString).sorted().toList();
    }

    private static List<String> expected(JsonNode matches) {
        List<String> expected = new ArrayList<>();
        for (JsonNode match : matches) {
            StringJoiner text = new StringJoiner(" ");
            match.forEach(row -> text.add(row.get(0).asText() + row.get(1).asText()));
            expected.add(text.toString());
        }
        return expected.stream().sorted().toList();
    }

    private static List<String> operator(RowCase rowCase) {
        List<String> records = new ArrayList<>();
        Automaton automaton = rowCase.automaton(true);
        PatternOperator operator = new PatternOperator(rowCase.stages(), automaton, false);
        OperatorDriver driver = new OperatorDriver(operator, 0, RecordedOutputs.into(records));
        for (List<MutableEvent> partition : rowCase.partitions()) {
            partition.subList(0, partition.size() - 1).forEach(driver::onEvent);
        }
        List<String> found = new ArrayList<>();
        PatternMatch match = new PatternMatch();
        for (MutableEvent output : RecordedOutputs.events(records)) {
            match.wrap(output);
            StringJoiner text = new StringJoiner(" ");
            for (int i = 0; i < match.listedCount(); i++) {
                text.add(match.sequence(i) + automaton.stageNames.get(match.stage(i)));
            }
            found.add(text.toString());
        }
        return found.stream().sorted().toList();
    }

    @Test
    void shouldKeepFewAttemptsWhereBacktrackingWouldExplode() {
        JsonNode one = preferred().stream()
                .filter(each -> each.get("id").asText().equals("trino.nestedPlus.noBlowup"))
                .findFirst()
                .orElseThrow();
        RowCase rowCase = new RowCase(one);
        Automaton automaton = rowCase.automaton(false);
        List<MutableEvent> rows = rowCase.partitions().get(0);
        RowMatcher matcher = new RowMatcher(automaton, "PAST_LAST_ROW");

        assertEquals(List.of(), matcher.run(rows));
        assertTrue(matcher.attemptCountMax() < automaton.firstEdge.length, "attempts=" + matcher.attemptCountMax());
    }
}
