package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.Field;
import io.millrace.expression.Expression;
import io.millrace.ops.config.RunConfig.MatchMode;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import io.millrace.window.WindowSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the sections {@code windows} and {@code patterns}; {@link StreamReader} reads {@code streams}. */
final class OperatorReader {
    private final EventTypes types;
    private final EventType inputType;
    private final Set<String> names = new HashSet<>();
    private final List<SequenceSection> sequences = new ArrayList<>();

    OperatorReader(EventTypes types, EventType inputType) {
        this.types = types;
        this.inputType = inputType;
    }

    List<WindowSection> windows(List<ConfigSection> sections) {
        List<WindowSection> windows = new ArrayList<>();
        for (ConfigSection section : sections) {
            WindowSection window = window(section);
            if (window != null) {
                windows.add(window);
            }
        }
        return windows;
    }

    /** {@return the thresholds; {@link #sequences} then has the patterns with stages} */
    List<PatternSection> patterns(List<ConfigSection> sections) {
        List<PatternSection> thresholds = new ArrayList<>();
        PatternReader reader = new PatternReader(types, inputType);
        for (ConfigSection section : sections) {
            if (section.has(ConfigKey.STAGES)) {
                SequenceSection sequence = reader.read(section, name(section, ConfigKey.PATTERN_NAME));
                if (sequence != null) {
                    sequences.add(sequence);
                }
            } else {
                thresholds.add(pattern(section));
            }
        }
        return thresholds;
    }

    /** {@return the patterns with stages} */
    List<SequenceSection> sequences() {
        return sequences;
    }

    /** {@return the window, null if its value is no field: then there is a problem} */
    private @Nullable WindowSection window(ConfigSection section) {
        String name = name(section, ConfigKey.WINDOW_NAME);
        EventType type = References.type(section, ConfigKey.WINDOW_OF, types, inputType);
        Field value = integer(section, ConfigKey.WINDOW_VALUE, type, section.text(ConfigKey.WINDOW_VALUE));
        Expression where = section.condition(ConfigKey.WINDOW_WHERE, type);
        long sizeNs = section.number(ConfigKey.WINDOW_SIZE);
        long slideNs = section.has(ConfigKey.WINDOW_SLIDE) ? section.number(ConfigKey.WINDOW_SLIDE) : sizeNs;
        section.resolve(ConfigKey.WINDOW_OF, type.name());
        section.resolve(ConfigKey.WINDOW_SLIDE, Units.duration(slideNs));
        checkPanes(section, sizeNs, slideNs);
        int maxKeys = (int) section.number(ConfigKey.WINDOW_MAX_KEYS);
        int maxPanes = (int) section.number(ConfigKey.WINDOW_MAX_PANES);
        boolean hasExtremes = section.flag(ConfigKey.WINDOW_EXTREMES);
        return value == null
                ? null
                : new WindowSection(name, type, value, where, sizeNs, slideNs, maxKeys, maxPanes, hasExtremes);
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

    private PatternSection pattern(ConfigSection section) {
        String name = name(section, ConfigKey.PATTERN_NAME);
        PatternReader.checkForm(section, false);
        requireThreshold(section);
        ConfigSection count = section.section(ConfigKey.COUNT);
        EventType type = References.type(count, ConfigKey.COUNT_OF, types, inputType);
        count.resolve(ConfigKey.COUNT_OF, type.name());
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
        return new PatternSection(
                name,
                type,
                section.condition(ConfigKey.PATTERN_WHERE, type),
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

    /** {@return the name of an operator, which no other one may have} */
    String name(ConfigSection section, ConfigKey key) {
        String name = section.text(key);
        if (!name.isEmpty() && !names.add(name)) {
            section.wrong(key, name + " is the name of another operator. Allowed: names used once.");
        }
        return name;
    }

    private static @Nullable Field integer(ConfigSection section, ConfigKey key, EventType type, String name) {
        return References.field(section, key, type, name, field -> field.type().isIntegral(), "an integer");
    }
}
