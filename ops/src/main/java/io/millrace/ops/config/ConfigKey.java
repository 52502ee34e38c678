package io.millrace.ops.config;

import io.millrace.window.ReorderSpec;
import io.millrace.window.Watermark;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every key of the configuration: where it stands, what it may be, its default and its meaning. The reader accepts
 * these and no others, and the table in {@code ops/README.md} lists them.
 */
enum ConfigKey {
    PIPELINE("", "pipeline", ConfigType.SECTION, "", "Sizes and threads"),
    SCHEMAS("", "schemas", ConfigType.NAMES, null, "SBE schema files that define the event types"),
    INPUT("", "input", ConfigType.SECTION, null, "Where events come from and how a row becomes one"),
    DEDUP("", "dedup", ConfigType.SECTION, "", "How events that come twice are found"),
    EVENT_TIME("", "eventTime", ConfigType.SECTION, "", "How event time moves on"),
    WINDOWS("", "windows", ConfigType.SECTIONS, "", "Aggregates per key over spans of event time"),
    STREAMS("", "streams", ConfigType.SECTIONS, "", "Events filtered, mapped, joined and aggregated, under a name"),
    PATTERNS("", "patterns", ConfigType.SECTIONS, "", "Thresholds per key within a time, and sequences of stages"),
    RULES("", "rules", ConfigType.SECTION, "", "What may be deployed while it runs, see Rules"),
    JOURNAL("", "journal", ConfigType.SECTION, "", "The log of accepted events"),
    SNAPSHOTS("", "snapshots", ConfigType.SECTION, "", "When all state is saved, so that a start is short"),
    OUTBOX("", "outbox", ConfigType.SECTION, "", "The log of outputs"),
    SINKS("", "sinks", ConfigType.SECTIONS, "", "Where outputs go from the outbox"),
    LATENCY("", "latency", ConfigType.SECTION, "", "What is kept of the measured latencies"),

    PIPELINE_NAME(
            "pipeline", "name", ConfigType.NAME, "millrace", "Name of the pipeline, in messages and thread names"),
    RING_CAPACITY("pipeline", "ringCapacity", ConfigType.powerOfTwo(64, 1 << 24), "16384", "Slots of the ring"),
    MAX_PAYLOAD("pipeline", "maxPayload", ConfigType.size("8B", "64KiB"), "256B", "Most bytes of a payload"),
    OUTPUT_RING_CAPACITY(
            "pipeline", "outputRingCapacity", ConfigType.powerOfTwo(64, 1 << 22), "8192", "Slots of the output ring"),
    MAX_BATCH("pipeline", "maxBatch", ConfigType.integer(1, 65536), "512", "Most events a stage takes at a time"),
    PLAN(
            "pipeline",
            "plan",
            ConfigType.choice("auto", "fused", "split", "pipelined"),
            "auto",
            "Which thread runs which stages"),
    WAIT(
            "pipeline",
            "wait",
            ConfigType.choice("adaptive", "busy-spin", "yield", "park", "block"),
            "adaptive",
            "What an idle stage thread does"),
    FORCE("pipeline", "force", ConfigType.FLAG, "false", "Start although more threads spin than cores allow"),
    CORES("pipeline", "cores", ConfigType.NUMBERS, "", "Cores to pin to: the publisher's, then one per stage thread"),
    FILE("input", "file", ConfigType.FILE, "", "File to read, `-` for standard input; `--input` goes first"),
    FORMAT("input", "format", ConfigType.choice("csv", "json-lines"), "csv", "How rows are written"),
    HEADER("input", "header", ConfigType.FLAG, "true", "The first CSV row names the columns"),
    COLUMNS("input", "columns", ConfigType.NAMES, "", "Names of the columns of a CSV file without header"),
    TYPE("input", "type", ConfigType.NAME, null, "Event type that each row becomes"),
    FIELDS(
            "input",
            "fields",
            ConfigType.NAME_MAP,
            "",
            "`field: column` where the two differ; other fields are read from the column of their name"),
    TIME("input", "time", ConfigType.SECTION, null, "Where a row's event time stands"),
    ID("input", "id", ConfigType.SECTION, "hash", "What makes two rows the same event"),
    KEY("input", "key", ConfigType.SECTION, "", "By what events are partitioned; without it the key is 0"),
    SOURCE(
            "input",
            "source",
            ConfigType.TEXT,
            "",
            "Column of integers that say which source a row is from; without it all rows are from source 0"),

