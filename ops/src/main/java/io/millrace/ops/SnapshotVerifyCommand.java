package io.millrace.ops;

import io.millrace.Pipeline;
import io.millrace.journal.replay.ReplayPace;
import io.millrace.journal.replay.ReplayRange;
import io.millrace.journal.replay.ReplaySession;
import io.millrace.journal.snapshot.SnapshotDirectory;
import io.millrace.journal.snapshot.SnapshotException;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.RunConfig;
import io.millrace.ring.Snapshot;
import io.millrace.state.StateException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace snapshot verify}. */
@Command(
        name = "verify",
        description = {
            "Read a whole snapshot and load it into the operators of the configuration.",
            "Exit code 65 if it is damaged, 78 if it does not fit, 1 if a replay comes to another state.",
            ""
        })
final class SnapshotVerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Parameters(arity = "0..1", paramLabel = "SEQ", description = "The newest if not given.")
    private @Nullable Long sequence;

    @Option(names = "--replay", description = "Replay the journal up to it too, and compare the states.")
    private boolean isReplaying;

    /**
     * What is printed.
     *
     * @param replayedStateHash empty without a replay
     */
    record Result(long sequence, String file, boolean ok, String stateHash, String replayedStateHash) {}

    @Override
    public Integer call() throws ConfigException, IOException {
        DataDirectory data = dataOptions.openWithoutTypes();
        SnapshotDirectory directory = new SnapshotDirectory(data.path());
        long wanted = sequence == null ? newest(directory) : sequence;
        Snapshot snapshot = read(directory, wanted);
        RunConfig config = data.config();
        load(snapshot, config);
        String stateHash = Long.toHexString(snapshot.state().stateHash());
        String replayed = isReplaying ? replay(data, config, wanted) : "";
        boolean isSame = !isReplaying || replayed.equals(stateHash);
        Result result = new Result(wanted, directory.file(wanted).toString(), isSame, stateHash, replayed);
        if (options.isJson()) {
            Json.print(spec, result);
        } else {
            spec.commandLine().getOut().println(describe(result));
        }
        return isSame ? ExitCode.OK : ExitCode.FINDING;
    }

    private String describe(Result result) {
        String what = "sequence=" + result.sequence() + ", file=" + result.file() + ", stateHash=" + result.stateHash();
        if (!isReplaying) {
            return "snapshot is whole and fits: " + what;
        }
        return (result.ok() ? "snapshot is what a replay gives: " : "snapshot is not what a replay gives: ")
                + what
                + (result.ok() ? "" : " (expected: " + result.replayedStateHash() + ')');
    }

    private static long newest(SnapshotDirectory directory) throws IOException {
        List<Long> all = directory.sequences();
        if (all.isEmpty()) {
            throw new CommandException(ExitCode.NO_INPUT, "no snapshot is there (expected: one); take one first");
        }
        return all.get(all.size() - 1);
    }

    private static Snapshot read(SnapshotDirectory directory, long sequence) {
        try {
            return directory.read(sequence);
        } catch (SnapshotException e) {
            throw CommandException.of(ExitCode.DATA_DAMAGED, e);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.NO_INPUT, "cannot read snapshot: file=" + directory.file(sequence) + ": " + e, e);
        }
    }

    private static void load(Snapshot snapshot, @Nullable RunConfig config) {
        if (config != null) {
            try {
                Pipeline.replayer(PipelineSetup.replay(config), output -> {}).load(snapshot);
            } catch (StateException e) {
                throw CommandException.of(ExitCode.CONFIG, e);
            }
        }
    }

    private static String replay(DataDirectory data, @Nullable RunConfig config, long sequence) {
        if (config == null) {
            throw new CommandException(
                    ExitCode.CONFIG,
                    "cannot replay: no configuration is kept in " + data.path()
                            + " (expected: operators); name the one that it was written with by -c FILE");
        }
        ReplayRange range = new ReplayRange(ReplayRange.Unit.SEQUENCE, 0, sequence);
        try (ReplaySession session =
                ReplaySession.open(data.path(), PipelineSetup.replay(config), range, output -> {})) {
            session.run(ReplayPace.max());
            return Long.toHexString(session.stateHash());
        }
    }
}
