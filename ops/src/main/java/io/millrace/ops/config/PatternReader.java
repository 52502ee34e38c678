package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.expression.ExpressionException;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.pattern.AfterMatch;
import io.millrace.pattern.Contiguity;
import io.millrace.pattern.Overflow;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.PatternBuilder;
import io.millrace.pattern.PatternLimits;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.Preference;
import io.millrace.pattern.Quantifier;
import io.millrace.pattern.Semantics;
import io.millrace.pattern.StageCondition;
import io.millrace.pattern.StageGroup;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the items of {@code patterns} that have {@code stages}, by the words of the fluent API. What the pattern itself
 * refuses is told at the stage or condition that it is about.
 */
final class PatternReader {
    /** Keys of a threshold. */
    private static final Set<ConfigKey> OF_THRESHOLDS = EnumSet.of(
            ConfigKey.COUNT,
            ConfigKey.DISTINCT,
            ConfigKey.MODE,
            ConfigKey.PATTERN_WHERE,
            ConfigKey.PATTERN_MAX_EVENTS,
            ConfigKey.PATTERN_MAX_EVENTS_PER_KEY);

    /** Keys of stages. */
    private static final Set<ConfigKey> OF_STAGES = EnumSet.of(
            ConfigKey.PATTERN_OF,
            ConfigKey.PATTERN_SET,
            ConfigKey.SKIP,
            ConfigKey.SKIP_TO,
            ConfigKey.ONCE,
            ConfigKey.TIMEOUTS,
            ConfigKey.SEMANTICS,
            ConfigKey.MAX_RUNS_PER_KEY,
            ConfigKey.MAX_RUNS,
            ConfigKey.MAX_HELD,
            ConfigKey.MAX_EVENTS_PER_MATCH,
            ConfigKey.OVERFLOW);

    private static final String STAGE_KEYS = ConfigKey.STAGES.path() + "[]";

    private final ItemReader items;
    /** What stages are about, in the order in which they name it. */
    private final Set<Source> sources = new LinkedHashSet<>();
    /** Where conditions of the pattern at hand stand. */
    private final List<Written> conditions = new ArrayList<>();

    private final List<ConfigSection> stages = new ArrayList<>();
    private boolean isWrong;
    /** Whether stages are of several types: then each asks for its own. */
    private boolean isMixed;

    PatternReader(ItemReader items) {
        this.items = items;
    }

    /** A condition and its place. */
    private record Written(ConfigSection section, ConfigKey key, String text) {}

    /** Says what keys do not go with the form of a pattern. */
    static void checkForm(ConfigSection section, boolean hasStages) {
        for (ConfigKey key : hasStages ? OF_THRESHOLDS : OF_STAGES) {
            if (section.has(key)) {
                section.wrong(
                        key,
                        hasStages
                                ? "does not go with stages. Allowed: in a pattern with count."
                                : "goes with stages. Allowed: in a pattern with stages.");
            }
        }
    }

    /** {@return the pattern, null if there is none: then there is a problem} */
    @Nullable
    SequenceSection read(ConfigSection section, String name) {
        checkForm(section, true);
        isMixed = false;
        List<EventType> seen = new ArrayList<>();
        Source source = items.source(section, ConfigKey.PATTERN_OF, ConfigKey.PATTERN_FROM, items.input());
        if (source == null) {
            return null;
        }
        try {
            PatternBuilder builder = begin(section, source, seen);
            if (Set.copyOf(seen).size() > 1) {
                isMixed = true;
                builder = begin(section, source, seen);
            }
            if (builder == null || isWrong || name.isEmpty() || source.type() == References.NO_TYPE) {
                return null;
            }
            checkSources(section);
            checkSet(section);
            Pattern pattern =
                    settings(section, builder.named(name), source.type(), seen).build();
            PatternOperator.bytes(pattern);
            return new SequenceSection(
                    name,
                    pattern,
                    List.copyOf(sources),
                    section.text(ConfigKey.PATTERN_LATE).equals("side-output"),
                    section.text(ConfigKey.PATTERN_SET));
        } catch (ExpressionException e) {
            tell(section, e);
        } catch (IllegalArgumentException e) {
            tell(section, String.valueOf(e.getMessage()));
        }
        return null;
    }

