package io.millrace.ops.format;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where a row's event time stands and how it is written. Local times that a change of the clocks skips are refused, of
 * those that it repeats the earlier is taken. Times lie between 1677 and 2262, which nanoseconds can tell.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class TimeRule {
    private static final Map<String, Integer> DIGITS_BY_UNIT =
            Map.of("epoch-s", 9, "epoch-ms", 6, "epoch-us", 3, "epoch-ns", 0);
    /** Words that may stand in the place of a pattern. */
    public static final List<String> WORDS = List.of("iso", "epoch-s", "epoch-ms", "epoch-us", "epoch-ns");

    private final String column;
    private final String pattern;
    private final ZoneId zone;
    private final int epochDigits;
    private final DateTimeFormatter formatter;
    /** Rows in order of time often repeat the time of the row before. */
    private String lastText = "";

    private long lastNs;

    private TimeRule(String column, String pattern, ZoneId zone, int epochDigits, DateTimeFormatter formatter) {
        this.column = column;
        this.pattern = pattern;
        this.zone = zone;
        this.epochDigits = epochDigits;
        this.formatter = formatter;
    }

    /**
     * {@return a rule}
     *
     * @param pattern of {@link DateTimeFormatter}, read strictly ({@code yyyy} and {@code uuuu} both do), or one of
     *     {@link #WORDS}: iso, or a number of units since the epoch, with a fraction if need be
     * @param zone of times that have none of their own, such as {@code UTC}; empty for UTC
     * @throws IllegalArgumentException if pattern or zone is none
     */
    public static TimeRule of(String column, String pattern, String zone) {
        Integer digits = DIGITS_BY_UNIT.get(pattern);
        return new TimeRule(column, pattern, zone(zone), digits == null ? -1 : digits, formatter(pattern));
    }

    private static ZoneId zone(String zone) {
        try {
            return zone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "cannot use zone: zone=" + zone + " (expected: such as UTC, Europe/Berlin, +01:00)", e);
        }
    }

    private static DateTimeFormatter formatter(String pattern) {
        if (WORDS.contains(pattern)) {
            return DateTimeFormatter.ISO_DATE_TIME;
        }
        try {
            DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().appendPattern(pattern);
            if (pattern.indexOf('G') < 0) {
                builder.parseDefaulting(ChronoField.ERA, 1);
            }
            return builder.toFormatter(Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "cannot use pattern: pattern=" + pattern + " (expected: " + String.join(", ", WORDS)
                            + ", or a pattern such as uuuu-MM-dd HH:mm:ss): " + e.getMessage(),
                    e);
        }
    }

    String column() {
        return column;
    }

    String pattern() {
        return pattern;
    }

    boolean isEpoch() {
        return epochDigits >= 0;
    }

    /** {@return nanoseconds since the epoch} */
    long parse(String text) throws BadRowException {
        if (!text.equals(lastText)) {
            lastNs = isEpoch() ? parseNumber(text) : parseDate(text);
            lastText = text;
        }
        return lastNs;
    }

    private long parseNumber(String text) throws BadRowException {
        try {
            return new BigDecimal(text).movePointRight(epochDigits).longValueExact();
        } catch (NumberFormatException e) {
            throw notATime(text);
        } catch (ArithmeticException e) {
            throw outOfRange(text);
        }
    }

    private long parseDate(String text) throws BadRowException {
        TemporalAccessor parsed;
        try {
            parsed = formatter.parseBest(text, ZonedDateTime::from, LocalDateTime::from, LocalDate::from);
        } catch (DateTimeException e) {
            throw notATime(text);
        }
        Instant instant = instant(parsed, text);
        try {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
        } catch (ArithmeticException e) {
            throw outOfRange(text);
        }
    }

    private Instant instant(TemporalAccessor parsed, String text) throws BadRowException {
        if (parsed instanceof ZonedDateTime) {
            return ((ZonedDateTime) parsed).toInstant();
        }
        LocalDateTime local =
                parsed instanceof LocalDate ? ((LocalDate) parsed).atStartOfDay() : (LocalDateTime) parsed;
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.isEmpty()) {
            throw new BadRowException(column, "value \"" + text + "\" does not exist in zone " + zone);
        }
        return local.toInstant(offsets.get(0));
    }

    private BadRowException notATime(String text) {
        return new BadRowException(column, "value \"" + text + "\" is not a time (expected: " + pattern + ')');
    }

    private BadRowException outOfRange(String text) {
        return new BadRowException(
                column,
                "value \"" + text + "\" is out of range (expected: 1677 to 2262, "
                        + (isEpoch() ? pattern + " in whole nanoseconds)" : "in nanoseconds)"));
    }
}
