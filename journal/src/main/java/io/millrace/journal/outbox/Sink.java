package io.millrace.journal.outbox;

import io.millrace.event.Event;

/**
 * A place that outputs go to, outside of the process.
 *
 * <p>Outputs come in order and at least once: after a crash those behind the last checkpoint come again. The id of an
 * output is its identity, the same each time; a sink that must not show one twice keeps it beside its data, see
 * {@link Delivery#EFFECTIVELY_ONCE}. A sink of accepted events ({@link SinkContext#source}) gets those instead.
 *
 * <p><b>Threading</b>: one thread, that of the {@link SinkRunner}; it may block. <b>Failure</b>: what throws is
 * called again with the same output, after a pause that grows; or, if {@link SinkContext#deadLetters} says so, the
 * output is parked after some attempts.
 */
public interface Sink extends AutoCloseable {
    /**
     * {@return the name of its checkpoint, the same after a restart: a letter or digit, then up to 63 of a-z 0-9 _ -}
     */
    String name();

    /** {@return what it promises of its data} */
    default Delivery delivery() {
        return Delivery.AT_LEAST_ONCE;
    }

    /**
     * Takes an output.
     *
     * @param output valid until this returns; its sequence is that of its cause
     */
    void onOutput(Event output) throws Exception;

    /**
     * Takes an output that was parked and is redriven: one that stands before others that it has taken. A sink that is
     * effectively once looks whether its data has it.
     *
     * @param output valid until this returns
     */
    default void onRedelivered(Event output) throws Exception {
        onOutput(output);
    }

    /** Makes sure that all outputs taken so far will not be asked for again; a checkpoint follows. */
    default void flush() throws Exception {}

    @Override
    default void close() {}
}
