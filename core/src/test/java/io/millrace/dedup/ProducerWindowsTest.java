package io.millrace.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.state.BufferStateWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProducerWindowsTest {
    private static final int WINDOW = 128;

    private final ProducerWindows windows = new ProducerWindows("producers", 2, WINDOW);

    @Test
    void shouldSplitIdIntoProducerAndEpoch() {
        long idHi = ProducerWindows.idHi(0xABCD_1234_5678L, 0xFEDC);

        assertEquals(0xABCD_1234_5678_FEDCL, idHi);
        assertEquals(0xABCD_1234_5678L, ProducerWindows.producerId(idHi));
        assertEquals(0xFEDC, ProducerWindows.epoch(idHi));
    }

    @Test
    void shouldTellNewSeenAndTooOldOnBothSidesOfTheWindow() {
        assertEquals(Dedup.NEW, admit(1, 0, 1_000));

        assertEquals(Dedup.SEEN, admit(1, 0, 1_000));
        assertEquals(Dedup.NEW, admit(1, 0, 1_000 - WINDOW + 1));
        assertEquals(Dedup.SEEN, admit(1, 0, 1_000 - WINDOW + 1));
        assertEquals(Dedup.TOO_OLD, admit(1, 0, 1_000 - WINDOW));
        assertEquals(Dedup.NEW, admit(1, 0, 1_001));
        assertEquals(Dedup.TOO_OLD, admit(1, 0, 1_000 - WINDOW + 1));
        assertEquals(Dedup.NEW, admit(1, 0, 999));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 63, 64, 65, WINDOW - 1, WINDOW, WINDOW + 1, 10_000})
    void shouldForgetExactlyWhatFallsOutWhenWindowMoves(long advance) {
        for (long sequence = 500; sequence < 500 + WINDOW; sequence++) {
            admit(1, 0, sequence);
        }
        long highest = 500 + WINDOW - 1 + advance;
        assertEquals(Dedup.NEW, admit(1, 0, highest));

        for (long sequence = 500; sequence < highest; sequence++) {
            long expected =
                    sequence <= highest - WINDOW ? Dedup.TOO_OLD : sequence < 500 + WINDOW ? Dedup.SEEN : Dedup.NEW;
            assertEquals(expected, admit(1, 0, sequence), "sequence=" + sequence);
        }
    }

    @Test
    void shouldBeginAnewWhenEpochRisesAndRefuseOlderEpochs() {
        admit(1, 5, 1_000);

        assertEquals(Dedup.NEW, admit(1, 6, 3));
        assertEquals(Dedup.NEW, admit(1, 6, 2));
        assertEquals(Dedup.SEEN, admit(1, 6, 3));
        assertEquals(Dedup.TOO_OLD, admit(1, 5, 2_000));
        assertEquals(Dedup.NEW, admit(1, ProducerWindows.MAX_EPOCH, 1_000));
        assertEquals(Dedup.TOO_OLD, admit(1, 0, 1_001));
        assertEquals(Dedup.SEEN, admit(1, ProducerWindows.MAX_EPOCH, 1_000));
    }

    @Test
    void shouldReachLargestSequenceAndRefuseWrappedOnes() {
        assertEquals(Dedup.NEW, admit(1, 0, 0));
        assertEquals(Dedup.NEW, admit(1, 0, Long.MAX_VALUE - 1));
        assertEquals(Dedup.NEW, admit(1, 0, Long.MAX_VALUE));

        assertEquals(Dedup.SEEN, admit(1, 0, Long.MAX_VALUE));
        assertEquals(Dedup.SEEN, admit(1, 0, Long.MAX_VALUE - 1));
        assertEquals(Dedup.NEW, admit(1, 0, Long.MAX_VALUE - WINDOW + 1));
        assertEquals(Dedup.TOO_OLD, admit(1, 0, Long.MAX_VALUE - WINDOW));
        assertEquals(Dedup.TOO_OLD, admit(1, 0, 0));
        assertEquals(Dedup.TOO_OLD, admit(1, 0, Long.MIN_VALUE));
    }

    @Test
    void shouldRefuseNegativeSequenceAndKeepNoTraceOfIt() {
        long hash = windows.stateHash();

        assertEquals(Dedup.TOO_OLD, admit(1, 0, -1));
        assertEquals(Dedup.TOO_OLD, admit(1, 0, Long.MIN_VALUE));

        assertEquals(hash, windows.stateHash());
        assertEquals(0, windows.producerCount());
    }

    @Test
    void shouldKeepProducersApart() {
        admit(ProducerWindows.MAX_PRODUCER_ID, 0, 7);

        assertEquals(Dedup.NEW, admit(0, 0, 7));
        assertEquals(Dedup.SEEN, admit(ProducerWindows.MAX_PRODUCER_ID, 0, 7));
        assertEquals(2, windows.producerCount());
    }

    @Test
    void shouldRefuseAndCountNewProducerWhenFull() {
        admit(1, 0, 7);
        admit(2, 0, 7);
        long hash = windows.stateHash();

        assertEquals(Dedup.TOO_OLD, admit(3, 0, 7));
        assertEquals(Dedup.TOO_OLD, admit(3, 0, 8));

        assertEquals(2, windows.refusedCount());
        assertEquals(hash, windows.stateHash());
        assertEquals(Dedup.NEW, admit(2, 0, 8));
        assertEquals(2, windows.refusedCount());
    }

    @Test
    void shouldChangeNothingWhenIdIsSeenTooOldOrTouched() {
        admit(1, 3, 1_000);
        long hash = windows.stateHash();

        admit(1, 3, 1_000);
        admit(1, 3, 5);
        admit(1, 2, 5_000);
        windows.touch(ProducerWindows.idHi(1, 3), 1_001);
        windows.touch(ProducerWindows.idHi(9, 3), 1_001);

        assertEquals(hash, windows.stateHash());
    }

    @Test
    void shouldRefuseStateOfOtherBounds() {
        BufferStateWriter saved = DedupStates.saved(windows);

        DedupStates.assertRefused(
                "cannot load producer windows: saved windowBits=128 (expected: 64, as configured); configure what it"
                        + " was saved under, or start on an empty data directory",
                new ProducerWindows("producers", 2, 64),
                saved);
        DedupStates.assertRefused(
                "cannot load key table: saved maxKeys=2 (expected: 3, as configured); configure what it was saved"
                        + " under, or start on an empty data directory",
                new ProducerWindows("producers", 3, WINDOW),
                saved);
    }

    @Test
    void shouldRefuseDamagedState() {
        assertDamaged("highest=-1 (expected: 0 to 9223372036854775807)", -1, 0);
        assertDamaged("epoch=65536 (expected: 0 to 65535)", 0, 65_536);
        assertDamaged("epoch=-1 (expected: 0 to 65535)", 0, -1);
    }

    private void assertDamaged(String finding, long highest, long epoch) {
        BufferStateWriter writer = new BufferStateWriter(64);
        writer.putInts(new int[] {WINDOW, 2, 1, 1, 0}, 0, 5);
        writer.putLongs(new long[] {77, highest, epoch, 0, 0}, 0, 5);

        DedupStates.assertRefused(
                "cannot load producer windows: " + finding + "; the saved state is damaged, use another snapshot",
                windows,
                writer);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -64, 32, 96, ProducerWindows.MAX_WINDOW_BITS * 2, Integer.MIN_VALUE})
    void shouldRefuseWindowThatIsNoPowerOfTwoInRange(int windowBits) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new ProducerWindows("producers", 1, windowBits));

        assertEquals(
                "cannot build producer windows: windowBits=" + windowBits
                        + " (expected: power of two, 64 to 1048576); choose more than a producer's sequences can"
                        + " come out of order",
                e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65_521})
    void shouldRefuseMaxProducersOutOfRange(int maxProducers) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> new ProducerWindows("producers", maxProducers, 1 << 20));

        assertEquals(
                "cannot build producer windows: maxProducers=" + maxProducers
                        + " (expected: 1 to 65504 with windowBits=1048576); choose the number of producers that can"
                        + " ever send",
                e.getMessage());
    }

    @Test
    void shouldSayHowManyBytesItTakes() {
        assertEquals(8 * 4 + (3 + 1) * 8 + 48 + 3 * 64, ProducerWindows.bytes(3, 64));
        assertEquals(4 * 4 + (2 + 1) * 8 + 48 + 2 * 64, windows.bytes());
        assertEquals(2 * 4 + (1 + 1) * 8 + 48 + 192, ProducerWindows.bytes(1, 1_024));
    }

    private long admit(long producerId, int epoch, long sequence) {
        return windows.admit(ProducerWindows.idHi(producerId, epoch), sequence, 0);
    }
}
