package io.millrace.ops.command;

import io.millrace.ops.config.Units;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times as people write them, and back. In UTC where no zone is named. */
public final class TimeText implements ITypeConverter<Long> {
    /** What may be written, for help texts. */
    public static final String FORMS = "2001-01-01, 2001-01-01T00:47:30Z, now-15min";

    private static final String NOW = "now";

    @Override
    public Long convert(String text) {
        try {
            return text.startsWith(NOW) ? relative(text.substring(NOW.length())) : absolute(text);
        } catch (DateTimeException | ArithmeticException e) {
            throw notATime(text);
        }
    }

    /** {@return a time in ISO 8601 and UTC, with as many digits as it takes} */
    public static String of(long timeNs) {
        long second = TimeUnit.SECONDS.toNanos(1);
        return Instant.ofEpochSecond(Math.floorDiv(timeNs, second), Math.floorMod(timeNs, second))
                .toString();
    }

    private static Long relative(String difference) {
        if (difference.isEmpty()) {
            return nowNs();
        }
        Long durationNs = Units.parseDurationNs(difference.substring(1).strip());
        char sign = difference.charAt(0);
        if (durationNs == null || (sign != '-' && sign != '+')) {
            throw notATime(NOW + difference);
        }
        return nowNs() + (sign == '-' ? -durationNs : durationNs);
    }

    private static long nowNs() {
        return ns(Instant.now());
    }

    private static Long absolute(String text) {
        TemporalAccessor parsed = text.length() <= "2001-01-01".length()
                ? LocalDate.parse(text)
                : DateTimeFormatter.ISO_DATE_TIME.parseBest(
                        text.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
        if (parsed instanceof OffsetDateTime time) {
            return ns(time.toInstant());
        }
        LocalDateTime time = parsed instanceof LocalDate date ? date.atStartOfDay() : (LocalDateTime) parsed;
        return ns(time.toInstant(ZoneOffset.UTC));
    }

    private static long ns(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), TimeUnit.SECONDS.toNanos(1)), instant.getNano());
    }

    private static TypeConversionException notATime(String text) {
        return new TypeConversionException("'" + text + "' is not a time (expected: such as " + FORMS + ")");
    }
}
