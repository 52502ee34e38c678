package io.millrace.ops;

import io.millrace.event.Event;
import io.millrace.journal.CorruptJournalException;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import io.millrace.journal.LogStart;
import io.millrace.journal.deadletter.DeadLetter;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.journal.outbox.SinkBacklog;
import io.millrace.journal.replay.ReplayRange;
import io.millrace.journal.replay.ReplayRange.Unit;
import io.millrace.journal.replay.ReplaySession;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.EventId;
import io.millrace.ops.command.RecordText;
import io.millrace.ops.command.RecordTypes;
import io.millrace.ops.command.TimeText;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.Units;
import io.millrace.ops.format.KeyNames;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.window.AggregateOperator;
import io.millrace.window.ReorderBuffer;
import io.millrace.window.WindowOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Looks for an event in the logs of a data directory, whether it is in use or not. */
final class Tracer {
    private final DataDirectory data;
    private final EventId id;
    private long searched;

    Tracer(DataDirectory data, EventId id) {
        this.data = data;
        this.id = id;
    }

    Trace run() {
        Trace.Place found = find();
        List<Trace.Output> outputs = found == null ? List.of() : outputs(found.sequence());
        return new Trace(
                id.toString(),
                found,
                found == null ? null : lateness(found.sequence()),
                outputs,
                outputs.isEmpty() ? List.of() : sinks(outputs),
                letters(),
                searched,
                FrameReader.firstPlace(data.path(), LogKind.JOURNAL));
    }

    private Trace.@Nullable Place find() {
        Event record = new Event();
        Trace.Place found = null;
        long syncedUpTo = LogStart.list(data.path(), LogKind.JOURNAL).stream()
                .mapToLong(LogStart::syncedUpTo)
                .max()
                .orElse(-1);
        try (FrameReader reader = data.reader(LogKind.JOURNAL, 0)) {
            while (nextFrame(reader, LogKind.JOURNAL)) {
                syncedUpTo = Math.max(syncedUpTo, reader.frame().syncedUpTo());
                while (found == null && reader.frame().next(record)) {
                    searched++;
                    found = id.condition().test(record) ? place(reader, record) : null;
                }
            }
        }
        return found == null ? null : synced(found, syncedUpTo);
    }

    /** A tail that a crash tore is the end. */
    private boolean nextFrame(FrameReader reader, LogKind kind) {
        try {
            return reader.nextFrame();
        } catch (CorruptJournalException e) {
            data.endBehind(kind, e);
            return false;
        }
    }

    private Trace.Place place(FrameReader reader, Event record) {
        return new Trace.Place(
                record.sequence(),
                new RecordTypes(data.types()).name(record.typeId()),
                new KeyNames().show(record.key()),
                TimeText.of(record.timestampNs()),
                TimeText.of(record.ingestTimeNs()),
                reader.frame().start(),
                reader.frame().firstSequence(),
                reader.frame().count(),
                data.path().relativize(reader.file()).toString(),
                reader.offset(),
                false,
                -1);
    }

    private static Trace.Place synced(Trace.Place at, long syncedUpTo) {
        return new Trace.Place(
                at.sequence(),
                at.type(),
                at.key(),
                at.time(),
                at.published(),
                at.start(),
                at.frameSequence(),
                at.frameCount(),
                at.file(),
                at.offset(),
                at.sequence() <= syncedUpTo,
                syncedUpTo);
    }

    private List<Trace.Output> outputs(long sequence) {
        List<Trace.Output> found = new ArrayList<>();
        RecordText text = new RecordText(data, LogKind.OUTBOX, false);
        Event record = new Event();
        try (FrameReader reader = data.reader(LogKind.OUTBOX, 0)) {
            while (nextFrame(reader, LogKind.OUTBOX)) {
                while (reader.frame().next(record)) {
                    if (record.idLo() == sequence) {
                        long ordinal = reader.frame().place();
                        found.add(new Trace.Output(
                                ordinal,
                                RecordText.id(record.idHi(), record.idLo()),
                                text.line(record, ordinal).strip()));
                    } else if (record.idLo() > sequence) {
                        return found;
                    }
                }
            }
        }
        return found;
    }

