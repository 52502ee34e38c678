package io.millrace.ops.command;

/** What the process says to the one that started it. Numbers from 64 on are those of sysexits.h. */
public final class ExitCode {
    /** All went well; a clean stop by SIGTERM too. */
    public static final int OK = 0;
    /** A finding, or a difference. */
    public static final int FINDING = 1;
    /** Wrong usage of the command line. */
    public static final int DIFFERENCE = 1;

    public static final int USAGE = 2;
    /** Data of ours is damaged. */
    public static final int DATA_DAMAGED = 65;
    /** The input cannot be read, or has a bad row under {@code --strict}. */
    public static final int NO_INPUT = 66;
    /** A fault of ours. */
    public static final int INTERNAL = 70;
    /** The data directory is held by another process. */
    public static final int HELD = 73;
    /** Reading or writing failed. */
    public static final int IO = 74;
    /** The storage is full. */
    public static final int STORAGE_FULL = 75;
    /** The configuration is wrong, or a flag of the JVM is missing. */
    public static final int CONFIG = 78;
    /** Stopped by SIGINT. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
