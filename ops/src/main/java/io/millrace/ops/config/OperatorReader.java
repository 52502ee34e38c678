package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.expression.Expression;
import io.millrace.ops.config.RunConfig.MatchMode;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import io.millrace.window.WindowSpec;
import org.jspecify.annotations.Nullable;

/** Reads items of {@code windows}, and of {@code patterns} the thresholds. */
final class OperatorReader {
    private final ItemReader items;

    OperatorReader(ItemReader items) {
        this.items = items;
    }

    /** {@return the window, null if its events or its value are wrong: then there is a problem} */
    @Nullable
    WindowSection window(ConfigSection section, String name) {
        Source source = items.source(section, ConfigKey.WINDOW_OF, ConfigKey.WINDOW_FROM, items.input());
        EventType type = source == null ? References.NO_TYPE : source.type();
        Field value = integer(section, ConfigKey.WINDOW_VALUE, type, section.text(ConfigKey.WINDOW_VALUE));
        Expression where = section.condition(ConfigKey.WINDOW_WHERE, type);
        long sizeNs = section.number(ConfigKey.WINDOW_SIZE);
        long slideNs = section.has(ConfigKey.WINDOW_SLIDE) ? section.number(ConfigKey.WINDOW_SLIDE) : sizeNs;
        section.resolve(ConfigKey.WINDOW_SLIDE, Units.duration(slideNs));
        checkPanes(section, sizeNs, slideNs);
        int maxKeys = (int) section.number(ConfigKey.WINDOW_MAX_KEYS);
        int maxPanes = (int) section.number(ConfigKey.WINDOW_MAX_PANES);
        boolean hasExtremes = section.flag(ConfigKey.WINDOW_EXTREMES);
        return value == null || source == null
                ? null
                : new WindowSection(name, source, value, where, sizeNs, slideNs, maxKeys, maxPanes, hasExtremes);
    }

    private static void checkPanes(ConfigSection section, long sizeNs, long slideNs) {
        if (sizeNs == 0 || slideNs == 0) {
            return;
        }
        if (slideNs > sizeNs) {
            section.wrong(
                    ConfigKey.WINDOW_SLIDE,
                    Units.duration(slideNs) + " is longer than the size. Allowed: up to " + Units.duration(sizeNs)
                            + '.');
            return;
        }
        long paneNs = gcd(sizeNs, slideNs);
        if (sizeNs / paneNs > WindowSpec.MAX_PANES_PER_WINDOW) {
            section.wrong(
                    ConfigKey.WINDOW_SLIDE,
                    Units.duration(slideNs) + " cuts the size into " + sizeNs / paneNs + " panes of "
                            + Units.duration(paneNs) + ". Allowed: up to " + WindowSpec.MAX_PANES_PER_WINDOW
                            + "; a slide that divides the size gives the fewest.");
        }
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** {@return the threshold, null if its events are wrong: then there is a problem} */
    @Nullable
    PatternSection pattern(ConfigSection section, String name) {
        PatternReader.checkForm(section, false);
        requireThreshold(section);
        ConfigSection count = section.section(ConfigKey.COUNT);
        Source from = items.source(section, ConfigKey.PATTERN_FROM, items.input());
        Source source = from == null ? null : items.source(count, ConfigKey.COUNT_OF, from);
        EventType type = source == null ? References.NO_TYPE : source.type();
        int countMin = section.has(ConfigKey.COUNT) ? threshold(count, ConfigKey.COUNT_GT, ConfigKey.COUNT_GE) : 1;
        Field distinct = null;
        int distinctMin = 0;
        if (section.has(ConfigKey.DISTINCT)) {
            ConfigSection distinctSection = section.section(ConfigKey.DISTINCT);
            distinct = References.field(
                    distinctSection,
                    ConfigKey.DISTINCT_OF,
                    type,
                    distinctSection.text(ConfigKey.DISTINCT_OF),
                    field -> !field.type().isFloating(),
                    "an integer or text");
            distinctMin = threshold(distinctSection, ConfigKey.DISTINCT_GT, ConfigKey.DISTINCT_GE);
        }
        checkReachable(section, Math.max(countMin, distinctMin));
        Expression where = section.condition(ConfigKey.PATTERN_WHERE, type);
        return source == null
                ? null
                : new PatternSection(
                        name,
                        source,
                        where,
                        countMin,
                        distinct,
                        distinctMin,
                        section.number(ConfigKey.WITHIN),
                        MatchMode.valueOf(ConfigReader.constant(section, ConfigKey.MODE)),
                        section.text(ConfigKey.PATTERN_LATE).equals("side-output"),
                        (int) section.number(ConfigKey.PATTERN_MAX_KEYS),
                        (int) section.number(ConfigKey.PATTERN_MAX_EVENTS),
                        (int) section.number(ConfigKey.PATTERN_MAX_EVENTS_PER_KEY));
    }

    private static void requireThreshold(ConfigSection section) {
        if (!section.has(ConfigKey.COUNT)) {
            section.wrong(ConfigKey.COUNT, "is missing. Allowed: a section, or stages.");
        }
        if (!section.has(ConfigKey.WITHIN)) {
            section.wrong(
                    ConfigKey.WITHIN,
                    "is missing. Allowed: " + ConfigKey.WITHIN.type().allowed() + '.');
        }
    }

    /** {@return the least number that passes, of either key} */
    private static int threshold(ConfigSection section, ConfigKey above, ConfigKey least) {
        if (section.has(above) == section.has(least)) {
            section.wrong(
                    above,
                    section.has(above)
                            ? "stands beside ge. Allowed: one of the two."
                            : "is missing. Allowed: gt: or ge: and an integer.");
            return 1;
        }
        return (int) (section.has(above) ? section.number(above) + 1 : section.number(least));
    }

    private static void checkReachable(ConfigSection pattern, int eventCount) {
        long kept = pattern.number(ConfigKey.PATTERN_MAX_EVENTS_PER_KEY);
        long limit = pattern.number(ConfigKey.PATTERN_MAX_EVENTS);
        if (kept > 0 && limit > 0 && (eventCount > kept || kept > limit)) {
            pattern.wrong(
                    ConfigKey.PATTERN_MAX_EVENTS_PER_KEY,
                    kept + " does not fit. Allowed: " + eventCount + ", which a match takes, to maxEvents=" + limit
                            + '.');
        }
    }

    private static @Nullable Field integer(ConfigSection section, ConfigKey key, EventType type, String name) {
        return References.field(section, key, type, name, field -> field.type().isIntegral(), "an integer");
    }
}