    TIME_COLUMN("input.time", "column", ConfigType.TEXT, null, "Column that holds the time"),
    TIME_PATTERN(
            "input.time",
            "pattern",
            ConfigType.TEXT,
            "iso",
            "`iso`, `epoch-s`, `epoch-ms`, `epoch-us`, `epoch-ns`, or letters of `DateTimeFormatter`"),
    TIME_ZONE("input.time", "zone", ConfigType.TEXT, "UTC", "Zone of times that name none"),

    ID_KIND("input.id", "kind", ConfigType.choice("hash", "uuid", "producer"), "hash", "How the id is made"),
    ID_COLUMNS("input.id", "columns", ConfigType.NAMES, "", "`hash`: columns that count; all where none is named"),
    ID_COLUMN("input.id", "column", ConfigType.TEXT, "", "`uuid`: column that holds it"),
    ID_PRODUCER("input.id", "producer", ConfigType.TEXT, "", "`producer`: column of the producer's number"),
    ID_SEQUENCE("input.id", "sequence", ConfigType.TEXT, "", "`producer`: column of the producer's own sequence"),

    KEY_COLUMN("input.key", "column", ConfigType.TEXT, null, "Column that holds the key"),
    KEY_KIND(
            "input.key",
            "kind",
            ConfigType.choice("text", "integer", "hash"),
            "text",
            "`text`: up to 8 ASCII characters; `integer`: 64 bits; `hash`: 64 bits of any text"),

    DEDUP_KIND(
            "dedup",
            "kind",
            ConfigType.choice("last-ids", "producers", "none"),
            "last-ids",
            "`last-ids`: the last `size` ids; `producers`: a window of sequences per producer, for ids of that kind"),
    DEDUP_SIZE("dedup", "size", ConfigType.integer(1, 1 << 28), "1048576", "`last-ids`: ids remembered"),
    DEDUP_WINDOW(
            "dedup",
            "window",
            ConfigType.powerOfTwo(64, 1 << 20),
            "1024",
            "`producers`: sequences remembered per producer"),
    DEDUP_PRODUCERS("dedup", "maxProducers", ConfigType.integer(1, 1 << 20), "1024", "`producers`: most producers"),

    OUT_OF_ORDERNESS(
            "eventTime",
            "outOfOrderness",
            ConfigType.duration("0s", "30d"),
            "0s",
            "How far events may come out of order"),
    MAX_SKEW(
            "eventTime",
            "maxSkew",
            ConfigType.duration("0s", "3650d"),
            "1d",
            "How far ahead of the clock an event may be before it is refused; `0s` for any"),
    IDLE_ADVANCE(
            "eventTime",
            "idleAdvance",
            ConfigType.FLAG,
            "false",
            "Event time goes on by the clock while standard input or a pipe pauses"),
    MAX_SOURCES(
            "eventTime",
            "maxSources",
            ConfigType.integer(1, Watermark.MAX_SOURCES_LIMIT),
            "1",
            "Most sources told apart: event time waits for the one furthest behind; `1`: for none"),
    SOURCE_IDLE_AFTER(
            "eventTime",
            "sourceIdleAfter",
            ConfigType.duration("0s", "3650d"),
            "0s",
            "How long a source that holds event time may be silent before it counts as idle; `0s` for ever"),
    REORDER_CAPACITY(
            "eventTime",
            "reorderCapacity",
            ConfigType.integer(1, ReorderSpec.CAPACITY_MAX),
            "65536",
            "Most events that wait in order before each pattern; beyond that the oldest goes on early"),
    STILL_AFTER(
            "eventTime",
            "warnAfter",
            ConfigType.duration("0s", "3650d"),
            "10s",
            "How long event time may stand still while events come before a warning says so; `0s` for ever"),

