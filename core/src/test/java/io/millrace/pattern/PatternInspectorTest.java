package io.millrace.pattern;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.DerivedType;
import io.millrace.event.EventType;
import io.millrace.event.FieldType;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.pattern.PatternInspector.LiveRun;
import io.millrace.pattern.PatternInspector.Taken;
import io.millrace.pattern.PatternInspector.Verdict;
import io.millrace.pattern.PatternInspector.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is said of an event before it comes is what happens when it comes, and saying it changes nothing. */
final class PatternInspectorTest {
    private static final long SEED = TestSeed.of(PatternInspectorTest.class);
    private static final EventType TYPE =
            DerivedType.named("e").field("v", FieldType.INT64).build();

    private long outputCount;

    private final Outputs outputs = new Outputs() {
        private final MutableEvent scratch = MutableEvent.allocate(4096);

        @Override
        public MutableEvent claim(int typeId, int payloadLength) {
            return scratch.clearHeader().typeId(typeId).payloadLength(payloadLength);
        }

        @Override
        public void commit() {
            outputCount++;
        }
    };

    private static List<PatternBuilder> patterns() {
        return List.of(
                Pattern.begin("a")
                        .where("v == 1")
                        .followedBy("b")
                        .where("v == 2")
                        .oneOrMore()
                        .followedBy("c")
                        .where("v == 3"),
                Pattern.begin("a")
                        .where("v == 1")
                        .next("b")
                        .where("v == 2 or v == 3")
                        .times(2)
                        .consecutive(),
                Pattern.begin("a")
                        .where("v == 1")
                        .followedByAny("b")
                        .where("v >= last(a.v)")
                        .timesOrMore(2)
                        .allowCombinations(),
                Pattern.begin("a")
                        .where("v == 1")
                        .notFollowedBy("n")
                        .where("v == 0")
                        .followedBy("b")
                        .where("v == 2"),
                Pattern.begin("a")
                        .where("v == 1")
                        .notNext("n")
                        .where("v == 0")
                        .followedBy("b")
                        .where("v == 2"),
                Pattern.begin("a")
                        .where("v == 1")
                        .absentFor("n", 3, NANOSECONDS)
                        .where("v == 0"));
    }

    private static MutableEvent event(long sequence, long timestampNs, long value) {
        MutableEvent event = MutableEvent.allocate(TYPE.encodedLength()).typeId(TYPE.id());
        TYPE.encode(event);
        TYPE.field("v").putLong(event, value);
        return event.sequence(sequence).id(0, sequence).key(5).timestampNs(timestampNs);
    }

