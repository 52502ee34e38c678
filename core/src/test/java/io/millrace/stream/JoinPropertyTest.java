package io.millrace.stream;

import static io.millrace.stream.StreamEvents.ORDER;
import static io.millrace.stream.StreamEvents.PAYMENT;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.MutableEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random times, keys, bounds and disorder, against lists that are searched from end to end. */
class JoinPropertyTest {
    private static final long SEED = TestSeed.of(JoinPropertyTest.class);
    private static final int CASE_COUNT = 200;
    private static final int EVENT_COUNT = 200;

    @Test
    void shouldAgreeWithTheOracle() {
        int rowCount = 0;
        for (long seed = SEED; seed < SEED + CASE_COUNT; seed++) {
            List<String> expected = new ArrayList<>();
            StreamRun run = new Case(seed).run(0, expected);
            assertEquals(String.join("\n", expected), String.join("\n", run.words()), "seed=" + seed);
            rowCount += expected.size();
        }
        assertTrue(rowCount > 10 * CASE_COUNT, "rows=" + rowCount);
    }

    @Test
    void shouldGiveTheSameBytesWhenRestoredOnTheWay() {
        for (long seed = SEED; seed < SEED + CASE_COUNT / 4; seed++) {
            StreamRun straight = new Case(seed).run(0, new ArrayList<>());
            StreamRun restored = new Case(seed).run(1 + Math.floorMod(seed, 3), new ArrayList<>());
            assertEquals(straight.records, restored.records, "seed=" + seed);
            assertEquals(straight.stateHash(), restored.stateHash(), "seed=" + seed);
        }
    }

    /** An event that came in time. */
    private record Seen(boolean isLeft, long sequence, long key, long timestampNs, long value) {}

    private static final class Case {
        private final Random random;
        private final long beforeNs;
        private final long afterNs;
        private final long outOfOrdernessNs;
        private final int maxRows;
        private final int keyCount;
        private final List<Seen> kept = new ArrayList<>();
        private long watermarkNs = Long.MIN_VALUE;
        private long maxNs = Long.MIN_VALUE;

        Case(long seed) {
            random = new Random(seed);
            beforeNs = random.nextInt(20);
            afterNs = random.nextInt(20);
            outOfOrdernessNs = random.nextBoolean() ? 0 : random.nextInt(15);
            maxRows = random.nextInt(4) == 0 ? 1 + random.nextInt(6) : 200;
            keyCount = 1 + random.nextInt(4);
        }

        private StreamOperator operator() {
            StreamBuilder builder = StreamBuilder.named("joined");
            builder.from(ORDER)
                    .map("cents", "cents")
                    .join(
                            builder.from(PAYMENT).map("paid", "paid"),
                            Join.after(afterNs, NANOSECONDS)
                                    .before(beforeNs, NANOSECONDS)
                                    .maxRows(maxRows))
                    .to("pairs");
            return builder.build();
        }

        StreamRun run(int restoreInterval, List<String> expected) {
            StreamRun run = new StreamRun(this::operator, outOfOrdernessNs, restoreInterval);
            long timeNs = random.nextInt(100) - 50;
            for (int sequence = 0; sequence < EVENT_COUNT; sequence++) {
                timeNs += random.nextInt(30) == 0 ? 60 : random.nextInt(4);
                long timestampNs = timeNs - (random.nextInt(3) == 0 ? random.nextInt(20) : 0);
                boolean isLeft = random.nextBoolean();
                long key = random.nextInt(keyCount);
                Seen seen = new Seen(isLeft, sequence, key, timestampNs, sequence);
                run.onEvent(event(seen));
                add(seen, expected);
            }
            return run;
        }

        private static MutableEvent event(Seen seen) {
            return seen.isLeft
                    ? StreamEvents.order(seen.sequence, seen.timestampNs, seen.key, 1, seen.value, "ATLJFK")
                    : StreamEvents.payment(seen.sequence, seen.timestampNs, seen.key, seen.value);
        }

        private void add(Seen event, List<String> expected) {
            maxNs = Math.max(maxNs, event.timestampNs);
            watermarkNs = maxNs - outOfOrdernessNs - 1;
            kept.removeIf(one -> watermarkNs >= one.timestampNs + (one.isLeft ? afterNs : beforeNs));
            if (event.timestampNs <= watermarkNs) {
                return;
            }
            kept.stream()
                    .filter(one -> one.isLeft != event.isLeft && one.key == event.key && fits(one, event))
                    .sorted(Comparator.comparingLong(Seen::timestampNs).thenComparingLong(Seen::sequence))
                    .forEach(one -> expected.add(row(event.isLeft ? event : one, event.isLeft ? one : event)));
            if (kept.stream().filter(one -> one.isLeft == event.isLeft).count() < maxRows) {
                kept.add(event);
            }
        }

        private boolean fits(Seen one, Seen other) {
            long distance = one.isLeft ? other.timestampNs - one.timestampNs : one.timestampNs - other.timestampNs;
            return distance >= -beforeNs && distance <= afterNs;
        }

        private static String row(Seen left, Seen right) {
            return "pairs " + left.key + " @" + Math.max(left.timestampNs, right.timestampNs) + " left.cents="
                    + left.value + " right.paid=" + right.value + " left.timestampNs=" + left.timestampNs
                    + " right.timestampNs=" + right.timestampNs;
        }
    }
}
