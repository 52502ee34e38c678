package io.millrace.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final int CALL_COUNT = 100_000;

    private final DeadlineList list = new DeadlineList(1_000);
    private final DeadlineHeap heap = new DeadlineHeap(1_000);
    private final BufferStateWriter saved = new BufferStateWriter(64);
    private final Object[] garbage = new Object[7];
    private long sink;

    @Test
    void shouldAllocateNothing() {
        assertTrue(AllocatedBytes.of(this::useWastefully) >= 16L * CALL_COUNT, "positive control");

        assertEquals(0, AllocatedBytes.of(this::usePlainly));
    }

    private void usePlainly() {
        for (int i = 0; i < CALL_COUNT; i++) {
            list.arm(i % 1_000, i);
            heap.arm(i % 1_000, 17L * i % 991);
            if (i % 3 == 0) {
                sink += list.removeFirst() + heap.removeFirst();
            }
        }
    }

    private void useWastefully() {
        for (int i = 0; i < CALL_COUNT; i++) {
            garbage[i % garbage.length] = new byte[16];
        }
    }

    @Test
    void shouldSayWhatItTakes() {
        assertEquals(16_000, DeadlineList.bytes(1_000));
        assertEquals(24_000, DeadlineHeap.bytes(1_000));
    }

    @Test
    void shouldRefuseACapacityThatIsNone() {
        assertEquals(
                "cannot build deadline list: capacity=0 (expected: 1 or more); choose how many items may wait at a"
                        + " time",
                assertThrows(IllegalArgumentException.class, () -> new DeadlineList(0))
                        .getMessage());
        assertEquals(
                "cannot build deadline heap: capacity=0 (expected: 1 to 268435456); choose how many items may wait at a"
                        + " time",
                assertThrows(IllegalArgumentException.class, () -> new DeadlineHeap(0))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new DeadlineHeap(DeadlineHeap.CAPACITY_MAX + 1));
    }

    @Test
    void shouldRefuseAListOfAnotherCapacity() {
        list.save(saved);

        assertMessage(
                "cannot load deadline list: saved capacity=1000 (expected: 7, as configured); configure what it was"
                        + " saved under, or start on an empty data directory",
                () -> new DeadlineList(7).load(saved.reader()));
    }

    @Test
    void shouldRefuseADamagedList() {
        saved.putInt(1_000);
        saved.putInt(2);
        put(5, 100);
        put(5, 101);
        assertMessage(
                "cannot load deadline list: item=5 (expected: each item once); the saved state is damaged, use another"
                        + " snapshot",
                () -> list.load(saved.reader()));

        saved.reset();
        saved.putInt(1_000);
        saved.putInt(2);
        put(5, 100);
        put(6, 99);
        assertMessage(
                "cannot load deadline list: deadlineNs=99 (expected: 100 to 9223372036854775807); the saved state is"
                        + " damaged, use another snapshot",
                () -> list.load(saved.reader()));

        saved.reset();
        saved.putInt(1_000);
        saved.putInt(1);
        put(1_000, 100);
        assertMessage(
                "cannot load deadline list: item=1000 (expected: 0 to 999); the saved state is damaged, use another"
                        + " snapshot",
                () -> list.load(saved.reader()));
    }

    @Test
    void shouldRefuseADamagedHeap() {
        begin(2);
        putNode(100, 0, 5);
        putNode(100, 1, 5);
        assertMessage(
                "cannot load deadline heap: item=5 (expected: each item once); the saved state is damaged, use another"
                        + " snapshot",
                () -> heap.load(saved.reader()));

        begin(2);
        putNode(100, 1, 5);
        putNode(100, 0, 6);
        assertMessage(
                "cannot load deadline heap: deadlineNs=100 (expected: none before its parent's); the saved state is"
                        + " damaged, use another snapshot",
                () -> heap.load(saved.reader()));

        begin(1);
        putNode(100, 9, 5);
        assertMessage(
                "cannot load deadline heap: number=9 (expected: 0 to 8); the saved state is damaged, use another"
                        + " snapshot",
                () -> heap.load(saved.reader()));
    }

    private void begin(int size) {
        saved.reset();
        saved.putInt(1_000);
        saved.putLong(9);
        saved.putInt(size);
    }

    private void putNode(long deadlineNs, long number, int item) {
        saved.putLong(deadlineNs);
        saved.putLong(number);
        saved.putInt(item);
    }

    private void put(int item, long deadlineNs) {
        saved.putInt(item);
        saved.putLong(deadlineNs);
    }

    private static void assertMessage(String expected, Runnable load) {
        assertEquals(expected, assertThrows(StateException.class, load::run).getMessage());
    }
}
