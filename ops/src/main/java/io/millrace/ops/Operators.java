package io.millrace.ops;

import io.millrace.event.Condition;
import io.millrace.event.Conditions;
import io.millrace.event.EventType;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import io.millrace.ops.config.WhereClause;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.MatchMode;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowSpec;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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

    /** {@return the condition of a clause on an event type, null if there is no clause} */
    static @Nullable Condition condition(@Nullable WhereClause where, EventType type) {
        if (where == null) {
            return null;
        }
        Conditions conditions = type.field(where.field()).conditions();
        return switch (where.operator()) {
            case "==" -> conditions.eq(where.value());
            case "!=" -> conditions.ne(where.value());
            case "<" -> conditions.lt(where.value());
            case "<=" -> conditions.le(where.value());
            case ">" -> conditions.gt(where.value());
            case ">=" -> conditions.ge(where.value());
            default -> throw new IllegalArgumentException("unknown operator: " + where.operator());
        };
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
        Condition condition = condition(section.where(), section.type());
        return (condition == null ? spec : spec.where(condition)).build();
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
        Condition condition = condition(section.where(), section.type());
        return (condition == null ? pattern : pattern.filter(condition)).build();
    }
}
