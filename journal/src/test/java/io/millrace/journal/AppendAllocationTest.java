package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.event.MutableEvent;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Counts the bytes that appending allocates, apart for frames within a block and frames at a boundary. The compiler
 * is at work meanwhile and allocates now and then on our account, so the quietest of several rounds counts: what a
 * record or a frame allocates shows in all of them. So does the quietest segment: where housekeeping had no core the
 * appender reserves the next one itself, which starts a process.
 */
class AppendAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int BLOCK_LENGTH = 1 << 20;
    private static final int ROUNDS = 12;
    private static final int FRAMES_PER_ROUND = 1500;
    private static final int BYTES_PER_LEAK = 16;
    private static final long BLOCK_LIMIT = 16 << 10;
    /** 10 KB where the next segment is ready; an appender that has to reserve it starts a process, some 150 KB. */
    private static final long SEGMENT_LIMIT = 256 << 10;

    @TempDir
    Path directory;

    private final MutableEvent event = Events.fill(Events.template(), 0, 100);
    private byte[] leak = {};
    private long sequence;
    private long position;
    private boolean wasAtBlock;
    private long allocatedWithin;
    private long allocatedMaxAtBlock;
    private long allocatedMinAtSegment = Long.MAX_VALUE;
    private int blockCount;
    private int segmentCount;

    @Test
    void shouldAllocateNothingPerShortFrame() {
        assertEquals(0, leastAllocated(6, FRAMES_PER_ROUND, false));
        assertBoundaries();
    }

    @Test
    void shouldAllocateNothingPerLongFrame() {
        assertEquals(0, leastAllocated(400, 300, false));
        assertBoundaries();
    }

    @Test
    void shouldSeeOneSmallObjectPerFrame() {
        long least = leastAllocated(6, FRAMES_PER_ROUND, true);

        assertTrue(least >= BYTES_PER_LEAK * (FRAMES_PER_ROUND - 10), "least " + least + leak.length);
    }

    private void assertBoundaries() {
        assertTrue(blockCount + segmentCount >= ROUNDS, "blocks " + blockCount + ", segments " + segmentCount);
        assertTrue(blockCount >= 2 && segmentCount >= 2, "blocks " + blockCount + ", segments " + segmentCount);
        assertTrue(allocatedMaxAtBlock <= BLOCK_LIMIT, "at a block " + allocatedMaxAtBlock);
        assertTrue(allocatedMinAtSegment <= SEGMENT_LIMIT, "at a segment " + allocatedMinAtSegment);
    }

    /** {@return the bytes allocated within blocks in the quietest round} */
    private long leastAllocated(int recordsPerFrame, int framesPerRound, boolean isLeaking) {
        JournalContext context = new JournalContext()
                .directory(directory)
                .blockLength(BLOCK_LENGTH)
                .segmentLength(2L * BLOCK_LENGTH)
                .frameLength(1 << 17);
        long least = Long.MAX_VALUE;
        try (Journal journal = Journal.open(context)) {
            FrameLog log = journal.journal();
            log.start();
            for (int round = 0; round < ROUNDS; round++) {
                allocatedWithin = 0;
                for (int frame = 0; frame < framesPerRound; frame++) {
                    long before = THREADS.getCurrentThreadAllocatedBytes();
                    append(log, recordsPerFrame);
                    if (isLeaking) {
                        leak = new byte[1];
                    }
                    count(THREADS.getCurrentThreadAllocatedBytes() - before, log.position());
                }
                least = Math.min(least, allocatedWithin);
            }
        }
        return least;
    }

    private void append(FrameLog log, int recordsPerFrame) {
        for (int i = 0; i < recordsPerFrame; i++) {
            event.sequence(sequence++);
            log.append(event);
        }
        log.commit();
    }

    /** Chronicle maps the next block at the frame that reaches it or at the one after. */
    private void count(long allocated, long next) {
        boolean isAtBlock = next / BLOCK_LENGTH != position / BLOCK_LENGTH;
        if (next < position) {
            segmentCount++;
            allocatedMinAtSegment = Math.min(allocatedMinAtSegment, allocated);
        } else if (isAtBlock || wasAtBlock) {
            blockCount += isAtBlock ? 1 : 0;
            allocatedMaxAtBlock = Math.max(allocatedMaxAtBlock, allocated);
        } else {
            allocatedWithin += allocated;
        }
        wasAtBlock = isAtBlock;
        position = next;
    }
}
