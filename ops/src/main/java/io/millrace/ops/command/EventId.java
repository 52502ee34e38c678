package io.millrace.ops.command;

import io.millrace.event.Condition;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An id of 128 bits as people write it: 32 hex digits, a UUID, or {@code HI:LO} as two integers, which is how a
 * producer and its own sequence read.
 *
 * @param hi first half
 * @param lo second half
 */
public record EventId(long hi, long lo) {
    /** {@return whether an event has this id} */
    public Condition condition() {
        return event -> event.idHi() == hi && event.idLo() == lo;
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(hi) + HexFormat.of().toHexDigits(lo);
    }

    /** Reads an id of the command line. */
    public static final class Text implements ITypeConverter<EventId> {
        private static final Pattern HEX = Pattern.compile("([0-9a-fA-F]{16})([0-9a-fA-F]{16})");
        private static final Pattern PAIR = Pattern.compile("(-?[0-9]{1,19}):(-?[0-9]{1,19})");

        @Override
        public EventId convert(String text) {
            Matcher hex = HEX.matcher(text.replace("-", ""));
            Matcher pair = PAIR.matcher(text);
            try {
                if (pair.matches()) {
                    return new EventId(Long.parseLong(pair.group(1)), Long.parseLong(pair.group(2)));
                }
                if (hex.matches()) {
                    return new EventId(
                            Long.parseUnsignedLong(hex.group(1), 16), Long.parseUnsignedLong(hex.group(2), 16));
                }
            } catch (NumberFormatException e) {
                throw notAnId(text);
            }
            throw notAnId(text);
        }

        private static TypeConversionException notAnId(String text) {
            return new TypeConversionException(
                    "'" + text + "' is no id (expected: 32 hex digits, a UUID, or PRODUCER:SEQUENCE)");
        }
    }
}
