package io.millrace.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.event.DerivedType;
import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.FieldType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Patterns with stages as YAML: every word of the fluent API, and where what is wrong is told. */
final class PatternReaderTest {
    private static final EventType ORDER = DerivedType.named("order")
            .field("amount", FieldType.INT64)
            .text("status", 8)
            .build();
    private static final EventType PAID =
            DerivedType.named("paid").field("amount", FieldType.INT64).build();
    private static final EventTypes TYPES = EventTypes.of(List.of(ORDER, PAID));

    private static String pattern(String... lines) throws ConfigException {
        return read(String.join("\n      ", lines));
    }

    private static String read(String body) throws ConfigException {
        String text = "patterns:\n  - name: p\n    within: 1h\n    stages:\n      " + body + "\n";
        RuleReader rule = RuleReader.read("p.yaml", text, TYPES, ORDER);
        return rule.items().sequences().get(0).pattern().toString();
    }

    private static String problem(String... lines) {
        ConfigException wrong = assertThrows(ConfigException.class, () -> pattern(lines));
        return String.valueOf(wrong.getMessage());
    }

    private static String first(String lines) {
        return lines.lines().findFirst().orElseThrow();
    }

    @Test
    void shouldReadEachOperator() throws ConfigException {
        assertEquals(
                "a[amount > 1], b[amount > 2] -> c[true] ~> d[true] ,! e[amount > 3] -> f[true] ->! g[amount > 4]"
                        + " -> h[true] ->absent i[amount > 5] for 60000000000ns within 3600000000000ns",
                pattern(
                        "- {stage: a, where: amount > 1}",
                        "- {stage: b, op: next, where: amount > 2}",
                        "- {stage: c}",
                        "- {stage: d, op: followed-by-any}",
                        "- {stage: e, op: not-next, where: amount > 3}",
                        "- {stage: f, op: followed-by}",
                        "- {stage: g, op: not-followed-by, where: amount > 4}",
                        "- {stage: h}",
                        "- {stage: i, op: absent-for, for: 1min, where: amount > 5}"));
    }

    @Test
    void shouldReadEachQuantifier() throws ConfigException {
        assertEquals(
                "a[true]+ -> b[true]{2}c -> c[true]{2,4}x -> d[true]{2,}? until(amount > 9)"
                        + " -> e[amount > 1]{1,3}g -> f[amount < 0] each-within 1000000000ns prev-within 2000000000ns"
                        + " within 3600000000000ns",
                pattern(
                        "- {stage: a, times: 1+}",
                        "- {stage: b, times: 2, inner: strict}",
                        "- {stage: c, times: 2..4, inner: any}",
                        "- {stage: d, times: 2+, optional: true, until: amount > 9}",
                        "- {stage: e, where: amount > 1, times: 1..3, greedy: true}",
                        "- {stage: f, where: amount < 0, times: 1, gap: 1s, withinPrevious: 2s}"));
    }

    @Test
    void shouldReadGroupsAndConditionsOverEarlierStages() throws ConfigException {
        assertEquals(
                "a[(is order and amount > 1)] -> (b[is order] -> c[is order])+"
                        + " -> (d[(is order and amount > 2)] | e[(is order and amount < 0)])"
                        + " -> f[(is paid and amount >= sum(b.amount) and count(c) > 1)] within 3600000000000ns",
                pattern(
                        "- {stage: a, of: order, where: amount > 1}",
                        "- group: [{stage: b}, {stage: c}]",
                        "  times: 1+",
                        "- anyOf: [{stage: d, where: amount > 2}, {stage: e, where: amount < 0}]",
                        "- {stage: f, of: paid, where: amount >= sum(b.amount) and count(c) > 1}"));
    }

    @Test
    void shouldTellWhereAConditionIsWrong() {
        String problem = problem("- {stage: a}", "- {stage: b, where: amount > last(x.amount)}");

        assertEquals(
                "p.yaml:6:41  patterns[0].stages[1].where: amount > last(x.amount): unknown stage in x.amount"
                        + " (expected: a, b)",
                first(problem));
    }

    @Test
    void shouldTellAtTheStageWhatDoesNotFit() {
        String problem = problem("- {stage: a, times: 1+, greedy: true}", "- {stage: b, optional: true}");

        assertEquals(
                "p.yaml:6:17  patterns[0].stages[1].stage: cannot be: cannot build pattern p: stage=b, optional behind"
                        + " the greedy stage a (expected: a stage that is not optional); leave greedy or optional out.",
                first(problem));
    }

    @Test
    void shouldTellAllThatIsWrongAtOnce() {
        String problem = problem(
                "- {stage: a, op: next}",
                "- {op: absent-for, of: ordr}",
                "- {stage: b, times: many, gap: 1s}",
                "- {stage: c, grup: []}");

        assertEquals("""
                p.yaml:5:24  patterns[0].stages[0].op: next needs a stage before it. Allowed: nothing, it begins.
                p.yaml:6:9  patterns[0].stages[1].stage: is missing. Allowed: a name, or group, anyOf or allOf.
                """, problem.lines().limit(2).map(line -> line + "\n").reduce("", String::concat));
    }

    @Test
    void shouldTellWhatGoesWithTheOtherForm() {
        ConfigException wrong = assertThrows(
                ConfigException.class,
                () -> RuleReader.read(
                        "p.yaml",
                        "patterns:\n  - {name: p, within: 1h, mode: every-event, stages: [{stage: a}]}\n",
                        TYPES,
                        ORDER));

        assertEquals(
                "p.yaml:2:33  patterns[0].mode: does not go with stages. Allowed: in a pattern with count.",
                first(String.valueOf(wrong.getMessage())));
    }
}
