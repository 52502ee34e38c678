package io.millrace.ops;

import io.millrace.expression.Expression;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.MatchMode;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowSpec;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The operators of a configuration, in the order of the file, windows first.
 *
 * @param windows one for each section
 * @param patterns one for each section
 */
record Operators(List<WindowOperator> windows, List<ThresholdOperator> patterns) {
    static Operators of(RunConfig config) {
        return new Operators(
                config.windows().stream()
                        .map(section -> new WindowOperator(window(section)))
                        .toList(),
                config.patterns().stream()
                        .map(section -> new ThresholdOperator(pattern(section)))
                        .toList());
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
