package io.millrace.ops.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations and sizes as people write them. */
public final class Units {
    private static final Pattern QUANTITY = Pattern.compile("(\\d[\\d_]{0,17}) ?([A-Za-z]+)");
    private static final String[] DURATION_UNITS = {"d", "h", "min", "s", "ms", "us", "ns"};
    private static final long[] DURATION_UNIT_NS = {
        86_400_000_000_000L, 3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L, 1_000L, 1L
    };
    private static final String[] SIZE_UNITS = {"GiB", "MiB", "KiB", "B"};
    private static final long[] SIZE_UNIT_LENGTHS = {1L << 30, 1L << 20, 1L << 10, 1L};

    private Units() {}

    /** {@return nanoseconds, or null where the text is no duration} */
    public static @Nullable Long parseDurationNs(String text) {
        return parse(text, DURATION_UNITS, DURATION_UNIT_NS);
    }

    /** {@return bytes, or null where the text is no size} */
    public static @Nullable Long parseSize(String text) {
        return parse(text, SIZE_UNITS, SIZE_UNIT_LENGTHS);
    }

    /** {@return the shortest exact spelling, such as {@code 90min}} */
    public static String duration(long durationNs) {
        for (int i = 0; i < DURATION_UNITS.length; i++) {
            if (durationNs != 0 && durationNs % DURATION_UNIT_NS[i] == 0) {
                return durationNs / DURATION_UNIT_NS[i] + DURATION_UNITS[i];
            }
        }
        return durationNs + "s";
    }

    /** {@return a rounded size for reading, such as {@code 20.5 MiB}} */
    public static String size(long length) {
        for (int i = 0; i < SIZE_UNITS.length - 1; i++) {
            if (length >= SIZE_UNIT_LENGTHS[i]) {
                return String.format(Locale.ROOT, "%.1f %s", (double) length / SIZE_UNIT_LENGTHS[i], SIZE_UNITS[i]);
            }
        }
        return length + " B";
    }

    private static @Nullable Long parse(String text, String[] units, long[] factors) {
        if (text.equals("0")) {
            return 0L;
        }
        Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        for (int i = 0; i < units.length; i++) {
            if (units[i].equals(matcher.group(2))) {
                return product(Long.parseLong(matcher.group(1).replace("_", "")), factors[i]);
            }
        }
        return null;
    }

    private static @Nullable Long product(long count, long factor) {
        return count > Long.MAX_VALUE / factor ? null : (Long) (count * factor);
    }
}
