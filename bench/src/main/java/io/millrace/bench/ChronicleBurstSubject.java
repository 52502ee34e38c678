package io.millrace.bench;

import io.millrace.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Chronicle Queue with an excerpt per event: the same records, the same block length, a file of the same length
 * reserved before.
 */
final class ChronicleBurstSubject implements Subject {
    private static final String RESERVED_FILE = "19700101-00F.cq4.precreated";

    private final RecordBatch records = new RecordBatch();
    private final PointerBytesStore view = new PointerBytesStore();
    private final Map<String, String> options;
    private final boolean isDirect;

    /** @param isDirect whether the shortest way in is taken, else the usual one: a document, and bytes into its wire */
    ChronicleBurstSubject(Map<String, String> options, boolean isDirect) {
        System.setProperty("chronicle.announcer.disable", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
        this.options = options;
        this.isDirect = isDirect;
    }

    @Override
    public void measure(long durationNs, Meter meter) throws Exception {
        records.restart();
        try (BenchDirectory directory = BenchDirectory.create(options)) {
            reserve(directory.path().resolve(RESERVED_FILE));
            try (ChronicleQueue queue = queue(directory.path());
                    ExcerptAppender appender = queue.createAppender()) {
                long count = FrameLogSubject.BURST_LENGTH / RecordTemplate.RECORD_LENGTH;
                append(appender, 1);
                meter.begin();
                append(appender, count);
                meter.end(count, count * (RecordTemplate.RECORD_LENGTH + Integer.BYTES));
            }
        }
    }

    private static ChronicleQueue queue(Path directory) {
        return SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(RollCycles.FAST_HOURLY)
                .timeProvider(() -> 0)
                .blockSize(FrameLogSubject.BURST_BLOCK_LENGTH)
                .build();
    }

    private static void reserve(Path file) throws IOException, InterruptedException {
        long length = FrameLogSubject.BURST_SEGMENT_LENGTH + FrameLogSubject.BURST_BLOCK_LENGTH / 4;
        int exitCode = new ProcessBuilder("fallocate", "-l", Long.toString(length), file.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IOException("cannot reserve: file=" + file + ", length=" + length + ", exitCode=" + exitCode);
        }
    }

    private void append(ExcerptAppender appender, long count) {
        for (long i = 0; i < count; i++) {
            Event record = records.next();
            view.set(record.buffer().addressOffset(), RecordTemplate.RECORD_LENGTH);
            if (isDirect) {
                appender.writeBytes(view);
            } else {
                writeDocument(appender);
            }
        }
    }

    private void writeDocument(ExcerptAppender appender) {
        try (DocumentContext document = appender.writingDocument()) {
            Objects.requireNonNull(document.wire()).bytes().write(view, 0L, RecordTemplate.RECORD_LENGTH);
        }
    }
}
