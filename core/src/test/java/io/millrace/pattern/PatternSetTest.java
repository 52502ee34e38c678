package io.millrace.pattern;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.MutableEvent;
import io.millrace.window.LatePolicy;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A set finds what its patterns find alone. */
class PatternSetTest {
    private static final int PATTERN_COUNT = 70;
    private static final int EVENT_COUNT = 500;

    private static final PatternLimits SMALL = PatternLimits.defaults()
            .maxKeys(16)
            .maxRunsPerKey(64)
            .maxRuns(256)
            .maxNodes(1_024)
            .maxEventsPerMatch(16)
            .maxWaitingMatches(256)
            .maxOutputsPerStep(16)
            .overflow(Overflow.HALT);

    private final List<Pattern> patterns = new ArrayList<>();

    PatternSetTest() {
        Random random = new Random(7);
        for (int i = 0; i < PATTERN_COUNT; i++) {
            PatternBuilder builder = Pattern.begin("a").where(condition(random));
            if (random.nextInt(6) == 0) {
                builder.or(condition(random));
            }
            builder = random.nextInt(8) == 0 ? builder.next("b") : builder.followedBy("b");
            builder.where(condition(random));
            if (random.nextInt(4) == 0) {
                builder.times(1, 2);
            }
            builder.followedBy("c").where(condition(random)).within(20 + 5 * random.nextInt(7), NANOSECONDS);
            if (random.nextInt(6) == 0) {
                builder.notFollowedBy("d").where(condition(random));
            } else if (random.nextInt(6) == 0) {
                builder.absentFor("d", 7, NANOSECONDS).where(condition(random));
            }
            if (random.nextInt(6) == 0) {
                builder.afterMatch(AfterMatch.skipPastLastEvent());
            }
            if (random.nextInt(6) == 0) {
                builder.once();
            }
            patterns.add(builder.named("p" + i).timeouts().limits(SMALL).build());
        }
    }

    private static String condition(Random random) {
        return "sourceId == " + random.nextInt(12);
    }

    private static void feed(OperatorDriver driver, long sequence) {
        Random random = new Random(sequence);
        MutableEvent event = MutableEvent.allocate(0);
        driver.onEvent(event.sequence(sequence)
                .key(random.nextInt(4))
                .timestampNs(2 * sequence - random.nextInt(4))
                .sourceId(random.nextInt(12)));
    }

    private static PatternSet set(List<Pattern> patterns) {
        return new PatternSet(
                "set",
                patterns,
                PatternLimits.defaults()
                        .maxKeys(8)
                        .maxRuns(10_000)
                        .maxNodes(20_000)
                        .maxWaitingMatches(1_000));
    }

    /** Key, time and payload of each record, byte for byte; with the cause before it. */
    private static List<String> contents(List<String> records) {
        return RecordedOutputs.events(records).stream()
                .map(output -> {
                    byte[] payload = new byte[output.payloadLength()];
                    output.buffer().getBytes(output.payloadOffset(), payload);
                    return output.idLo() + " " + output.key() + " " + output.timestampNs() + " "
                            + HexFormat.of().formatHex(payload);
                })
                .toList();
    }

    private static List<Integer> numbers(List<String> records) {
        PatternMatch match = new PatternMatch();
        return RecordedOutputs.events(records).stream()
                .map(output -> match.wrap(output).pattern())
                .toList();
    }

    private static List<String> of(String name, List<String> records) {
        List<String> contents = contents(records);
        List<Integer> numbers = numbers(records);
        return IntStream.range(0, contents.size())
                .filter(i -> numbers.get(i) == PatternMatch.idOf(name))
                .mapToObj(contents::get)
                .toList();
    }

    @Test
    void shouldFindWhatEachPatternFindsAlone() {
        List<String> together = new ArrayList<>();
        PatternSet set = set(patterns);
        OperatorDriver driver = new OperatorDriver(set, 0, RecordedOutputs.into(together));
        for (int i = 0; i < EVENT_COUNT; i++) {
            feed(driver, i);
        }
        driver.onEnd(EVENT_COUNT);

        assertTrue(set.conditionCount() <= 12);
        assertTrue(set.lateCount() > 0);
        int found = 0;
        for (Pattern pattern : patterns) {
            List<String> alone = new ArrayList<>();
            OperatorDriver one = new OperatorDriver(new PatternOperator(pattern), 0, RecordedOutputs.into(alone));
            for (int i = 0; i < EVENT_COUNT; i++) {
                feed(one, i);
            }
            one.onEnd(EVENT_COUNT);
            assertEquals(contents(alone), of(pattern.name(), together), pattern.toString());
            found += alone.size();
        }
        assertEquals(found, together.size());
        assertTrue(found > EVENT_COUNT);
        assertEquals(0, set.runCount());
        assertTrue(set.keyCount() > 0, "patterns that start once remember keys");
    }

    @Test
    void shouldPutOutInTheOrderOfThePatterns() {
        List<String> records = new ArrayList<>();
        List<Pattern> asGiven = patterns.stream()
                .filter(pattern -> !pattern.afterMatch().isSkip())
                .toList();
        OperatorDriver driver = new OperatorDriver(set(asGiven), 0, RecordedOutputs.into(records));
        for (int i = 0; i < EVENT_COUNT; i++) {
            feed(driver, i);
        }

        List<Integer> places = numbers(records).stream()
                .map(id -> asGiven.stream()
                        .map(pattern -> PatternMatch.idOf(pattern.name()))
                        .toList()
                        .indexOf(id))
                .toList();
        List<MutableEvent> outputs = RecordedOutputs.events(records);
        int together = 0;
        for (int i = 1; i < outputs.size(); i++) {
            boolean isOfOneCause = isCompletedByEvent(outputs.get(i))
                    && isCompletedByEvent(outputs.get(i - 1))
                    && outputs.get(i).idLo() == outputs.get(i - 1).idLo();
            assertTrue(!isOfOneCause || places.get(i) >= places.get(i - 1), "output " + i);
            together += isOfOneCause ? 1 : 0;
        }
        assertTrue(together > 100, "together=" + together);
    }

