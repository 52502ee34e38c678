package io.millrace.ops.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.Field;
import io.millrace.event.VarField;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as JSON: the header, then the fields by the event's type.
 *
 * <pre>{@code
 * {"type":"Departure","sequence":0,"id":"<32 hex digits>","key":"ATL","time":"2001-01-01T00:47:00Z",
 *  "fields":{"delay":66,"distance":1750,...}}
 * }</pre>
 *
 * <p>Null is null, enums are names, bytes are base64; NaN and infinities of required fields are strings. An event of
 * an unknown or opaque type, or with a broken payload, has {@code "payload"} in base64 instead of fields. A key is text
 * where its text is known. {@code ingestTimeNs} is left out, so that a replay gives the same text.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: per event; for the edge of the system.
 */
public final class EventJson {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final JsonFactory factory =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    private final TypeLookup types;
    private final KeyNames keyNames;
    private final boolean isIsoTime;

    /** Tells types by their ids, null where they are not known. */
    @FunctionalInterface
    public interface TypeLookup {
        @Nullable
        EventType byId(int id);
    }

    /** Writes times as text, of types that may become known later. */
    public EventJson(TypeLookup types, KeyNames keyNames) {
        this.types = types;
        this.keyNames = keyNames;
        this.isIsoTime = true;
    }

    /** Writes times as text. */
    public EventJson(EventTypes types, KeyNames keyNames) {
        this(types, keyNames, true);
    }

    /**
     * Chooses how times are written.
     *
     * @param isIsoTime {@code "time"} as ISO 8601 in UTC, else {@code "timestampNs"} as a number
     */
    public EventJson(EventTypes types, KeyNames keyNames, boolean isIsoTime) {
        this.types = types::byId;
        this.keyNames = keyNames;
        this.isIsoTime = isIsoTime;
    }

    /** {@return the event as one line without its end} */
    public String text(Event event) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = factory.createGenerator(text)) {
            write(event, generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Writes the event as one line, its end included. The stream is neither flushed nor closed. */
    public void writeLine(Event event, OutputStream output) throws IOException {
        output.write(text(event).getBytes(StandardCharsets.UTF_8));
        output.write('\n');
    }

    /** Writes the event as one object. */
    public void write(Event event, JsonGenerator generator) throws IOException {
        generator.writeStartObject();
        writeProperties(event, generator);
        generator.writeEndObject();
    }

    /** Writes the event as properties of the object that is open. */
    public void writeProperties(Event event, JsonGenerator generator) throws IOException {
        EventType type = types.byId(event.typeId());
        writeHeader(event, type, generator);
        if (type != null && !type.isOpaque() && type.isValid(event)) {
            generator.writeObjectFieldStart("fields");
            writeFields(event, type, generator);
            generator.writeEndObject();
        } else {
            generator.writeFieldName("payload");
            writeBytes(event, Event.HEADER_LENGTH, event.payloadLength(), generator);
        }
    }

    private void writeHeader(Event event, @Nullable EventType type, JsonGenerator generator) throws IOException {
        if (type == null) {
            generator.writeNumberField("typeId", event.typeId());
        } else {
            generator.writeStringField("type", type.name());
        }
        generator.writeNumberField("sequence", event.sequence());
        generator.writeStringField("id", hex(event.idHi()) + hex(event.idLo()));
        writeKey(event.key(), generator);
        if (isIsoTime) {
            generator.writeStringField("time", time(event.timestampNs()).toString());
        } else {
            generator.writeNumberField("timestampNs", event.timestampNs());
        }
    }

    private void writeKey(long key, JsonGenerator generator) throws IOException {
        String text = keyNames.text(key);
        if (text == null) {
            generator.writeNumberField("key", key);
        } else {
            generator.writeStringField("key", text);
        }
    }

    /** Writes the fields alone, as properties of the object that is open. */
    public void writeFields(Event event, EventType type, JsonGenerator generator) throws IOException {
        for (Field field : type.fields()) {
            generator.writeFieldName(field.name());
            if (field.isNull(event)) {
                generator.writeNull();
            } else {
                writeValue(event, field, generator);
            }
        }
        for (VarField field : type.varFields()) {
            generator.writeFieldName(field.name());
            writeVar(event, field, generator);
        }
    }

    private static void writeValue(Event event, Field field, JsonGenerator generator) throws IOException {
        String name = field.enumeration() == null ? null : field.enumeration().nameOf(field.getLong(event));
        if (name != null) {
            generator.writeString(name);
            return;
        }
        switch (field.type()) {
            case TEXT -> generator.writeString(field.text(event));
            case CHAR -> generator.writeString(String.valueOf((char) field.getLong(event)));
            case FLOAT -> generator.writeNumber((float) field.getDouble(event));
            case DOUBLE -> generator.writeNumber(field.getDouble(event));
            case UINT64 -> generator.writeNumber(unsigned(field.getLong(event)));
            default -> generator.writeNumber(field.getLong(event));
        }
    }

    private static void writeVar(Event event, VarField field, JsonGenerator generator) throws IOException {
        if (field.length(event) < 0) {
            generator.writeNull();
        } else if (field.isText()) {
            generator.writeString(field.text(event));
        } else {
            writeBytes(event, field.offset(event), field.length(event), generator);
        }
    }

    private static void writeBytes(Event event, int offset, int length, JsonGenerator generator) throws IOException {
        byte[] bytes = new byte[length];
        event.buffer().getBytes(offset, bytes);
        generator.writeBinary(bytes);
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    private static Instant time(long timestampNs) {
        return Instant.ofEpochSecond(
                Math.floorDiv(timestampNs, NANOS_PER_SECOND), Math.floorMod(timestampNs, NANOS_PER_SECOND));
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(Long.BYTES * 2 - digits.length()) + digits;
    }
}
