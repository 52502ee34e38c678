package io.millrace.ops;

import io.millrace.event.EventType;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.EventTimeSection;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import io.millrace.ops.config.StreamSection;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.Semantics;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What decides the outputs of each operator, in words: the journal keeps it, and a start compares. Sizes that only
 * bound memory are left out.
 */
final class OperatorSettings {
    private OperatorSettings() {}

    static String of(RunConfig config, WindowSection window) {
        return "window of=" + window.type().name() + ", value=" + window.value().name()
                + (window.where() == null ? "" : ", where=" + window.where()) + ", size=" + duration(window.sizeNs())
                + ", slide=" + duration(window.slideNs()) + ", extremes=" + window.hasExtremes()
                + of(config.eventTime());
    }

    static String of(RunConfig config, PatternSection pattern) {
        return "pattern of=" + pattern.type().name() + (pattern.where() == null ? "" : ", where=" + pattern.where())
                + ", count>=" + pattern.countMin()
                + (pattern.distinct() == null
                        ? ""
                        : ", distinct " + pattern.distinct().name() + ">=" + pattern.distinctMin())
                + ", within=" + duration(pattern.withinNs()) + ", mode="
                + pattern.mode().name().toLowerCase(Locale.ROOT).replace('_', '-')
                + (pattern.isLateSideOutput() ? ", late=side-output" : "") + of(config.eventTime());
    }

    static String of(RunConfig config, SequenceSection section) {
        Pattern pattern = section.pattern();
        List<String> types = pattern.types().stream().map(EventType::name).toList();
        return "pattern of=" + String.join("+", types) + ", stages=" + pattern
                + (pattern.hasTimeouts() ? ", timeouts=true" : "")
                + (pattern.semantics() == Semantics.MILLRACE ? "" : ", semantics=" + pattern.semantics())
                + (section.isLateSideOutput() ? ", late=side-output" : "") + of(config.eventTime());
    }

    static String of(RunConfig config, StreamSection stream) {
        return stream.settings() + of(config.eventTime());
    }

    private static String of(EventTimeSection time) {
        return ", outOfOrderness=" + duration(time.outOfOrdernessNs())
                + (time.idleAdvance() ? ", idleAdvance=true" : "")
                + (time.maxSources() > 1 ? ", maxSources=" + time.maxSources() : "");
    }

    private static String duration(long durationNs) {
        return Duration.ofNanos(durationNs).toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}
