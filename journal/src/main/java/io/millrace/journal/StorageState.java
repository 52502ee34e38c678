package io.millrace.journal;

import org.jspecify.annotations.Nullable;

/**
 * How much room a data directory has.
 *
 * @param level what follows from the rest
 * @param usableLength free bytes of the file system that this process may use
 * @param totalLength bytes of the file system
 * @param bytesPerSecond written lately, of all logs together
 * @param secondsToFull at that rate, {@code Long.MAX_VALUE} if nothing is written
 * @param isBallastHeld whether the room that is kept for dead letters, audit and shutdown is there
 * @param problem what the reservation tried last found, null if it found room
 */
public record StorageState(
        Level level,
        long usableLength,
        long totalLength,
        long bytesPerSecond,
        long secondsToFull,
        boolean isBallastHeld,
        @Nullable String problem) {
    /** How urgent it is. */
    public enum Level {
        /** Nothing to do. */
        PLENTY,
        /** Less than a fifth is free, or what is free will be written within ten minutes at the rate of late. */
        SCARCE,
        /** Publishers are refused until there is room again. */
        LOW
    }

    private static final int SCARCE_DIVISOR = 5;
    private static final long SCARCE_S = 600;

    static StorageState of(
            long usableLength,
            long totalLength,
            long bytesPerSecond,
            boolean isLow,
            boolean isBallastHeld,
            @Nullable String problem) {
        long secondsToFull = bytesPerSecond > 0 ? usableLength / bytesPerSecond : Long.MAX_VALUE;
        boolean isScarce = usableLength < totalLength / SCARCE_DIVISOR || secondsToFull < SCARCE_S;
        Level level = isLow ? Level.LOW : isScarce ? Level.SCARCE : Level.PLENTY;
        return new StorageState(
                level, usableLength, totalLength, bytesPerSecond, secondsToFull, isBallastHeld, problem);
    }
}
