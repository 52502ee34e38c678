package io.millrace.journal;

import java.nio.file.Path;

/** Data in a log is damaged or missing; nothing on disk was changed. */
public final class CorruptJournalException extends JournalException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long offset;
    private final long sequence;

    CorruptJournalException(Path file, long offset, long sequence, String what) {
        super(
                EXIT_DATA_DAMAGED,
                what + ": file=" + file + ", offset=" + offset + ", sequence=" + sequence
                        + "; restore the file from a copy, nothing was changed",
                null);
        this.file = file.toString();
        this.offset = offset;
        this.sequence = sequence;
    }

    /** {@return the path of the file or directory in question} */
    public String file() {
        return file;
    }

    /** {@return where in the file, in bytes} */
    public long offset() {
        return offset;
    }

    /** {@return the first sequence (ordinal in outbox and dead letters) that cannot be read} */
    public long sequence() {
        return sequence;
    }
}
