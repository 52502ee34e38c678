package io.millrace.journal.snapshot;

import java.util.Locale;

/** Places on the way of a snapshot to the disk, in their order; crash tests end the process at each. */
public enum SnapshotStep {
    BEGIN,
    FILE_CREATED,
    HEADER_WRITTEN,
    FIRST_SECTION_WRITTEN,
    SECTIONS_WRITTEN,
    CRC_WRITTEN,
    FILE_FORCED,
    RENAMED,
    DIRECTORY_FORCED,
    OLD_ONE_DELETED,
    END;

    /** {@return the name of the failpoint} */
    public String failpoint() {
        return "snapshot-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Hears that a place was reached. */
    @FunctionalInterface
    public interface Watch {
        void reached(SnapshotStep step, long sequence);
    }
}
