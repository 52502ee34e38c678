package io.millrace.ring;

/** A stage of a pipeline: a bounded amount of work on what is there now, and no more. */
interface Stage {
    String name();

    StageProbe probe();

    /** Called once by the thread that will call {@link #doWork}, before anything else. */
    default void start() {}

    /** Called once by that thread after the last {@link #doWork}, also when it failed. */
    default void stop() {}

    /** {@return how many records were moved on; 0 if there was nothing to do or no room} */
    int doWork();

    /** {@return the sequence of the record it is at, for a fault; -1 if unknown} */
    default long sequence() {
        return -1;
    }
}
