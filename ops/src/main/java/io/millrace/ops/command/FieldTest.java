package io.millrace.ops.command;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.HeaderField;
import io.millrace.event.NearestNames;
import io.millrace.event.VarField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A test of one field as people write it: {@code delay>=60}, {@code origin=DTW}, {@code reason=null}. The field may be
 * one of several types; an event whose type does not have it fails, and so does null unless it is asked for.
 */
public final class FieldTest implements Condition {
    private static final Pattern FORM = Pattern.compile("\\s*([A-Za-z_][\\w.]*)\\s*(==|=|!=|<=|>=|<|>)\\s*(.*?)\\s*");
    private static final String NULL = "null";

    private final String operator;
    private final String value;
    private final @Nullable Long integer;
    private final @Nullable Double number;
    private final @Nullable HeaderField header;
    private final Map<Integer, Reader> readers = new HashMap<>();

    /** Compares the field of an event with the value: negative, 0, positive; null if the event has none. */
    @FunctionalInterface
    private interface Reader {
        @Nullable
        Integer compare(Event event);
    }

    private FieldTest(DataDirectory data, String name, String operator, String value) {
        this.operator = operator;
        this.value = value;
        integer = integer(value);
        number = number(value);
        header = HeaderField.named(name);
        for (EventType type : data.types().all()) {
            Field field = type.fieldOrNull(name);
            VarField varField = type.varFieldOrNull(name);
            if (field != null && isComparable(field)) {
                readers.put(type.id(), event -> type.isValid(event) ? compare(event, field) : null);
            } else if (varField != null) {
                readers.put(type.id(), event -> type.isValid(event) ? compare(varField.text(event)) : null);
            }
        }
    }

    /**
     * {@return the test that a text describes}
     *
     * @throws IllegalArgumentException if it describes none, or the data has no such field
     */
    public static FieldTest of(DataDirectory data, String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("cannot read test: '" + text
                    + "' (expected: FIELD OP VALUE with OP one of = != < <= > >=, in quotes)");
        }
        FieldTest test = new FieldTest(data, form.group(1), form.group(2), form.group(3));
        if (test.header == null && test.readers.isEmpty()) {
            throw names(data).contains(form.group(1))
                    ? new IllegalArgumentException("cannot compare field: " + form.group(1) + " with '" + form.group(3)
                            + "' (expected: a number, an enum's name or null)")
                    : new IllegalArgumentException("unknown field: " + form.group(1) + " (expected: "
                            + NearestNames.orAll(form.group(1), names(data)) + ")");
        }
        return test;
    }

    private boolean isComparable(Field field) {
        boolean isText = field.type() == FieldType.TEXT || field.type() == FieldType.CHAR;
        boolean isName = field.enumeration() != null && field.enumeration().code(value) != null;
        return isText || isName || number != null || value.equals(NULL);
    }

    @Override
    public boolean test(Event event) {
        Reader reader = readers.get(event.typeId());
        if (reader == null && header == null) {
            return false;
        }
        Integer order = reader == null ? compare(event, header) : reader.compare(event);
        if (value.equals(NULL)) {
            return reader != null && (order == null) == isEquality();
        }
        return order != null && holds(order);
    }

    private boolean isEquality() {
        return operator.startsWith("=");
    }

    private boolean holds(int order) {
        return switch (operator) {
            case "=", "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private @Nullable Integer compare(Event event, @Nullable Field field) {
        if (field == null || field.isNull(event)) {
            return null;
        }
        if (value.equals(NULL)) {
            return 1;
        }
        return switch (field.type()) {
            case TEXT -> compare(field.text(event));
            case CHAR -> compare(String.valueOf((char) field.getLong(event)));
            case FLOAT, DOUBLE -> number == null ? null : (Integer) Double.compare(field.getDouble(event), number);
            default -> compareInteger(event, field);
        };
    }

    private @Nullable Integer compareInteger(Event event, Field field) {
        Long wanted = integer;
        if (wanted == null && field.enumeration() != null) {
            wanted = field.enumeration().code(value);
        }
        long found = field.getLong(event);
        if (wanted == null) {
            return number == null ? null : (Integer) Double.compare(field.getDouble(event), number);
        }
        boolean isUnsigned = field.type() == FieldType.UINT64;
        return isUnsigned ? Long.compareUnsigned(found, wanted) : Long.compare(found, wanted);
    }

    private @Nullable Integer compare(@Nullable String found) {
        return found == null ? null : (Integer) found.compareTo(value);
    }

    private static @Nullable Long integer(String text) {
        try {
            return text.length() > 18 && !text.startsWith("-") ? Long.parseUnsignedLong(text) : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Double number(String text) {
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static List<String> names(DataDirectory data) {
        List<String> names = new ArrayList<>();
        for (EventType type : data.types().all()) {
            type.fields().forEach(field -> names.add(field.name()));
            type.varFields().forEach(field -> names.add(field.name()));
        }
        HeaderField.ALL.forEach(field -> names.add(field.name()));
        return names.stream().distinct().toList();
    }
}
