package io.millrace.event;

/** Type ids that are not a user's: records of the pipeline itself and built-in outputs. */
public final class SystemTypes {
    /** The first id that users may not take. */
    public static final int ID_MIN = 60_000;

    public static final int TICK = 60_101;
    public static final int END = 60_102;
    /** A change of the pipeline itself; the one of these that has a payload. */
    public static final int CONTROL = 60_103;

    public static final int SNAPSHOT = 60_104;
    /** No event of the record's source is expected until its next one. */
    public static final int SOURCE_IDLE = 60_105;
    /** Events of the record's source are expected. */
    public static final int SOURCE_ACTIVE = 60_106;
    /** A hash over the outputs of a run of records: a record without a sequence. */
    public static final int STATE_HASH = 60_205;

    /** The first id of a type that {@link DerivedType} makes; they go on to 65535. */
    public static final int DERIVED_ID_MIN = 61_000;

    private SystemTypes() {}
}
