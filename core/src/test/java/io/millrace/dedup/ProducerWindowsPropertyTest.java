package io.millrace.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random ids against a set of all that was seen; the seed is in every failure and can be given again. */
class ProducerWindowsPropertyTest {
    private static final int CALL_COUNT = 60_000;

    private static final long SEED = TestSeed.of(ProducerWindowsPropertyTest.class);
    private final Random random = new Random(SEED);
    private final Map<Long, Seen> oracle = new HashMap<>();
    private final Map<Long, Integer> answers = new HashMap<>();

    /** All sequences of one producer's epoch, as numbers that cannot overflow. */
    private static final class Seen {
        int epoch;
        TreeSet<BigInteger> sequences = new TreeSet<>();
    }

    @ParameterizedTest
    @CsvSource({"1, 64, 0", "3, 64, 100", "5, 128, 9223372036854770000", "4, 1024, 5000", "2, 4096, 9223372036854775000"
    })
    void shouldAgreeWithOracle(int maxProducers, int windowBits, long start) {
        ProducerWindows windows = new ProducerWindows("producers", maxProducers, windowBits);
        for (int i = 0; i < CALL_COUNT; i++) {
            long producerId = 1_000 + random.nextInt(maxProducers + 1);
            int epoch = epoch(producerId);
            long sequence = sequence(producerId, windowBits, start);
            long idHi = ProducerWindows.idHi(producerId, epoch);
            windows.touch(idHi, sequence);

            long expected = expected(producerId, epoch, sequence, maxProducers, windowBits);

            assertEquals(expected, windows.admit(idHi, sequence, i), () -> idHi + ":" + sequence + message());
            answers.merge(expected, 1, Integer::sum);
            if (random.nextInt(CALL_COUNT / 5) == 0) {
                windows = DedupStates.copied(windows, new ProducerWindows("producers", maxProducers, windowBits));
            }
        }
        assertEquals(oracle.size(), windows.producerCount());
        assertTrue(answers.size() == 3 && answers.values().stream().allMatch(n -> n > CALL_COUNT / 50), message());
    }

    private long expected(long producerId, int epoch, long sequence, int maxProducers, int windowBits) {
        BigInteger number = BigInteger.valueOf(sequence);
        if (sequence < 0 || (!oracle.containsKey(producerId) && oracle.size() == maxProducers)) {
            return Dedup.TOO_OLD;
        }
        Seen seen = oracle.computeIfAbsent(producerId, id -> new Seen());
        if (epoch < seen.epoch) {
            return Dedup.TOO_OLD;
        }
        if (epoch > seen.epoch) {
            seen.epoch = epoch;
            seen.sequences.clear();
        }
        BigInteger below = seen.sequences.isEmpty()
                ? BigInteger.valueOf(-1)
                : seen.sequences.last().subtract(BigInteger.valueOf(windowBits));
        if (number.compareTo(below) <= 0) {
            return Dedup.TOO_OLD;
        }
        return seen.sequences.add(number) ? Dedup.NEW : Dedup.SEEN;
    }

    /** The current epoch mostly, now and then a later or an earlier one. */
    private int epoch(long producerId) {
        Seen seen = oracle.get(producerId);
        int current = seen == null ? 0 : seen.epoch;
        int dice = random.nextInt(2_000);
        return dice == 0 ? current + 1 + random.nextInt(3) : dice < 40 ? Math.max(0, current - 1) : current;
    }

    /** Around the highest one, most of the time; may overflow, as a broken producer's would. */
    private long sequence(long producerId, int windowBits, long start) {
        Seen seen = oracle.get(producerId);
        if (seen == null || seen.sequences.isEmpty()) {
            return start + random.nextInt(windowBits);
        }
        long highest = seen.sequences.last().longValue();
        int dice = random.nextInt(1_000);
        if (dice == 0) {
            return start + random.nextInt(10 * windowBits);
        }
        if (dice < 20) {
            return highest + random.nextInt(2 * windowBits);
        }
        return dice < 450 ? highest + 1 : highest - random.nextInt(windowBits + windowBits / 8);
    }

    private String message() {
        return "; answers=" + answers + "; replay with -Dmillrace.test.seed=" + SEED;
    }
}
