package io.millrace.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * The floor of a synced acknowledgement: one thread that writes the bytes of all that has arrived, forces the file, and
 * acknowledges; no ring, no framing, no checksum. The same sender counts arrivals at the same planned times.
 *
 * <p>Option {@code reserve}: how the file gets its room before the first write, {@code none} (it grows),
 * {@code fallocate} as the journal's segments, or {@code zeros}.
 */
final class SyncedFloorSubject implements Subject {
    private static final long FILE_LENGTH = 1L << 28;
    private static final int FRAME_OVERHEAD_LENGTH = 64 + 4;
    private static final int GROUP_COUNT_MAX = 1 << 16;

    private final ByteBuffer block =
            ByteBuffer.allocateDirect(FRAME_OVERHEAD_LENGTH + GROUP_COUNT_MAX * RecordTemplate.RECORD_LENGTH);
    private final OpenLoop loop;
    private final OpenLoop.Sender sender = this::arrive;
    private final BenchDirectory directory;
    private final FileChannel file;
    private long position;

    /** Events of the run that have arrived; the sender writes it. */
    private volatile int arrived;

    SyncedFloorSubject(Map<String, String> options) throws IOException {
        this.loop = new OpenLoop("synced-floor", options);
        this.directory = BenchDirectory.create(options);
        Path path = directory.path().resolve("log");
        this.file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        reserve(path, options.getOrDefault("reserve", "none"));
    }

    private void reserve(Path path, String how) throws IOException {
        if (how.equals("fallocate")) {
            Process process = new ProcessBuilder("fallocate", "-l", Long.toString(FILE_LENGTH), path.toString())
                    .inheritIO()
                    .start();
            process.onExit().join();
        } else if (how.equals("zeros")) {
            while (file.size() < FILE_LENGTH) {
                file.write(block.clear());
            }
        }
        file.force(true);
    }

    @Override
    public void measure(long durationNs, Meter meter) throws InterruptedException {
        arrived = 0;
        Thread syncing = new Thread(() -> sync(loop.count(durationNs)), "sync" + Meter.PATH_SUFFIX);
        syncing.start();
        meter.begin();
        int count = loop.run(durationNs, sender);
        syncing.join();
        meter.end(count, (long) count * RecordTemplate.RECORD_LENGTH);
        loop.report(meter);
    }

    private void arrive(int ordinal) {
        arrived = ordinal + 1;
    }

    private void sync(int count) {
        try {
            for (int done = 0; done < count; ) {
                int to = arrived;
                if (to > done) {
                    group(done, to);
                    done = to;
                } else {
                    Thread.onSpinWait();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot sync", e);
        }
    }

    private void group(int from, int to) throws IOException {
        int count = Math.min(to - from, GROUP_COUNT_MAX);
        block.clear().limit(FRAME_OVERHEAD_LENGTH + count * RecordTemplate.RECORD_LENGTH);
        if (position + block.limit() > FILE_LENGTH) {
            position = 0;
        }
        while (block.hasRemaining()) {
            position += file.write(block, position);
        }
        file.force(false);
        for (int ordinal = from; ordinal < to; ordinal++) {
            loop.received(ordinal);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
        directory.close();
    }
}