    WINDOW_NAME("windows[]", "name", ConfigType.NAME, null, "Name of the operator; its state is kept under it"),
    WINDOW_OF("windows[]", "of", ConfigType.NAME, "", "Event type; `input.type` where it is missing"),
    WINDOW_FROM("windows[]", "from", ConfigType.NAME, "", "The same, or a stream, window or pattern"),
    WINDOW_VALUE("windows[]", "value", ConfigType.TEXT, null, "Integer field that is aggregated"),
    WINDOW_WHERE("windows[]", "where", ConfigType.CONDITION, "", "Events that count; see Conditions"),
    WINDOW_SIZE("windows[]", "size", ConfigType.duration("1ms", "3650d"), null, "Length of a window"),
    WINDOW_SLIDE("windows[]", "slide", ConfigType.duration("1ms", "3650d"), "", "Step; the size where it is missing"),
    WINDOW_MAX_KEYS("windows[]", "maxKeys", ConfigType.integer(1, 1 << 24), "65536", "Most keys alive at a time"),
    WINDOW_MAX_PANES(
            "windows[]",
            "maxPanes",
            ConfigType.integer(1, 1 << 24),
            "",
            "Most pairs of key and pane that hold values; without it enough, or up to 2^21"),
    WINDOW_EXTREMES(
            "windows[]",
            "extremes",
            ConfigType.FLAG,
            "true",
            "Find minimum and maximum too; they cost more than all else, and are null without"),
    STREAM_NAME("streams[]", "name", ConfigType.NAME, null, "Name of the operator, and of the type of its rows"),
    STREAM_FROM(
            "streams[]", "from", ConfigType.NAME, "", "Event type, stream, window or pattern; without it `input.type`"),
    STREAM_WHERE("streams[]", "where", ConfigType.CONDITION, "", "Events that go on; see Conditions"),
    STREAM_LOOKUP("streams[]", "lookup", ConfigType.SECTION, "", "Fields added from the newest event of a key"),
    STREAM_JOIN("streams[]", "join", ConfigType.SECTION, "", "Pairs with events of another stream, by key and time"),
    STREAM_MAP("streams[]", "map", ConfigType.NAME_MAP, "", "`field: expression` of what goes on; without it all does"),
    STREAM_FLAT_MAP("streams[]", "flatMap", ConfigType.SECTIONS, "", "One event for each item and event"),
    STREAM_KEY_BY("streams[]", "keyBy", ConfigType.NAMES, "", "Fields to group by; without it the key of the event"),
    STREAM_WINDOW("streams[]", "window", ConfigType.SECTION, "", "Which events are aggregated together"),
    STREAM_AGGREGATES("streams[]", "aggregates", ConfigType.NAME_MAP, "", "`field: function(expression)`; see Streams"),
    STREAM_TOP("streams[]", "top", ConfigType.SECTION, "", "Only the rows with the greatest results of each window"),
    STREAM_HAVING("streams[]", "having", ConfigType.CONDITION, "", "Rows that go on; a condition on their fields"),
    STREAM_BRANCH("streams[]", "branch", ConfigType.NAME_MAP, "", "`output: condition`, first that fits; `otherwise`"),
    STREAM_TO("streams[]", "to", ConfigType.NAME, "", "Name of the output; without it that of the stream; `none`"),
    FLAT_MAP_MAP("streams[].flatMap[]", "map", ConfigType.NAME_MAP, "", "As `map`, the same fields in each item"),
    LOOKUP_IN("streams[].lookup", "in", ConfigType.NAME, null, "What the newest are kept of: as `from`"),
    LOOKUP_BY("streams[].lookup", "by", ConfigType.NAMES, "", "Fields that give the key; without them the event's"),
    LOOKUP_AS("streams[].lookup", "as", ConfigType.NAME, "row", "Fields of what is found are named `as.field`"),
    LOOKUP_MISSING("streams[].lookup", "missing", StreamReader.MISSING, "nulls", "Without a row; see Streams"),
    LOOKUP_PARK_FOR("streams[].lookup", "parkFor", ConfigType.duration("1ms", "365d"), "", "`park`: how long"),
    LOOKUP_MAX_PARKED("streams[].lookup", "maxParked", ConfigType.integer(1, 1 << 24), "4096", "`park`: most events"),
    LOOKUP_MAX_ROWS("streams[].lookup", "maxRows", ConfigType.integer(1, 1 << 24), "65536", "Most keys kept"),
    JOIN_WITH("streams[].join", "with", ConfigType.NAME, null, "The right side: as `from`"),
    JOIN_BEFORE("streams[].join", "before", ConfigType.duration("0s", "3650d"), "0s", "How much earlier it may be"),
    JOIN_AFTER("streams[].join", "after", ConfigType.duration("0s", "3650d"), "0s", "How much later it may be"),
    JOIN_LEFT("streams[].join", "left", ConfigType.NAME, "left", "Fields of this side are named `left.field`"),
    JOIN_RIGHT("streams[].join", "right", ConfigType.NAME, "right", "Fields of the other are named `right.field`"),
    JOIN_MAX_ROWS("streams[].join", "maxRows", ConfigType.integer(1, 1 << 24), "65536", "Most events kept per side"),
    STREAM_WINDOW_KIND("streams[].window", "kind", StreamWindowReader.KINDS, "tumbling", "See Streams"),
    STREAM_WINDOW_SIZE("streams[].window", "size", ConfigType.duration("1ms", "3650d"), "", "Length of a window"),
    STREAM_WINDOW_SIZES("streams[].window", "sizes", ConfigType.NAMES, "", "`tumbling`: several that share panes"),
    STREAM_WINDOW_SLIDE("streams[].window", "slide", ConfigType.duration("1ms", "3650d"), "", "`hopping`: step"),
    STREAM_WINDOW_STEP("streams[].window", "step", ConfigType.duration("1ms", "3650d"), "", "`cumulating`: growth"),
    STREAM_WINDOW_GAP("streams[].window", "gap", ConfigType.duration("1ms", "3650d"), "", "`session`: longest pause"),
    STREAM_WINDOW_EVENTS("streams[].window", "events", ConfigType.integer(1, 1 << 20), "", "`count`: events in one"),
    STREAM_WINDOW_EVERY("streams[].window", "every", ConfigType.integer(1, 1 << 20), "", "`count`: step in events"),
    STREAM_WINDOW_OFFSET("streams[].window", "offset", ConfigType.duration("0s", "3650d"), "0s", "From the epoch"),
    STREAM_WINDOW_KEYED("streams[].window", "keyed", ConfigType.FLAG, "true", "A row per key, not one over all events"),
    STREAM_WINDOW_START("streams[].window", "start", ConfigType.TEXT, "startNs", "Field with the first nanosecond"),
    STREAM_WINDOW_END("streams[].window", "end", ConfigType.TEXT, "endNs", "Field with the first one behind it"),
    STREAM_WINDOW_LATE("streams[].window", "late", StreamWindowReader.LATE, "drop", "See Streams"),
    STREAM_WINDOW_LATENESS("streams[].window", "lateness", ConfigType.duration("1ms", "3650d"), "", "With `update`"),
    STREAM_WINDOW_MAX_KEYS("streams[].window", "maxKeys", ConfigType.integer(1, 1 << 24), "65536", "Most keys alive"),
    STREAM_WINDOW_MAX_PANES("streams[].window", "maxPanes", ConfigType.integer(1, 1 << 24), "", "Most panes in all"),
    STREAM_WINDOW_MAX_BYTES("streams[].window", "maxBytes", ConfigType.size("1KiB", "1024GiB"), "1GiB", "Most memory"),
    TOP_COUNT("streams[].top", "count", ConfigType.integer(1, 4096), null, "How many rows"),
    TOP_BY("streams[].top", "by", ConfigType.TEXT, null, "The aggregate that ranks them"),
    PATTERN_NAME("patterns[]", "name", ConfigType.NAME, null, "Name of the operator; its state is kept under it"),
    PATTERN_FROM("patterns[]", "from", ConfigType.NAME, "", "Event type, stream, window or pattern"),
    PATTERN_WHERE("patterns[]", "where", ConfigType.CONDITION, "", "Events that count; see Conditions"),
    COUNT("patterns[]", "count", ConfigType.SECTION, "", "How many events it takes; either this or `stages`"),
    DISTINCT("patterns[]", "distinct", ConfigType.SECTION, "", "How many different values it takes"),
    WITHIN(
            "patterns[]",
            "within",
            ConfigType.duration("1ms", "3650d"),
            "",
            "`count`: events of this age no longer count; `stages`: time in which the whole pattern must match"),
    MODE(
            "patterns[]",
            "mode",
            ConfigType.choice("skip-past-last", "every-event", "rising-edge"),
            "skip-past-last",
            "A match uses its events up; every event over the threshold is a match; the one that crosses it is"),
    PATTERN_LATE(
            "patterns[]",
            "late",
            ConfigType.choice("drop", "side-output"),
            "drop",
            "What becomes of events behind event time: nothing, or each is put out as a LateEvent"),
    PATTERN_MAX_KEYS("patterns[]", "maxKeys", ConfigType.integer(1, 1 << 24), "65536", "Most keys alive at a time"),
    PATTERN_MAX_EVENTS("patterns[]", "maxEvents", ConfigType.integer(1, 1 << 24), "262144", "Most events of all keys"),
    PATTERN_MAX_EVENTS_PER_KEY(
            "patterns[]", "maxEventsPerKey", ConfigType.integer(1, 1 << 24), "1024", "Most events of a key"),
    STAGES("patterns[]", "stages", ConfigType.SECTIONS, "", "What must come behind what; see Patterns"),
    PATTERN_OF("patterns[]", "of", ConfigType.NAME, "", "With `stages`: the same as `from`"),
    PATTERN_SET(
            "patterns[]",
            "set",
            ConfigType.NAME,
            "",
            "Runs with the others of that set as one operator of that name; see Many patterns"),
    SKIP(
            "patterns[]",
            "skip",
            ConfigType.choice("none", "to-next", "past-last", "to-first", "to-last"),
            "none",
            "What a match removes: nothing, runs that began no later, or before its last event, or before a stage's"),
    SKIP_TO("patterns[]", "skipTo", ConfigType.NAME, "", "Stage of `to-first` and `to-last`"),
    ONCE("patterns[]", "once", ConfigType.FLAG, "false", "Each key starts a run only once"),
    TIMEOUTS("patterns[]", "timeouts", ConfigType.FLAG, "false", "Put out runs that time out too"),
    SEMANTICS(
            "patterns[]",
            "semantics",
            ConfigType.choice("millrace", "flink-exact"),
            "millrace",
            "Whether an event that both completes and is forbidden ends the run, or completes it as in Flink"),
    MAX_RUNS_PER_KEY(
            "patterns[]", "maxRunsPerKey", ConfigType.integer(1, 1 << 20), "", "Most live runs of a key; 1024 without"),
    MAX_RUNS("patterns[]", "maxRuns", ConfigType.integer(1, 1 << 24), "", "Most live runs of all keys; 65536 without"),
    MAX_HELD("patterns[]", "maxHeld", ConfigType.integer(1, 1 << 26), "", "Most events in live runs; 131072 without"),
    MAX_EVENTS_PER_MATCH(
            "patterns[]",
            "maxEventsPerMatch",
            ConfigType.integer(1, 1 << 20),
            "",
            "Most events in a run; 4096 without"),
    OVERFLOW(
            "patterns[]",
            "overflow",
            ConfigType.choice("reject-start", "evict-oldest", "degrade", "halt"),
            "reject-start",
            "At a bound: start no run, end the oldest, skip past matches until half is free, or stop"),

