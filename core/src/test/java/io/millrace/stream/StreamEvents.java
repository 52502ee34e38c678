package io.millrace.stream;

import io.millrace.event.DerivedType;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.MutableEvent;
import io.millrace.event.TestSchemas;
import java.util.ArrayList;
import java.util.List;

/** Event types for tests of streams, and rows in words. */
final class StreamEvents {
    static final EventType ORDER = TestSchemas.type(
            0,
            "<type name=\"Code\" primitiveType=\"char\" length=\"3\" presence=\"optional\"/>"
                    + "<type name=\"Cents\" primitiveType=\"int64\" presence=\"optional\"/>",
            "<field name=\"customer\" id=\"1\" type=\"int32\"/><field name=\"cents\" id=\"2\" type=\"Cents\"/>"
                    + "<field name=\"origin\" id=\"3\" type=\"Code\"/>"
                    + "<field name=\"destination\" id=\"4\" type=\"Code\"/>"
                    + "<field name=\"grade\" id=\"5\" type=\"uint8\"/>");
    static final EventType PAYMENT = DerivedType.named("payment")
            .field("paid", FieldType.INT64)
            .field("rate", FieldType.DOUBLE)
            .build();

    private StreamEvents() {}

    static MutableEvent order(long sequence, long timestampNs, long key, int customer, long cents, String way) {
        MutableEvent event = MutableEvent.allocate(128);
        event.sequence(sequence).timestampNs(timestampNs).key(key);
        ORDER.encode(event);
        ORDER.field("customer").putLong(event, customer);
        ORDER.field("cents").putLong(event, cents);
        ORDER.field("origin").putText(event, way.substring(0, 3));
        ORDER.field("destination").putText(event, way.substring(3));
        ORDER.field("grade").putLong(event, 255);
        return event;
    }

    static MutableEvent payment(long sequence, long timestampNs, long key, long paid) {
        MutableEvent event = MutableEvent.allocate(128);
        event.sequence(sequence).timestampNs(timestampNs).key(key);
        PAYMENT.encode(event);
        PAYMENT.field("paid").putLong(event, paid);
        PAYMENT.field("rate").putDouble(event, paid / 2.0);
        return event;
    }

    /** {@return outputs as {@code type key @time field=value ...}} */
    static List<String> words(List<EventType> types, List<MutableEvent> outputs) {
        List<String> words = new ArrayList<>();
        for (MutableEvent output : outputs) {
            EventType type = types.stream()
                    .filter(one -> one.id() == output.typeId())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(output));
            if (!type.isValid(output)) {
                throw new AssertionError("not valid: " + type + ' ' + output);
            }
            words.add(word(type, output));
        }
        return words;
    }

    private static String word(EventType type, MutableEvent output) {
        StringBuilder text = new StringBuilder(type.name());
        text.append(' ').append(output.key()).append(" @").append(output.timestampNs());
        for (Field field : type.fields()) {
            text.append(' ').append(field.name()).append('=').append(value(field, output));
        }
        return text.toString();
    }

    private static Object value(Field field, MutableEvent output) {
        if (field.isNull(output)) {
            return "null";
        }
        if (field.type() == FieldType.TEXT) {
            return String.valueOf(field.text(output));
        }
        return field.type().isFloating() ? (Object) field.getDouble(output) : (Object) field.getLong(output);
    }
}
