package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells a {@link RecoveryListener} how far the reading of a log is. */
final class ScanProgress {
    private static final int FRAME_MASK = 0x3FF;

    private final RecoveryListener listener;
    private final RecoveryListener.Step step;
    private final List<Path> files;
    private final long totalLength;
    private long doneLength;
    private long frameCount;
    private @Nullable Path file;

    /** @param directory of the log; may not exist */
    ScanProgress(Path directory, LogKind kind, RecoveryListener listener) {
        this.listener = listener;
        step = kind == LogKind.OUTBOX ? RecoveryListener.Step.VERIFY_OUTBOX : RecoveryListener.Step.VERIFY_JOURNAL;
        files = listener == RecoveryListener.NONE ? List.of() : files(directory);
        totalLength = files.stream().mapToLong(ScanProgress::sizeOf).sum();
    }

    private static List<Path> files(Path directory) {
        List<Path> files = new ArrayList<>();
        try {
            for (int start : Directories.starts(directory)) {
                files.addAll(Directories.segments(Directories.start(directory, start)));
            }
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot read log: directory=" + directory, e);
        }
        return files;
    }

    /** {@return bytes of the files that a recovery which begins at the given one does not read} */
    private long lengthBefore(Path begun) {
        return files.subList(0, Math.max(0, files.indexOf(begun))).stream()
                .mapToLong(ScanProgress::sizeOf)
                .sum();
    }

    void onFrame(SegmentReader segment, long sequence) {
        if (totalLength == 0) {
            return;
        }
        if (!segment.file().equals(file)) {
            doneLength += file == null ? lengthBefore(segment.file()) : sizeOf(file);
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
