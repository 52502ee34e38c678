package io.millrace.ops;

/** What the process says to the one that started it. Numbers from 64 on are those of sysexits.h. */
final class ExitCode {
    /** All went well; a clean stop by SIGTERM too. */
    static final int OK = 0;
    /** Wrong usage of the command line. */
    static final int USAGE = 2;
    /** Data of ours is damaged. */
    static final int DATA_DAMAGED = 65;
    /** The input cannot be read, or has a bad row under {@code --strict}. */
    static final int NO_INPUT = 66;
    /** A fault of ours. */
    static final int INTERNAL = 70;
    /** The data directory is held by another process. */
    static final int HELD = 73;
    /** Reading or writing failed. */
    static final int IO = 74;
    /** The storage is full. */
    static final int STORAGE_FULL = 75;
    /** The configuration is wrong, or a flag of the JVM is missing. */
    static final int CONFIG = 78;
    /** Stopped by SIGINT. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
