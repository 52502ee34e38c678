package io.millrace.journal;

/**
 * What the newest start of a log ends with if it was not closed. {@code next} is the place where it stops being
 * readable, {@code synced} the last one known to have been on the disk.
 *
 * <pre>
 *                                               the same boot   another boot    not known
 *   synced >= next                              LOST            LOST            LOST
 *   a whole frame somewhere behind              DAMAGED         REORDERED       DAMAGED
 *   something that is no frame, nothing behind  DAMAGED         TORN            TORN
 *   nothing, or a frame under way               END             END             END
 * </pre>
 *
 * <p>Within one boot the page cache has all that a dead process had written, and a frame is announced by its document
 * header last: only a frame that is not announced can be its doing. After a power cut pages are there or not in any
 * order.
 */
enum Tail {
    /** The log ends there. */
    END,
    /** What stands there is left out. */
    TORN,
    /** What stands there and behind is left out: none of it was on the disk when that was last known. */
    REORDERED,
    /** Refused: it was on the disk. */
    LOST,
    /** Refused: no crash leaves that. */
    DAMAGED;

    /**
     * {@return the row of the table}
     *
     * @param isBad whether something stands at {@code next} that is no frame and should be one, or a file is missing
     */
    static Tail of(Boot boot, boolean isBad, boolean isFrameBehind, long next, long synced) {
        if (synced >= next) {
            return LOST;
        }
        if (!isBad && !isFrameBehind) {
            return END;
        }
        if (isFrameBehind) {
            return boot == Boot.ANOTHER ? REORDERED : DAMAGED;
        }
        return boot == Boot.SAME ? DAMAGED : TORN;
    }

    boolean isRefused() {
        return this == LOST || this == DAMAGED;
    }
}
