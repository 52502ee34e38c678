package io.millrace.ops;

import io.millrace.ops.config.Items;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.EventTimeSection;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import io.millrace.ops.config.Source;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.Semantics;
import io.millrace.ring.OperatorConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What decides the outputs of each operator, in words: the journal keeps it, and a start compares. Sizes that only
 * bound memory are left out.
 */
final class OperatorSettings {
    private OperatorSettings() {}

    /** {@return the settings of the operator of that name} */
    static String of(RunConfig config, String name) {
        return words(config.items(), name) + of(config.eventTime());
    }

    /** {@return what decides the rows of an item; of what it reads a hash of the same} */
    private static String words(Items items, String name) {
        StringBuilder words = new StringBuilder();
        List<Source> sources = new ArrayList<>();
        items.windows().stream().filter(each -> each.name().equals(name)).forEach(window -> {
            words.append(of(window));
            sources.add(window.source());
        });
        items.streams().stream().filter(each -> each.name().equals(name)).forEach(stream -> {
            words.append(stream.settings());
            sources.addAll(stream.sources());
        });
        items.patterns().stream().filter(each -> each.name().equals(name)).forEach(pattern -> {
            words.append(of(pattern));
            sources.add(pattern.source());
        });
        items.sequences().stream().filter(each -> each.name().equals(name)).forEach(sequence -> {
            words.append(of(sequence));
            sources.addAll(sequence.sources());
        });
        items.ofSet(name)
                .forEach(sequence -> words.append(words.isEmpty() ? "set of " : "; ")
                        .append(sequence.name())
                        .append(": ")
                        .append(of(sequence)));
        for (Source source : sources) {
            if (!source.isOfPipeline()) {
                words.append(", ").append(source.item()).append('=').append(hash(words(items, source.item())));
            }
        }
        return words.toString();
    }

    private static String hash(String words) {
        return String.format(Locale.ROOT, "#%016x", OperatorConfig.hash(words));
    }

    private static String nameOf(Source source) {
        return source.isOfPipeline() ? source.type().name() : source.item();
    }

    private static String of(WindowSection window) {
        return "window of=" + nameOf(window.source()) + ", value="
                + window.value().name()
                + (window.where() == null ? "" : ", where=" + window.where()) + ", size=" + duration(window.sizeNs())
                + ", slide=" + duration(window.slideNs()) + ", extremes=" + window.hasExtremes();
    }

    private static String of(PatternSection pattern) {
        return "pattern of=" + nameOf(pattern.source()) + (pattern.where() == null ? "" : ", where=" + pattern.where())
                + ", count>=" + pattern.countMin()
                + (pattern.distinct() == null
                        ? ""
                        : ", distinct " + pattern.distinct().name() + ">=" + pattern.distinctMin())
                + ", within=" + duration(pattern.withinNs()) + ", mode="
                + pattern.mode().name().toLowerCase(Locale.ROOT).replace('_', '-')
                + (pattern.isLateSideOutput() ? ", late=side-output" : "");
    }

    private static String of(SequenceSection section) {
        Pattern pattern = section.pattern();
        List<String> sources =
                section.sources().stream().map(OperatorSettings::nameOf).toList();
        return "pattern of=" + String.join("+", sources) + ", stages=" + pattern
                + (pattern.hasTimeouts() ? ", timeouts=true" : "")
                + (pattern.semantics() == Semantics.MILLRACE ? "" : ", semantics=" + pattern.semantics())
                + (section.isLateSideOutput() ? ", late=side-output" : "");
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
