package io.millrace.pattern;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.MutableEvent;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Patterns that would explode: time and memory stay bounded, and what is lost is counted. */
class PatternBoundsTest {
    private final List<String> found = new ArrayList<>();
    private final MutableEvent event = MutableEvent.allocate(0);
    private final PatternMatch match = new PatternMatch();
    private long sequence;

    private final RecordedOutputs outputs = new RecordedOutputs(output -> found.add(
            new String[] {"", "timeout ", "evicted "}[match.wrap(output).kind()] + match.stages()));

    /** One event per character, at times 1 apart. Its code is the source. */
    private void feed(PatternOperator operator, String letters) {
        OperatorDriver driver = new OperatorDriver(operator, 0, outputs);
        for (char letter : letters.toCharArray()) {
            event.clearHeader().sequence(sequence).timestampNs(sequence).sourceId(letter);
            driver.onEvent(event);
            sequence++;
        }
    }

    private static String is(char letter) {
        return "sourceId == " + (int) letter;
    }

    private static PatternBuilder nested() {
        return Pattern.begin(Pattern.group(Pattern.begin("a").where(is('a')).oneOrMore()))
                .oneOrMore()
                .named("nested")
                .within(1_000_000, NANOSECONDS);
    }

    @Test
    void shouldBoundNestedLoops() {
        PatternOperator operator =
                new PatternOperator(nested().maxRunsPerKey(32).build());

        feed(operator, "a".repeat(300));

        assertTrue(operator.runCount() <= 32, "runs=" + operator.runCount());
        assertTrue(operator.counts().refusedStarts() > 0, operator.counts().toString());
        assertTrue(operator.counts().refusedForks() > 0, operator.counts().toString());
    }

    @Test
    void shouldTakeALongLoop() {
        PatternOperator operator = new PatternOperator(Pattern.begin("a")
                .where(is('a'))
                .followedBy("b")
                .where(is('b'))
                .oneOrMore()
                .greedy()
                .followedBy("c")
                .where(is('c'))
                .named("long")
                .within(1_000_000, NANOSECONDS)
                .limits(PatternLimits.defaults()
                        .maxKeys(4)
                        .maxRunsPerKey(16)
                        .maxRuns(16)
                        .maxNodes(20_000)
                        .maxEventsPerMatch(10_002)
                        .maxWaitingMatches(16)
                        .maxOutputsPerStep(4)
                        .overflow(Overflow.HALT))
                .build());

        feed(operator, "a" + "b".repeat(10_000) + "c");

        assertEquals(1, found.size());
        assertEquals(10_002, match.eventCount());
        assertEquals(10_001, operator.nodeCount(), "the loop may go on");

        new OperatorDriver(operator, 0, outputs).onEnd(sequence);
        assertEquals(0, operator.nodeCount());
        assertEquals(0, operator.keyCount());
    }

    @Test
    void shouldBoundCombinations() {
        PatternOperator operator = new PatternOperator(Pattern.begin("a")
                .where(is('a'))
                .followedByAny("b")
                .where(is('b'))
                .followedByAny("c")
                .where(is('c'))
                .followedByAny("d")
                .where(is('d'))
                .named("chain")
                .within(1_000_000, NANOSECONDS)
                .maxRunsPerKey(100)
                .build());

        feed(operator, "abcd".repeat(200));

        assertTrue(operator.runCount() <= 100);
        assertTrue(operator.counts().refusedForks() > 0, operator.counts().toString());
        assertEquals(operator.counts().outputs(), found.size());
    }

    private static PatternBuilder pair() {
        return Pattern.begin("a")
                .where(is('a'))
                .followedBy("b")
                .where(is('b'))
                .named("pair")
                .within(100, NANOSECONDS)
                .maxRunsPerKey(2);
    }

    @Test
    void shouldStartNoMoreRunsThanAllowed() {
        PatternOperator operator = new PatternOperator(pair().build());

        feed(operator, "aaab");

        assertEquals(List.of("a=0 b=3", "a=1 b=3"), found);
        assertEquals(1, operator.counts().refusedStarts());
        assertEquals(Map.of("refusedStarts", 1L), operator.counts().losses());
    }

    @Test
    void shouldEvictTheOldest() {
        PatternOperator operator = new PatternOperator(
                pair().timeouts().onOverflow(Overflow.EVICT_OLDEST).build());

        feed(operator, "aaab");

        assertEquals(List.of("evicted a=0", "a=1 b=3", "a=2 b=3"), found);
        assertEquals(1, operator.counts().evictions());
    }

    @Test
    void shouldSkipPastTheLastEventWhenDegraded() {
        PatternOperator operator =
                new PatternOperator(pair().onOverflow(Overflow.DEGRADE).build());

        feed(operator, "aaabaab");

        assertEquals(List.of("a=0 b=3", "a=4 b=6", "a=5 b=6"), found);
        assertEquals(1, operator.counts().refusedStarts());
    }

    @Test
    void shouldHalt() {
        PatternOperator operator =
                new PatternOperator(pair().onOverflow(Overflow.HALT).build());

        IllegalStateException e = assertThrows(IllegalStateException.class, () -> feed(operator, "aaab"));

        assertEquals(
                "pattern pair halts: maxRunsPerKey=2 reached (expected: room, as onOverflow=HALT); raise the bound, or"
                        + " choose another overflow policy",
                e.getMessage());
    }

    @Test
    void shouldForgetKeysThatAreIdle() {
        PatternOperator operator = new PatternOperator(pair().build());
        OperatorDriver driver = new OperatorDriver(operator, 0, outputs);

        for (int i = 0; i < 100_000; i++) {
            event.clearHeader().sequence(i).timestampNs(i).key(i).sourceId('a');
            driver.onEvent(event);
        }

        assertEquals(100, operator.keyCount());
        assertEquals(100, operator.runCount());
        assertEquals(100, operator.nodeCount());
        assertEquals(0, operator.counts().refusedKeys());
    }

    @Test
    void shouldTellOfEventsThatDoNotFitAMatch() {
        PatternBuilder four =
                Pattern.begin("a").where(is('a')).times(4).named("four").within(100, NANOSECONDS);
        PatternOperator whole = new PatternOperator(four.build());
        PatternOperator cut = new PatternOperator(
                four.limits(PatternLimits.defaults().maxMatchLength(160)).build());

        feed(whole, "aaaa");
        assertEquals("a=0,1,2,3", match.stages());
        assertEquals(4, match.listedCount());
        assertFalse(match.isTruncated());
        assertEquals(0, whole.counts().truncated());

        feed(cut, "aaaa");
        assertEquals(4, match.eventCount());
        assertEquals(3, match.listedCount());
        assertTrue(match.isTruncated());
        assertEquals(1, cut.counts().truncated());
    }

    @Test
    void shouldPutOutManyMatchesInSteps() {
        PatternOperator operator = new PatternOperator(pair().limits(PatternLimits.defaults()
                        .maxKeys(4)
                        .maxRunsPerKey(500)
                        .maxRuns(500)
                        .maxNodes(2_000)
                        .maxEventsPerMatch(10)
                        .maxWaitingMatches(1_000)
                        .maxOutputsPerStep(3)
                        .overflow(Overflow.HALT))
                .build());

        feed(operator, "a".repeat(90) + "b");

        assertEquals(90, found.size());
        assertTrue(found.stream().allMatch(text -> text.endsWith(" b=90")), "by the event itself");
        assertEquals("a=89 b=90", found.get(89));
        assertEquals(0, operator.keyCount());
    }
}