    private List<Trace.Delivery> sinks(List<Trace.Output> outputs) {
        return SinkBacklog.list(data.path()).stream()
                .filter(sink -> sink.source() == LogKind.OUTBOX)
                .map(sink -> new Trace.Delivery(
                        sink.name(),
                        outputs.stream()
                                .filter(output -> output.ordinal() < sink.from())
                                .count(),
                        outputs.size(),
                        sink.from()))
                .toList();
    }

    private List<Trace.Letter> letters() {
        List<Trace.Letter> found = new ArrayList<>();
        Event record = new Event();
        try (FrameReader reader = data.reader(LogKind.DEAD_LETTERS, 0)) {
            while (nextFrame(reader, LogKind.DEAD_LETTERS)) {
                while (reader.frame().next(record)) {
                    if (id.condition().test(record)) {
                        found.add(letter(DeadLetterQueue.decode(record)));
                    }
                }
            }
        }
        return found;
    }

    private static Trace.Letter letter(DeadLetter letter) {
        String reason = letter.errorClass() + ": " + letter.message();
        return new Trace.Letter(letter.place(), TimeText.of(letter.timeNs()), letter.handler(), reason);
    }

    /** Replays up to the event, and sees what it was late for; null without a configuration. */
    private @Nullable List<String> lateness(long sequence) {
        RunConfig config = data.config();
        if (config == null) {
            return null;
        }
        Operators operators = Operators.of(config);
        ReplayRange range = new ReplayRange(Unit.SEQUENCE, Math.max(0, sequence - 1), sequence);
        try (ReplaySession session =
                ReplaySession.open(data.path(), PipelineSetup.replay(config, operators), range, output -> {})) {
            if (sequence > 0) {
                session.step();
            }
            long watermarkNs = session.watermarkNs();
            List<Watch> watches = watches(operators);
            session.step();
            long lateNs = watermarkNs - session.record().timestampNs();
            return lateNs < 0 || watermarkNs == Long.MIN_VALUE ? List.of() : describe(watches, lateNs);
        }
    }

    private static List<String> describe(List<Watch> watches, long lateNs) {
        List<String> found = new ArrayList<>();
        found.add("behind event time by " + Units.duration(lateNs));
        watches.stream().filter(Watch::hasRisen).map(Watch::what).forEach(found::add);
        return found;
    }

    /** A counter of an operator, and what it said before. */
    private record Watch(String what, LongSupplier counter, long before) {
        static Watch of(String what, LongSupplier counter) {
            return new Watch(what, counter, counter.getAsLong());
        }

        boolean hasRisen() {
            return counter.getAsLong() > before;
        }
    }

    private static List<Watch> watches(Operators operators) {
        List<Watch> watches = new ArrayList<>();
        for (WindowOperator window : operators.every(WindowOperator.class)) {
            watches.add(Watch.of(window.name() + ": too late, all its windows were closed", window::tooLateCount));
            watches.add(Watch.of(window.name() + ": late, but counted in windows still open", window::lateCount));
        }
        for (AggregateOperator window : operators.every(AggregateOperator.class)) {
            watches.add(Watch.of(window.name() + ": too late, all its windows were closed", window::tooLateCount));
            watches.add(Watch.of(window.name() + ": late, but counted in windows still open", window::lateCount));
        }
        for (ThresholdOperator pattern : operators.every(ThresholdOperator.class)) {
            watches.add(Watch.of(pattern.name() + ": late, not counted", pattern::lateCount));
        }
        for (ReorderBuffer buffer : operators.every(ReorderBuffer.class)) {
            watches.add(Watch.of(buffer.name() + ": late, not counted", buffer::lateCount));
        }
        return watches;
    }
}