    @Test
    void shouldForetellWhatAnEventDoesToEachRun() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (PatternBuilder builder : patterns()) {
            Pattern pattern = builder.within(8, NANOSECONDS)
                    .over(TYPE)
                    .named("p")
                    .limits(PatternLimits.defaults()
                            .maxKeys(4)
                            .maxRunsPerKey(256)
                            .maxRuns(256)
                            .maxNodes(1024)
                            .maxEventsPerMatch(64)
                            .maxWaitingMatches(256)
                            .maxOutputsPerStep(64))
                    .build();
            for (int stream = 0; stream < 40; stream++) {
                run(pattern, random);
            }
        }
        assertTrue(outputCount > 100, "outputs=" + outputCount);
    }

    private void run(Pattern pattern, SplittableRandom random) {
        PatternOperator operator = new PatternOperator(pattern);
        PatternInspector inspector = new PatternInspector(operator);
        long nowNs = 0;
        for (long sequence = 0; sequence < 25; sequence++) {
            nowNs += random.nextInt(3);
            MutableEvent event = event(sequence, nowNs, random.nextInt(4));
            long hash = operator.stateHash();
            long before = outputCount;

            List<Verdict> verdicts = inspector.verdicts(event);
            assertEquals(hash, operator.stateHash(), pattern::toString);
            operator.onEvent(event, outputs);

            List<List<Taken>> after =
                    inspector.runs(5).stream().map(LiveRun::events).toList();
            for (Verdict verdict : verdicts) {
                boolean hasCopy =
                        verdicts.stream().filter(each -> isCopy(each, verdict)).count() > 1;
                check(verdict, event, after, outputCount > before, hasCopy, pattern.toString());
            }
        }
    }

    /** Copies of a run have the same events: one may end and the other go on. */
    private static boolean isCopy(Verdict left, Verdict right) {
        return left.run() != null
                && right.run() != null
                && left.run().events().equals(right.run().events());
    }

    private static void check(
            Verdict verdict,
            MutableEvent event,
            List<List<Taken>> after,
            boolean isOut,
            boolean hasCopy,
            String pattern) {
        LiveRun run = verdict.run();
        List<Taken> events = run == null ? List.of() : run.events();
        String message = pattern + ": " + verdict + " -> " + after;
        boolean isForbidden = verdict.ways().stream()
                .anyMatch(way -> way.isTaken() && way.what().equals("forbidden"));
        for (Way way : verdict.ways()) {
            if (way.isTaken() && !isForbidden && way.what().startsWith("take ")) {
                List<Taken> longer = new ArrayList<>(events);
                longer.add(new Taken(way.what().substring(5), event.sequence(), event.timestampNs()));
                assertTrue(isOut || after.contains(longer), message);
            }
        }
        if (run != null && verdict.isOver()) {
            List<Taken> longer = new ArrayList<>(events);
            longer.add(new Taken("?", event.sequence(), event.timestampNs()));
            long copies = after.stream().filter(each -> isLonger(each, longer)).count();
            assertTrue(copies == 0 || hasCopy, message);
        }
    }

    private static boolean isLonger(List<Taken> each, List<Taken> longer) {
        return each.size() == longer.size()
                && each.subList(0, each.size() - 1).equals(longer.subList(0, longer.size() - 1))
                && each.get(each.size() - 1).sequence()
                        == longer.get(longer.size() - 1).sequence();
    }

    @Test
    void shouldShowRunsRegistersAndWhatFails() {
        Pattern pattern = Pattern.begin("a")
                .where("v == 1")
                .followedBy("b")
                .where("v > last(a.v) and v < 9")
                .within(8, NANOSECONDS)
                .over(TYPE)
                .named("p")
                .build();
        PatternOperator operator = new PatternOperator(pattern);
        PatternInspector inspector = new PatternInspector(operator);
        operator.onEvent(event(7, 100, 1), outputs);

        assertEquals("[[a=7] awaits b]", inspector.runs().toString());
        assertEquals(List.of("last(a.v)=1"), inspector.runs(5).get(0).registers());
        assertEquals(108, inspector.runs(5).get(0).deadlineNs());
        assertEquals(List.of(), inspector.runs(6));
        List<Way> ways = inspector.verdicts(event(8, 101, 0)).get(0).ways();
        assertEquals("take b", ways.get(0).what());
        assertEquals(List.of("v > last(a.v) and v < 9"), ways.get(0).failed());
        assertEquals(1, inspector.runConditions().size());
        assertEquals(
                List.of("its time is over before the event is looked at"),
                inspector.verdicts(event(9, 108, 2)).get(0).ways().get(0).failed());
    }

    @Test
    void shouldSayWhatIsNotPortable() {
        PatternBuilder plain =
                Pattern.begin("a").where("v == 1").followedBy("b").within(1, NANOSECONDS);
        assertEquals(List.of(), FlinkPortability.of(plain.over(TYPE).named("p").build()));

        PatternBuilder other = Pattern.begin("a")
                .where("v == 1")
                .absentFor("n", 1, NANOSECONDS)
                .followedBy("b")
                .where("v == 2")
                .times(2)
                .greedy(Preference.GREEDY_STOP_AT_MAX)
                .followedBy("c")
                .where("v == 3")
                .once()
                .within(9, NANOSECONDS);
        List<String> found = FlinkPortability.of(other.over(TYPE).named("p").build());
        assertEquals(4, found.size(), found::toString);
        assertTrue(found.get(0).startsWith("absentFor of stage n: Flink has no absence"), found::toString);
        assertTrue(found.get(1).startsWith("greedy stop-at-max of stage b"), found::toString);
        assertTrue(found.get(2).startsWith("once: "), found::toString);
        assertTrue(found.get(3).startsWith("semantics millrace: "), found::toString);
    }
}
