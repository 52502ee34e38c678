package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.latency.LatencyRecorder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistogramLogTest {
    private static final long BEGIN_MS = 1_700_000_000_000L;

    private final LatencyRecorder emit = new LatencyRecorder("emit");
    private final LatencyRecorder hiccup = new LatencyRecorder("hiccup");

    @TempDir
    private Path directory;

    @Test
    void shouldReadBackWhatWasRecordedByIntervalAndTag() throws IOException {
        try (HistogramLog log = HistogramLog.create(file(), List.of(emit, hiccup), BEGIN_MS)) {
            emit.record(1_000, 3);
            emit.record(2_000_000, 1);
            hiccup.record(60_000, 1);
            log.tick(BEGIN_MS + 1_000);
            emit.record(5_000, 2);
            log.tick(BEGIN_MS + 2_500);
        }

        List<Histogram> intervals = read();

        assertEquals(
                List.of("emit", "hiccup", "emit"),
                intervals.stream().map(Histogram::getTag).toList());
        assertEquals(3, intervals.get(0).getCountAtValue(1_000));
        assertEquals(1, intervals.get(0).getCountAtValue(2_000_000));
        assertEquals(1, intervals.get(1).getCountAtValue(60_000));
        assertEquals(2, intervals.get(2).getTotalCount());
        assertEquals(BEGIN_MS, intervals.get(0).getStartTimeStamp());
        assertEquals(BEGIN_MS + 1_000, intervals.get(2).getStartTimeStamp());
        assertEquals(BEGIN_MS + 2_500, intervals.get(2).getEndTimeStamp());
    }

    @Test
    void shouldBeVersionOneThreeWithMaximaInMilliseconds() throws IOException {
        try (HistogramLog log = HistogramLog.create(file(), List.of(emit), BEGIN_MS)) {
            emit.record(2_000_000, 1);
            log.tick(BEGIN_MS + 1_000);
        }

        List<String> lines = Files.readAllLines(file());

        assertTrue(lines.contains("#[Histogram log format version 1.3]"), lines::toString);
        assertTrue(lines.get(lines.size() - 1).startsWith("Tag=emit,0.000,1.000,2.00"), lines::toString);
    }

    @Test
    void shouldLeaveTheTotalsToOthers() throws IOException {
        try (HistogramLog log = HistogramLog.create(file(), List.of(emit), BEGIN_MS)) {
            emit.record(1_000, 3);
            log.tick(BEGIN_MS + 1_000);
        }

        assertEquals(3, emit.totalHistogram(null).getTotalCount());
    }

    @Test
    void shouldNameTheFileWhenItCannotBeMade() {
        Path missing = directory.resolve("missing").resolve("a.hlog");

        Exception thrown =
                assertThrows(UncheckedIOException.class, () -> HistogramLog.create(missing, List.of(emit), BEGIN_MS));

        assertTrue(
                thrown.getMessage()
                        .startsWith("cannot write histogram log: file=" + missing
                                + " (expected: a file that may be made); "),
                thrown.getMessage());
    }

    private Path file() {
        return directory.resolve("latency.hlog");
    }

    private List<Histogram> read() throws FileNotFoundException {
        List<Histogram> intervals = new ArrayList<>();
        try (HistogramLogReader reader = new HistogramLogReader(file().toFile())) {
            for (Histogram next = (Histogram) reader.nextIntervalHistogram(); next != null; ) {
                intervals.add(next);
                next = (Histogram) reader.nextIntervalHistogram();
            }
        }
        return intervals;
    }
}
