package io.millrace.ring;

import io.millrace.event.Event;

/** Reads accepted records in sequence order. <b>Threading</b>: one thread. */
public interface RecordReader extends AutoCloseable {
    /**
     * Moves a view to the next record, valid until the next call.
     *
     * @return false if there is none now; live, one may come
     */
    boolean next(Event view);

    @Override
    void close();
}