    STAGE("patterns[].stages[]", "stage", ConfigType.NAME, "", "Name of the stage, for matches and conditions"),
    STAGE_OP(
            "patterns[].stages[]",
            "op",
            ConfigType.choice("next", "followed-by", "followed-by-any", "not-next", "not-followed-by", "absent-for"),
            "",
            "How it follows the stage before; `followed-by` where it is missing, nothing for the first"),
    STAGE_OF("patterns[].stages[]", "of", ConfigType.NAME, "", "As `from` of the pattern, which holds without it"),
    STAGE_WHERE(
            "patterns[].stages[]",
            "where",
            ConfigType.CONDITION,
            "",
            "What its events must be; may look at earlier stages, such as `delay > last(first.delay)`"),
    STAGE_OR("patterns[].stages[]", "or", ConfigType.CONDITION, "", "Or this"),
    TIMES("patterns[].stages[]", "times", ConfigType.TIMES, "", "How often: `3`, `2..4`, `1+`; once where missing"),
    OPTIONAL("patterns[].stages[]", "optional", ConfigType.FLAG, "false", "It may be left out"),
    GREEDY(
            "patterns[].stages[]",
            "greedy",
            ConfigType.choice("false", "true", "stop-at-max"),
            "false",
            "The next stage takes only what this loop does not"),
    INNER(
            "patterns[].stages[]",
            "inner",
            ConfigType.choice("strict", "relaxed", "any"),
            "",
            "What may lie between events of the loop: nothing, what does not match, anything"),
    UNTIL("patterns[].stages[]", "until", ConfigType.CONDITION, "", "Ends an unbounded loop"),
    GAP("patterns[].stages[]", "gap", ConfigType.duration("1ms", "3650d"), "", "Less than this between its events"),
    WITHIN_PREVIOUS(
            "patterns[].stages[]",
            "withinPrevious",
            ConfigType.duration("1ms", "3650d"),
            "",
            "Less than this since the event before it"),
    ABSENT_FOR("patterns[].stages[]", "for", ConfigType.duration("1ms", "3650d"), "", "How long, of `absent-for`"),
    GROUP("patterns[].stages[]", "group", ConfigType.SECTIONS, "", "Stages that are used as one, instead of `stage`"),
    ANY_OF("patterns[].stages[]", "anyOf", ConfigType.SECTIONS, "", "Alternatives: the first that fits"),
    ALL_OF("patterns[].stages[]", "allOf", ConfigType.SECTIONS, "", "All of them, in any order"),

