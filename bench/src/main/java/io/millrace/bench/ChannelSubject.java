package io.millrace.bench;

import io.millrace.event.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The floor of appending to a disk: the same records put one behind the other in a block, blocks of one batch written
 * by
 * {@link FileChannel#write}, forced at the end. No framing, no checksum, no index.
 */
final class ChannelSubject implements Subject {
    private final RecordBatch records = new RecordBatch();
    private final ByteBuffer block =
            ByteBuffer.allocateDirect(RecordTemplate.BATCH_COUNT * RecordTemplate.RECORD_LENGTH);
    private final UnsafeBuffer blockBuffer = new UnsafeBuffer(block);
    private final Map<String, String> options;

    ChannelSubject(Map<String, String> options) {
        this.options = options;
    }

    @Override
    public void measure(long durationNs, Meter meter) throws IOException {
        records.restart();
        try (BenchDirectory directory = BenchDirectory.create(options);
                FileChannel file = FileChannel.open(
                        directory.path().resolve("log"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            meter.begin();
            long count = appendFor(file, durationNs);
            meter.end(count, count * RecordTemplate.RECORD_LENGTH);
        }
    }

    private long appendFor(FileChannel file, long durationNs) throws IOException {
        long endNs = System.nanoTime() + durationNs;
        long count = 0;
        while (System.nanoTime() < endNs) {
            fillBlock();
            while (block.hasRemaining()) {
                file.write(block);
            }
            count += RecordTemplate.BATCH_COUNT;
        }
        file.force(false);
        return count;
    }

    private void fillBlock() {
        for (int i = 0; i < RecordTemplate.BATCH_COUNT; i++) {
            Event record = records.next();
            blockBuffer.putBytes(i * RecordTemplate.RECORD_LENGTH, record.buffer(), 0, RecordTemplate.RECORD_LENGTH);
        }
        block.clear();
    }
}
