package io.millrace.bench;

import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.ring.EventLog;
import java.io.IOException;
import java.util.Map;

/**
 * The journal as its stage uses it: a frame per batch. A burst appends 512 MB of records to one segment reserved
 * before; sustained it appends for a time over segments of the usual length, and forces at the end.
 */
final class FrameLogSubject implements Subject {
    /** Bytes of records in a burst. */
    static final long BURST_LENGTH = 512L << 20;
    /** Bytes of a segment that holds a burst, and what is mapped of it at a time. */
    static final long BURST_SEGMENT_LENGTH = 5L << 27;

    static final int BURST_BLOCK_LENGTH = 1 << 26;

    /** The segment behind the one of the burst: it is being reserved when the log starts, and is the last one. */
    private static final String RESERVED_SUFFIX = "-01F.precreated";

    /** A frame's header and the length that Chronicle puts before it. */
    private static final int FRAME_OVERHEAD_LENGTH = 64 + 4;

    private final RecordBatch records = new RecordBatch();
    private final Map<String, String> options;
    private final boolean isBurst;
    private long frameCount;

    FrameLogSubject(Map<String, String> options, boolean isBurst) {
        this.options = options;
        this.isBurst = isBurst;
    }

    @Override
    public void measure(long durationNs, Meter meter) throws IOException {
        records.restart();
        frameCount = 0;
        try (BenchDirectory directory = BenchDirectory.create(options);
                Journal journal = Journal.open(context(directory))) {
            EventLog log = journal.journal();
            log.start();
            if (isBurst) {
                directory.await(RESERVED_SUFFIX, BURST_SEGMENT_LENGTH);
            }
            meter.begin();
            long count =
                    isBurst ? append(log, BURST_LENGTH / RecordTemplate.RECORD_LENGTH) : appendFor(log, durationNs);
            meter.end(count, count * RecordTemplate.RECORD_LENGTH + frameCount * FRAME_OVERHEAD_LENGTH);
        }
    }

    private JournalContext context(BenchDirectory directory) {
        JournalContext context =
                new JournalContext().directory(directory.path()).outbox(false);
        return isBurst
                ? context.segmentLength(BURST_SEGMENT_LENGTH)
                        .blockLength(BURST_BLOCK_LENGTH)
                        .ballastLength(0)
                : context;
    }

    private long append(EventLog log, long count) {
        long done = 0;
        while (done < count) {
            appendBatch(log);
            done += RecordTemplate.BATCH_COUNT;
        }
        return done;
    }

    private long appendFor(EventLog log, long durationNs) {
        long endNs = System.nanoTime() + durationNs;
        long count = 0;
        while (System.nanoTime() < endNs) {
            appendBatch(log);
            count += RecordTemplate.BATCH_COUNT;
        }
        log.sync();
        return count;
    }

    private void appendBatch(EventLog log) {
        for (int i = 0; i < RecordTemplate.BATCH_COUNT; i++) {
            if (!log.append(records.next())) {
                throw new IllegalStateException("frame is full: batchCount=" + i + " (expected: "
                        + RecordTemplate.BATCH_COUNT + "); raise frameLength");
            }
        }
        log.commit();
        frameCount++;
    }
}
