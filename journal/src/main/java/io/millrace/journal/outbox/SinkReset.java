package io.millrace.journal.outbox;

import io.millrace.event.Event;
import io.millrace.journal.AuditLog;
import io.millrace.journal.DirectoryLock;
import io.millrace.journal.FrameReader;
import io.millrace.journal.JournalException;
import io.millrace.journal.LogKind;
import io.millrace.journal.SinkCheckpoint;
import io.millrace.journal.SinkPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Puts a sink elsewhere in its log: first planned, which changes nothing and needs no lock, then applied, which takes
 * the directory's lock, so that no process runs the sink meanwhile.
 *
 * @param from its position now
 * @param to its position afterwards
 * @param end place behind the log's last record
 */
public record SinkReset(Path dataDirectory, LogKind source, String name, SinkPosition from, SinkPosition to, long end) {
    /**
     * Where to, by the first record that the sink is to get.
     *
     * @param text for people and for the audit log
     * @param isFirst whether a record is the first; if none is, the sink goes behind the last one
     */
    public record Target(String text, Predicate<Event> isFirst) {
        /** {@return before the first record that the log has} */
        public static Target earliest() {
            return new Target("earliest", record -> true);
        }

        /** {@return behind the last record} */
        public static Target latest() {
            return new Target("latest", record -> false);
        }

        /** {@return before the first record whose sequence (of an output, its cause's) is this or higher} */
        public static Target sequence(long sequence) {
            return new Target("sequence=" + sequence, record -> record.sequence() >= sequence);
        }

        /** {@return before the first record published then or later, in nanoseconds since the epoch} */
        public static Target time(long timeNs, String text) {
            return new Target("time=" + text, record -> record.ingestTimeNs() >= timeNs);
        }
    }

    /**
     * {@return what a reset would do}
     *
     * @throws JournalException with status 66 if there is no such sink
     */
    public static SinkReset plan(Path dataDirectory, LogKind source, String name, Target target) {
        Map<String, SinkPosition> sinks = SinkCheckpoint.list(dataDirectory, source);
        SinkPosition from = sinks.get(name);
        if (from == null) {
            throw new JournalException(
                    JournalException.EXIT_NO_INPUT,
                    "cannot reset sink: name=" + name + " (expected: one of " + sinks.keySet() + " in "
                            + source.directoryName() + "); see `millrace sink ls`",
                    null);
        }
        SinkPosition to = null;
        long end = 0;
        Event record = new Event();
        SinkPosition reached = SinkPosition.BEGINNING;
        try (FrameReader reader = FrameReader.open(dataDirectory, source)) {
            while (reader.nextRecord(record)) {
                end = reader.place() + 1;
                if (to == null && target.isFirst().test(record)) {
                    to = at(reader.place(), reached);
                }
                if (to == null) {
                    reached = new SinkPosition(
                            end, record.idHi(), record.idLo(), reader.frame().start(), false, 0, 0);
                }
            }
        }
        return new SinkReset(dataDirectory, source, name, from, to == null ? at(end, reached) : to, end);
    }

    private static SinkPosition at(long place, SinkPosition reached) {
        return new SinkPosition(place, reached.idHi(), reached.idLo(), reached.start(), false, 0, 0);
    }

    /** {@return records that come again if negative, that are passed over if positive} */
    public long count() {
        return to.next() - from.next();
    }

    /**
     * Does it, after a line in the audit log. To do it again changes nothing.
     *
     * @param target as planned; where it is now counts
     * @param nowNs wall clock in nanoseconds since the epoch
     * @throws io.millrace.journal.DirectoryHeldException if a process has the directory
     */
    public static SinkReset apply(
            Path dataDirectory, LogKind source, String name, Target target, String reason, long nowNs) {
        try (DirectoryLock held = DirectoryLock.acquire(dataDirectory)) {
            SinkReset reset = plan(held.directory(), source, name, target);
            AuditLog.append(held.directory(), "sink-reset", reset.details(target, reason));
            try (SinkCheckpoint checkpoint = SinkCheckpoint.open(dataDirectory, source, name)) {
                SinkPosition to = reset.to();
                checkpoint.reset(new SinkPosition(to.next(), to.idHi(), to.idLo(), to.start(), false, nowNs, 0));
            }
            return reset;
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.EXIT_IO, "cannot reset sink: name=" + name + ", directory=" + dataDirectory, e);
        }
    }

    private Map<String, Object> details(Target target, String reason) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("sink", name);
        details.put("log", source.directoryName());
        details.put("target", target.text());
        details.put("from", from.next());
        details.put("to", to.next());
        details.put("reason", reason);
        return details;
    }
}
