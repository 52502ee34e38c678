package io.millrace.ops.config;

import io.millrace.event.EventTypes;
import io.millrace.event.Schema;
import io.millrace.event.SchemaException;
import io.millrace.journal.RetentionPolicy;
import io.millrace.ops.config.ConfigSection.Placed;
import io.millrace.ops.config.RunConfig.DedupKind;
import io.millrace.ops.config.RunConfig.DedupSection;
import io.millrace.ops.config.RunConfig.EventTimeSection;
import io.millrace.ops.config.RunConfig.Gate;
import io.millrace.ops.config.RunConfig.IdKind;
import io.millrace.ops.config.RunConfig.InputSection;
import io.millrace.ops.config.RunConfig.OutboxSection;
import io.millrace.ops.config.RunConfig.Overrun;
import io.millrace.ops.config.RunConfig.PipelineSection;
import io.millrace.ops.config.RunConfig.RulesSection;
import io.millrace.ops.config.RunConfig.SinkSection;
import io.millrace.ops.config.RunConfig.SnapshotSection;
import io.millrace.ring.SnapshotPolicy;
import io.millrace.ring.SyncPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads a configuration file and the schemas it names, and finds all that is wrong in one go. Files are looked for
 * beside the configuration; those of sinks and logs belong into the data directory and stay relative.
 */
public final class ConfigReader {
    private static final long MIB = 1L << 20;
    private static final ConfigType CORE = ConfigType.integer(0, 1023);

    private final Path file;
    private final Path directory;
    private final ConfigProblems problems;
    private final Columns columns;
    /** Of a copy, in the order of the configuration; null to look beside it by name. */
    private final @Nullable List<Path> schemaCopies;

    private ConfigReader(Path file, Columns columns, @Nullable List<Path> schemaCopies) {
        this.file = file;
        this.schemaCopies = schemaCopies;
        Path parent = file.toAbsolutePath().getParent();
        this.directory = parent == null ? file.toAbsolutePath() : parent;
        this.problems = new ConfigProblems(file.toString());
        this.columns = columns;
    }

    /** Tells the names of the columns of an input, so that references to them can be checked before a run. */
    @FunctionalInterface
    public interface Columns {
        /** {@return the names in the file's header, null if they cannot be known now} */
        @Nullable
        List<String> of(Path input);
    }

    /**
     * {@return the configuration of a file}
     *
     * @param input to read instead of the one that the file names, null for that one
     * @throws ConfigException with all that is wrong
     */
    public static RunConfig read(Path file, @Nullable String input, Columns columns) throws ConfigException {
        return new ConfigReader(file, columns, null).read(input);
    }

    /**
     * {@return the configuration of a file that was copied from its place}
     *
     * @param schemas copies of those that it names, in that order
     * @throws ConfigException with all that is wrong
     */
    public static RunConfig read(Path file, List<Path> schemas) throws ConfigException {
        return new ConfigReader(file, input -> null, schemas).read(null);
    }

    private RunConfig read(@Nullable String input) throws ConfigException {
        ConfigSection root = ConfigSection.root(problems, compose());
        ConfigSection sizes = root.section(ConfigKey.PIPELINE);
        PipelineSection pipeline = pipeline(sizes);
        List<Path> schemas = new ArrayList<>();
        EventTypes types = types(root, schemas);
        InputSection inputSection =
                new InputReader(root.section(ConfigKey.INPUT), problems, types, directory, columns).read(input);
        DedupSection dedup = dedup(root.section(ConfigKey.DEDUP), inputSection);
        EventTimeSection eventTime = eventTime(root.section(ConfigKey.EVENT_TIME));
        ItemReader items = new ItemReader(types, inputSection.type());
        items.read(root);
        checkPayload(sizes, pipeline, inputSection);
        RulesSection rules = rules(root.section(ConfigKey.RULES));
        long segmentLength = segmentLength(root.section(ConfigKey.JOURNAL));
        RetentionPolicy retention = retention(root.section(ConfigKey.JOURNAL).section(ConfigKey.RETENTION));
        OutboxSection outbox = outbox(root.section(ConfigKey.OUTBOX));
        SyncPolicy syncPolicy = syncPolicy(root.section(ConfigKey.JOURNAL), outbox.gate());
        SnapshotSection snapshots = snapshots(root.section(ConfigKey.SNAPSHOTS));
        List<SinkSection> sinks = sinks(root.sections(ConfigKey.SINKS));
        String hlog = root.section(ConfigKey.LATENCY).text(ConfigKey.HLOG);
        problems.throwIfAny();
        return new RunConfig(
                file.toString(),
                pipeline,
                schemas,
                items.types(),
                inputSection,
                dedup,
                eventTime,
                items.items(),
                rules,
                segmentLength,
                retention,
                outbox,
                syncPolicy,
                snapshots,
                sinks,
                hlog.isEmpty() ? null : Path.of(hlog),
                root.resolved());
    }

