package io.millrace.ring;

import io.millrace.event.Event;
import org.agrona.concurrent.status.AtomicCounter;

/** Appends records to a log, in one frame for a batch unless that gets too long, and counts frames and bytes. */
final class LogWriter {
    private final EventLog log;
    private final String what;
    private final AtomicCounter frames;
    private final AtomicCounter bytes;
    private long openLength;

    /** @param what the log is called in messages */
    LogWriter(EventLog log, String what, AtomicCounter frames, AtomicCounter bytes) {
        this.log = log;
        this.what = what;
        this.frames = frames;
        this.bytes = bytes;
    }

    void start() {
        log.start();
    }

    void append(Event record) {
        if (!log.append(record)) {
            commit();
            if (!log.append(record)) {
                throw new IllegalStateException("cannot write " + what + ": recordLength=" + record.recordLength()
                        + " (expected: at most what one frame takes); raise its frameLength");
            }
        }
        openLength += record.recordLength();
    }

    /** Appends a record without a sequence. */
    void appendControl(Event record) {
        if (!log.appendControl(record)) {
            commit();
            log.appendControl(record);
        }
    }

    void commit() {
        log.commit();
        if (openLength > 0) {
            frames.getAndAddRelease(1);
            bytes.getAndAddRelease(openLength);
            openLength = 0;
        }
    }

    void mark() {
        log.mark();
    }
}
