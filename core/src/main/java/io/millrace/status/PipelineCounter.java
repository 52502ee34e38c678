package io.millrace.status;

/**
 * What a pipeline counts. A type id never changes its meaning, so that another process, or a later version, finds a
 * counter by it; new ones are put at the free end of their range.
 *
 * <pre>
 *   100 - 119  cursors and sequences     300 - 349  ADMIT       500 - 549  APPLY
 *   200 - 249  publishers                400 - 449  JOURNAL     600 - 649  EMIT       700 - 749  the pipeline itself
 * </pre>
 *
 * <p>Cursors are tickets, sequences those of the journal; they and all other gauges are -1 before the first. All else
 * counts from 0 since the start of the process.
 */
public enum PipelineCounter {
    CURSOR_PUBLISHED(100, Kind.GAUGE, "published cursor", "highest ticket published"),
    CURSOR_ADMITTED(101, Kind.GAUGE, "admitted cursor", "highest ticket that ADMIT has decided on"),
    CURSOR_JOURNALED(102, Kind.GAUGE, "journaled cursor", "highest ticket up to which all accepted is in the journal"),
    CURSOR_APPLIED(103, Kind.GAUGE, "applied cursor", "highest ticket that all operators have seen"),
    CURSOR_SYNCED(104, Kind.GAUGE, "synced cursor", "highest ticket up to which all accepted is forced to the disk"),
    CURSOR_EMITTED(105, Kind.GAUGE, "emitted cursor", "highest ticket whose outputs have all left"),
    SEQUENCE_ADMITTED(106, Kind.GAUGE, "admitted sequence", "highest sequence given by ADMIT"),
    SEQUENCE_JOURNALED(107, Kind.GAUGE, "journaled sequence", "highest sequence in the journal"),
    SEQUENCE_APPLIED(108, Kind.GAUGE, "applied sequence", "highest sequence that all operators have seen"),
    SEQUENCE_SYNCED(109, Kind.GAUGE, "synced sequence", "highest sequence forced to the disk"),
    SEQUENCE_EMITTED(110, Kind.GAUGE, "emitted sequence", "highest sequence whose outputs have all left"),

    CLAIMS_BACK_PRESSURED(200, Kind.TOTAL, "claims back-pressured", "claims refused because the ring was full"),
    CLAIMS_TOO_LARGE(201, Kind.TOTAL, "claims too large", "claims refused for their payload length"),
    CLAIMS_UNKNOWN_TYPE(202, Kind.TOTAL, "claims of unknown type", "claims refused for their type id"),
    CLAIMS_STORAGE_LOW(
            203, Kind.TOTAL, "claims on low storage", "claims refused because the journal might not fit them"),
    CLAIMS_NOT_WRITER(204, Kind.TOTAL, "claims by a second thread", "claims refused as another thread is the writer"),
    CLAIMS_OPEN(205, Kind.TOTAL, "claims while one is open", "claims refused as the one before was not ended"),
    CLAIMS_WOULD_DEADLOCK(206, Kind.TOTAL, "claims by a stage", "waits refused because a stage thread asked for them"),
    CLAIMS_FAILED(207, Kind.TOTAL, "claims after a fault", "claims refused because the pipeline has failed"),
    CLAIMS_CLOSED(208, Kind.TOTAL, "claims after close", "claims refused because the pipeline is closed"),
    CLAIMS_ABORTED(
            209, Kind.TOTAL, "claims aborted", "slots published without an event, as their claim was given back"),
    CLAIM_STALLS(210, Kind.TOTAL, "claim stalls", "times that a waiting publisher found no room at once"),
    CLAIMS_OUTBOX_FULL(213, Kind.TOTAL, "claims on a full outbox", "claims refused because a sink is too far behind"),
    CLOCK_STEPS_BACK(
            214,
            Kind.TOTAL,
            "clock steps back",
            "times that the clock went back by over 1 s; publish time stood still"),
    OFFERS_BACK_PRESSURED(211, Kind.TOTAL, "offers back-pressured", "offers refused because the front ring was full"),
    SEQUENCER_CYCLE_MAX_NS(
            212, Kind.MAX, "sequencer longest duty cycle ns", "longest duty cycle of the sequencer in nanoseconds"),

    EVENTS_ACCEPTED(300, Kind.TOTAL, "events accepted", "events given a sequence"),
    EVENTS_DUPLICATE(301, Kind.TOTAL, "events duplicate", "events whose id was seen within the bound"),
    EVENTS_TOO_OLD(
            302, Kind.TOTAL, "events too old", "events rejected because their id lies before the bound of dedup"),
    EVENTS_SKEWED(303, Kind.TOTAL, "events skewed", "events rejected because their time lies too far ahead"),
    EVENTS_INVALID(
            304, Kind.TOTAL, "events invalid", "events rejected for their type, length, payload or by the validator"),
    TICKS_ACCEPTED(305, Kind.TOTAL, "ticks accepted", "ticks given a sequence"),
    CONTROLS_ACCEPTED(306, Kind.TOTAL, "controls accepted", "control, snapshot and end records given a sequence"),
    ADMIT_CYCLE_MAX_NS(307, Kind.MAX, "admit longest duty cycle ns", "longest duty cycle of ADMIT in nanoseconds"),

