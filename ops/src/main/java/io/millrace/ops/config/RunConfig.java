package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.Field;
import io.millrace.expression.Expression;
import io.millrace.journal.RetentionPolicy;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.PatternLimits;
import io.millrace.ring.SnapshotPolicy;
import io.millrace.ring.SyncPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that was checked: names are resolved, quantities are in base units, defaults are filled in.
 *
 * @param file it was read from, as the user named it
 * @param eventTypes of the schemas, and of the outputs of streams
 * @param items windows, streams and patterns
 * @param rules that may be deployed while it runs
 * @param hlog histogram log to write, null if none
 * @param resolved everything that is in force, by key, for showing
 */
public record RunConfig(
        String file,
        PipelineSection pipeline,
        List<Path> schemas,
        EventTypes eventTypes,
        InputSection input,
        DedupSection dedup,
        EventTimeSection eventTime,
        Items items,
        RulesSection rules,
        long segmentLength,
        RetentionPolicy retention,
        OutboxSection outbox,
        SyncPolicy syncPolicy,
        SnapshotSection snapshots,
        List<SinkSection> sinks,
        @Nullable Path hlog,
        Map<String, Object> resolved) {

    private static final int OUTPUT_PAYLOAD_LENGTH = PatternLimits.MAX_MATCH_LENGTH_DEFAULT;

    /** {@return the types of the schemas} */
    public EventTypes schemaTypes() {
        return EventTypes.of(
                eventTypes.all().stream().filter(type -> !type.isDerived()).toList());
    }

    /** {@return the windows, in the order of the file} */
    public List<WindowSection> windows() {
        return items.windows();
    }

    /** {@return the streams, in the order of the file} */
    public List<StreamSection> streams() {
        return items.streams();
    }

    /** {@return the thresholds, in the order of the file} */
    public List<PatternSection> patterns() {
        return items.patterns();
    }

    /** {@return the patterns with stages, in the order of the file} */
    public List<SequenceSection> sequences() {
        return items.sequences();
    }

    /** {@return the streams that are operators} */
    public List<StreamSection> operatorStreams() {
        return items.operatorStreams();
    }

    /** {@return bytes that an output may take: those that every pipeline knows, or the longest row of a stream} */
    public int maxOutputPayloadLength() {
        return streams().stream()
                .flatMap(stream -> stream.outputTypes().stream())
                .mapToInt(EventType::encodedLength)
                .reduce(OUTPUT_PAYLOAD_LENGTH, Math::max);
    }

    /**
     * Sizes and threads.
     *
     * @param maxPayloadLength in bytes
     * @param plan as written: {@code auto}, {@code fused}, ...
     * @param waitStrategy as written: {@code adaptive}, {@code busy-spin}, ...
     * @param cores to pin to, the publisher's first; empty to pin none
     */
    public record PipelineSection(
            String name,
            int ringCapacity,
            int maxPayloadLength,
            int outputRingCapacity,
            int maxBatchCount,
            String plan,
            String waitStrategy,
            boolean force,
            List<Integer> cores) {}

    /**
     * Where events come from and how a row becomes one.
     *
     * @param file to read, {@code -} for standard input, empty if none is named
     * @param columns of a file without header, empty if it has one
     * @param type that each row becomes
     * @param fields field to column, for those whose names differ
     * @param key null if events have none
     * @param sourceColumn empty if all rows are from one source
     */
    public record InputSection(
            String file,
            Format format,
            boolean hasHeader,
            List<String> columns,
            EventType type,
            Map<String, String> fields,
            TimeSection time,
            IdSection id,
            @Nullable KeySection key,
            String sourceColumn) {
        /** {@return whether the input is standard input} */
        public boolean isStandardInput() {
            return file.equals("-");
        }
    }

    /** How rows are written. */
    public enum Format {
        CSV,
        JSON_LINES
    }

    /**
     * Where a row's event time stands.
     *
     * @param pattern letters of {@code DateTimeFormatter}, or {@code iso}, {@code epoch-s} to {@code epoch-ns}
     */
    public record TimeSection(String column, String pattern, String zone) {}

    /**
     * What makes two rows the same event.
     *
     * @param columns of {@code HASH}, where empty means all; the column of {@code UUID}; producer and sequence of
     *     {@code PRODUCER}
     */
    public record IdSection(IdKind kind, List<String> columns) {}

    /** How an id is made. */
    public enum IdKind {
        HASH,
        UUID,
        PRODUCER
    }

    /** By what events are partitioned. */
    public record KeySection(String column, KeyKind kind) {}

    /** How a key of 64 bits is made of a column. */
    public enum KeyKind {
        TEXT,
        INTEGER,
        HASH
    }

    /**
     * How events that come twice are found.
     *
     * @param size ids, for {@code LAST_IDS}
     * @param windowBits sequences per producer, for {@code PRODUCERS}
     * @param maxProducers for {@code PRODUCERS}
     */
    public record DedupSection(DedupKind kind, int size, int windowBits, int maxProducers) {}

    /** What remembers ids. */
    public enum DedupKind {
        LAST_IDS,
        PRODUCERS,
        NONE
    }

    /**
     * How event time moves on, in nanoseconds.
     *
     * @param idleAdvance whether it goes on by the clock while a stream pauses
     * @param maxSources most sources told apart, 1 for none
     * @param sourceIdleAfterNs silence that makes a source idle, 0 for never
     * @param reorderCapacity events that wait before each pattern
     * @param warnAfterNs stand-still that is worth a warning, 0 for never
     */
    public record EventTimeSection(
            long outOfOrdernessNs,
            long maxSkewNs,
            boolean idleAdvance,
            int maxSources,
            long sourceIdleAfterNs,
            int reorderCapacity,
            long warnAfterNs) {
        /** {@return whether events may come in another order than that of their times} */
        public boolean mayLackOrder() {
            return outOfOrdernessNs > 0 || maxSources > 1;
        }
    }

    /**
     * Aggregates per key over spans of event time.
     *
     * @param source of the events
     * @param value integer field that is aggregated
     * @param where null if every event of the type counts
     * @param maxPanes 0 for as many as it takes
     * @param hasExtremes whether minimum and maximum are found
     */
    public record WindowSection(
            String name,
            Source source,
            Field value,
            @Nullable Expression where,
            long sizeNs,
            long slideNs,
            int maxKeys,
            int maxPanes,
            boolean hasExtremes) {
        /** {@return the type of the events} */
        public EventType type() {
            return source.type();
        }
    }

    /**
     * A threshold per key within a time.
     *
     * @param where null if every event of the type counts
     * @param countMin least number of events
     * @param distinct field whose values are counted, null if none is
     * @param distinctMin least number of values, 0 without {@code distinct}
     * @param isLateSideOutput whether late events are put out as such
     */
    public record PatternSection(
            String name,
            Source source,
            @Nullable Expression where,
            int countMin,
            @Nullable Field distinct,
            int distinctMin,
            long withinNs,
            MatchMode mode,
            boolean isLateSideOutput,
            int maxKeys,
            int maxEvents,
            int maxEventsPerKey) {
        /** {@return the type of the events} */
        public EventType type() {
            return source.type();
        }
    }

    /**
     * Stages that follow each other, per key.
     *
     * @param sources of the events, each with another type
     * @param isLateSideOutput whether late events are put out as such
     * @param set that it runs in, empty for none
     */
    public record SequenceSection(
            String name, Pattern pattern, List<Source> sources, boolean isLateSideOutput, String set) {}

    /**
     * Bounds of rules.
     *
     * @param maxCount at a time, 0 for none
     * @param maxLength bytes of the state of all of them
     */
    public record RulesSection(int maxCount, long maxLength) {}

    /** What happens to the events of a match. */
    public enum MatchMode {
        SKIP_PAST_LAST,
        EVERY_EVENT,
        RISING_EDGE
    }

    /**
     * When a snapshot is taken, and how many are kept.
     *
     * @param verifiesAll whether a start verifies also what is older than the newest snapshot
     * @param isByFollower whether a second set of operators takes them, so that live does not stand still
     */
    public record SnapshotSection(SnapshotPolicy policy, int keepCount, boolean verifiesAll, boolean isByFollower) {}

    /**
     * The log of outputs.
     *
     * @param maxLength bytes that a sink may be behind, 0 for any
     */
    public record OutboxSection(Gate gate, long maxLength, Overrun overrun) {}

    /** What happens when a sink is too far behind. */
    public enum Overrun {
        DETACH,
        REFUSE
    }

    /** What must hold of an event before its outputs leave. */
    public enum Gate {
        JOURNALED,
        SYNCED
    }

    /**
     * A file of JSON lines that outputs are written to, relative to the data directory.
     *
     * @param attempts before an output is parked, 0 for any number
     * @param isInOrder whether outputs of a key wait behind one that is parked
     */
    public record SinkSection(String name, Path file, int attempts, boolean isInOrder) {}
}
