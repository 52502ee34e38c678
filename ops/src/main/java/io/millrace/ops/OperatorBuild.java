package io.millrace.ops;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.Schema;
import io.millrace.ops.config.Items;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import io.millrace.ops.config.Source;
import io.millrace.ops.config.StreamSection;
import io.millrace.pattern.Match;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.PatternMatch;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.PatternSet;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.state.Operator;
import io.millrace.stream.EventStream;
import io.millrace.stream.FeedingOperator;
import io.millrace.stream.StreamBuilder;
import io.millrace.window.ReorderBuffer;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Builds the operators of a configuration, in an order in which each comes behind those that it reads; of a rule one.
 *
 * <pre>
 *   item                            its operator
 *   reads the pipeline              the window or pattern itself; behind a FeedingOperator if others read it
 *   reads an item, or is a stream   a StreamOperator, which takes the rows of that item
 *   patterns of a set               a PatternSet, where the first of them is
 *   a stream without state          none if it puts nothing out; its steps are repeated in those that read it
 * </pre>
 */
final class OperatorBuild {
    private static final EventTypes OUTPUTS = EventTypes.of(Schema.outputs());

    private final RunConfig config;
    private final Items items;
    private final String watched;
    private final UnaryOperator<Operator> watching;
    private final Set<String> sets = new LinkedHashSet<>();
    private final Set<String> read;
    /** What all items are built with if they are to be one operator. */
    private final @Nullable StreamBuilder shared;

    private final Map<String, StreamSection> streams = new LinkedHashMap<>();
    private final Map<String, Operator> operators = new LinkedHashMap<>();
    private final Map<String, FeedingOperator> feeding = new LinkedHashMap<>();
    private final Map<String, StreamBuilder> builders = new LinkedHashMap<>();
    private final Map<String, EventStream> rows = new LinkedHashMap<>();

    private OperatorBuild(
            RunConfig config,
            Items items,
            String watched,
            UnaryOperator<Operator> watching,
            @Nullable StreamBuilder shared) {
        this.config = config;
        this.items = items;
        this.watched = watched;
        this.watching = watching;
        this.read = items.read();
        this.shared = shared;
        items.streams().forEach(stream -> streams.put(stream.name(), stream));
    }

    /**
     * {@return the operators of a configuration, in their order}
     *
     * @param watched name of a pattern, which then runs in no set; empty for none
     * @param watching gives what stands in the place of its operator
     */
    static List<Operator> all(RunConfig config, String watched, UnaryOperator<Operator> watching) {
        OperatorBuild build = new OperatorBuild(config, config.items(), watched, watching, null);
        config.items().order().forEach(build::add);
        List<Operator> operators = new ArrayList<>();
        for (String name : config.items().order()) {
            StreamBuilder builder = build.builders.get(name);
            Operator operator = builder == null ? build.operators.get(name) : builder.build();
            if (operator != null) {
                operators.add(operator);
            }
        }
        return operators;
    }

    /** {@return all items of a rule as one operator of that name} */
    static Operator one(RunConfig config, Items items, String name) {
        if (items.order().size() == 1 && items.streams().isEmpty()) {
            OperatorBuild build = new OperatorBuild(config, items, "", UnaryOperator.identity(), null);
            build.add(name);
            return Objects.requireNonNull(build.operators.get(name));
        }
        StreamBuilder shared = StreamBuilder.named(name);
        OperatorBuild build = new OperatorBuild(config, items, "", UnaryOperator.identity(), shared);
        items.order().forEach(build::add);
        return shared.build();
    }

    private void add(String name) {
        StreamSection stream = streams.get(name);
        if (stream != null) {
            add(stream);
        }
        items.windows().stream().filter(each -> each.name().equals(name)).forEach(this::add);
        items.patterns().stream().filter(each -> each.name().equals(name)).forEach(this::add);
        items.sequences().stream().filter(each -> each.name().equals(name)).forEach(this::add);
    }