    private void checkSet(ConfigSection section) {
        String set = section.text(ConfigKey.PATTERN_SET);
        if (set.isEmpty()) {
            return;
        }
        boolean isOfPipeline = sources.stream().allMatch(Source::isOfPipeline);
        if (!isOfPipeline || section.text(ConfigKey.PATTERN_LATE).equals("side-output")) {
            section.wrong(
                    ConfigKey.PATTERN_SET,
                    set + " takes events of the schemas, and drops late ones. Allowed: such a pattern, or no set.");
        }
        if (items.names().contains(set)) {
            section.wrong(ConfigKey.PATTERN_SET, set + " is the name of another operator. Allowed: names used once.");
        }
    }

    /** A pattern tells its events by their types. */
    private void checkSources(ConfigSection section) {
        for (Source source : sources) {
            for (Source other : sources) {
                if (!source.equals(other) && source.type().id() == other.type().id()) {
                    section.wrong(
                            ConfigKey.STAGES,
                            "of " + source.item() + " and " + other.item() + " are both about "
                                    + source.type().name()
                                    + ". Allowed: streams of them, each with a map, which have types of their own.");
                    return;
                }
            }
        }
    }

    private @Nullable PatternBuilder begin(ConfigSection section, Source type, List<EventType> seen) {
        conditions.clear();
        sources.clear();
        stages.clear();
        seen.clear();
        isWrong = false;
        return chain(section.sections(ConfigKey.STAGES), type, seen);
    }

    private PatternBuilder settings(
            ConfigSection section, PatternBuilder builder, EventType type, List<EventType> seen) {
        builder.over(type(type, seen)).afterMatch(afterMatch(section)).semantics(semantics(section));
        if (section.has(ConfigKey.WITHIN)) {
            builder.within(Math.max(1, section.number(ConfigKey.WITHIN)), TimeUnit.NANOSECONDS);
        }
        if (section.flag(ConfigKey.ONCE)) {
            builder.once();
        }
        if (section.flag(ConfigKey.TIMEOUTS)) {
            builder.timeouts();
        }
        if (section.has(ConfigKey.MAX_RUNS_PER_KEY)) {
            builder.maxRunsPerKey((int) section.number(ConfigKey.MAX_RUNS_PER_KEY));
        }
        return builder.limits(limits(section, builder.limits()));
    }

    /** One type alone is what conditions are about where their stage says none; else each stage says its own. */
    private static EventType[] type(EventType ofPattern, List<EventType> ofStages) {
        Set<EventType> all = new LinkedHashSet<>(ofStages);
        if (all.isEmpty()) {
            all.add(ofPattern);
        }
        return all.toArray(new EventType[0]);
    }

    private static PatternLimits limits(ConfigSection section, PatternLimits before) {
        return before.maxKeys(number(section, ConfigKey.PATTERN_MAX_KEYS, before.maxKeys()))
                .maxRuns(number(section, ConfigKey.MAX_RUNS, before.maxRuns()))
                .maxNodes(number(section, ConfigKey.MAX_HELD, before.maxNodes()))
                .maxEventsPerMatch(number(section, ConfigKey.MAX_EVENTS_PER_MATCH, before.maxEventsPerMatch()))
                .overflow(Overflow.valueOf(ConfigReader.constant(section, ConfigKey.OVERFLOW)));
    }

    private static int number(ConfigSection section, ConfigKey key, int fallback) {
        return section.has(key) ? (int) section.number(key) : fallback;
    }

    private static AfterMatch afterMatch(ConfigSection section) {
        String stage = section.text(ConfigKey.SKIP_TO);
        String skip = section.text(ConfigKey.SKIP);
        boolean isTo = skip.equals("to-first") || skip.equals("to-last");
        if (isTo == stage.isEmpty()) {
            section.wrong(
                    ConfigKey.SKIP_TO,
                    isTo
                            ? "is missing. Allowed: the name of a stage, for to-first and to-last."
                            : "goes with skip. Allowed: with to-first and to-last.");
            return AfterMatch.noSkip();
        }
        return switch (skip) {
            case "to-next" -> AfterMatch.skipToNext();
            case "past-last" -> AfterMatch.skipPastLastEvent();
            case "to-first" -> AfterMatch.skipToFirst(stage);
            case "to-last" -> AfterMatch.skipToLast(stage);
            default -> AfterMatch.noSkip();
        };
    }