    private static boolean isCompletedByEvent(MutableEvent output) {
        return new PatternMatch().wrap(output).lastSequence() == output.idLo();
    }

    @Test
    void shouldShowTheRunsOfEachPattern() {
        PatternSet set = set(patterns);
        PatternOperator alone = new PatternOperator(patterns.get(5));
        PatternInspector ofOne = new PatternInspector(alone);
        PatternInspector ofSet = set.inspector(5);
        OperatorDriver together = new OperatorDriver(set, 0, RecordedOutputs.into(new ArrayList<>()));
        OperatorDriver one = new OperatorDriver(alone, 0, RecordedOutputs.into(new ArrayList<>()));
        int runCount = 0;
        for (int i = 0; i < 200; i++) {
            feed(together, i);
            feed(one, i);
            for (int key = 0; key < 4; key++) {
                MutableEvent next =
                        MutableEvent.allocate(0).key(key).timestampNs(2L * i).sourceId(i % 12);
                assertEquals(ofOne.runs(key).toString(), ofSet.runs(key).toString(), "event " + i);
                assertEquals(
                        ofOne.verdicts(next).toString(), ofSet.verdicts(next).toString(), "event " + i);
            }
            assertEquals(ofOne.runs().size(), ofSet.runs().size(), "event " + i);
            runCount += ofOne.runs().size();
        }

        assertTrue(runCount > 100, "runs=" + runCount);
        assertEquals(
                alone.counts().toString().replaceAll("late=\\d+", ""),
                set.counts(5).toString().replaceAll("late=\\d+", ""));
    }

    @Test
    void shouldFindTheSameWhenRestoredAtEveryEvent() {
        List<String> straight = new ArrayList<>();
        List<String> restored = new ArrayList<>();
        List<Pattern> some = patterns.subList(0, 16);
        PatternSet one = set(some);
        PatternSet other = set(some);
        for (int i = 0; i < 150; i++) {
            feed(new OperatorDriver(one, 0, RecordedOutputs.into(straight)), i);
            feed(new OperatorDriver(other, 0, RecordedOutputs.into(restored)), i);
            other = Snapshots.copy(other, set(some));
            assertEquals(one.stateHash(), other.stateHash(), "event " + i);
        }

        assertEquals(straight, restored);
        assertTrue(straight.size() > 50, "found=" + straight.size());
    }

    @Test
    void shouldStartNoMoreWhenTheSetIsFull() {
        List<String> found = new ArrayList<>();
        PatternLimits three =
                PatternLimits.defaults().maxKeys(2).maxRuns(3).maxNodes(8).maxWaitingMatches(4);
        PatternSet set = new PatternSet("set", List.of(pair("p", "q"), pair("q", "p")), three);
        OperatorDriver driver = new OperatorDriver(set, 0, RecordedOutputs.into(found));
        MutableEvent event = MutableEvent.allocate(0);
        for (int i = 0; i < 8; i++) {
            driver.onEvent(event.clearHeader().sequence(i).key(i).timestampNs(i).sourceId('p'));
        }

        assertEquals(2, set.keyCount());
        assertEquals(2, set.runCount());
        assertEquals(6, set.counts(0).refusedKeys());

        for (int i = 8; i < 13; i++) {
            driver.onEvent(event.clearHeader().sequence(i).key(0).timestampNs(i).sourceId("ppqpq".charAt(i - 8)));
        }
        assertEquals(3, set.counts(0).outputs());
        assertEquals(1, set.counts(0).refusedStarts());
        driver.onEnd(20);
        assertEquals(0, set.keyCount());
        assertEquals(0, set.runCount());
    }

    private static Pattern pair(String first, String second) {
        return Pattern.begin("a")
                .where("sourceId == " + (int) first.charAt(0))
                .followedBy("b")
                .where("sourceId == " + (int) second.charAt(0))
                .within(100, NANOSECONDS)
                .named(first + second)
                .build();
    }

    @Test
    void shouldRefuseTwoOfOneName() {
        List<Pattern> twice = List.of(patterns.get(0), patterns.get(0));

        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new PatternSet("set", twice));

        assertEquals(
                "cannot build pattern set set: pattern=p0 (expected: each name once); rename one of them",
                e.getMessage());
    }

    @Test
    void shouldRefuseWhatTheSetCannotDo() {
        Pattern late =
                Pattern.begin("a").named("late").late(LatePolicy.SIDE_OUTPUT).build();

        assertEquals(
                "cannot build pattern set set: pattern=late, late=side-output (expected: DROP); put the set behind a"
                        + " ReorderBuffer, or let the pattern run alone",
                assertThrows(IllegalArgumentException.class, () -> new PatternSet("set", List.of(late)))
                        .getMessage());
        assertEquals(
                "cannot build pattern set set: patterns=0 (expected: 1 or more); give it patterns",
                assertThrows(IllegalArgumentException.class, () -> new PatternSet("set", List.of()))
                        .getMessage());
    }
}
