package io.millrace.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import org.junit.jupiter.api.Test;

class KeyTableAllocationTest {
    private static final int CALL_COUNT = 100_000;

    private final KeyTable table = new KeyTable(1_000);
    private final StateHash hash = new StateHash();
    private long sink;
    private final Object[] garbage = new Object[7];

    @Test
    void shouldAllocateNothingWhenWarm() {
        assertTrue(AllocatedBytes.of(this::useWastefully) >= 16L * CALL_COUNT, "positive control");

        assertEquals(0, AllocatedBytes.of(this::usePlainly));
    }

    private void usePlainly() {
        for (long key = 0; key < CALL_COUNT; key++) {
            sink += table.touch(key % 1_500);
            int slot = table.put(key % 1_500);
            if (slot >= 0 && key % 3 == 0) {
                table.remove(slot);
            }
            hash.putLong(slot);
        }
        sink += hash.value();
    }

    private void useWastefully() {
        for (int i = 0; i < CALL_COUNT; i++) {
            garbage[i % garbage.length] = new byte[16];
        }
    }
}
