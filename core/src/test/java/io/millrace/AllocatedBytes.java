package io.millrace;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts what a piece of work allocates on the calling thread once it is warm. */
public final class AllocatedBytes {
    private static final int WARM_UP_COUNT = 5;
    private static final int MEASURED_COUNT = 3;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocatedBytes() {}

    /**
     * {@return bytes allocated by one run that follows some others: the least of several, as the JVM now and then
     * charges a thread for work of its own, such as going back from compiled code}
     */
    public static long of(Runnable work) {
        for (int i = 0; i < WARM_UP_COUNT; i++) {
            work.run();
        }
        long leastBytes = Long.MAX_VALUE;
        for (int i = 0; i < MEASURED_COUNT; i++) {
            leastBytes = Math.min(leastBytes, bytesOfOneRun(work));
        }
        return leastBytes;
    }

    private static long bytesOfOneRun(Runnable work) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
