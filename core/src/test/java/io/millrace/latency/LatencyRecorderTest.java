package io.millrace.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
    private final LatencyRecorder recorder = new LatencyRecorder("emit");

    @Test
    void shouldCountEventsAndNotRecords() {
        recorder.record(1_000, 7);
        recorder.record(2_000, 3);

        Histogram total = recorder.totalHistogram(null);

        assertEquals(10, total.getTotalCount());
        assertEquals(7, total.getCountAtValue(1_000));
        assertEquals(3, total.getCountAtValue(2_000));
    }

    @Test
    void shouldClampToTheRange() {
        recorder.record(-1, 1);
        recorder.record(Long.MIN_VALUE, 1);
        recorder.record(LatencyRecorder.LATENCY_MAX_NS, 1);
        recorder.record(LatencyRecorder.LATENCY_MAX_NS + 1, 1);
        recorder.record(Long.MAX_VALUE, 1);

        Histogram total = recorder.totalHistogram(null);

        assertEquals(2, total.getCountAtValue(0));
        assertEquals(3, total.getCountAtValue(LatencyRecorder.LATENCY_MAX_NS));
        assertEquals(5, total.getTotalCount());
    }

    @Test
    void shouldBeExactToOneInAThousand() {
        for (long latencyNs = 1; latencyNs < LatencyRecorder.LATENCY_MAX_NS; latencyNs *= 3) {
            LatencyRecorder one = new LatencyRecorder("one");
            one.record(latencyNs, 1);

            assertEquals(latencyNs, one.totalHistogram(null).getMaxValue(), latencyNs * 0.001, "ns=" + latencyNs);
        }
    }

    @Test
    void shouldRecordABatchInRunsOfEqualTimes() {
        recorder.beginBatch(10_000);
        for (long ingestTimeNs : new long[] {9_000, 9_000, 9_500, 9_000, 9_000, 9_000}) {
            recorder.add(ingestTimeNs);
        }
        recorder.endBatch();

        Histogram total = recorder.totalHistogram(null);
        assertEquals(5, total.getCountAtValue(1_000));
        assertEquals(1, total.getCountAtValue(500));
        assertEquals(6, total.getTotalCount());
    }

    @Test
    void shouldTakeTheTimeOfItsOwnBatchWhenIngestTimesRepeat() {
        for (long nowNs = 1_000; nowNs <= 3_000; nowNs += 1_000) {
            recorder.beginBatch(nowNs);
            recorder.add(0);
            recorder.endBatch();
        }

        Histogram total = recorder.totalHistogram(null);
        assertEquals(1, total.getCountAtValue(1_000));
        assertEquals(1, total.getCountAtValue(2_000));
        assertEquals(1, total.getCountAtValue(3_000));
    }

    @Test
    void shouldRecordNothingForAnEmptyBatch() {
        recorder.beginBatch(1);
        recorder.endBatch();
        recorder.endBatch();

        assertEquals(0, recorder.totalHistogram(null).getTotalCount());
    }

    @Test
    void shouldGiveEachIntervalOnceAndTheTotalAlways() {
        recorder.record(1_000, 1);
        assertEquals(1, recorder.totalHistogram(null).getTotalCount());
        recorder.record(2_000, 1);

        Histogram first = recorder.intervalHistogram(null);
        recorder.record(3_000, 1);
        Histogram second = recorder.intervalHistogram(null);

        assertEquals(2, first.getTotalCount());
        assertEquals(1, second.getTotalCount());
        assertEquals(1, second.getCountAtValue(3_000));
        assertEquals(3, recorder.totalHistogram(null).getTotalCount());
    }

    @Test
    void shouldOverwriteTheRecycledHistogram() {
        recorder.record(1_000, 5);
        Histogram recycled = recorder.intervalHistogram(null);
        recorder.record(2_000, 1);

        assertSame(recycled, recorder.intervalHistogram(recycled));

        assertEquals(1, recycled.getTotalCount());
        assertEquals(0, recycled.getCountAtValue(1_000));
        assertEquals(2_000, recycled.getMaxValue(), 2);
        assertNotSame(recycled, recorder.totalHistogram(null));
    }

    @Test
    void shouldLoseNothingWhenReadWhileItIsWritten() throws InterruptedException {
        int count = 2_000_000;
        AtomicBoolean isDone = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                recorder.record(i & 1023, 1);
            }
            isDone.set(true);
        });
        writer.start();

        long seenCount = 0;
        Histogram interval = null;
        while (!isDone.get()) {
            interval = recorder.intervalHistogram(interval);
            seenCount += interval.getTotalCount();
            assertTrue(recorder.totalHistogram(null).getTotalCount() >= seenCount);
        }
        writer.join();
        seenCount += recorder.intervalHistogram(interval).getTotalCount();

        assertEquals(count, seenCount);
        assertEquals(count, recorder.totalHistogram(null).getTotalCount());
    }

    @Test
    void shouldAllocateNothingWhenRecording() {
        long wasted = AllocatedBytes.of(() -> recorder.intervalHistogram(null));
        assertTrue(wasted > 0, "positive control");

        assertEquals(0, AllocatedBytes.of(this::recordBatches));
    }

    private void recordBatches() {
        for (long nowNs = 0; nowNs < 10_000; nowNs++) {
            recorder.beginBatch(nowNs);
            recorder.add(nowNs - 100);
            recorder.add(nowNs - 100);
            recorder.add(nowNs + 1);
            recorder.endBatch();
        }
    }
}
