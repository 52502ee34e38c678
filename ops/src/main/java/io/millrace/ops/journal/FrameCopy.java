package io.millrace.ops.journal;

import io.millrace.journal.LogCopy;
import io.millrace.journal.LogKind;
import io.millrace.journal.LogSegment;
import io.millrace.journal.LogStart;
import io.millrace.ops.command.ByteProgress;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.KeptConfig;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Copies a log into a new data directory, the configuration with it, or nothing at all. */
final class FrameCopy {
    private FrameCopy() {}

    /** {@return the place behind the last record copied} */
    static long copy(DataDirectory data, LogKind kind, long toPlace, Path target, ByteProgress progress)
            throws IOException {
        boolean wasThere = Files.isDirectory(target);
        if (Files.exists(target) && !isEmptyDirectory(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        boolean isDone = false;
        try {
            Files.createDirectories(target);
            KeptConfig.copy(data.path(), target);
            boolean isLive = data.holder() != null;
            long endPlace =
                    LogCopy.copy(data.path(), kind, toPlace, isLive, target, frame -> progress.add(frame.length()));
            // Commands take a directory with a journal for one of ours.
            Files.createDirectories(target.resolve(LogKind.JOURNAL.directoryName()));
            isDone = true;
            return endPlace;
        } finally {
            if (!isDone) {
                remove(target, wasThere);
            }
        }
    }

    static long writtenLength(Path dataDirectory, LogKind kind) {
        return LogStart.list(dataDirectory, kind).stream()
                .flatMap(start -> start.segments().stream())
                .mapToLong(LogSegment::writtenLength)
                .sum();
    }

    private static boolean isEmptyDirectory(Path target) throws IOException {
        if (!Files.isDirectory(target)) {
            return false;
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.findAny().isEmpty();
        }
    }

    private static void remove(Path target, boolean wasThere) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        try (Stream<Path> files = Files.walk(target)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                if (!wasThere || !file.equals(target)) {
                    Files.delete(file);
                }
            }
        }
    }
}
