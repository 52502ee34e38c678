package io.millrace.ops;

import io.millrace.expression.Expression;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.MatchMode;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.state.Operator;
import io.millrace.stream.StreamOperator;
import io.millrace.window.LatePolicy;
import io.millrace.window.ReorderBuffer;
import io.millrace.window.ReorderSpec;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The operators of a configuration, in the order of the file: windows, then streams, then patterns.
 *
 * @param windows one for each section
 * @param streams one for each section that puts something out
 * @param patterns one for each section
 * @param buffers one before each threshold; none if events come in order, and late ones are dropped
 * @param thresholds one for each threshold, as the pipeline runs it
 * @param sequences one for each pattern with stages, as the pipeline runs it
 */
record Operators(
        List<WindowOperator> windows,
        List<StreamOperator> streams,
        List<ThresholdOperator> patterns,
        List<ReorderBuffer> buffers,
        List<Operator> thresholds,
        List<Operator> sequences) {
    static Operators of(RunConfig config) {
        List<ThresholdOperator> patterns = config.patterns().stream()
                .map(section -> new ThresholdOperator(pattern(section)))
                .toList();
        List<ReorderBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < patterns.size() && isBuffered(config); i++) {
            buffers.add(new ReorderBuffer(
                    patterns.get(i), reorder(config, config.patterns().get(i))));
        }
        return new Operators(
                config.windows().stream()
                        .map(section -> new WindowOperator(window(section)))
                        .toList(),
                config.operatorStreams().stream()
                        .map(section -> section.builder().build())
                        .toList(),
                patterns,
                buffers,
                List.copyOf(buffers.isEmpty() ? patterns : buffers),
                config.sequences().stream()
                        .map(section -> sequence(config, section, new PatternOperator(section.pattern())))
                        .toList());
    }

    /** {@return the same with one of the patterns with stages in place of that of the file} */
    Operators withSequence(RunConfig config, int index, Operator watched) {
        List<Operator> others = new ArrayList<>(sequences);
        others.set(index, sequence(config, config.sequences().get(index), watched));
        return new Operators(windows, streams, patterns, buffers, thresholds, List.copyOf(others));
    }

    /** {@return the same with one of the thresholds in place of that of the file} */
    Operators withThreshold(RunConfig config, int index, Operator watched) {
        List<Operator> others = new ArrayList<>(thresholds);
        others.set(
                index,
                buffers.isEmpty()
                        ? watched
                        : new ReorderBuffer(
                                watched, reorder(config, config.patterns().get(index))));
        return new Operators(windows, streams, patterns, buffers, List.copyOf(others), sequences);
    }

    /** Where late events are only dropped, the pipeline puts what needs order behind a buffer by itself. */
    static Operator sequence(RunConfig config, SequenceSection section, Operator operator) {
        return section.isLateSideOutput() ? new ReorderBuffer(operator, reorder(config, true)) : operator;
    }

    /** {@return whether patterns stand behind reorder buffers} */
    static boolean isBuffered(RunConfig config) {
        return config.eventTime().mayLackOrder()
                || config.patterns().stream().anyMatch(PatternSection::isLateSideOutput);
    }

    /** Where events come in order none waits, and the buffer only sees which are late. */
    static ReorderSpec reorder(RunConfig config, PatternSection section) {
        return reorder(config, section.isLateSideOutput());
    }

    static ReorderSpec reorder(RunConfig config, boolean isLateSideOutput) {
        return new ReorderSpec(
                config.eventTime().mayLackOrder() ? config.eventTime().reorderCapacity() : 1,
                config.pipeline().maxPayloadLength(),
                isLateSideOutput ? LatePolicy.SIDE_OUTPUT : LatePolicy.DROP);
    }

    /** {@return what bounds cost each pattern with stages that they cost something; read when the pipeline rests} */
    Map<String, Map<String, Long>> losses() {
        Map<String, Map<String, Long>> all = new LinkedHashMap<>();
        for (Operator sequence : sequences) {
            Operator inner = sequence instanceof ReorderBuffer buffer ? buffer.inner() : sequence;
            if (inner instanceof PatternOperator pattern) {
                Map<String, Long> losses = pattern.counts().losses();
                if (!losses.isEmpty()) {
                    all.put(pattern.name(), losses);
                }
            }
        }
        return all;
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