    JOURNAL_FRAMES(400, Kind.TOTAL, "journal frames", "frames committed to the journal"),
    JOURNAL_BYTES(401, Kind.TOTAL, "journal bytes", "bytes of accepted records in those frames"),
    JOURNAL_SYNCS(402, Kind.TOTAL, "journal syncs", "times that the journal was forced to the disk"),
    JOURNAL_SYNC_MAX_NS(403, Kind.MAX, "journal longest sync ns", "longest such time in nanoseconds"),
    JOURNAL_CYCLE_MAX_NS(
            404, Kind.MAX, "journal longest duty cycle ns", "longest duty cycle of JOURNAL in nanoseconds"),
    JOURNAL_MARKS(405, Kind.TOTAL, "journal commit marks", "frames without records that say what is synced"),

    OUTPUTS_WRITTEN(500, Kind.TOTAL, "outputs written", "outputs that operators put into the output ring"),
    OUTPUT_STALLS(501, Kind.TOTAL, "output stalls", "times that APPLY found no room in the output ring"),
    EVENTS_LATE(502, Kind.TOTAL, "events late", "events with a time at or before the watermark"),
    APPLY_CYCLE_MAX_NS(504, Kind.MAX, "apply longest duty cycle ns", "longest duty cycle of APPLY in nanoseconds"),
    WATERMARK_NS(508, Kind.GAUGE, "watermark ns", "event time in nanoseconds since the epoch"),
    SOURCES_ACTIVE(509, Kind.GAUGE, "sources active", "sources told apart that events are expected from"),
    SOURCES_IDLE(510, Kind.GAUGE, "sources idle", "sources told apart that nobody waits for"),
    SOURCE_HOLDING(511, Kind.GAUGE, "source holding", "id of the source that event time waits for"),
    SOURCE_HOLDING_SINCE_NS(
            512, Kind.GAUGE, "source holding since ns", "when that source's last event was published, since the epoch"),
    EVENTS_UNTRACKED(513, Kind.TOTAL, "events untracked", "events that moved no time, as of too many sources"),
    REORDER_WAITING(514, Kind.GAUGE, "reorder waiting", "events that wait now until they are in order, per operator"),
    REORDER_HELD(505, Kind.TOTAL, "reorder held", "events that had to wait until they were in order, per operator"),
    REORDER_FORCED(506, Kind.TOTAL, "reorder forced", "such events released early, as a reorder buffer was full"),
    REORDER_LATE(507, Kind.TOTAL, "reorder late", "events too late for an operator that needs order, per operator"),

    OUTPUTS_EMITTED(600, Kind.TOTAL, "outputs emitted", "outputs that left"),
    OUTBOX_FRAMES(601, Kind.TOTAL, "outbox frames", "frames committed to the outbox"),
    OUTBOX_BYTES(602, Kind.TOTAL, "outbox bytes", "bytes of outputs in those frames"),
    SUBSCRIBER_ERRORS(603, Kind.TOTAL, "subscriber errors", "attempts of a subscriber that threw"),
    DEAD_LETTERS(604, Kind.TOTAL, "dead letters", "events that a subscriber gave up"),
    EVENTS_REDRIVEN(607, Kind.TOTAL, "events redriven", "parked events that a subscriber has taken later"),
    SINKS_DETACHED(606, Kind.TOTAL, "sinks detached", "times that a sink was cut loose as it was too far behind"),
    EMIT_CYCLE_MAX_NS(605, Kind.MAX, "emit longest duty cycle ns", "longest duty cycle of EMIT in nanoseconds"),

    ERRORS(700, Kind.TOTAL, "errors", "errors handed to the error log, whether it had room or not"),
    LISTENER_ERRORS(701, Kind.TOTAL, "listener errors", "calls of a level's listener that threw"),

    SNAPSHOTS_WRITTEN(721, Kind.TOTAL, "snapshots written", "snapshots that count"),
    SNAPSHOTS_FAILED(722, Kind.TOTAL, "snapshots failed", "snapshots that could not be saved or written"),
    SNAPSHOTS_PASSED_OVER(
            723,
            Kind.TOTAL,
            "snapshots passed over",
            "snapshots that a recovery could not use, newer than the one used"),
    SNAPSHOT_SEQUENCE(724, Kind.GAUGE, "snapshot sequence", "sequence of the newest snapshot that counts"),
    SNAPSHOT_PAUSE_MAX_NS(
            725, Kind.MAX, "snapshot longest pause ns", "longest time a stage stood still to save its state"),
    SNAPSHOT_CYCLE_MAX_NS(726, Kind.MAX, "snapshot longest write ns", "longest time that writing one took");

    /** How a counter moves. */
    public enum Kind {
        /** Only up, by what happened. */
        TOTAL,
        /** To wherever the thing stands. */
        GAUGE,
        /** Up, to the greatest seen. */
        MAX
    }

    private final int typeId;
    private final Kind kind;
    private final String label;
    private final String meaning;

    PipelineCounter(int typeId, Kind kind, String label, String meaning) {
        this.typeId = typeId;
        this.kind = kind;
        this.label = label;
        this.meaning = meaning;
    }

    /** {@return the id under which other processes find the counter} */
    public int typeId() {
        return typeId;
    }

    public Kind kind() {
        return kind;
    }

    /** {@return the name shown to people; a unit, if any, is its last word} */
    public String label() {
        return label;
    }

    /** {@return what exactly is counted, as a phrase} */
    public String meaning() {
        return meaning;
    }

    /** {@return the value before anything happened: -1 for cursors and sequences, else 0} */
    public long initialValue() {
        return kind == Kind.GAUGE ? -1 : 0;
    }
}
