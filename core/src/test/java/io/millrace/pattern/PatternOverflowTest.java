package io.millrace.pattern;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.MutableEvent;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Patterns and events chosen to make runs multiply. Whatever the policy, an event steps no more runs than the bound
 * says, what is lost is counted, and all of it is the same in each run.
 */
class PatternOverflowTest {
    private static final int MAX_RUNS_PER_KEY = 50;
    private static final int MAX_WAITING = 400;

    /** What multiplies, and on which events. */
    enum Attack {
        /** (a+)+ */
        NESTED_LOOPS("a".repeat(400)),
        /** a b+ c, each choice of the b's. */
        COMBINATIONS("a" + "b".repeat(300) + "c"),
        /** a ~> b ~> c ~> d */
        CHAIN_OF_ANY("abcd".repeat(100)),
        /** a b+ c, each a and each length. */
        PREFIXES("ab".repeat(100) + "b".repeat(100) + "c");

        final String events;

        Attack(String events) {
            this.events = events;
        }

        PatternBuilder pattern() {
            return switch (this) {
                case NESTED_LOOPS ->
                    Pattern.begin(Pattern.group(stage("a").oneOrMore())).oneOrMore();
                case COMBINATIONS -> loop().allowCombinations().followedBy("c").where(is('c'));
                case CHAIN_OF_ANY ->
                    stage("a")
                            .followedByAny("b")
                            .where(is('b'))
                            .followedByAny("c")
                            .where(is('c'))
                            .followedByAny("d")
                            .where(is('d'));
                case PREFIXES -> loop().followedByAny("c").where(is('c'));
            };
        }

        private static PatternBuilder loop() {
            return stage("a").followedBy("b").where(is('b')).oneOrMore();
        }

        private static PatternBuilder stage(String name) {
            return Pattern.begin(name).where(is(name.charAt(0)));
        }

        private static String is(char letter) {
            return "sourceId == " + (int) letter;
        }

        PatternOperator operator(Overflow overflow) {
            return new PatternOperator(pattern()
                    .named("attacked")
                    .within(1_000_000, NANOSECONDS)
                    .timeouts()
                    .limits(PatternLimits.defaults()
                            .maxKeys(4)
                            .maxRuns(200)
                            .maxRunsPerKey(MAX_RUNS_PER_KEY)
                            .maxNodes(2_000)
                            .maxEventsPerMatch(100)
                            .maxWaitingMatches(MAX_WAITING)
                            .overflow(overflow))
                    .build());
        }
    }

    static List<Arguments> attacksAndPolicies() {
        List<Arguments> all = new ArrayList<>();
        for (Attack attack : Attack.values()) {
            for (Overflow overflow : List.of(Overflow.REJECT_START, Overflow.EVICT_OLDEST, Overflow.DEGRADE)) {
                all.add(Arguments.of(attack, overflow));
            }
        }
        return all;
    }

    private static MutableEvent event(MutableEvent event, String letters, int i) {
        return event.clearHeader().sequence(i).timestampNs(i).key(7).sourceId(letters.charAt(i));
    }

    @ParameterizedTest
    @MethodSource("attacksAndPolicies")
    void shouldKeepToItsBounds(Attack attack, Overflow overflow) {
        PatternOperator operator = attack.operator(overflow);
        PatternInspector inspector = new PatternInspector(operator);
        int[] found = new int[1];
        OperatorDriver driver = new OperatorDriver(operator, 0, new RecordedOutputs(output -> found[0]++));
        MutableEvent event = MutableEvent.allocate(0);
        for (int i = 0; i < attack.events.length(); i++) {
            int before = found[0];
            driver.onEvent(event(event, attack.events, i));
            assertTrue(inspector.runs(7).size() <= MAX_RUNS_PER_KEY, "event " + i);
            assertTrue(found[0] - before <= MAX_WAITING, "event " + i);
        }

        PatternCounts counts = operator.counts();
        assertTrue(
                overflow == Overflow.EVICT_OLDEST
                        ? counts.evictions() > 0
                        : counts.refusedForks() + counts.refusedStarts() > 0,
                counts.toString());
        assertEquals(overflow == Overflow.EVICT_OLDEST, counts.evictions() > 0);
        assertEquals(counts.outputs(), found[0]);
        driver.onEnd(attack.events.length());
        assertEquals(0, operator.runCount());
        assertEquals(0, operator.nodeCount());
        assertEquals(0, operator.keyCount());
    }

    @ParameterizedTest
    @MethodSource("attacksAndPolicies")
    void shouldDoTheSameInEachRun(Attack attack, Overflow overflow) {
        List<String> straight = new ArrayList<>();
        List<String> restored = new ArrayList<>();
        PatternOperator one = attack.operator(overflow);
        PatternOperator other = attack.operator(overflow);
        MutableEvent event = MutableEvent.allocate(0);
        for (int i = 0; i < attack.events.length(); i++) {
            new OperatorDriver(one, 0, RecordedOutputs.into(straight)).onEvent(event(event, attack.events, i));
            new OperatorDriver(other, 0, RecordedOutputs.into(restored)).onEvent(event(event, attack.events, i));
            if (i % 17 == 0) {
                other = Snapshots.copy(other, attack.operator(overflow));
            }
        }

        assertEquals(straight, restored);
        assertEquals(one.stateHash(), other.stateHash());
        assertEquals(one.counts().toString(), other.counts().toString());
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaltAtTheSameEvent(Attack attack) {
        int first = haltsAt(attack);

        assertTrue(first > 0 && first < attack.events.length());
        assertEquals(first, haltsAt(attack));
    }

    private static int haltsAt(Attack attack) {
        OperatorDriver driver =
                new OperatorDriver(attack.operator(Overflow.HALT), 0, RecordedOutputs.into(new ArrayList<>()));
        MutableEvent event = MutableEvent.allocate(0);
        int[] at = new int[1];
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> {
            for (; at[0] < attack.events.length(); at[0]++) {
                driver.onEvent(event(event, attack.events, at[0]));
            }
        });
        assertTrue(e.getMessage().startsWith("pattern attacked halts: max"), e.getMessage());
        return at[0];
    }

    @Test
    void shouldSayHowManyStepsAnEventTakes() {
        PatternOperator chain = Attack.CHAIN_OF_ANY.operator(Overflow.REJECT_START);

        assertEquals(
                MAX_RUNS_PER_KEY * 2 + 1,
                new PatternInspector(chain).maxStepsPerEvent(),
                "each run takes or waits, and one may start");
    }
}
