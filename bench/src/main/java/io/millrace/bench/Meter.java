package io.millrace.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Takes the counters of the process and of the machine before and after an interval.
 *
 * <p>Allocation is told apart: that of the message path (the calling thread and all whose names end with
 * {@link #PATH_SUFFIX}) and that of all threads that live from begin to end.
 *
 * <p><b>Threading</b>: the thread that works. <b>Allocation</b>: none between the readings of the allocation counters.
 */
final class Meter {
    /** Ends the names of the threads that events go through; a pipeline puts its name there. */
    static final String PATH_SUFFIX = "-bench";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Map<String, Double> values = new LinkedHashMap<>();
    private long[] threadIds = {};
    private boolean[] isPath = {};
    private long[] allocatedBefore = {};
    private long[] allocatedAfter = {};
    private long beganNs;
    private long cpuBeganNs;
    private long callerCpuBeganNs;
    private long machineBeganNs;
    private long stolenBeganNs;
    private long childCpuNs;

    /** Begins the interval. */
    void begin() {
        values.clear();
        childCpuNs = 0;
        threadIds = THREADS.getAllThreadIds();
        isPath = new boolean[threadIds.length];
        for (int i = 0; i < threadIds.length; i++) {
            isPath[i] = isPath(threadIds[i]);
        }
        allocatedBefore = new long[threadIds.length];
        allocatedAfter = new long[threadIds.length];
        machineBeganNs = Machine.busyNs();
        stolenBeganNs = Machine.stolenNs();
        cpuBeganNs = PROCESS.getProcessCpuTime();
        callerCpuBeganNs = THREADS.getCurrentThreadCpuTime();
        readAllocated(allocatedBefore);
        beganNs = System.nanoTime();
    }

    private static boolean isPath(long id) {
        String name = id == Thread.currentThread().getId()
                ? PATH_SUFFIX
                : String.valueOf(THREADS.getThreadInfo(id).getThreadName());
        return name.endsWith(PATH_SUFFIX);
    }

    private void readAllocated(long[] to) {
        for (int i = 0; i < threadIds.length; i++) {
            to[i] = THREADS.getThreadAllocatedBytes(threadIds[i]);
        }
    }

    /** Counts the CPU time of a process that works for the subject as the subject's own. */
    void childCpuNs(long cpuNs) {
        childCpuNs = cpuNs;
    }

    /** Ends the interval in which so many events were done. */
    void end(long eventCount) {
        end(eventCount, 0);
    }

    /** Ends the interval in which so many events were done and so many bytes written. */
    void end(long eventCount, long byteCount) {
        long wallNs = System.nanoTime() - beganNs;
        readAllocated(allocatedAfter);
        long callerCpuNs = THREADS.getCurrentThreadCpuTime() - callerCpuBeganNs;
        long cpuNs = PROCESS.getProcessCpuTime() - cpuBeganNs + childCpuNs;
        long othersNs = Machine.busyNs() - machineBeganNs - cpuNs;
        put(Sample.WALL_NS, wallNs);
        put(Sample.EVENTS, eventCount);
        put(Sample.BYTES, byteCount);
        put(Sample.CPU_NS, cpuNs);
        put(Sample.CALLER_CPU_NS, callerCpuNs);
        put(Sample.STOLEN_NS, Machine.stolenNs() - stolenBeganNs);
        put(Sample.OTHERS_PERCENT, 100.0 * Math.max(0, othersNs) / wallNs / Machine.cores());
        putAllocated();
    }

    private void putAllocated() {
        long all = 0;
        long path = 0;
        for (int i = 0; i < threadIds.length; i++) {
            // A thread that has ended answers -1.
            long bytes = allocatedAfter[i] < 0 ? 0 : allocatedAfter[i] - allocatedBefore[i];
            all += bytes;
            path += isPath[i] ? bytes : 0;
        }
        put(Sample.ALLOCATED, all);
        put(Sample.PATH_ALLOCATED, path);
        Arrays.fill(allocatedBefore, 0);
    }

    /** Adds the percentiles of latencies in nanoseconds. */
    void latencies(Histogram histogram) {
        put(Sample.P50_NS, histogram.getValueAtPercentile(50));
        put(Sample.P99_NS, histogram.getValueAtPercentile(99));
        put(Sample.P999_NS, histogram.getValueAtPercentile(99.9));
        put(Sample.MAX_NS, histogram.getMaxValue());
    }

    /** Adds a number of the subject's own. */
    void put(String name, long value) {
        put(name, (double) value);
    }

    void put(String name, double value) {
        values.put(name, value);
    }

    Sample sample() {
        return new Sample(Map.copyOf(values));
    }
}
