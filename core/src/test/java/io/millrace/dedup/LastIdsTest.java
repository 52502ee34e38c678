package io.millrace.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.state.BufferStateWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastIdsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 1_000, 1_024, 1_025, 100_000})
    void shouldRefuseIdAtDistanceNMinusOneAndAcceptItAtDistanceN(int capacity) {
        LastIds ids = new LastIds("ids", capacity);
        for (long id = 0; id < capacity; id++) {
            assertEquals(Dedup.NEW, ids.admit(9, id, 10 + id));
        }

        assertEquals(10, ids.admit(9, 0, 1_000_000), "distance N-1");
        assertEquals(Dedup.NEW, ids.admit(9, capacity, 1_000_001));
        assertEquals(Dedup.NEW, ids.admit(9, 0, 1_000_002), "distance N");
        assertEquals(1_000_002, ids.admit(9, 0, 1_000_003));
    }

    @Test
    void shouldKnowIdZeroOnlyOnceItCame() {
        LastIds ids = new LastIds("ids", 4);

        assertEquals(Dedup.NEW, ids.admit(0, 0, 0));
        assertEquals(0, ids.admit(0, 0, 1));
    }

    @Test
    void shouldCompareBothHalvesOfAnId() {
        LastIds ids = new LastIds("ids", 4);
        ids.admit(1, 2, 0);

        assertEquals(Dedup.NEW, ids.admit(2, 1, 1));
        assertEquals(Dedup.NEW, ids.admit(1, 3, 2));
        assertEquals(Dedup.NEW, ids.admit(3, 2, 3));
        assertEquals(0, ids.admit(1, 2, 4));
    }

    @Test
    void shouldGiveSequenceOfOriginalWhenSequencesHaveGaps() {
        LastIds ids = new LastIds("ids", 4);
        ids.admit(0, 1, 5);
        ids.admit(0, 2, 1L << 60);

        assertEquals(5, ids.admit(0, 1, Long.MAX_VALUE));
        assertEquals(1L << 60, ids.admit(0, 2, Long.MAX_VALUE));
    }

    @Test
    void shouldChangeNothingWhenIdIsDuplicateOrTouched() {
        LastIds ids = new LastIds("ids", 3);
        ids.admit(0, 1, 0);
        ids.admit(0, 2, 1);
        long hash = ids.stateHash();

        ids.admit(0, 1, 2);
        ids.touch(0, 1);
        ids.touch(0, 7);

        assertEquals(hash, ids.stateHash());
        assertEquals(2, ids.size());
        ids.admit(0, 3, 2);
        ids.admit(0, 4, 3);
        assertEquals(Dedup.NEW, ids.admit(0, 1, 4), "a duplicate does not refresh its original");
    }

    @Test
    void shouldBeEqualWhenSameIdsAreRememberedWhateverCameBefore() {
        LastIds young = new LastIds("ids", 3);
        LastIds old = new LastIds("ids", 3);
        for (long sequence = 0; sequence < 500; sequence++) {
            old.admit(0, 1_000 + sequence, sequence);
        }
        for (long sequence = 500; sequence < 503; sequence++) {
            old.admit(0, sequence, sequence);
            young.admit(0, sequence, sequence);
        }

        assertEquals(young.stateHash(), old.stateHash());
    }

    @Test
    void shouldRefuseStateOfAnotherCapacity() {
        DedupStates.assertRefused(
                "cannot load last ids: saved capacity=3 (expected: 4, as configured); configure what it was saved"
                        + " under, or start on an empty data directory",
                new LastIds("ids", 4),
                DedupStates.saved(new LastIds("ids", 3)));
    }

    @Test
    void shouldRefuseDamagedState() {
        assertDamaged("size=4 (expected: 0 to 3)", 4);
        assertDamaged("size=-1 (expected: 0 to 3)", -1);
        assertDamaged("sequence=-1 (expected: 0 to 9223372036854775807)", 1, 7, 7, -1);
        assertDamaged("sequence=6 (expected: 7 to 9223372036854775807)", 2, 7, 7, 6, 8, 8, 6);
        assertDamaged("sequence=8 (expected: each id once)", 2, 7, 7, 6, 7, 7, 8);
    }

    private static void assertDamaged(String finding, int size, long... idsAndSequences) {
        BufferStateWriter writer = new BufferStateWriter(64);
        writer.putInt(3);
        writer.putInt(size);
        writer.putLongs(idsAndSequences, 0, idsAndSequences.length);

        DedupStates.assertRefused(
                "cannot load last ids: " + finding + "; the saved state is damaged, use another snapshot",
                new LastIds("ids", 3),
                writer);
    }

    @Test
    void shouldBeEmptyAgainWhenEmptyStateIsLoaded() {
        LastIds ids = new LastIds("ids", 3);
        ids.admit(0, 0, 0);

        DedupStates.copied(new LastIds("ids", 3), ids);

        assertEquals(0, ids.size());
        assertEquals(Dedup.NEW, ids.admit(0, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, LastIds.MAX_CAPACITY + 1})
    void shouldRefuseCapacityOutOfRange(int capacity) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new LastIds("ids", capacity));

        assertEquals(
                "cannot build last ids: capacity=" + capacity
                        + " (expected: 1 to 268435456); choose the number of ids to remember",
                e.getMessage());
    }

    @Test
    void shouldSayHowManyBytesItTakes() {
        assertEquals(48 + 64 + 24, LastIds.bytes(1));
        assertEquals(48 + (64L << 19) + (24L << 20), new LastIds("ids", 1_000_000).bytes());
        assertEquals(48 + (14L << 30), LastIds.bytes(LastIds.MAX_CAPACITY));
    }

    @Test
    void shouldStopWithMessageWhenPositionsAreUsedUp() {
        LastIds ids = new LastIds("ids", 2, (1L << 48) - 1);

        assertEquals(Dedup.NEW, ids.admit(0, 1, 7));
        assertEquals(7, ids.admit(0, 1, 8));
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> ids.admit(0, 2, 8));
        assertEquals(
                "cannot admit id: position=281474976710656 (expected: up to 281474976710655); restart, which counts"
                        + " positions anew",
                e.getMessage());
        assertEquals(Dedup.NEW, DedupStates.copied(ids, new LastIds("ids", 2)).admit(0, 2, 8));
    }
}