    private void add(StreamSection stream) {
        if (!items.operatorStreams().contains(stream)) {
            return;
        }
        StreamBuilder builder = builder(stream.name());
        EventStream made = stream.rows(builder, source -> stream(builder, source));
        stream.putOut(made);
        rows.put(stream.name(), made);
    }

    private StreamBuilder builder(String name) {
        return shared != null ? shared : builders.computeIfAbsent(name, StreamBuilder::named);
    }

    private EventStream stream(StreamBuilder to, Source source) {
        StreamSection section = streams.get(source.item());
        if (source.isOfPipeline()) {
            return to.from(source.type());
        }
        if (section != null && !section.hasState()) {
            return section.rows(to, inner -> stream(to, inner));
        }
        FeedingOperator feeder = feeding.get(source.item());
        return feeder != null
                ? to.from(feeder, source.type())
                : to.from(Objects.requireNonNull(rows.get(source.item())));
    }

    private void add(WindowSection section) {
        Operator window = new WindowOperator(Operators.window(section));
        add(section.name(), List.of(section.source()), window, WindowResult.TYPE_ID, inner -> inner);
    }

    private void add(PatternSection section) {
        Operator pattern = watch(section.name(), new ThresholdOperator(Operators.pattern(section)));
        boolean isBuffered = shared != null || Operators.isBuffered(config, section);
        add(
                section.name(),
                List.of(section.source()),
                pattern,
                Match.TYPE_ID,
                inner -> isBuffered ? new ReorderBuffer(inner, Operators.reorder(config, section)) : inner);
    }

    /** Where late events are only dropped, the pipeline puts what needs order behind a buffer by itself. */
    private void add(SequenceSection section) {
        if (isOfSet(section)) {
            addSet(section);
            return;
        }
        boolean isBuffered = shared != null || Operators.isBuffered(section);
        add(
                section.name(),
                section.sources(),
                watch(section.name(), new PatternOperator(section.pattern())),
                PatternMatch.TYPE_ID,
                inner -> isBuffered ? new ReorderBuffer(inner, Operators.reorder(config, section)) : inner);
    }

    private Operator watch(String name, Operator operator) {
        return name.equals(watched) ? watching.apply(operator) : operator;
    }

    private boolean isOfSet(SequenceSection section) {
        return shared == null && items.isOfSet(section) && !section.name().equals(watched);
    }

    /** The set stands where its first pattern does. */
    private void addSet(SequenceSection section) {
        if (sets.add(section.set())) {
            List<Pattern> patterns = items.ofSet(section.set()).stream()
                    .filter(this::isOfSet)
                    .map(SequenceSection::pattern)
                    .toList();
            operators.put(section.name(), new PatternSet(section.set(), patterns, Operators.limits(patterns)));
        }
    }

    private boolean isStreamed(List<Source> sources) {
        return shared != null || !sources.stream().allMatch(Source::isOfPipeline);
    }

    /** @param order puts an operator behind a buffer if it needs one */
    private void add(
            String name, List<Source> sources, Operator bare, int outputTypeId, Function<Operator, Operator> order) {
        if (!isStreamed(sources)) {
            if (read.contains(name)) {
                FeedingOperator feeder = new FeedingOperator(bare);
                feeding.put(name, feeder);
                operators.put(name, order.apply(feeder));
            } else {
                operators.put(name, order.apply(bare));
            }
            return;
        }
        StreamBuilder builder = builder(name);
        List<EventStream> inputs =
                sources.stream().map(source -> stream(builder, source)).toList();
        EventType outputType = Objects.requireNonNull(OUTPUTS.byId(outputTypeId));
        EventStream made = inputs.get(0).through(order.apply(bare), outputType, inputs.subList(1, inputs.size()));
        if (shared == null || !read.contains(name)) {
            made.putOut();
        }
        rows.put(name, made);
    }
}
