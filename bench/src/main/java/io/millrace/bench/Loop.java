package io.millrace.bench;

/** Repeats a step as fast as it goes. */
final class Loop {
    private static final int STEPS_PER_CHECK = 256;

    private Loop() {}

    /** {@return how many steps were made in about that time, in nanoseconds} */
    static long repeat(long durationNs, Runnable step) {
        long endNs = System.nanoTime() + durationNs;
        long count = 0;
        do {
            for (int i = 0; i < STEPS_PER_CHECK; i++) {
                step.run();
            }
            count += STEPS_PER_CHECK;
        } while (System.nanoTime() < endNs);
        return count;
    }
}
