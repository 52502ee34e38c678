package io.millrace.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StageThreadFactoryTest {
    @Test
    void shouldNameTheStageFirst() throws InterruptedException {
        CountDownLatch hasRun = new CountDownLatch(1);

        Thread thread = new StageThreadFactory("flights").newThread("admit+apply", hasRun::countDown);

        assertEquals("admit+apply-flights", thread.getName());
        assertEquals(Thread.State.NEW, thread.getState());
        assertFalse(thread.isDaemon());
        thread.start();
        hasRun.await();
    }
}
