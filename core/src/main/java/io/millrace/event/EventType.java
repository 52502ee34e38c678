package io.millrace.event;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One type of events: a message of a schema or of a {@link DerivedType}, with its fields, or opaque bytes. The payload
 * of any but opaque bytes is a complete SBE message in little endian:
 *
 * <pre>
 *   0                8                        8 + blockLength
 *  +----------------+------------------------+----------------------------...
 *  | message header | block of fixed fields  | length, bytes | length, ...
 *  +----------------+------------------------+----------------------------...
 * </pre>
 *
 * <p><b>Threading</b>: immutable. <b>Allocation</b>: none after construction, failures aside.
 */
public final class EventType {
    /** The greatest id that a user's type may have. */
    public static final int MAX_USER_ID = 59_999;

    private final int id;
    private final String name;
    private final int schemaId;
    private final int schemaVersion;
    private final int blockLength;
    private final List<Field> fields;
    private final List<VarField> varFields;
    private final Map<String, Field> fieldByName = new LinkedHashMap<>();
    private final Map<String, VarField> varFieldByName = new LinkedHashMap<>();
    /** For each version up to the schema's, the bytes of block that its fields need. */
    private final int[] blockLengthMinByVersion;
    /** Message header, block of null values and empty var-data. */
    private final UnsafeBuffer template;

    private final boolean isOpaque;

    EventType(
            int id,
            String name,
            int schemaId,
            int schemaVersion,
            int blockLength,
            List<Field> fields,
            List<VarField> varFields) {
        this(id, name, schemaId, schemaVersion, blockLength, fields, varFields, false);
    }

    private EventType(
            int id,
            String name,
            int schemaId,
            int schemaVersion,
            int blockLength,
            List<Field> fields,
            List<VarField> varFields,
            boolean isOpaque) {
        this.id = id;
        this.name = name;
        this.schemaId = schemaId;
        this.schemaVersion = schemaVersion;
        this.blockLength = blockLength;
        this.fields = List.copyOf(fields);
        this.varFields = List.copyOf(varFields);
        this.isOpaque = isOpaque;
        fields.forEach(field -> fieldByName.put(field.name(), field));
        varFields.forEach(field -> varFieldByName.put(field.name(), field));
        this.blockLengthMinByVersion = blockLengthMinByVersion(schemaVersion, fields);
        this.template = isOpaque ? new UnsafeBuffer(new byte[0]) : template();
    }

    /**
     * {@return a type without a schema, whose payload is any bytes}
     *
     * @param id 1 to {@link #MAX_USER_ID}
     */
    public static EventType opaque(int id, String name) {
        if (id < 1 || id > MAX_USER_ID) {
            throw new SchemaException("cannot use event type: id=" + id + ", name=" + name + " (expected: id 1 to "
                    + MAX_USER_ID + "); choose another id");
        }
        return new EventType(id, name, 0, 0, 0, List.of(), List.of(), true);
    }

    private static int[] blockLengthMinByVersion(int schemaVersion, List<Field> fields) {
        int[] lengths = new int[schemaVersion + 1];
        for (Field field : fields) {
            for (int version = field.sinceVersion(); version <= schemaVersion; version++) {
                lengths[version] = Math.max(lengths[version], field.offset() + field.length());
            }
        }
        return lengths;
    }

    private UnsafeBuffer template() {
        int length = MessageHeader.LENGTH + blockLength;
        for (VarField field : varFields) {
            length += field.prefixLength();
        }
        MutableEvent event = MutableEvent.allocate(length);
        MessageHeader.write(event.buffer(), Event.HEADER_LENGTH, this);
        for (Field field : fields) {
            if (field.isOptional() && !field.isConstant()) {
                field.putNull(event);
            }
        }
        byte[] bytes = new byte[length];
        event.buffer().getBytes(Event.HEADER_LENGTH, bytes);
        return new UnsafeBuffer(bytes);
    }

