package io.millrace.ops.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the value of a key may be.
 *
 * @param allowed what users are told they may write
 * @param parse gives the value, or null where the text is none
 * @param wrong says what is wrong with a text that {@code parse} refused, without the text itself
 */
record ConfigType(String allowed, Function<String, @Nullable Object> parse, Function<String, String> wrong) {
    static final ConfigType SECTION = structure("a section");
    static final ConfigType SECTIONS = structure("a list of sections");
    static final ConfigType NAMES = structure("a list of names");
    static final ConfigType NUMBERS = structure("a list of numbers");
    static final ConfigType NAME_MAP = structure("a section of name: name");
    static final ConfigType TEXT = of("any text", "is empty", text -> text.isBlank() ? null : text);
    static final ConfigType FILE = of("a file name", "is empty", text -> text.isBlank() ? null : text);
    static final ConfigType NAME =
            of("a letter, then letters, digits, - or _, at most 63", "is not a name", ConfigType::parseName);
    /** Also the name of a file. */
    static final ConfigType SINK_NAME = of(
            "a-z, 0-9, - or _, at most 64, the first no - or _",
            "is not a name",
            text -> text.matches("[a-z0-9][a-z0-9_-]{0,63}") ? text : null);

    static final ConfigType FLAG = of("true or false", "is neither true nor false", ConfigType::parseFlag);
    static final ConfigType CONDITION = of("a condition", "is not a condition", text -> text);

    /** How often something comes. */
    static final ConfigType TIMES = of(
            "3, 2..4 or 1+, each up to 1000000",
            "says not how often",
            text -> text.matches("[0-9]{1,6}(\\+|\\.\\.[0-9]{1,6})?") ? text : null);

    static ConfigType integer(long min, long max) {
        String allowed = min + " to " + max;
        return new ConfigType(
                "an integer, " + allowed,
                text -> inRange(parseInteger(text), min, max),
                text -> parseInteger(text) == null
                        ? "is not an integer. Allowed: " + allowed + '.'
                        : "is out of range. Allowed: " + allowed + '.');
    }

    static ConfigType powerOfTwo(long min, long max) {
        String allowed = "a power of two, " + min + " to " + max;
        return new ConfigType(
                allowed,
                text -> {
                    Long value = inRange(parseInteger(text), min, max);
                    return value == null || Long.bitCount(value) != 1 ? null : value;
                },
                text -> wrongPowerOfTwo(parseInteger(text), min, max));
    }

    /** Bytes, written as {@code 512B}, {@code 64KiB}, {@code 8MiB}, {@code 1GiB}. */
    static ConfigType size(String min, String max) {
        long minLength = Objects.requireNonNull(Units.parseSize(min));
        long maxLength = Objects.requireNonNull(Units.parseSize(max));
        String allowed = min + " to " + max + " as 512B, 64KiB, 8MiB, 1GiB";
        return new ConfigType(
                "a size, " + allowed,
                text -> inRange(Units.parseSize(text), minLength, maxLength),
                text -> wrongQuantity("size", Units.parseSize(text), allowed));
    }

    /** Nanoseconds, written as {@code 250ms}, {@code 30s}, {@code 30min}, {@code 3h}, {@code 1d}. */
    static ConfigType duration(String min, String max) {
        long minNs = Objects.requireNonNull(Units.parseDurationNs(min));
        long maxNs = Objects.requireNonNull(Units.parseDurationNs(max));
        String allowed = min + " to " + max + " as 250ms, 30s, 30min, 3h, 1d";
        return new ConfigType(
                "a duration, " + allowed,
                text -> inRange(Units.parseDurationNs(text), minNs, maxNs),
                text -> wrongQuantity("duration", Units.parseDurationNs(text), allowed));
    }

    static ConfigType choice(String... names) {
        List<String> choices = List.of(names);
        return new ConfigType(
                String.join(", ", choices),
                text -> choices.contains(text) ? text : null,
                text -> "is not known. " + ConfigHint.of(text, choices));
    }

    /** The names of an enum, written in lower case with hyphens. */
    static ConfigType choice(Class<? extends Enum<?>> type) {
        return choice(Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toArray(String[]::new));
    }

    private static ConfigType structure(String allowed) {
        return of(allowed, "is not " + allowed, text -> null);
    }

    private static ConfigType of(String allowed, String wrong, Function<String, @Nullable Object> parse) {
        return new ConfigType(allowed, parse, text -> wrong + ". Allowed: " + allowed + '.');
    }

    private static @Nullable Object parseName(String text) {
        return text.matches("[A-Za-z][A-Za-z0-9_-]{0,62}") ? text : null;
    }

    private static @Nullable Object parseFlag(String text) {
        return switch (text) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> null;
        };
    }

    private static @Nullable Long parseInteger(String text) {
        String digits = text.replace("_", "");
        return digits.matches("[-+]?\\d{1,18}") ? (Long) Long.parseLong(digits) : null;
    }

    private static @Nullable Long inRange(@Nullable Long value, long min, long max) {
        return value == null || value < min || value > max ? null : value;
    }

    private static String wrongQuantity(String quantity, @Nullable Long value, String allowed) {
        return (value == null ? "is not a " + quantity : "is out of range") + ". Allowed: " + allowed + '.';
    }

    private static String wrongPowerOfTwo(@Nullable Long value, long min, long max) {
        if (value == null) {
            return "is not an integer. Allowed: a power of two, " + min + " to " + max + '.';
        }
        if (value < min || value > max) {
            return "is out of range. Allowed: a power of two, " + min + " to " + max + '.';
        }
        long below = Long.highestOneBit(value);
        return "is not a power of two. Nearest: " + below + (2 * below <= max ? " or " + 2 * below : "") + '.';
    }
}
