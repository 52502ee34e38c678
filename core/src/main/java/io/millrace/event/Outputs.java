package io.millrace.event;

/**
 * Where an operator puts what it finds out. An output is an event record; its id is its identity (epoch, operator,
 * ordinal; sequence of the input being processed) and is filled in here, as is {@code ingestTimeNs} of the cause.
 *
 * <p><b>Threading</b>: the thread that runs the operator, inside {@code advanceTo} or {@code onEvent} only.
 * <b>Allocation</b>: none.
 */
public interface Outputs {
    /**
     * Takes the next place. The header is zero but for id, sequence (that of the cause), type and payload length; the
     * caller sets key, timestamp, schema version and every payload byte, then calls {@link #commit()}.
     *
     * @param typeId of the output, 0 to 65535
     * @param payloadLength in bytes, at least 0, at most the configured maximum
     * @throws IllegalStateException if the operator goes over its {@code maxOutputsPerStep}
     */
    MutableEvent claim(int typeId, int payloadLength);

    /** Hands over the output claimed last. */
    void commit();

    /** {@return the sequence of the record being processed, an event or a TICK; -1 if it is not known} */
    default long causeSequence() {
        return -1;
    }
}
