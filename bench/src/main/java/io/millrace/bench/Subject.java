package io.millrace.bench;

import java.io.IOException;
import java.util.Map;

/**
 * Something that is measured, in a JVM of its own. What it does between {@link Meter#begin} and {@link Meter#end}
 * counts.
 *
 * <p><b>Threading</b>: one thread makes, measures and closes it.
 */
interface Subject extends AutoCloseable {
    /**
     * Works for about that long, or does one piece of work of a fixed size.
     *
     * @param durationNs in nanoseconds, greater than 0
     */
    void measure(long durationNs, Meter meter) throws Exception;

    /**
     * Works through the first events and makes sure that what comes of them is right.
     *
     * @return how many those were
     */
    default long verify() throws Exception {
        return 0;
    }

    /** {@return events that it has to see before its state has the size that it keeps} */
    default long fillCount() {
        return 0;
    }

    @Override
    default void close() throws IOException {}

    /** Makes a subject. */
    interface Factory {
        Subject open(Map<String, String> options) throws Exception;
    }
}
