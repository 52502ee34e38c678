package io.millrace.ops.command;

import io.millrace.event.Condition;
import io.millrace.event.NearestNames;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which records of a log a command is about: mix it in beside {@link DataOptions}. */
public final class RangeOptions {
    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--from",
            paramLabel = "N",
            description = "First record: a sequence in the journal, else an ordinal.")
    private long fromPlace;

    @Option(names = "--to", paramLabel = "N", description = "Last record.")
    private long toPlace = Long.MAX_VALUE;

    @Option(
            names = "--from-time",
            paramLabel = "TIME",
            converter = TimeText.class,
            description = "Least event time: " + TimeText.FORMS + ".")
    private long fromTimeNs = Long.MIN_VALUE;

    @Option(names = "--to-time", paramLabel = "TIME", converter = TimeText.class, description = "Greatest event time.")
    private long toTimeNs = Long.MAX_VALUE;

    @Option(names = "--type", paramLabel = "TYPE", split = ",", description = "Types of records, by name or number.")
    private List<String> types = new ArrayList<>();

    /**
     * {@return what is asked for}
     *
     * @throws ParameterException if that cannot be
     */
    public RecordFilter filter(DataDirectory data) {
        if (fromPlace < 0 || toPlace < fromPlace) {
            throw wrong("--from=" + fromPlace + " --to=" + (toPlace == Long.MAX_VALUE ? "none" : toPlace)
                    + " is no range (expected: 0 or more, --to not before --from)");
        }
        if (toTimeNs < fromTimeNs) {
            throw wrong("--from-time=" + TimeText.of(fromTimeNs) + " --to-time=" + TimeText.of(toTimeNs)
                    + " is no range (expected: --to-time not before --from-time)");
        }
        return new RecordFilter(
                fromPlace, toPlace, fromTimeNs, toTimeNs, types.isEmpty() ? List.of() : List.of(type(data)));
    }

    /** {@return the types that were named, as they were written} */
    public List<String> types() {
        return types;
    }

    private Condition type(DataDirectory data) {
        RecordTypes known = new RecordTypes(data.types());
        List<Integer> ids = new ArrayList<>();
        for (String name : types) {
            Integer id = known.id(name);
            if (id == null) {
                throw wrong("unknown type: --type=" + name + " (expected: " + NearestNames.orAll(name, known.names())
                        + ", or a number)");
            }
            ids.add(id);
        }
        return event -> ids.contains(event.typeId());
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
