package io.millrace.journal;

/** What the records of a log are. */
public enum LogKind {
    /** Accepted events; a record's sequence is its place in the log. */
    JOURNAL(1, "journal"),
    /** Outputs; a record's sequence is that of its cause, its place in the log an ordinal. */
    OUTBOX(2, "outbox"),
    /** Dead letters; a record's sequence is its place in the log. */
    DEAD_LETTERS(3, "deadletters");

    private final int code;
    private final String directoryName;

    LogKind(int code, String directoryName) {
        this.code = code;
        this.directoryName = directoryName;
    }

    /** {@return the number that stands for the kind in a frame} */
    public int code() {
        return code;
    }

    /** {@return the name of the log's directory, and of the log in messages} */
    public String directoryName() {
        return directoryName;
    }

    static LogKind ofDirectory(String name) {
        for (LogKind kind : values()) {
            if (kind.directoryName.equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown log: directoryName=" + name + " (expected: one of LogKind)");
    }

    /** {@return whether a record's sequence has to be its place in the log} */
    boolean isNumberedByPlace() {
        return this != OUTBOX;
    }
}
