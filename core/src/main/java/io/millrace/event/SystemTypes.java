package io.millrace.event;

/** Type ids that are not a user's: records of the pipeline itself, which have no payload, and built-in outputs. */
public final class SystemTypes {
    /** The first id that users may not take. */
    public static final int ID_MIN = 60_000;

    public static final int TICK = 60_101;
    public static final int END = 60_102;
    public static final int CONTROL = 60_103;

    private SystemTypes() {}
}
