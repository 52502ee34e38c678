package io.millrace.window;

/**
 * Settings of a {@link ReorderBuffer}.
 *
 * @param capacity events held at most, 1 to {@link #CAPACITY_MAX}: the most events that can come within the
 *     out-of-orderness, times the number of sources that may be apart
 * @param maxPayloadLength bytes of payload that a held event may have, at least 0: the pipeline's
 * @param late what becomes of late events; no update
 */
public record ReorderSpec(int capacity, int maxPayloadLength, LatePolicy late) {
    public static final int CAPACITY_DEFAULT = 1 << 16;
    public static final int CAPACITY_MAX = 1 << 24;
    /** Bytes that all held events may take, their headers included. */
    public static final long SLAB_LENGTH_MAX = 1L << 30;

    /** @throws IllegalArgumentException if a setting is out of range */
    public ReorderSpec {
        requireRange("capacity", capacity, 1, CAPACITY_MAX);
        requireRange("maxPayloadLength", maxPayloadLength, 0, 1 << 20);
        long length = (capacity + 1L) * ReorderBuffer.stride(maxPayloadLength);
        if (length > SLAB_LENGTH_MAX) {
            throw new IllegalArgumentException("cannot build reorder buffer: capacity=" + capacity
                    + " events of maxPayloadLength=" + maxPayloadLength + " take " + length + " bytes (expected: <= "
                    + SLAB_LENGTH_MAX + "); lower one of them");
        }
        if (late.isUpdate()) {
            throw new IllegalArgumentException("cannot build reorder buffer: late=" + late
                    + " (expected: drop or side-output); only windows can correct what they put out");
        }
    }

    private static void requireRange(String setting, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("cannot build reorder buffer: " + setting + '=' + value + " (expected: "
                    + min + " to " + max + "); set " + setting + " in that range");
        }
    }

    /** {@return settings that drop and count late events} */
    public static ReorderSpec of(int capacity, int maxPayloadLength) {
        return new ReorderSpec(capacity, maxPayloadLength, LatePolicy.DROP);
    }
}