    private static Semantics semantics(ConfigSection section) {
        return Semantics.valueOf(ConfigReader.constant(section, ConfigKey.SEMANTICS));
    }

    /** {@return the stages of a list, null if there is none that can begin} */
    private @Nullable PatternBuilder chain(List<ConfigSection> sections, Source type, List<EventType> seen) {
        PatternBuilder builder = null;
        for (ConfigSection section : sections) {
            stages.add(section);
            builder = stage(section, builder, type, seen);
        }
        isWrong |= builder == null;
        return builder;
    }

    private PatternBuilder stage(
            ConfigSection section, @Nullable PatternBuilder before, Source ofPattern, List<EventType> seen) {
        StageGroup group = group(section, ofPattern, seen);
        String name = group == null ? section.text(ConfigKey.STAGE) : "";
        if ((group == null && name.isEmpty()) || (group != null && section.has(ConfigKey.STAGE))) {
            isWrong = true;
            section.wrong(
                    ConfigKey.STAGE,
                    group == null
                            ? "is missing. Allowed: a name, or group, anyOf or allOf."
                            : "stands beside a list of stages. Allowed: one of the two.");
        }
        PatternBuilder builder =
                group == null ? single(section, before, name.isEmpty() ? "?" : name) : grouped(section, before, group);
        Source source = items.source(section, ConfigKey.STAGE_OF, ofPattern);
        EventType type = source == null ? References.NO_TYPE : source.type();
        if (group == null) {
            if (source != null) {
                sources.add(source);
            }
            seen.add(type);
            if (isMixed || section.has(ConfigKey.STAGE_OF)) {
                builder.subtype(type);
            }
        }
        isWrong |= type == References.NO_TYPE;
        conditions(section, builder, type);
        quantifier(section, builder);
        return builder;
    }

    private @Nullable StageGroup group(ConfigSection section, Source ofPattern, List<EventType> seen) {
        if (section.has(ConfigKey.GROUP)) {
            PatternBuilder inner = chain(section.sections(ConfigKey.GROUP, STAGE_KEYS), ofPattern, seen);
            return inner == null ? null : Pattern.group(inner);
        }
        if (section.has(ConfigKey.ANY_OF)) {
            return Pattern.anyOf(alternatives(section.sections(ConfigKey.ANY_OF, STAGE_KEYS), ofPattern, seen));
        }
        if (section.has(ConfigKey.ALL_OF)) {
            return Pattern.allOf(alternatives(section.sections(ConfigKey.ALL_OF, STAGE_KEYS), ofPattern, seen));
        }
        return null;
    }

    private PatternBuilder[] alternatives(List<ConfigSection> sections, Source ofPattern, List<EventType> seen) {
        List<PatternBuilder> alternatives = new ArrayList<>();
        for (ConfigSection section : sections) {
            stages.add(section);
            alternatives.add(stage(section, null, ofPattern, seen));
        }
        return alternatives.toArray(new PatternBuilder[0]);
    }

    private PatternBuilder single(ConfigSection section, @Nullable PatternBuilder before, String name) {
        String operator = section.text(ConfigKey.STAGE_OP);
        if (before == null) {
            requireBegin(section, operator);
            return Pattern.begin(name);
        }
        return switch (operator) {
            case "next" -> before.next(name);
            case "followed-by-any" -> before.followedByAny(name);
            case "not-next" -> before.notNext(name);
            case "not-followed-by" -> before.notFollowedBy(name);
            case "absent-for" -> before.absentFor(name, absence(section), TimeUnit.NANOSECONDS);
            default -> before.followedBy(name);
        };
    }

    private PatternBuilder grouped(ConfigSection section, @Nullable PatternBuilder before, StageGroup group) {
        String operator = section.text(ConfigKey.STAGE_OP);
        if (before == null) {
            requireBegin(section, operator);
            return Pattern.begin(group);
        }
        return switch (operator) {
            case "next" -> before.next(group);
            case "followed-by-any" -> before.followedByAny(group);
            case "", "followed-by" -> before.followedBy(group);
            default -> {
                isWrong = true;
                section.wrong(
                        ConfigKey.STAGE_OP,
                        operator + " does not go with a list of stages. Allowed: next, followed-by, followed-by-any.");
                yield before.followedBy(group);
            }
        };
    }

