package io.millrace.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DedupAllocationTest {
    private static final int CALL_COUNT = 100_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long sequence;
    private long sink;

    static Stream<Dedup> dedups() {
        return Stream.of(new LastIds("ids", 10_000), new ProducerWindows("producers", 50, 256));
    }

    @ParameterizedTest
    @MethodSource("dedups")
    void shouldAllocateNothingWhenWarm(Dedup dedup) {
        allocatedBytes(() -> use(dedup));
        assertTrue(allocatedBytes(this::useWastefully) >= 16L * CALL_COUNT, "positive control");

        assertEquals(0, allocatedBytes(() -> use(dedup)));
    }

    private long allocatedBytes(Runnable work) {
        for (int i = 0; i < 3; i++) {
            work.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** New ids, duplicates, more producers than fit and ids below the window. */
    private void use(Dedup dedup) {
        for (int i = 0; i < CALL_COUNT; i++) {
            long idHi = ProducerWindows.idHi(sequence % 60, 1);
            long idLo = sequence - (i % 10 == 0 ? 60L * (i % 700) : 0);
            sink += dedup.touch(idHi, idLo);
            sink += dedup.admit(idHi, idLo, sequence++);
        }
    }

    private void useWastefully() {
        for (int i = 0; i < CALL_COUNT; i++) {
            sink += new byte[16 + (int) (sink & 1)].length;
        }
    }
}
