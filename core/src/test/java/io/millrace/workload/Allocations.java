package io.millrace.workload;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts what a piece of work allocates on this thread once it is warm. */
public final class Allocations {
    private static final int WARM_UP_COUNT = 3;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocations() {}

    /** {@return the bytes of one run, after some to warm up; the work may carry on from run to run} */
    public static long bytes(Runnable work) {
        for (int i = 0; i < WARM_UP_COUNT; i++) {
            work.run();
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
