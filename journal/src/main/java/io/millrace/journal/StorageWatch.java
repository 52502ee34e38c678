package io.millrace.journal;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the room that is left every so often and tells when its level changes.
 *
 * <p><b>Threading</b>: {@link #look} from one thread at a time, {@link #state} from any.
 */
final class StorageWatch {
    static final long PERIOD_MS = 1000;

    /** The rate follows half of a change within this many looks. */
    private static final int RATE_WEIGHT = 8;

    private final Path directory;
    private final Supplier<List<FrameLog>> logs;
    private final Ballast ballast;
    private final Consumer<StorageState> listener;
    private volatile StorageState state;
    private StorageState.Level toldLevel = StorageState.Level.PLENTY;
    private long lastLength;
    private long lastNs = System.nanoTime();
    private double bytesPerSecond;

    StorageWatch(Path directory, Supplier<List<FrameLog>> logs, Ballast ballast, Consumer<StorageState> listener) {
        this.directory = directory;
        this.logs = logs;
        this.ballast = ballast;
        this.listener = listener;
        state = sample();
    }

    StorageState state() {
        return state;
    }

    /** Tells the listener if the level is another than it was told last, or not plenty at the first look. */
    void look() {
        rate();
        StorageState now = sample();
        state = now;
        if (now.level() != toldLevel) {
            toldLevel = now.level();
            listener.accept(now);
        }
    }

    private void rate() {
        long nowNs = System.nanoTime();
        long length = logs.get().stream().mapToLong(FrameLog::writtenLength).sum();
        double seconds = Math.max(1, nowNs - lastNs) / (double) TimeUnit.SECONDS.toNanos(1);
        bytesPerSecond += ((length - lastLength) / seconds - bytesPerSecond) / RATE_WEIGHT;
        lastLength = length;
        lastNs = nowNs;
    }

    private StorageState sample() {
        List<FrameLog> open = logs.get();
        String problem = open.stream()
                .map(FrameLog::storageProblem)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        boolean isLow = open.stream().anyMatch(FrameLog::isStorageLow);
        return sample(isLow, problem);
    }

    private StorageState sample(boolean isLow, @Nullable String problem) {
        try {
            FileStore store = Files.getFileStore(directory);
            return StorageState.of(
                    store.getUsableSpace(),
                    store.getTotalSpace(),
                    Math.round(bytesPerSecond),
                    isLow,
                    ballast.isHeld(),
                    problem);
        } catch (IOException e) {
            return StorageState.of(0, 0, Math.round(bytesPerSecond), true, ballast.isHeld(), String.valueOf(e));
        }
    }
}
