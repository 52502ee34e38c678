package io.millrace.journal;

import io.millrace.event.Event;
import io.millrace.ring.EventLog;

/** The outbox of a journal that has none: takes everything and keeps nothing. */
final class DiscardingLog implements EventLog {
    @Override
    public void start() {}

    @Override
    public boolean append(Event record) {
        return true;
    }

    @Override
    public void commit() {}

    @Override
    public void sync() {}

    @Override
    public boolean isStorageLow() {
        return false;
    }

    @Override
    public void close() {}
}
