package io.millrace.thread;

/**
 * Makes the threads of one pipeline. The stage stands first in a thread's name, as tools that show the kernel's name
 * of a thread ({@code top -H}) cut it after 15 characters.
 *
 * <p><b>Threading</b>: any thread.
 */
public final class StageThreadFactory {
    private final String pipelineName;

    /** @param pipelineName put at the end of each thread's name */
    public StageThreadFactory(String pipelineName) {
        this.pipelineName = pipelineName;
    }

    /**
     * {@return a thread, not started, that keeps the JVM alive until its pipeline is closed}
     *
     * @param stageName what the thread runs, such as {@code admit+apply}
     * @param body that reports its own failures; the JVM's handler gets what it throws all the same
     */
    public Thread newThread(String stageName, Runnable body) {
        Thread thread = new Thread(body, stageName + '-' + pipelineName);
        thread.setDaemon(false);
        return thread;
    }
}