    /** {@return where the fields of a version lie; of all versions up to the schema's the same in any later one} */
    public TypeLayout layout(int version) {
        StringBuilder text = new StringBuilder(name).append('#').append(schemaId);
        for (Field field : fields) {
            if (field.sinceVersion() <= version) {
                text.append(';').append(field.name()).append(' ').append(field.type());
                text.append(' ').append(field.offset()).append(' ').append(field.length());
            }
        }
        for (VarField field : varFields) {
            if (field.sinceVersion() <= version) {
                text.append(";*").append(field.name()).append(' ').append(field.prefixLength());
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return new TypeLayout(id, version, Murmur3.hi(new UnsafeBuffer(bytes), 0, bytes.length));
    }

    /** {@return the type id of its events: the template id of the schema} */
    public int id() {
        return id;
    }

    public String name() {
        return name;
    }

    public int schemaId() {
        return schemaId;
    }

    public int schemaVersion() {
        return schemaVersion;
    }

    /** {@return bytes of the block of fixed fields} */
    public int blockLength() {
        return blockLength;
    }

    /** {@return whether it has no schema} */
    public boolean isOpaque() {
        return isOpaque;
    }

    /** {@return whether it was made by {@link DerivedType}, not read from a schema} */
    public boolean isDerived() {
        return id >= SystemTypes.DERIVED_ID_MIN;
    }

    /** {@return the fixed fields in the order of the schema, composites taken apart} */
    public List<Field> fields() {
        return fields;
    }

    /** {@return the fields of varying length in the order of the schema} */
    public List<VarField> varFields() {
        return varFields;
    }

    /**
     * {@return the fixed field of that name}
     *
     * @throws SchemaException if there is none; it names those that are near
     */
    public Field field(String fieldName) {
        Field field = fieldByName.get(fieldName);
        if (field == null) {
            throw unknown(fieldName);
        }
        return field;
    }

    /** {@return the fixed field of that name, null if there is none} */
    public @Nullable Field fieldOrNull(String fieldName) {
        return fieldByName.get(fieldName);
    }

    /**
     * {@return the field of varying length of that name}
     *
     * @throws SchemaException if there is none; it names those that are near
     */
    public VarField varField(String fieldName) {
        VarField field = varFieldByName.get(fieldName);
        if (field == null) {
            throw unknown(fieldName);
        }
        return field;
    }

    /** {@return the field of varying length of that name, null if there is none} */
    public @Nullable VarField varFieldOrNull(String fieldName) {
        return varFieldByName.get(fieldName);
    }

    private SchemaException unknown(String fieldName) {
        List<String> names = new ArrayList<>(fieldByName.keySet());
        names.addAll(varFieldByName.keySet());
        return new SchemaException("unknown field: type=" + name + ", field=" + fieldName + " (expected: "
                + NearestNames.orAll(fieldName, names) + ')');
    }

    /** {@return bytes of the payload that {@link #encode} writes: header, block and empty var-data} */
    public int encodedLength() {
        return template.capacity();
    }

    /**
     * Makes the event one of this type: sets type id, schema version and payload length and writes a whole message, in
     * which optional fields are null, required ones zero and var-data empty. The rest of the header stays as it is.
     *
     * @throws IllegalArgumentException if the event's record is shorter than the message
     */
    public MutableEvent encode(MutableEvent event) {
        int payloadOffset = event.payloadOffset();
        int end = payloadOffset + template.capacity();
        if (end > event.buffer().capacity()) {
            throw new IllegalArgumentException("cannot encode event: type=" + name + ", length=" + end
                    + " (expected: up to " + event.buffer().capacity() + " bytes); use longer records");
        }
        event.buffer().putBytes(payloadOffset, template, 0, template.capacity());
        return event.typeId(id).schemaVersion(schemaVersion).payloadLength(end - Event.HEADER_LENGTH);
    }

    /**
     * {@return whether the payload is a whole message of this type, of this schema version, an older or a newer one}
     * Fields may be read from a valid event only.
     */
    public boolean isValid(Event event) {
        if (event.typeId() != id) {
            return false;
        }
        if (isOpaque) {
            return true;
        }
        int at = event.payloadOffset();
        return at >= Event.HEADER_LENGTH
                && event.recordLength() - at >= MessageHeader.LENGTH
                && isHeaderValid(event, at)
                && isVarDataValid(event);
    }

    private boolean isHeaderValid(Event event, int at) {
        UnsafeBuffer record = event.buffer();
        int version = MessageHeader.version(record, at);
        int actingBlockLength = MessageHeader.blockLength(record, at);
        return MessageHeader.templateId(record, at) == id
                && MessageHeader.schemaId(record, at) == schemaId
                && version == event.schemaVersion()
                && actingBlockLength >= blockLengthMinByVersion[Math.min(version, schemaVersion)]
                && event.recordLength() - at - MessageHeader.LENGTH >= actingBlockLength;
    }

    private boolean isVarDataValid(Event event) {
        int count = varFields.size();
        for (int i = 0; i < count; i++) {
            VarField field = varFields.get(i);
            if (field.sinceVersion() <= event.schemaVersion() && field.length(event) < 0) {
                return false;
            }
        }
        return true;
    }

    /** {@return where the block ends in the record, by the block length that the record itself gives} */
    static int blockEnd(Event event) {
        int at = event.payloadOffset();
        return at + MessageHeader.LENGTH + MessageHeader.blockLength(event.buffer(), at);
    }

    @Override
    public String toString() {
        return name + '(' + id + ')';
    }
}
