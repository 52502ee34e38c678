package io.millrace.ops;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.SystemTypes;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.command.Refusal;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.Items;
import io.millrace.ops.config.RuleReader;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.pattern.Match;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.PatternInspector;
import io.millrace.pattern.PatternInspector.LiveRun;
import io.millrace.pattern.PatternMatch;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.ThresholdInspector;
import io.millrace.pattern.ThresholdInspector.Measured;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.ring.Replayer;
import io.millrace.ring.ThreadPlan;
import io.millrace.state.Operator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace match}. */
@Command(
        name = "match",
        description = {"Try a pattern on some events, without a pipeline, a schema or a data directory.", ""},
        footer = {
            "",
            "FILE holds one item of patterns, as in a configuration; events are lines such as",
            "  {\"type\": \"order\", \"key\": \"ann\", \"ts\": 1000, \"amount\": 250}",
            "with ts in milliseconds, or time in ISO form. A match names its events by their lines.",
            "Example:",
            "  millrace match --pattern refused.yaml --events day.jsonl --trace"
        })
final class MatchCommand implements Callable<Integer>, TracedOperator.Watcher {
    private static final int OUTPUT_RING_CAPACITY = 1 << 12;
    private static final int PAYLOAD_LENGTH = 1 << 12;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Option(names = "--pattern", paramLabel = "FILE", required = true, description = "The pattern.")
    private Path pattern = Path.of("");

    @Option(names = "--events", paramLabel = "FILE", required = true, description = "The events, as lines of JSON.")
    private Path input = Path.of("");

    @Option(names = "--trace", description = "Show each event and the live runs of its key behind it.")
    private boolean isTraced;

    @Option(names = "--flush", description = "At the end let time go on to the end of all waiting.")
    private boolean isFlushing;

    private @Nullable MatchEvents events;
    private @Nullable PatternInspector stages;
    private @Nullable ThresholdInspector threshold;
    private String name = "";

    /**
     * What is printed of a match, and of what timed out or made room.
     *
     * @param kind {@code match}, {@code timeout} or {@code evicted}
     * @param timeMs at which it was decided
     * @param stages the lines of the events of each
     */
    record Found(String kind, String pattern, String key, long timeMs, Map<String, List<Long>> stages) {}

    /** What is printed of an event with {@code --trace}. */
    record Traced(long line, String key, List<LiveRun> runs) {}

    /** The same where a threshold counts. */
    record Counted(long line, String key, String outcome, List<Measured> conditions) {}

    /**
     * What is printed of a match of a threshold.
     *
     * @param first line of the events that counted
     * @param last line of them
     */
    record Reached(
            String kind, String pattern, String key, long timeMs, long count, long distinct, long first, long last) {}

    @Override
    public Integer call() throws ConfigException {
        FlagFile.check();
        MatchEvents read = MatchEvents.read(input);
        events = read;
        RuleReader rule = RuleReader.read(pattern.toString(), text(), read.types(), read.firstType());
        Replayer replayer = Pipeline.replayer(context(operator(rule)), this::print);
        for (MutableEvent event : read.events()) {
            replayer.take(event, 0);
            replayer.flush();
        }
        if (isFlushing) {
            replayer.take(end(), 0);
            replayer.flush();
        }
        return ExitCode.OK;
    }

    /** {@return the pattern of the file, watched} */
    private Operator operator(RuleReader rule) {
        Items items = rule.items();
        boolean isAlone = items.order().size() == 1;
        if (isAlone && !items.sequences().isEmpty()) {
            SequenceSection sequence = items.sequences().get(0);
            name = sequence.name();
            PatternOperator operator = new PatternOperator(withRoom(sequence.pattern()));
            stages = new PatternInspector(operator);
            return new TracedOperator(operator, this);
        }
        if (isAlone && !items.patterns().isEmpty()) {
            name = items.patterns().get(0).name();
            ThresholdOperator operator =
                    new ThresholdOperator(Operators.pattern(items.patterns().get(0)));
            threshold = new ThresholdInspector(operator);
            return new TracedOperator(operator, this);
        }
        throw new CommandException(
                ExitCode.CONFIG,
                "cannot match: " + pattern + " has no pattern (expected: one item of patterns); a window is tried by"
                        + " `millrace run`");
    }

    private MatchEvents events() {
        return Objects.requireNonNull(events, "events");
    }

