package io.millrace.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a log that were written and not yet forced whole, the one being written included.
 *
 * <p><b>Threading</b>: {@link #add} from the thread that appends, {@link #force} from any, one at a time.
 */
final class SegmentFiles implements AutoCloseable {
    private final Path directory;
    private final ArrayDeque<FileChannel> files = new ArrayDeque<>();
    private final List<Path> earlier;
    private boolean isDirectoryForced = true;

    /** @param earlier files of earlier starts that may not have reached the disk; the chain goes through them */
    SegmentFiles(Path directory, List<Path> earlier) {
        this.directory = directory;
        this.earlier = new ArrayList<>(earlier);
    }

    /** Adds the file that is written from now on. */
    synchronized void add(FileChannel channel) {
        files.addLast(channel);
        isDirectoryForced = false;
    }

    /** Forces everything written so far; files behind which writing went on elsewhere are closed. */
    void force() throws IOException {
        forceEarlier();
        FileChannel[] written;
        boolean isNew;
        synchronized (this) {
            written = files.toArray(new FileChannel[0]);
            isNew = !isDirectoryForced;
            isDirectoryForced = true;
        }
        for (FileChannel channel : written) {
            channel.force(false);
        }
        if (isNew) {
            Directories.force(directory);
        }
        for (int i = 0; i < written.length - 1; i++) {
            removeFirst().close();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            for (FileChannel channel : files) {
                channel.close();
            }
            files.clear();
        }
    }

    private synchronized FileChannel removeFirst() {
        return files.removeFirst();
    }

    private void forceEarlier() throws IOException {
        for (Path file : earlier) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(false);
            }
            Path start = file.getParent();
            if (start != null) {
                Directories.force(start);
            }
        }
        earlier.clear();
    }
}
