package io.millrace.bench;

import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.ring.EventLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * A burst of 1.5 GB in frames of 512 records, over segments of the usual length that are reserved ahead, or that are
 * files of holes. A latency is the time from a frame's first record until it is readable.
 */
final class ReservationSubject implements Subject {
    /** Bytes of records in a burst. */
    private static final long BURST_LENGTH = 3L << 29;
    /** In {@code /proc/self/stat}, counted from behind the name of the command. */
    private static final int MINOR_FAULTS_FIELD = 7;

    private static final int MIB_SHIFT = 20;

    private final RecordBatch records = new RecordBatch();
    private final Histogram histogram = new Histogram(3);
    private final Map<String, String> options;

    ReservationSubject(Map<String, String> options, boolean isReserved) {
        this.options = options;
        if (!isReserved) {
            System.setProperty("millrace.journal.unreserved", "true");
        }
    }

    @Override
    public void measure(long durationNs, Meter meter) throws IOException {
        records.restart();
        histogram.reset();
        try (BenchDirectory directory = BenchDirectory.create(options);
                Journal journal = Journal.open(context(directory))) {
            EventLog log = journal.journal();
            log.start();
            long faults = minorFaults();
            meter.begin();
            long count = append(log, BURST_LENGTH / RecordTemplate.RECORD_LENGTH);
            meter.end(count, count * RecordTemplate.RECORD_LENGTH);
            meter.put(Sample.MINOR_FAULTS, minorFaults() - faults);
            meter.latencies(histogram);
        }
    }

    private JournalContext context(BenchDirectory directory) {
        JournalContext context =
                new JournalContext().directory(directory.path()).outbox(false);
        int blockMib = Integer.parseInt(options.getOrDefault("blockMib", "" + (context.blockLength() >> MIB_SHIFT)));
        long segmentMib =
                Long.parseLong(options.getOrDefault("segmentMib", "" + (context.segmentLength() >> MIB_SHIFT)));
        return context.blockLength(blockMib << MIB_SHIFT).segmentLength(segmentMib << MIB_SHIFT);
    }

    private long append(EventLog log, long count) {
        long done = 0;
        long beginNs = System.nanoTime();
        while (done < count) {
            for (int i = 0; i < RecordTemplate.BATCH_COUNT; i++) {
                log.append(records.next());
            }
            log.commit();
            done += RecordTemplate.BATCH_COUNT;
            long endNs = System.nanoTime();
            histogram.recordValue(endNs - beginNs);
            beginNs = endNs;
        }
        return done;
    }

    private static long minorFaults() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[MINOR_FAULTS_FIELD]);
    }
}