    private String text() {
        try {
            return Files.readString(pattern);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.NO_INPUT, "cannot read pattern: file=" + pattern + ": " + Refusal.reason(e), e);
        }
    }

    private PipelineContext context(Operator operator) {
        return new PipelineContext()
                .name("match")
                .threadPlan(ThreadPlan.INVOKED)
                .ringCapacity(64)
                .maxPayloadLength(PAYLOAD_LENGTH)
                .outputRingCapacity(OUTPUT_RING_CAPACITY)
                .maxOutputPayloadLength(PAYLOAD_LENGTH)
                .operator(operator);
    }

    /** A match on paper is shown whole. */
    private static Pattern withRoom(Pattern given) {
        return new Pattern(
                given.name(),
                given.types(),
                given.stages(),
                given.withinNs(),
                given.afterMatch(),
                given.isOnce(),
                given.hasTimeouts(),
                given.late(),
                given.semantics(),
                given.limits().maxMatchLength(PAYLOAD_LENGTH));
    }

    private MutableEvent end() {
        return MutableEvent.allocate(0)
                .sequence(events().events().size() + 1L)
                .typeId(SystemTypes.END)
                .flags(Event.END);
    }

    @Override
    public void before(Event event) {
        if (threshold != null) {
            threshold.before();
        }
        if (isTraced && !options.isJson()) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("event " + events().describe(event) + " key=" + events().key(event.key()) + " ts="
                    + TimeUnit.NANOSECONDS.toMillis(event.timestampNs()));
        }
    }

    @Override
    public void after(Event event) {
        if (isTraced && stages != null) {
            print(event, stages.runs(event.key()));
        } else if (isTraced && threshold != null) {
            print(event, threshold.after(event));
        }
    }

    private void print(Event event, List<LiveRun> runs) {
        if (options.isJson()) {
            Json.line(spec, new Traced(event.sequence(), events().key(event.key()), runs));
        } else {
            runs.forEach(run -> spec.commandLine().getOut().println("  run " + run + until(run)));
        }
    }

    private void print(Event event, ThresholdInspector.Verdict verdict) {
        if (options.isJson()) {
            String key = events().key(event.key());
            Json.line(spec, new Counted(event.sequence(), key, verdict.outcome(), verdict.conditions()));
        } else {
            PrintWriter out = spec.commandLine().getOut();
            out.println("  " + verdict.outcome());
            verdict.conditions().forEach(condition -> out.println("    " + condition));
        }
    }

    private static String until(LiveRun run) {
        return run.deadlineNs() == Long.MAX_VALUE ? "" : " until ts=" + TimeUnit.NANOSECONDS.toMillis(run.deadlineNs());
    }

    private void print(Event output) {
        if (output.typeId() == Match.TYPE_ID) {
            printReached(output);
        } else {
            printFound(output);
        }
    }

    private void printReached(Event output) {
        Match match = new Match().wrap(output);
        long timeMs = TimeUnit.NANOSECONDS.toMillis(output.timestampNs());
        Reached reached = new Reached(
                "match",
                name,
                events().key(output.key()),
                timeMs,
                match.count(),
                match.distinct(),
                match.firstSequence(),
                match.lastSequence());
        if (options.isJson()) {
            Json.line(spec, reached);
        } else {
            spec.commandLine()
                    .getOut()
                    .println(
                            "match   " + name + " key=" + reached.key() + " ts=" + timeMs + ": count=" + reached.count()
                                    + " distinct=" + reached.distinct() + " lines " + reached.first() + " to "
                                    + reached.last());
        }
    }

    private void printFound(Event output) {
        PatternMatch match = new PatternMatch().wrap(output);
        String kind = switch (match.kind()) {
            case PatternMatch.TIMEOUT -> "timeout";
            case PatternMatch.EVICTED -> "evicted";
            default -> "match";
        };
        long timeMs = TimeUnit.NANOSECONDS.toMillis(output.timestampNs());
        Found found = new Found(kind, name, events().key(output.key()), timeMs, stages(match.stages()));
        if (options.isJson()) {
            Json.line(spec, found);
        } else {
            spec.commandLine()
                    .getOut()
                    .println(String.format(
                            Locale.ROOT,
                            "%-7s %s key=%s ts=%d: %s",
                            found.kind(),
                            found.pattern(),
                            found.key(),
                            found.timeMs(),
                            match.stages()));
        }
    }

    /** {@return the lines of each stage, of {@code order=12 attempt=15,18}} */
    private static Map<String, List<Long>> stages(String text) {
        Map<String, List<Long>> stages = new LinkedHashMap<>();
        for (String stage : text.isEmpty() ? new String[0] : text.split(" ")) {
            String[] nameAndLines = stage.split("=");
            stages.put(
                    nameAndLines[0],
                    new ArrayList<>(Arrays.stream(nameAndLines[1].split(","))
                            .map(Long::valueOf)
                            .toList()));
        }
        return stages;
    }
}
