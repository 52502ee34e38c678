package io.millrace.ops;

import io.millrace.journal.StorageState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.NanoClock;

/** Waits for room in the storage: says so when it takes long, and gives up when it takes too long. */
final class StorageWait {
    private static final long INTERVAL_NS = 1_000_000;
    private static final long SILENT_NS = 1_000_000_000;
    private static final long TIMEOUT_NS = 10_000_000_000L;
    private static final int MIB_SHIFT = 20;

    private final Path dataDirectory;
    private final long segmentLength;
    private final PrintWriter err;
    private final NanoClock clock;
    private boolean isWaiting;
    private boolean hasSaidSo;
    private long beginNs;

    /** @param segmentLength bytes of a segment, which the storage lacks room for */
    StorageWait(Path dataDirectory, long segmentLength, PrintWriter err, NanoClock clock) {
        this.dataDirectory = dataDirectory;
        this.segmentLength = segmentLength;
        this.err = err;
        this.clock = clock;
    }

    /** Says when room gets scarce, before anybody has to wait for it. */
    static void warn(StorageState state, PrintWriter err) {
        if (state.level() == StorageState.Level.SCARCE) {
            String rate = state.secondsToFull() == Long.MAX_VALUE ? "" : ", secondsToFull=" + state.secondsToFull();
            err.println(
                    "millrace: warning: storage gets scarce: free=" + (state.usableLength() >> MIB_SHIFT) + " MiB of "
                            + (state.totalLength() >> MIB_SHIFT) + " MiB" + rate
                            + " (expected: a fifth, and 600 s); free some space or prune");
        }
    }

    /** There is room. */
    void reset() {
        isWaiting = false;
        hasSaidSo = false;
    }

    /** {@return whether to try again, after a short wait; false when there has been no room for too long} */
    boolean await() {
        long nowNs = clock.nanoTime();
        if (!isWaiting) {
            isWaiting = true;
            beginNs = nowNs;
        }
        if (!hasSaidSo && nowNs - beginNs > SILENT_NS) {
            hasSaidSo = true;
            err.println("millrace: storage is low: " + room() + "; waiting for room for up to 10 s");
        }
        LockSupport.parkNanos(INTERVAL_NS);
        return nowNs - beginNs <= TIMEOUT_NS;
    }

    /** {@return what to say when there was no room for too long} */
    String message() {
        return "storage is full: " + room() + "; make room and start again: nothing that was accepted is lost";
    }

    private String room() {
        return "directory=" + dataDirectory + ", free=" + free() + " MiB (expected: room for the next segments of"
                + " journal and outbox, each somewhat over journal.segmentLength=" + (segmentLength >> MIB_SHIFT)
                + " MiB)";
    }

    private String free() {
        try {
            return Long.toString(Files.getFileStore(dataDirectory).getUsableSpace() >> MIB_SHIFT);
        } catch (IOException e) {
            return "unknown";
        }
    }
}
