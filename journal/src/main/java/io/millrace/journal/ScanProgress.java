package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Tells a {@link RecoveryListener} how far the reading of a log is. */
final class ScanProgress {
    private static final int FRAME_MASK = 0x3FF;

    private final RecoveryListener listener;
    private final RecoveryListener.Step step;
    private final long totalLength;
    private long doneLength;
    private long frameCount;
    private @Nullable Path file;

    /** @param directory of the log; may not exist */
    ScanProgress(Path directory, LogKind kind, RecoveryListener listener) {
        this.listener = listener;
        step = kind == LogKind.OUTBOX ? RecoveryListener.Step.VERIFY_OUTBOX : RecoveryListener.Step.VERIFY_JOURNAL;
        totalLength = listener == RecoveryListener.NONE ? 0 : length(directory);
    }

    private static long length(Path directory) {
        long length = 0;
        try {
            for (int start : Directories.starts(directory)) {
                for (Path segment : Directories.segments(Directories.start(directory, start))) {
                    length += Files.size(segment);
                }
            }
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot read log: directory=" + directory, e);
        }
        return length;
    }

    void onFrame(SegmentReader segment, long sequence) {
        if (totalLength == 0) {
            return;
        }
        if (!segment.file().equals(file)) {
            doneLength += file == null ? 0 : sizeOf(file);
            file = segment.file();
        }
        if ((++frameCount & FRAME_MASK) == 0) {
            double share = (double) (doneLength + segment.documentOffset()) / totalLength;
            listener.onProgress(step, sequence, Math.min(1, share));
        }
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot read log: file=" + file, e);
        }
    }
}
