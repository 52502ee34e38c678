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
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A set finds what its patterns find alone. */
class PatternSetTest {
    private static final int PATTERN_COUNT = 70;
    private static final int EVENT_COUNT = 500;

    private static final PatternLimits SMALL = new PatternLimits(16, 64, 256, 1_024, 16, 256, 192, 16, Overflow.HALT);

    private final List<Pattern> patterns = new ArrayList<>();

    PatternSetTest() {
        Random random = new Random(7);
        for (int i = 0; i < PATTERN_COUNT; i++) {
            PatternBuilder builder = Pattern.begin("a").where(condition(random));
            builder = random.nextInt(8) == 0 ? builder.next("b") : builder.followedBy("b");
            builder.where(condition(random));
            if (random.nextInt(4) == 0) {
                builder.times(1, 2);
            }
            builder.followedBy("c").where(condition(random)).within(20 + random.nextInt(30), NANOSECONDS);
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

    private static List<String> sorted(List<String> records, boolean isOfSet, String name) {
        PatternMatch match = new PatternMatch();
        return RecordedOutputs.events(records).stream()
                .filter(output -> !isOfSet || match.wrap(output).pattern() == PatternMatch.idOf(name))
                .map(output -> match.wrap(output).kind() + " " + match.stages() + " " + output.timestampNs() + " "
                        + match.number())
                .toList();
    }

    @Test
    void shouldFindWhatEachPatternFindsAlone() {
        List<String> together = new ArrayList<>();
        PatternSet set = new PatternSet("set", patterns);
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
            assertEquals(sorted(alone, false, ""), sorted(together, true, pattern.name()), pattern.toString());
            found += alone.size();
        }
        assertEquals(found, together.size());
        assertTrue(found > EVENT_COUNT);
    }

    @Test
    void shouldFindTheSameWhenRestored() {
        List<String> straight = new ArrayList<>();
        List<String> restored = new ArrayList<>();
        PatternSet one = new PatternSet("set", patterns);
        PatternSet other = new PatternSet("set", patterns);
        for (int i = 0; i < 300; i++) {
            feed(new OperatorDriver(one, 0, RecordedOutputs.into(straight)), i);
            feed(new OperatorDriver(other, 0, RecordedOutputs.into(restored)), i);
            if (i % 50 == 7) {
                other = Snapshots.copy(other, new PatternSet("set", patterns));
            }
        }

        assertEquals(straight, restored);
        assertEquals(one.stateHash(), other.stateHash());
    }

    @Test
    void shouldRefuseTwoOfOneName() {
        List<Pattern> twice = List.of(patterns.get(0), patterns.get(0));

        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new PatternSet("set", twice));

        assertEquals(
                "cannot build pattern set set: pattern=p0 (expected: each name once); rename one of them",
                e.getMessage());
    }
}
