package io.millrace.journal;

import java.nio.file.Path;

/** Another process owns the data directory. */
public final class DirectoryHeldException extends JournalException {
    private static final long serialVersionUID = 1L;

    private final long pid;

    DirectoryHeldException(Path directory, long pid, String holder) {
        super(
                EXIT_DIRECTORY_HELD,
                "cannot open journal: directory=" + directory + " is held by pid=" + pid + " (" + holder
                        + "); stop that process or use another directory",
                null);
        this.pid = pid;
    }

    /** {@return the process id of the holder, -1 if its lock file does not say} */
    public long pid() {
        return pid;
    }
}
