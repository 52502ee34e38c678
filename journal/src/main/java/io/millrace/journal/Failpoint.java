package io.millrace.journal;

/**
 * Ends the process at a chosen place, for crash tests: {@code -Dmillrace.failpoint=NAME@SEQUENCE} halts the JVM when
 * the place is first reached with that sequence or a later one. Without the property the calls compile to nothing.
 */
public final class Failpoint {
    public static final String FRAME_BEFORE = "frame-before";
    public static final String FRAME_AFTER = "frame-after";
    public static final String OUTBOX_BEFORE = "outbox-before";
    public static final String OUTBOX_AFTER = "outbox-after";
    public static final String DEAD_LETTER_BEFORE = "dead-letter-before";
    public static final String DEAD_LETTER_AFTER = "dead-letter-after";
    public static final String CHECKPOINT_BEFORE = "checkpoint-before";
    public static final String CHECKPOINT_AFTER = "checkpoint-after";
    /** Before retention says where a log begins; the place is that of the first record kept. */
    public static final String PRUNE_BEFORE = "prune-before";
    /** After that, before anything is removed. */
    public static final String PRUNE_AFTER = "prune-after";
    /** Between two files that are removed; the place is the number of the segment. */
    public static final String PRUNE_WITHIN = "prune-within";
    /** In a recovery; the sequence is the step: what it has written so far. */
    public static final String RECOVERY = "recovery";
    /** In a repair; the sequence is the step. */
    public static final String REPAIR = "repair";
    /** Exit status of a process that was ended here, as after SIGKILL. */
    public static final int EXIT_STATUS = 137;

    private static final String SETTING = System.getProperty("millrace.failpoint", "");
    private static final boolean IS_ARMED = !SETTING.isEmpty();
    private static final String NAME = IS_ARMED ? SETTING.substring(0, SETTING.indexOf('@')) : "";
    private static final long SEQUENCE = IS_ARMED ? Long.parseLong(SETTING.substring(SETTING.indexOf('@') + 1)) : 0;

    private Failpoint() {}

    /** {@return the place before a frame of such a log is appended} */
    static String before(LogKind kind) {
        return switch (kind) {
            case JOURNAL -> FRAME_BEFORE;
            case OUTBOX -> OUTBOX_BEFORE;
            case DEAD_LETTERS -> DEAD_LETTER_BEFORE;
        };
    }

    /** {@return the place after a frame of such a log was appended} */
    static String after(LogKind kind) {
        return switch (kind) {
            case JOURNAL -> FRAME_AFTER;
            case OUTBOX -> OUTBOX_AFTER;
            case DEAD_LETTERS -> DEAD_LETTER_AFTER;
        };
    }

    /** Ends the process at once, without any shutdown hook, if this place and sequence were chosen. */
    public static void reach(String name, long sequence) {
        if (IS_ARMED && sequence >= SEQUENCE && name.equals(NAME)) {
            Runtime.getRuntime().halt(EXIT_STATUS);
        }
    }
}
