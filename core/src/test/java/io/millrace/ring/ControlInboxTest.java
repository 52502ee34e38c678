package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.MutableEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Requests of many threads to the one writer. */
final class ControlInboxTest {
    private static final int THREAD_COUNT = 4;
    private static final long REQUEST_COUNT = Long.getLong("millrace.inbox.requestCount", 300_000);
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);

    private final ControlInbox inbox = new ControlInbox();

    /** A request that began to come first may be there last: nothing can be taken meanwhile. */
    @Test
    void shouldGiveWhatItSaysIsThereWhenManyThreadsAsk() {
        MutableEvent event = MutableEvent.allocate(64);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREAD_COUNT; i++) {
            threads.add(new Thread(this::ask));
        }
        threads.forEach(thread -> thread.setDaemon(true));
        threads.forEach(Thread::start);
        long beganNs = System.nanoTime();

        for (long taken = 0; taken < THREAD_COUNT * REQUEST_COUNT; ) {
            if (inbox.isEmpty()) {
                assertTrue(System.nanoTime() - beganNs < TIMEOUT_NS, "timed out");
            } else {
                assertDoesNotThrow(() -> inbox.takeInto(event));
                taken++;
            }
        }
        assertTrue(inbox.isEmpty());
    }

    private void ask() {
        UnsafeBuffer content = new UnsafeBuffer(new byte[8]);
        for (long i = 0; i < REQUEST_COUNT; ) {
            if (inbox.offerControl(7, content, 0, 8)) {
                i++;
            } else {
                Thread.yield();
            }
        }
    }
}
