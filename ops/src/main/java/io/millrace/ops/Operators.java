package io.millrace.ops;

import io.millrace.expression.Expression;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import io.millrace.ops.config.Source;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.MatchMode;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.PatternLimits;
import io.millrace.pattern.PatternSet;
import io.millrace.state.Operator;
import io.millrace.window.LatePolicy;
import io.millrace.window.ReorderSpec;
import io.millrace.window.WindowSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The operators of a configuration.
 *
 * @param all as the pipeline runs them, in its order: windows, streams and patterns as in the file, but each behind
 *     what it reads
 */
record Operators(List<Operator> all) {
    static Operators of(RunConfig config) {
        return of(config, "", UnaryOperator.identity());
    }

    /**
     * {@return the same with another operator in the place of a pattern's}
     *
     * @param watched name of the pattern
     */
    static Operators of(RunConfig config, String watched, UnaryOperator<Operator> watching) {
        return new Operators(OperatorBuild.all(config, watched, watching));
    }

    /** {@return the limits of a set: the largest of each that one of its patterns has} */
    static PatternLimits limits(List<Pattern> patterns) {
        PatternLimits limits = patterns.get(0).limits();
        for (Pattern pattern : patterns) {
            PatternLimits own = pattern.limits();
            limits = limits.maxKeys(Math.max(limits.maxKeys(), own.maxKeys()))
                    .maxRuns(Math.max(limits.maxRuns(), own.maxRuns()))
                    .maxNodes(Math.max(limits.maxNodes(), own.maxNodes()));
        }
        return limits;
    }

    /** {@return the operators of a kind, those within others too} */
    <T extends Operator> List<T> every(Class<T> kind) {
        List<T> found = new ArrayList<>();
        find(all, kind, found);
        return found;
    }

    private static <T extends Operator> void find(List<Operator> operators, Class<T> kind, List<T> found) {
        for (Operator operator : operators) {
            if (kind.isInstance(operator)) {
                found.add(kind.cast(operator));
            }
            find(operator.operators(), kind, found);
        }
    }

    /** {@return whether a threshold stands behind a reorder buffer of its own} */
    static boolean isBuffered(RunConfig config, PatternSection section) {
        return config.eventTime().mayLackOrder()
                || section.isLateSideOutput()
                || !section.source().isOfPipeline();
    }

    /** {@return whether a pattern does; else the pipeline puts it behind one where events may lack order} */
    static boolean isBuffered(SequenceSection section) {
        return section.isLateSideOutput() || !section.sources().stream().allMatch(Source::isOfPipeline);
    }

    /** {@return the buffer that the pipeline puts before what needs order} */
    static ReorderSpec reorder(RunConfig config) {
        return reorder(config, List.of(), false);
    }

    /** Where events come in order none waits, and the buffer only sees which are late. */
    static ReorderSpec reorder(RunConfig config, PatternSection section) {
        return reorder(config, List.of(section.source()), section.isLateSideOutput());
    }

    static ReorderSpec reorder(RunConfig config, SequenceSection section) {
        return reorder(config, section.sources(), section.isLateSideOutput());
    }

    private static ReorderSpec reorder(RunConfig config, List<Source> sources, boolean isLateSideOutput) {
        boolean mayWait = config.eventTime().mayLackOrder() || sources.size() > 1;
        boolean isOfPipeline = sources.stream().allMatch(Source::isOfPipeline);
        int payloadLength = config.pipeline().maxPayloadLength();
        return new ReorderSpec(
                mayWait ? config.eventTime().reorderCapacity() : 1,
                isOfPipeline ? payloadLength : Math.max(payloadLength, config.maxOutputPayloadLength()),
                isLateSideOutput ? LatePolicy.SIDE_OUTPUT : LatePolicy.DROP);
    }

    /** {@return what each operator left out since its state began, if anything; read when the pipeline rests} */
    Map<String, Map<String, Long>> losses() {
        Map<String, Map<String, Long>> found = new LinkedHashMap<>();
        for (Operator operator : all) {
            Map<String, Long> losses = new TreeMap<>();
            add(operator, losses);
            if (!losses.isEmpty()) {
                found.put(operator.name(), losses);
            }
        }
        for (PatternSet set : every(PatternSet.class)) {
            for (int i = 0; i < set.patterns().size(); i++) {
                Map<String, Long> losses = set.counts(i).losses();
                if (!losses.isEmpty()) {
                    found.put(set.patterns().get(i).name(), losses);
                }
            }
        }
        return found;
    }

    private static void add(Operator operator, Map<String, Long> losses) {
        operator.losses().forEach((reason, count) -> losses.merge(reason, count, Long::sum));
        operator.operators().forEach(inner -> add(inner, losses));
    }

    static WindowSpec window(WindowSection section) {
        WindowSpec.Builder spec = WindowSpec.named(section.name())
                .over(section.type())
                .value(section.value())
                .size(section.sizeNs(), TimeUnit.NANOSECONDS)
                .slide(section.slideNs(), TimeUnit.NANOSECONDS)
                .maxKeys(section.maxKeys());
        if (section.maxPanes() > 0) {
            spec.maxPanes(section.maxPanes());
        }
        if (!section.hasExtremes()) {
            spec.withoutExtremes();
        }
        Expression where = section.where();
        return (where == null ? spec : spec.where(where.condition())).build();
    }

    static EventPattern pattern(PatternSection section) {
        EventPattern.Builder pattern = EventPattern.named(section.name())
                .where(EventPattern.count(section.type()).ge(section.countMin()))
                .within(section.withinNs(), TimeUnit.NANOSECONDS)
                .mode(MatchMode.valueOf(section.mode().name()))
                .maxKeys(section.maxKeys())
                .maxEvents(section.maxEvents())
                .maxEventsPerKey(section.maxEventsPerKey());
        if (section.distinct() != null) {
            pattern.where(EventPattern.distinct(section.distinct()).ge(section.distinctMin()));
        }
        Expression where = section.where();
        return (where == null ? pattern : pattern.filter(where.condition())).build();
    }
}
