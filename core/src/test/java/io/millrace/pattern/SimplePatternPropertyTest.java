package io.millrace.pattern;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.MutableEvent;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What is made simpler for patterns that allow it (deadlines in a list, events passed over that satisfy nothing),
 * against the general way.
 */
class SimplePatternPropertyTest {
    private static final int CASE_COUNT = 300;
    private static final int EVENT_COUNT = 200;

    private static String is(char letter) {
        return "sourceId == " + (int) letter;
    }

    /** A then B, A then B then C, A without B for a time, with and without negations and skips. */
    private static Pattern pattern(Random random) {
        PatternBuilder builder = Pattern.begin("a").where(is('a'));
        if (random.nextInt(4) == 0) {
            builder.absentFor("b", 1 + random.nextInt(8), NANOSECONDS)
                    .where(is('b'))
                    .maxRunsPerKey(50);
        } else {
            builder = random.nextInt(4) == 0 ? builder.next("b") : builder.followedBy("b");
            builder.where(is(random.nextInt(3) == 0 ? 'a' : 'b'));
            if (random.nextInt(3) == 0) {
                builder.notFollowedBy("n").where(is('d'));
            }
            if (random.nextBoolean()) {
                builder.followedBy("c").where(is('c'));
            } else if (random.nextInt(3) == 0) {
                builder.followedBy("c").where("sourceId == last(a.sourceId) + 2");
            }
            builder.within(1 + random.nextInt(20), NANOSECONDS);
            if (random.nextInt(3) == 0) {
                builder.afterMatch(AfterMatch.skipPastLastEvent());
            }
        }
        return builder.named("simple")
                .timeouts()
                .limits(PatternLimits.defaults()
                        .maxKeys(8)
                        .maxRunsPerKey(50)
                        .maxRuns(100)
                        .maxNodes(400)
                        .maxEventsPerMatch(8)
                        .maxWaitingMatches(100)
                        .maxOutputsPerStep(4)
                        .overflow(Overflow.EVICT_OLDEST))
                .build();
    }

    private static List<String> run(PatternOperator operator, Random random) {
        List<String> found = new ArrayList<>();
        OperatorDriver driver = new OperatorDriver(operator, 0, RecordedOutputs.into(found));
        MutableEvent event = MutableEvent.allocate(0);
        long timeNs = 0;
        for (int i = 0; i < EVENT_COUNT; i++) {
            timeNs += random.nextInt(3);
            driver.onEvent(event.clearHeader()
                    .sequence(i)
                    .key(random.nextInt(3))
                    .timestampNs(timeNs)
                    .sourceId('a' + random.nextInt(5)));
        }
        driver.onEnd(EVENT_COUNT);
        return found;
    }

    @Test
    void shouldFindWhatTheGeneralWayFinds() {
        long seed = TestSeed.of(SimplePatternPropertyTest.class);
        int simple = 0;
        int found = 0;
        for (int i = 0; i < CASE_COUNT; i++) {
            Pattern pattern = pattern(new Random(seed + i));
            PatternOperator operator = new PatternOperator(pattern);
            simple += operator.automaton().equalWaitNs() != Automaton.NEVER_NS ? 1 : 0;
            List<String> records = run(operator, new Random(seed + i));
            found += records.size();
            assertEquals(run(new PatternOperator(pattern, true), new Random(seed + i)), records, pattern.toString());
        }
        assertTrue(simple > CASE_COUNT / 2, "simple=" + simple);
        assertTrue(found > CASE_COUNT, "found=" + found);
    }
}
