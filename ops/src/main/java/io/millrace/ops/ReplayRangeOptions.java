package io.millrace.ops;

import io.millrace.journal.replay.ReplayRange;
import io.millrace.journal.replay.ReplayRange.Unit;
import io.millrace.ops.command.TimeText;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which accepted events a replay gives the outputs of. */
final class ReplayRangeOptions {
    private static final long NONE = Long.MIN_VALUE;

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--from", paramLabel = "N", description = "First sequence; state before it is made silently.")
    private long fromSequence = NONE;

    @Option(names = "--to", paramLabel = "N", description = "Last sequence.")
    private long toSequence = NONE;

    @Option(
            names = "--from-time",
            paramLabel = "TIME",
            converter = TimeText.class,
            description = "From the first event at that time or later: " + TimeText.FORMS + ".")
    private long fromTimeNs = NONE;

    @Option(
            names = "--to-time",
            paramLabel = "TIME",
            converter = TimeText.class,
            description = "Until an event is later.")
    private long toTimeNs = NONE;

    @Option(names = "--ingest-time", description = "Times are those of publication, not of the events.")
    private boolean isIngestTime;

    ReplayRange range() {
        boolean isBySequence = fromSequence != NONE || toSequence != NONE;
        boolean isByTime = fromTimeNs != NONE || toTimeNs != NONE;
        if (isBySequence && isByTime) {
            throw wrong("--from and --to exclude --from-time and --to-time");
        }
        try {
            return isByTime ? byTime() : bySequence();
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private ReplayRange bySequence() {
        return new ReplayRange(Unit.SEQUENCE, fromSequence == NONE ? 0 : fromSequence, end(toSequence));
    }

    private ReplayRange byTime() {
        Unit unit = isIngestTime ? Unit.INGEST_TIME : Unit.EVENT_TIME;
        return new ReplayRange(unit, fromTimeNs, end(toTimeNs));
    }

    private static long end(long given) {
        return given == NONE ? Long.MAX_VALUE : given;
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