    private void requireBegin(ConfigSection section, String operator) {
        if (!operator.isEmpty()) {
            isWrong = true;
            section.wrong(ConfigKey.STAGE_OP, operator + " needs a stage before it. Allowed: nothing, it begins.");
        }
    }

    private long absence(ConfigSection section) {
        if (!section.has(ConfigKey.ABSENT_FOR)) {
            isWrong = true;
            section.wrong(ConfigKey.ABSENT_FOR, "is missing. Allowed: a duration, for absent-for.");
        }
        return section.number(ConfigKey.ABSENT_FOR);
    }

    private void conditions(ConfigSection section, PatternBuilder builder, EventType type) {
        StageCondition where = condition(section, ConfigKey.STAGE_WHERE, type);
        StageCondition or = condition(section, ConfigKey.STAGE_OR, type);
        StageCondition until = condition(section, ConfigKey.UNTIL, type);
        if (where != null) {
            builder.where(where);
        }
        if (or != null) {
            builder.or(or);
        }
        if (until != null) {
            builder.until(until);
        }
    }

    private @Nullable StageCondition condition(ConfigSection section, ConfigKey key, EventType type) {
        String text = section.text(key);
        if (text.isEmpty()) {
            return null;
        }
        conditions.add(new Written(section, key, text));
        return new StageCondition.Text(text, type);
    }

    private void quantifier(ConfigSection section, PatternBuilder builder) {
        String times = section.text(ConfigKey.TIMES);
        long gapNs = section.number(ConfigKey.GAP);
        if (!times.isEmpty()) {
            int[] bounds = times(times);
            builder.times(bounds[0], bounds[1], gapNs, TimeUnit.NANOSECONDS);
        } else if (section.has(ConfigKey.GAP)) {
            section.wrong(ConfigKey.GAP, "goes with times. Allowed: in a stage that comes more than once.");
        }
        switch (section.text(ConfigKey.GREEDY)) {
            case "true" -> builder.greedy();
            case "stop-at-max" -> builder.greedy(Preference.GREEDY_STOP_AT_MAX);
            default -> {
                // Every length leads to a match.
            }
        }
        if (section.has(ConfigKey.INNER)) {
            builder.inner(Contiguity.valueOf(section.text(ConfigKey.INNER).toUpperCase(Locale.ROOT)));
        }
        if (section.flag(ConfigKey.OPTIONAL)) {
            builder.optional();
        }
        if (section.has(ConfigKey.WITHIN_PREVIOUS)) {
            builder.withinPrevious(section.number(ConfigKey.WITHIN_PREVIOUS), TimeUnit.NANOSECONDS);
        }
    }

    /** {@return least and most, of {@code 3}, {@code 2..4} or {@code 2+}} */
    private static int[] times(String text) {
        if (text.endsWith("+")) {
            return new int[] {Integer.parseInt(text.substring(0, text.length() - 1)), Quantifier.UNBOUNDED};
        }
        int dots = text.indexOf("..");
        int min = Integer.parseInt(dots < 0 ? text : text.substring(0, dots));
        return new int[] {min, dots < 0 ? min : Integer.parseInt(text.substring(dots + 2))};
    }

    /** At the condition that it is about. */
    private void tell(ConfigSection pattern, ExpressionException e) {
        String message = String.valueOf(e.getMessage());
        for (Written written : conditions) {
            if (message.contains('"' + written.text() + '"')) {
                written.section().wrongWithin(written.key(), e.offset(), e.problem());
                return;
            }
        }
        pattern.wrong(ConfigKey.STAGES, message + '.');
    }

    /** At the stage that it names, if it names one. */
    private void tell(ConfigSection pattern, String message) {
        for (ConfigSection stage : stages) {
            String name = stage.text(ConfigKey.STAGE);
            boolean isNamed = message.contains("stage=" + name + ',') || message.contains("stage " + name + ':');
            if (!name.isEmpty() && isNamed) {
                stage.wrong(ConfigKey.STAGE, "cannot be: " + message + '.');
                return;
            }
        }
        pattern.wrong(ConfigKey.STAGES, "cannot be: " + message + '.');
    }
}
