package io.millrace.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Random ids against a linked hash map; the seed is in every failure and can be given again. */
class LastIdsPropertyTest {
    private static final long SEED = TestSeed.of(LastIdsPropertyTest.class);
    private final Random random = new Random(SEED);
    private final LinkedHashMap<Id, Long> oracle = new LinkedHashMap<>();
    private final List<Id> accepted = new ArrayList<>();
    private long sequence;
    private int duplicateCount;
    private int forgottenCount;

    record Id(long hi, long lo) {}

    /** How ids collide: the bucket is taken from the low bits, the tag from the 16 high ones. */
    enum Collision {
        EVERYTHING((hi, lo) -> 0),
        EVERYTHING_IN_THE_LAST_BUCKET((hi, lo) -> -1),
        TAGS((hi, lo) -> scatter(hi, lo) >>> 16),
        BUCKETS((hi, lo) -> scatter(hi, lo) << 48),
        THREE_TAGS_IN_TWO_BUCKETS((hi, lo) -> (lo % 3 << 48) + (lo % 2)),
        FEW_BUCKETS((hi, lo) -> scatter(hi, lo) & 0xFFFF_0000_0000_0007L),
        STRIPES_OF_FULL_BUCKETS((hi, lo) -> (lo / 20) * 5 + (scatter(hi, lo) << 48));

        final LongBinaryOperator hash;

        Collision(LongBinaryOperator hash) {
            this.hash = hash;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 20000",
        "2, 20000",
        "3, 20000",
        "7, 20000",
        "8, 20000",
        "9, 20000",
        "100, 50000",
        "1000, 100000",
        "1024, 100000",
        "50000, 300000"
    })
    void shouldAgreeWithOracle(int capacity, int count) {
        run(new LastIds("ids", capacity), count);
    }

    @ParameterizedTest
    @EnumSource(Collision.class)
    void shouldAgreeWithOracleWhenHashesCollide(Collision collision) {
        for (int capacity : new int[] {1, 2, 6, 7, 8, 15, 64, 300}) {
            forget();
            run(new CollidingIds(capacity, collision.hash), 20_000);
        }
    }

    private void forget() {
        oracle.clear();
        accepted.clear();
        sequence = 0;
        duplicateCount = 0;
        forgottenCount = 0;
    }

    private void run(LastIds first, int count) {
        LastIds ids = first;
        for (int i = 0; i < count; i++) {
            Id id = draw(first.capacity());
            ids.touch(id.hi, id.lo);
            long expected = expected(id, first.capacity());
            assertEquals(expected, ids.admit(id.hi, id.lo, sequence), () -> id + message());
            if (expected == Dedup.NEW) {
                sequence += random.nextInt(10) == 0 ? 1 + random.nextInt(1_000) : 1;
            }
            if (random.nextInt(count / 5) == 0) {
                ids = DedupStates.copied(ids, fresh(first));
            }
        }
        assertEquals(oracle.size(), ids.size());
        assertTrue(duplicateCount > count / 50 && forgottenCount > count / 50, "the draw misses cases" + message());
    }

    private static LastIds fresh(LastIds like) {
        return like instanceof CollidingIds colliding
                ? new CollidingIds(colliding.capacity(), colliding.hash)
                : new LastIds("ids", like.capacity());
    }

    private long expected(Id id, int capacity) {
        Long original = oracle.get(id);
        if (original != null) {
            duplicateCount++;
            return original;
        }
        oracle.put(id, sequence);
        accepted.add(id);
        if (oracle.size() > capacity) {
            oracle.remove(oracle.keySet().iterator().next());
        }
        return Dedup.NEW;
    }

    /** New ids, ids at any distance, and many at the distances next to the bound. */
    private Id draw(int capacity) {
        int distance = random.nextBoolean() ? capacity - 2 + random.nextInt(4) : random.nextInt(3 * capacity);
        boolean old = random.nextInt(5) < 2 && distance >= 0 && distance < accepted.size();
        if (!old) {
            return new Id(random.nextInt(3), accepted.size());
        }
        forgottenCount += distance >= capacity ? 1 : 0;
        return accepted.get(accepted.size() - 1 - distance);
    }

    private String message() {
        return "; replay with -Dmillrace.test.seed=" + SEED;
    }

    private static long scatter(long hi, long lo) {
        return Long.reverseBytes((hi + 31 * lo + 1) * 0x2545F4914F6CDD1DL);
    }

    private static final class CollidingIds extends LastIds {
        final LongBinaryOperator hash;

        CollidingIds(int capacity, LongBinaryOperator hash) {
            super("ids", capacity);
            this.hash = hash;
        }

        @Override
        long hash(long idHi, long idLo) {
            return hash.applyAsLong(idHi, idLo);
        }
    }
}
