package io.millrace.journal.outbox;

import io.millrace.status.Counters;
import org.agrona.concurrent.status.AtomicCounter;

/** What is counted of each sink: named counters of a pipeline, {@code sink NAME ...}. Written by who watches sinks. */
public enum SinkCounter {
    OUTPUTS_DELIVERED(620, "outputs delivered", "records that it took, each time it did"),
    OUTPUTS_BEHIND(621, "outputs behind", "records in its log that its checkpoint does not cover"),
    BYTES_BEHIND(622, "bytes behind", "bytes of the frames that hold them"),
    AGE_BEHIND_NS(623, "behind ns", "age of the first of them since publication, in nanoseconds"),
    FAILURES(624, "failures", "calls that threw"),
    IS_DETACHED(625, "detached", "1 while it is detached");

    private final int typeId;
    private final String label;
    private final String meaning;

    SinkCounter(int typeId, String label, String meaning) {
        this.typeId = typeId;
        this.label = label;
        this.meaning = meaning;
    }

    /** {@return the id under which other processes find counters of this kind, one for each sink} */
    public int typeId() {
        return typeId;
    }

    /** {@return what exactly is counted, as a phrase} */
    public String meaning() {
        return meaning;
    }

    /** {@return the counter of a sink} */
    public AtomicCounter of(Counters counters, String sinkName) {
        return counters.named(typeId, "sink " + sinkName + ' ' + label);
    }
}