    private @Nullable Node compose() throws ConfigException {
        try (Reader text = new StringReader(Files.readString(file))) {
            return new Yaml(new LoaderOptions()).compose(text);
        } catch (MarkedYAMLException e) {
            String what = e.getProblem() == null ? "cannot be read" : e.getProblem();
            problems.add(
                    e.getProblemMark() == null ? Place.START : Place.of(e.getProblemMark()),
                    "file",
                    "is not YAML: " + what.replace("\n", "\\n") + '.');
        } catch (NoSuchFileException e) {
            problems.add(Place.START, "file", "does not exist. Allowed: a YAML file.");
        } catch (CharacterCodingException e) {
            problems.add(Place.START, "file", "is not UTF-8 text. Allowed: a YAML file.");
        } catch (IOException | YAMLException e) {
            String reason = Files.isDirectory(file) ? "is a directory" : "cannot be read: " + e;
            problems.add(Place.START, "file", reason + ". Allowed: a YAML file.");
        }
        problems.throwIfAny();
        return null;
    }

    private PipelineSection pipeline(ConfigSection section) {
        return new PipelineSection(
                section.text(ConfigKey.PIPELINE_NAME),
                (int) section.number(ConfigKey.RING_CAPACITY),
                (int) section.number(ConfigKey.MAX_PAYLOAD),
                (int) section.number(ConfigKey.OUTPUT_RING_CAPACITY),
                (int) section.number(ConfigKey.MAX_BATCH),
                section.text(ConfigKey.PLAN),
                section.text(ConfigKey.WAIT),
                section.flag(ConfigKey.FORCE),
                section.numbers(ConfigKey.CORES, CORE).stream()
                        .map(core -> core.value().intValue())
                        .toList());
    }

    private EventTypes types(ConfigSection root, List<Path> schemas) {
        EventTypes types = EventTypes.of(List.of());
        for (Placed<String> name : root.texts(ConfigKey.SCHEMAS)) {
            Path schema = schema(schemas.size(), name.value());
            try (InputStream xml = Files.newInputStream(schema)) {
                types = types.with(Schema.parse(xml, schema.getFileName().toString()));
                schemas.add(schema);
            } catch (NoSuchFileException e) {
                problems.add(
                        name.place(),
                        "schemas",
                        name.value() + " does not exist. Allowed: an SBE schema in " + directory + '.');
            } catch (IOException | SchemaException e) {
                problems.add(name.place(), "schemas", name.value() + " cannot be used: " + e.getMessage() + '.');
            }
        }
        return types;
    }

    private Path schema(int index, String name) {
        return schemaCopies == null || index >= schemaCopies.size() ? directory.resolve(name) : schemaCopies.get(index);
    }

    private static void checkPayload(ConfigSection section, PipelineSection pipeline, InputSection input) {
        int length = input.type().encodedLength();
        if (pipeline.maxPayloadLength() > 0 && length > pipeline.maxPayloadLength()) {
            section.wrong(
                    ConfigKey.MAX_PAYLOAD,
                    pipeline.maxPayloadLength() + "B is less than an event takes. Allowed: from " + length + "B for "
                            + input.type().name() + '.');
        }
    }

    private static RulesSection rules(ConfigSection section) {
        return new RulesSection((int) section.number(ConfigKey.RULES_MAX), section.number(ConfigKey.RULES_MAX_BYTES));
    }

    private static long segmentLength(ConfigSection section) {
        long length = section.number(ConfigKey.SEGMENT_LENGTH);
        if (length % MIB != 0) {
            section.wrong(ConfigKey.SEGMENT_LENGTH, length + "B is no whole number of MiB. Allowed: such as 16MiB.");
        }
        return length;
    }

    private static RetentionPolicy retention(ConfigSection section) {
        return new RetentionPolicy(
                bound(section.number(ConfigKey.RETENTION_BYTES)),
                bound(section.number(ConfigKey.RETENTION_AGE)),
                false);
    }

