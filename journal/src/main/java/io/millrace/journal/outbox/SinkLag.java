package io.millrace.journal.outbox;

import io.millrace.journal.FrameLog;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import io.millrace.status.Counters;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * How far one sink is behind its log, in this process.
 *
 * <pre>
 *   bytes behind = unread when it was attached + committed since - read since
 * </pre>
 */
final class SinkLag {
    private final SinkRunner runner;
    private final FrameLog log;
    private final long unreadLength;
    private final long committedLength;
    private final Map<SinkCounter, AtomicCounter> counters = new EnumMap<>(SinkCounter.class);
    /** The least that it has been behind. */
    private long leastLength = Long.MAX_VALUE;

    SinkLag(Path dataDirectory, SinkRunner runner, FrameLog log, Counters counters) {
        this.runner = runner;
        this.log = log;
        long end;
        long committed;
        do {
            end = log.nextSequence();
            committed = log.committedLength();
        } while (end != log.nextSequence());
        committedLength = committed;
        unreadLength = length(dataDirectory, runner.source(), runner.resume().from(), end);
        for (SinkCounter counter : SinkCounter.values()) {
            this.counters.put(counter, counter.of(counters, runner.name()));
        }
    }

    /** {@return bytes of the frames that hold records from a place to before another} */
    static long length(Path dataDirectory, LogKind source, long from, long end) {
        long length = 0;
        if (from < end) {
            try (FrameReader reader = FrameReader.open(dataDirectory, source, from)) {
                while (reader.nextFrame() && reader.frame().firstSequence() < end) {
                    length +=
                            reader.frame().endSequence() > from ? reader.frame().length() : 0;
                }
            }
        }
        return length;
    }

    SinkRunner runner() {
        return runner;
    }

    /** {@return bytes of the frames that it has not passed} */
    long behindLength() {
        return Math.max(0, unreadLength + log.committedLength() - committedLength - runner.readLength());
    }

    long behindCount() {
        return Math.max(0, log.nextSequence() - runner.position());
    }

    /** {@return place behind the log's last record} */
    long end() {
        return log.nextSequence();
    }

    /**
     * {@return how far behind it may be} One that began with more than the bound may catch up, as long as it does: not
     * more than the bound beyond the least that it has been behind.
     */
    long limitLength(long maxLength) {
        leastLength = Math.min(leastLength, behindLength());
        return unreadLength > maxLength ? leastLength + maxLength : maxLength;
    }

    void count(long nowNs) {
        long pendingNs = runner.pendingIngestTimeNs();
        set(SinkCounter.OUTPUTS_DELIVERED, runner.deliveredCount());
        set(SinkCounter.OUTPUTS_BEHIND, behindCount());
        set(SinkCounter.BYTES_BEHIND, behindLength());
        set(SinkCounter.AGE_BEHIND_NS, pendingNs == 0 ? 0 : Math.max(0, nowNs - pendingNs));
        set(SinkCounter.FAILURES, runner.failureCount());
        set(SinkCounter.IS_DETACHED, runner.state() == SinkState.DETACHED ? 1 : 0);
    }

    long counted(SinkCounter counter) {
        AtomicCounter made = counters.get(counter);
        return made == null ? 0 : made.get();
    }

    private void set(SinkCounter counter, long value) {
        AtomicCounter made = counters.get(counter);
        if (made != null) {
            made.setRelease(value);
        }
    }
}
