package io.millrace.status;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;

class ErrorLogTest {
    private static final int LENGTH = 256 * 1024;

    private final AtomicCounter counter = Counters.allocate().counter(PipelineCounter.ERRORS);
    private long nowMs = 1_000;
    private final ErrorLog log = logOf(LENGTH);

    @Test
    void shouldKeepOneRecordForEachDistinctError() {
        for (int i = 0; i < 3; i++) {
            log.onError(new IllegalStateException("twice seen"));
            nowMs += 500;
        }

        List<String> records = records(log);

        assertEquals(1, records.size());
        assertTrue(records.get(0).startsWith("count=3 firstMs=1000 lastMs=2000 "), records.get(0));
        assertTrue(records.get(0).contains("IllegalStateException: twice seen"), records.get(0));
        assertEquals(3, log.errorCount());
        assertEquals(3, counter.get());
    }

    @Test
    void shouldTellErrorsApart() {
        log.onError(new IllegalStateException("one"));
        log.onError(new IllegalArgumentException("other"));

        assertEquals(2, records(log).size());
    }

    @Test
    void shouldCountWhatHasNoRoom() {
        ErrorLog small = logOf(64);

        assertDoesNotThrow(() -> small.onError(new IllegalStateException("no room for this")));

        assertEquals(1, small.errorCount());
        assertEquals(0, records(small).size());
    }

    @Test
    void shouldNotThrowWhenTheErrorItselfDoes() {
        log.onError(new RuntimeException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException("even this");
            }
        });
        log.onError(new IllegalStateException("next"));

        assertEquals(2, log.errorCount());
        assertTrue(records(log).stream().anyMatch(record -> record.contains("next")));
    }

    @Test
    void shouldMakeABufferOfItsOwn() {
        ErrorLog own = ErrorLog.allocate(counter);

        own.onError(new IllegalStateException("kept"));

        assertEquals(1, records(own).size());
    }

    private ErrorLog logOf(int length) {
        return new ErrorLog(new UnsafeBuffer(ByteBuffer.allocateDirect(length)), () -> nowMs, counter);
    }

    private static List<String> records(ErrorLog log) {
        List<String> records = new ArrayList<>();
        log.read((count, firstMs, lastMs, text) ->
                records.add("count=" + count + " firstMs=" + firstMs + " lastMs=" + lastMs + " " + text));
        return records;
    }
}