    /** Zero is written for "any". */
    private static long bound(long value) {
        return value == 0 ? Long.MAX_VALUE : value;
    }

    private static SyncPolicy syncPolicy(ConfigSection section, Gate gate) {
        long intervalNs = section.number(ConfigKey.SYNC_INTERVAL);
        SyncPolicy interval = SyncPolicy.interval(Math.max(SyncPolicy.INTERVAL_MIN_NS, intervalNs));
        return switch (section.text(ConfigKey.SYNC)) {
            case "none" -> none(section, gate);
            case "group" -> SyncPolicy.GROUP;
            case "per-batch" -> SyncPolicy.PER_BATCH;
            case "interval" -> interval;
            default -> gate == Gate.SYNCED ? SyncPolicy.GROUP : interval;
        };
    }

    /** Outputs would stay behind the gate for ever. */
    private static SyncPolicy none(ConfigSection section, Gate gate) {
        if (gate == Gate.SYNCED) {
            section.wrong(
                    ConfigKey.SYNC, "none lets nothing through the gate synced. Allowed: group, per-batch, interval.");
        }
        return SyncPolicy.NONE;
    }

    private static SnapshotSection snapshots(ConfigSection section) {
        return new SnapshotSection(
                new SnapshotPolicy(
                        section.number(ConfigKey.SNAPSHOT_EVENTS),
                        section.number(ConfigKey.SNAPSHOT_BYTES),
                        section.number(ConfigKey.SNAPSHOT_INTERVAL)),
                (int) section.number(ConfigKey.SNAPSHOT_KEEP),
                section.text(ConfigKey.SNAPSHOT_VERIFY).equals("all"),
                section.text(ConfigKey.SNAPSHOT_BY).equals("follower"));
    }

    private static DedupSection dedup(ConfigSection section, InputSection input) {
        DedupKind kind = DedupKind.valueOf(constant(section, ConfigKey.DEDUP_KIND));
        if (kind == DedupKind.PRODUCERS && input.id().kind() != IdKind.PRODUCER) {
            section.wrong(
                    ConfigKey.DEDUP_KIND, "producers does not fit the ids. Allowed: with input.id.kind: producer.");
        }
        return new DedupSection(
                kind, (int) section.number(ConfigKey.DEDUP_SIZE), (int) section.number(ConfigKey.DEDUP_WINDOW), (int)
                        section.number(ConfigKey.DEDUP_PRODUCERS));
    }

    private EventTimeSection eventTime(ConfigSection section) {
        return new EventTimeSection(
                section.number(ConfigKey.OUT_OF_ORDERNESS),
                section.number(ConfigKey.MAX_SKEW),
                section.flag(ConfigKey.IDLE_ADVANCE),
                (int) section.number(ConfigKey.MAX_SOURCES),
                section.number(ConfigKey.SOURCE_IDLE_AFTER),
                (int) section.number(ConfigKey.REORDER_CAPACITY),
                section.number(ConfigKey.STILL_AFTER));
    }

    private static OutboxSection outbox(ConfigSection section) {
        return new OutboxSection(
                Gate.valueOf(constant(section, ConfigKey.GATE)),
                section.number(ConfigKey.OUTBOX_MAX_BYTES),
                Overrun.valueOf(constant(section, ConfigKey.OUTBOX_OVERRUN)));
    }

    private List<SinkSection> sinks(List<ConfigSection> sections) {
        List<SinkSection> sinks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ConfigSection section : sections) {
            String name = section.text(ConfigKey.SINK_NAME);
            if (!name.isEmpty() && !names.add(name)) {
                section.wrong(ConfigKey.SINK_NAME, name + " is the name of another sink. Allowed: names used once.");
            }
            section.text(ConfigKey.SINK_KIND);
            sinks.add(new SinkSection(
                    name,
                    Path.of(section.text(ConfigKey.SINK_FILE)),
                    (int) section.number(ConfigKey.SINK_ATTEMPTS),
                    section.flag(ConfigKey.SINK_IN_ORDER)));
        }
        return sinks;
    }

    /** {@return the enum constant that a choice stands for; the default's where the choice is wrong} */
    static String constant(ConfigSection section, ConfigKey key) {
        String choice = section.text(key);
        return (choice.isEmpty() ? key.defaultText() : choice)
                .toUpperCase(Locale.ROOT)
                .replace('-', '_');
    }
}
