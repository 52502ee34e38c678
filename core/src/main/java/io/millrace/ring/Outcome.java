package io.millrace.ring;

/**
 * What became of a ticket, packed into a non-negative long so that waiting for it allocates nothing.
 *
 * <pre>
 *   63 62    60 59                                        0
 *  +--+--------+-------------------------------------------+
 *  | 0|  kind  | sequence (or reason)                      |
 *  +--+--------+-------------------------------------------+
 * </pre>
 */
public final class Outcome {
    private static final int SHIFT = 60;
    private static final long VALUE_MASK = (1L << SHIFT) - 1;
    private static final long ACCEPTED_KIND = 0;
    private static final long DUPLICATE_KIND = 1;
    private static final long REJECTED_KIND = 2;
    private static final long OTHER_KIND = 3;

    /** A duplicate whose original's sequence is not known. */
    public static final long DUPLICATE_OF_UNKNOWN = DUPLICATE_KIND << SHIFT | VALUE_MASK;
    /** Rejected: the id lies before the dedup window, so that nobody can tell. Do not retry with the same id. */
    public static final long TOO_OLD = REJECTED_KIND << SHIFT | 1;
    /** Rejected: the validator refused it. Do not retry. */
    public static final long INVALID = REJECTED_KIND << SHIFT | 2;
    /** Rejected: no event type has this id. Do not retry. */
    public static final long UNKNOWN_TYPE = REJECTED_KIND << SHIFT | 3;
    /** Rejected: the payload is longer than a slot takes. Do not retry. */
    public static final long TOO_LARGE = REJECTED_KIND << SHIFT | 4;
    /** Rejected: the event's time is further ahead of its publication than {@code maxSkewNs}. Do not retry. */
    public static final long SKEWED = REJECTED_KIND << SHIFT | 5;
    /** The claim was given back. */
    public static final long ABORTED = OTHER_KIND << SHIFT | 1;
    /** The level was not reached in time; the event may still reach it. Ask again. */
    public static final long TIMED_OUT = OTHER_KIND << SHIFT | 2;
    /** The slot was used again before anybody asked; the level is reached, the answer is gone. */
    public static final long FORGOTTEN = OTHER_KIND << SHIFT | 3;
    /**
     * The pipeline failed, or was closed, before the level was reached: unknown. Retry with the same id after the
     * restart.
     */
    public static final long FAILED = OTHER_KIND << SHIFT | 4;
    /** Asked on a thread of the pipeline, which would wait for itself. */
    public static final long WOULD_DEADLOCK = OTHER_KIND << SHIFT | 5;

    private Outcome() {}

    static long accepted(long sequence) {
        return sequence;
    }

    static long duplicateOf(long sequence) {
        return DUPLICATE_KIND << SHIFT | sequence;
    }

    public static boolean isAccepted(long outcome) {
        return outcome >>> SHIFT == ACCEPTED_KIND;
    }

    public static boolean isDuplicate(long outcome) {
        return outcome >>> SHIFT == DUPLICATE_KIND;
    }

    public static boolean isRejected(long outcome) {
        return outcome >>> SHIFT == REJECTED_KIND;
    }

    /** {@return the sequence of the accepted event or of a duplicate's original, -1 if unknown or neither} */
    public static long sequence(long outcome) {
        boolean known = (isAccepted(outcome) || isDuplicate(outcome)) && outcome != DUPLICATE_OF_UNKNOWN;
        return known ? outcome & VALUE_MASK : -1;
    }

    /** {@return the outcome in words; allocates} */
    public static String describe(long outcome) {
        if (isAccepted(outcome)) {
            return "ACCEPTED(" + sequence(outcome) + ")";
        }
        if (isDuplicate(outcome)) {
            return "DUPLICATE(" + (outcome == DUPLICATE_OF_UNKNOWN ? "unknown" : sequence(outcome)) + ")";
        }
        return isRejected(outcome) ? "REJECTED(" + rejection(outcome) + ")" : other(outcome);
    }

    private static String rejection(long outcome) {
        return switch ((int) (outcome & VALUE_MASK)) {
            case 1 -> "TOO_OLD";
            case 2 -> "INVALID";
            case 3 -> "UNKNOWN_TYPE";
            case 4 -> "TOO_LARGE";
            default -> "SKEWED";
        };
    }

    private static String other(long outcome) {
        return switch ((int) (outcome & VALUE_MASK)) {
            case 1 -> "ABORTED";
            case 2 -> "TIMED_OUT";
            case 3 -> "FORGOTTEN";
            case 4 -> "FAILED";
            default -> "WOULD_DEADLOCK";
        };
    }
}
