package io.millrace.journal.deadletter;

/**
 * A note in the log on a dead letter before it.
 *
 * @param place of the letter
 * @param timeNs wall clock in nanoseconds since the epoch
 * @param attempts made, of {@link Kind#FAILED_AGAIN}
 * @param errorClass of the last of them, else empty
 * @param text its message; of {@link Kind#DISCARDED} the reason
 */
record DeadLetterMark(long place, Kind kind, long timeNs, int attempts, String errorClass, String text) {
    /** What it says. */
    enum Kind {
        REDRIVEN(1),
        DISCARDED(2),
        FAILED_AGAIN(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("unknown mark of a dead letter: kind=" + code + " (expected: 1 to 3)");
        }
    }
}
