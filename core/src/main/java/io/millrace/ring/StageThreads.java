package io.millrace.ring;

import io.millrace.thread.StageThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The threads of one chain: made by its plan, started when all before them have begun, stopped and joined together. */
final class StageThreads {
    private final List<StageThread> loops = new ArrayList<>();
    private final String pipelineName;

    StageThreads(String pipelineName) {
        this.pipelineName = pipelineName;
    }

    void add(StageThread loop) {
        loops.add(loop);
    }

    List<StageThread> loops() {
        return loops;
    }

    StageThread loopOf(Stage stage) {
        return loops.stream().filter(loop -> loop.runs(stage)).findFirst().orElseThrow();
    }

    /** Starts one thread, which does something before its first duty cycle, and returns when that is done. */
    void startFirst(StageThread loop, Runnable first) {
        start(List.of(loop), first);
    }

    /** Starts all but one and returns when their stages have started. */
    void startOthers(StageThread started) {
        start(loops.stream().filter(loop -> loop != started).toList(), () -> {});
    }

    private void start(List<StageThread> starting, Runnable first) {
        CountDownLatch begun = new CountDownLatch(starting.size());
        StageThreadFactory factory = new StageThreadFactory(pipelineName);
        for (StageThread loop : starting) {
            loop.before(first, begun::countDown);
            loop.start(factory);
        }
        awaitUninterruptibly(begun);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean wasInterrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        restoreInterrupt(wasInterrupted);
    }

    /** By index: a publisher asks whenever it has to wait, and an iterator would be garbage. */
    @Nullable
    StageThread current() {
        Thread current = Thread.currentThread();
        for (int i = 0; i < loops.size(); i++) {
            if (loops.get(i).thread() == current) {
                return loops.get(i);
            }
        }
        return null;
    }

    /** Ends all loops after the duty cycle under way; any thread. */
    void stop() {
        loops.forEach(StageThread::stop);
    }

    /** Ends all threads and waits for them, but not for the caller's; the one that runs {@code last} ends last. */
    void end(@Nullable Stage last) {
        boolean wasInterrupted =
                end(loops.stream().filter(loop -> !loop.runs(last)).toList()) | end(loops);
        restoreInterrupt(wasInterrupted);
    }

    private static boolean end(List<StageThread> ending) {
        ending.forEach(StageThread::stop);
        boolean wasInterrupted = false;
        for (StageThread loop : ending) {
            wasInterrupted |= join(loop.thread());
        }
        return wasInterrupted;
    }

    private static boolean join(@Nullable Thread thread) {
        boolean wasInterrupted = false;
        while (thread != null && thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        return wasInterrupted;
    }

    private static void restoreInterrupt(boolean wasInterrupted) {
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
