package io.millrace.thread;

import java.io.IOException;

/**
 * Starts child processes one at a time. Two threads of one JVM that start processes at once can hang in it for ever: on
 * JDK 17 each child may hold the pipe on which the other's start waits (seen with {@code fallocate} started for two
 * logs).
 *
 * <p><b>Threading</b>: any thread; waits while another one starts a process.
 */
public final class ChildProcess {
    private ChildProcess() {}

    /** As {@link ProcessBuilder#start}. */
    public static synchronized Process start(ProcessBuilder builder) throws IOException {
        return builder.start();
    }
}
