package io.millrace.ring;

/** Which stages share a thread. The stages are the same in each. */
public enum ThreadPlan {
    /** One thread runs all stages: lowest cost per event, for 1 to 3 cores. */
    FUSED,
    /** [ADMIT, APPLY] and [JOURNAL, EMIT]: for 4 to 5 cores, or a sync for each batch. */
    SPLIT,
    /** A thread for each stage: for 6 cores and more. */
    PIPELINED,
    /** FUSED, SPLIT or PIPELINED by the CPUs that this process may use. */
    AUTO,
    /** No threads: the caller polls {@code Pipeline.doWork()}. */
    INVOKED;

    /** {@return this plan, or for AUTO the one that fits a number of CPUs} */
    public ThreadPlan resolve(int cpuCount) {
        if (this != AUTO) {
            return this;
        }
        if (cpuCount <= 3) {
            return FUSED;
        }
        return cpuCount <= 5 ? SPLIT : PIPELINED;
    }

    /** {@return how many stage threads it starts; the sync thread parks and is not counted} */
    public int threadCount() {
        return switch (this) {
            case FUSED -> 1;
            case SPLIT -> 2;
            case PIPELINED -> 4;
            case INVOKED -> 0;
            case AUTO -> throw new IllegalStateException("plan=AUTO (expected: resolved)");
        };
    }
}
