package io.millrace.latency;

/** Where a latency is measured: from publication to the end of a stage's work on the batch that has the event. */
public enum LatencyStage {
    /** Admitted: validated, and found new or a duplicate. */
    ADMIT("admit"),
    /** Journaled: in the frame that was committed last. */
    JOURNAL("journal"),
    /** Applied: all operators have seen it. */
    APPLY("apply"),
    /** Emitted: all its outputs have left. End to end. */
    EMIT("emit");

    private final String tag;

    LatencyStage(String tag) {
        this.tag = tag;
    }

    /** {@return the stage's name in files, counters and messages} */
    public String tag() {
        return tag;
    }
}
