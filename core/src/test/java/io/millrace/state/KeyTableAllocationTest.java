package io.millrace.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class KeyTableAllocationTest {
    private static final int CALL_COUNT = 100_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final KeyTable table = new KeyTable(1_000);
    private final StateHash hash = new StateHash();
    private long sink;

    @Test
    void shouldAllocateNothingWhenWarm() {
        allocatedBytes(this::usePlainly);
        assertTrue(allocatedBytes(this::useWastefully) >= 16L * CALL_COUNT, "positive control");

        assertEquals(0, allocatedBytes(this::usePlainly));
    }

    private long allocatedBytes(Runnable work) {
        for (int i = 0; i < 3; i++) {
            work.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
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
            sink += new byte[16 + (int) (sink & 1)].length;
        }
    }
}
