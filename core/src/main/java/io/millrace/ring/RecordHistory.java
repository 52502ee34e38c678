package io.millrace.ring;

/** Gives records again that were accepted before, to warm a rule with. */
@FunctionalInterface
public interface RecordHistory {
    /**
     * {@return a reader before a record}
     *
     * @param fromSequence at least 0
     * @throws RuntimeException if that record is no longer there
     */
    RecordReader open(long fromSequence);
}