    COUNT_OF("patterns[].count", "of", ConfigType.NAME, "", "Event type, as `from`, which holds without it"),
    COUNT_GT("patterns[].count", "gt", ConfigType.integer(0, 1 << 20), "", "More than this many; either `gt` or `ge`"),
    COUNT_GE("patterns[].count", "ge", ConfigType.integer(1, 1 << 20), "", "At least this many"),
    DISTINCT_OF("patterns[].distinct", "of", ConfigType.TEXT, null, "Field whose values are counted"),
    DISTINCT_GT("patterns[].distinct", "gt", ConfigType.integer(0, 1 << 20), "", "More than this many; or `ge`"),
    DISTINCT_GE("patterns[].distinct", "ge", ConfigType.integer(1, 1 << 20), "", "At least this many"),

    RULES_MAX("rules", "max", ConfigType.integer(0, 1024), "16", "Most rules at a time; `0` for none"),
    RULES_MAX_BYTES(
            "rules",
            "maxBytes",
            ConfigType.size("1KiB", "1024GiB"),
            "256MiB",
            "Most bytes of heap that the state of all of them takes; less where the heap has less left"),

    SEGMENT_LENGTH(
            "journal",
            "segmentLength",
            ConfigType.size("1MiB", "1GiB"),
            "64MiB",
            "Bytes of a file of journal and outbox, reserved ahead; whole MiB"),
    SYNC(
            "journal",
            "sync",
            ConfigType.choice("auto", "none", "interval", "group", "per-batch"),
            "auto",
            "When the journal is forced to the disk; `auto` is `group` behind the gate `synced`, else `interval`"),
    SYNC_INTERVAL(
            "journal",
            "syncInterval",
            ConfigType.duration("1ms", "1h"),
            "1s",
            "Longest time between two syncs of `interval` while anything comes"),
    RETENTION("journal", "retention", ConfigType.SECTION, "", "What is kept of each log beyond what is needed"),
    RETENTION_BYTES(
            "journal.retention",
            "maxBytes",
            ConfigType.size("0B", "1024GiB"),
            "0B",
            "Most bytes of each log; older segments that nothing needs are removed after a snapshot; `0B` for any"),
    RETENTION_AGE(
            "journal.retention",
            "maxAge",
            ConfigType.duration("0s", "3650d"),
            "0s",
            "How long segments are kept that nothing needs; `0s` for ever"),
    SNAPSHOT_EVENTS(
            "snapshots",
            "events",
            ConfigType.integer(0, Integer.MAX_VALUE),
            "0",
            "After so many records; `0` for never"),
    SNAPSHOT_BYTES(
            "snapshots",
            "bytes",
            ConfigType.size("0B", "1024GiB"),
            "1GiB",
            "After so many bytes in the journal; `0B` for never"),
    SNAPSHOT_INTERVAL(
            "snapshots",
            "interval",
            ConfigType.duration("0s", "365d"),
            "0s",
            "After so much time, if anything came; `0s` for never"),
    SNAPSHOT_KEEP("snapshots", "keep", ConfigType.integer(1, 1000), "3", "Snapshots that are kept, the newest"),
    SNAPSHOT_VERIFY(
            "snapshots",
            "verify",
            ConfigType.choice("tail", "all"),
            "tail",
            "What a start verifies of journal and outbox: what came since the newest snapshot, or all"),
    SNAPSHOT_BY(
            "snapshots",
            "by",
            ConfigType.choice("stages", "follower"),
            "stages",
            "Who takes them: the stages, which stand still meanwhile, or a follower with a second copy of all state"),
    GATE(
            "outbox",
            "gate",
            ConfigType.choice("journaled", "synced"),
            "journaled",
            "What must hold of an event before its outputs leave"),
    OUTBOX_MAX_BYTES(
            "outbox",
            "maxBytes",
            ConfigType.size("0B", "1024GiB"),
            "0B",
            "Most bytes of outputs that a sink may not have taken yet; `0B` for any"),
    OUTBOX_OVERRUN(
            "outbox",
            "overrun",
            ConfigType.choice("detach", "refuse"),
            "detach",
            "Beyond that: the sink is cut loose until the next start, or publishing waits for it"),

