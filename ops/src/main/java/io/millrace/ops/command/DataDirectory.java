package io.millrace.ops.command;

import io.millrace.event.EventTypes;
import io.millrace.event.Schema;
import io.millrace.journal.CorruptJournalException;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogCheck;
import io.millrace.journal.LogKind;
import io.millrace.journal.LogVerifier;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.RunConfig;
import io.millrace.ring.OperatorIds;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A data directory that is looked at, not opened: its lock is left alone, so it may be in use or not. What its events
 * are is known from a configuration, which every run keeps a copy of in it.
 */
public final class DataDirectory {
    private static final int OPERATOR_SHIFT = 32;

    private final Path path;
    private final @Nullable RunConfig config;
    private final EventTypes types;
    private final Map<Integer, String> operatorById = new HashMap<>();

    private DataDirectory(Path path, @Nullable RunConfig config) {
        this.path = path;
        this.config = config;
        EventTypes ours = EventTypes.of(Schema.outputs());
        List<RuleRow> rules = new RuleFiles(path).rows();
        types = config == null
                ? ours
                : new RuleTypes(
                                config,
                                config.eventTypes().with(Schema.outputs()),
                                () -> rules.stream().map(RuleRow::text).toList())
                        .all();
        rules.forEach(rule -> operatorById.put(OperatorIds.idOf(rule.name()), rule.name()));
        if (config != null) {
            operatorNames(config).forEach(name -> operatorById.put(OperatorIds.idOf(name), name));
        }
    }

    /**
     * {@return a directory that is there and is one of ours}
     *
     * @param config that the user named, null for the copy in the directory
     * @param err is told if no event types are known
     * @throws CommandException with status 66 if it is not, or cannot be read
     */
    public static DataDirectory open(Path path, @Nullable RunConfig config, PrintWriter err) {
        check(path);
        return new DataDirectory(path, config == null ? kept(path, err) : config);
    }

    public Path path() {
        return path;
    }

    /** {@return the configuration that was named, else the copy of the last run's; null if there is none} */
    public @Nullable RunConfig config() {
        return config;
    }

    /** {@return the event types of the configuration, if there is one, and those of outputs} */
    public EventTypes types() {
        return types;
    }

    /** {@return who has the directory, null if nobody is known to} */
    public @Nullable Holder holder() {
        return Holder.of(path);
    }

    /** {@return a reader before a record, for a log that may be in use or not} */
    public FrameReader reader(LogKind kind, long place) {
        return FrameReader.open(path, kind, place, holder() != null);
    }

    /**
     * {@return where a log goes on although a reader met something that is no frame: there if a crash has torn the
     * tail, further on if a start has left that out meanwhile}
     *
     * @param met by a reader of the log
     * @throws CorruptJournalException if it is damage
     */
    public long endBehind(LogKind kind, CorruptJournalException met) {
        LogCheck check = LogVerifier.verify(path, kind, false, frame -> {});
        if (check.damage() != null) {
            throw met;
        }
        return check.endPlace();
    }

    /** {@return whether a log has no damage: what a reader met is then what a crash has left at its very end} */
    public boolean isWhole(LogKind kind) {
        return LogVerifier.verify(path, kind, false, frame -> {}).damage() == null;
    }

    /**
     * {@return the name of the operator that made an output, null if it is not known}
     *
     * @param idHi of the output
     */
    public @Nullable String operator(long idHi) {
        return operatorById.get((int) (idHi >>> OPERATOR_SHIFT) & 0xFFFF);
    }

    /** {@return the names of the operators of a configuration} */
    public static List<String> operatorNames(RunConfig config) {
        List<String> names = new ArrayList<>(config.items().order());
        names.addAll(config.items().sets());
        return names;
    }

    private static void check(Path path) {
        if (!Files.exists(path)) {
            throw refused(path, "does not exist");
        }
        if (!Files.isDirectory(path)) {
            throw refused(path, "is a file");
        }
        if (!Files.isReadable(path) || !Files.isExecutable(path)) {
            throw refused(path, "access denied");
        }
        if (!Files.isDirectory(path.resolve(LogKind.JOURNAL.directoryName()))) {
            throw refused(path, "has no journal");
        }
    }

    private static CommandException refused(Path path, String why) {
        return new CommandException(
                ExitCode.NO_INPUT,
                "cannot read data: directory=" + path + ": " + why
                        + " (expected: a directory that `millrace run` has written); name another with --data");
    }

    private static @Nullable RunConfig kept(Path path, PrintWriter err) {
        try {
            RunConfig kept = KeptConfig.read(path);
            if (kept == null) {
                err.println("millrace: no configuration is kept in " + path
                        + ": payloads are shown as bytes; -c FILE names their fields");
            }
            return kept;
        } catch (ConfigException | CommandException e) {
            err.println("millrace: the configuration kept in " + path
                    + " cannot be used: payloads are shown as bytes; -c FILE names their fields\n" + e.getMessage());
            return null;
        }
    }
}