    SINK_NAME("sinks[]", "name", ConfigType.SINK_NAME, null, "Name of the sink; its checkpoint is kept under it"),
    SINK_KIND("sinks[]", "kind", ConfigType.choice("json-lines"), "json-lines", "What it writes"),
    SINK_FILE("sinks[]", "file", ConfigType.FILE, null, "File it writes; relative to the data directory"),
    SINK_ATTEMPTS(
            "sinks[]",
            "attempts",
            ConfigType.integer(0, 1000),
            "0",
            "Calls with an output before it is parked as a dead letter and the next one comes; 0 for no end of calls"),
    SINK_IN_ORDER(
            "sinks[]",
            "inOrder",
            ConfigType.FLAG,
            "true",
            "Outputs of a key wait behind one that is parked, in the dead letters too"),

    HLOG("latency", "hlog", ConfigType.FILE, "", "HdrHistogram log to write; relative to the data directory");

    private final String section;
    private final String key;
    private final ConfigType type;
    private final @Nullable String defaultText;
    private final String text;

    /** A default of null means that the key is required, an empty one that there is none. */
    ConfigKey(String section, String key, ConfigType type, @Nullable String defaultText, String text) {
        this.section = section;
        this.key = key;
        this.type = type;
        this.defaultText = defaultText;
        this.text = text;
    }

    /** {@return the path of the section it stands in, {@code []} for an item of a list, empty for the top} */
    String section() {
        return section;
    }

    /** {@return the key as written} */
    String key() {
        return key;
    }

    ConfigType type() {
        return type;
    }

    boolean isRequired() {
        return defaultText == null;
    }

    /** {@return what holds where the key is missing, empty if nothing does} */
    String defaultText() {
        return defaultText == null ? "" : defaultText;
    }

    /** {@return path and key} */
    String path() {
        return section.isEmpty() ? key : section + '.' + key;
    }

    /** {@return its meaning, in Markdown} */
    String text() {
        return text;
    }

    static List<ConfigKey> of(String section) {
        return Arrays.stream(values())
                .filter(key -> key.section.equals(section))
                .toList();
    }
}
