package io.millrace.event;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Builds the type of what an operator puts out, without a schema: fields by name, in the order in which they are
 * added.
 *
 * <pre>{@code
 *   EventType revenue = DerivedType.named("revenue")
 *           .field("periodStartNs", FieldType.INT64)
 *           .field("average", FieldType.DOUBLE)
 *           .text("currency", 3)
 *           .build();
 *   MutableEvent output = revenue.encode(outputs.claim(revenue.id(), revenue.encodedLength()));
 * }</pre>
 *
 * <p>Its events are complete SBE messages as those of any type, so expressions, JSON and the tools read them alike.
 * Each field may be null, and is where nothing was put, but for those that {@link #like} copies from a required one.
 *
 * <p>The id is a hash of the name into {@link SystemTypes#DERIVED_ID_MIN} to 65535: adding or removing a type shifts no
 * other one's. Two names with one id are refused by {@link EventTypes}, which names both. The message's schema id is a
 * hash of the fields, so that a record of earlier fields under the same name is not valid rather than read wrongly.
 *
 * <p><b>Threading</b>: one thread; what it builds is immutable.
 */
public final class DerivedType {
    /** Longest name of a type, in characters. */
    public static final int MAX_NAME_LENGTH = 128;
    /** Most bytes that all fields take together. */
    public static final int MAX_BLOCK_LENGTH = 65_535;

    private static final int ID_COUNT = 0x1_0000 - SystemTypes.DERIVED_ID_MIN;
    private static final Pattern FIELD_NAME = Pattern.compile(
            "[\\p{IsAlphabetic}_][\\p{IsAlphabetic}\\p{IsDigit}_]*(\\.[\\p{IsAlphabetic}\\p{IsDigit}_]+)*");

    private final String name;
    private final int id;
    private final List<Field> fields = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private int blockLength;

    private DerivedType(String name) {
        this.name = name;
        this.id = idOf(name);
    }

    /**
     * {@return a builder}
     *
     * @param name of the type, not blank, up to {@link #MAX_NAME_LENGTH} characters; that of the operator or stream
     */
    public static DerivedType named(String name) {
        if (name.isBlank() || name.length() > MAX_NAME_LENGTH) {
            throw new SchemaException("cannot build event type: name=\"" + name + "\" (expected: 1 to "
                    + MAX_NAME_LENGTH + " characters, not blank); give it the name of the operator");
        }
        return new DerivedType(name);
    }

    /** {@return the id of the derived type of that name, {@link SystemTypes#DERIVED_ID_MIN} to 65535} */
    public static int idOf(String name) {
        return SystemTypes.DERIVED_ID_MIN + Math.floorMod(hash(name), ID_COUNT);
    }

    private static long hash(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Murmur3.hi(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    /**
     * Adds a number or a char that may be null.
     *
     * @param type any but {@link FieldType#TEXT}
     */
    public DerivedType field(String fieldName, FieldType type) {
        if (type == FieldType.TEXT) {
            throw refused(fieldName, "type=text", "a type with a fixed length", "add it with text(name, length)");
        }
        FieldSpec spec = FieldSpec.of(fieldName, type, id, blockLength, type.length(), 0, true);
        return add(type.isFloating() ? spec.withRange(bits(-most(type)), bits(most(type)), bits(Double.NaN)) : spec);
    }

    /**
     * Adds a text in UTF-8 that may be null.
     *
     * @param length in bytes, 1 to 65535; shorter text is padded
     */
    public DerivedType text(String fieldName, int length) {
        if (length < 1 || length > MAX_BLOCK_LENGTH) {
            throw refused(fieldName, "length=" + length, "1 to " + MAX_BLOCK_LENGTH, "set the most bytes it may take");
        }
        return add(FieldSpec.of(fieldName, FieldType.TEXT, id, blockLength, length, 0, true)
                .withCharset(StandardCharsets.UTF_8));
    }

    /**
     * Adds a field that holds what another one holds: of its type, length, range, character encoding and names of
     * values; one that may be null if the other may.
     *
     * @param source a field of any type or of the header, but no constant
     */
    public DerivedType like(String fieldName, Field source) {
        return like(fieldName, source, source.isOptional() || source.sinceVersion() > 0);
    }

    /**
     * Adds a field that holds what another one holds and may be null even where the other may not: an integer that
     * needs all its values, and so has none left for null, becomes one of twice the length.
     */
    public DerivedType nullableLike(String fieldName, Field source) {
        FieldType wider = source.isOptional() ? source.type() : wider(source.type());
        if (wider == source.type()) {
            return like(fieldName, source, true);
        }
        FieldSpec spec = FieldSpec.of(fieldName, wider, id, blockLength, wider.length(), 0, true);
        return add(source.enumeration() == null ? spec : spec.withEnumeration(source.enumeration()));
    }

    private static FieldType wider(FieldType type) {
        return switch (type) {
            case INT8, UINT8 -> FieldType.INT16;
            case INT16, UINT16 -> FieldType.INT32;
            case INT32, UINT32 -> FieldType.INT64;
            default -> type;
        };
    }

    private DerivedType like(String fieldName, Field source, boolean isOptional) {
        if (source.isConstant()) {
            throw refused(fieldName, "source=" + source, "no constant", "leave it out, the schema tells its value");
        }
        FieldSpec spec = source.spec();
        return add(new FieldSpec(
                fieldName,
                spec.type(),
                id,
                blockLength,
                spec.length(),
                0,
                isOptional,
                spec.min(),
                spec.max(),
                spec.nullValue(),
                spec.charset(),
                spec.enumeration()));
    }

    private DerivedType add(FieldSpec spec) {
        if (!FIELD_NAME.matcher(spec.name()).matches()) {
            throw refused(spec.name(), "its name", "letters, digits, _ and inner dots, no digit first", "rename it");
        }
        if (!names.add(spec.name())) {
            throw refused(spec.name(), "its name", "each name once", "rename one of the two");
        }
        if (blockLength + spec.length() > MAX_BLOCK_LENGTH) {
            throw refused(
                    spec.name(),
                    "blockLength=" + (blockLength + spec.length()),
                    "up to " + MAX_BLOCK_LENGTH,
                    "leave fields out or shorten texts");
        }
        fields.add(spec.field());
        blockLength += spec.length();
        return this;
    }

    /**
     * {@return the type}
     *
     * @throws SchemaException if it has no field
     */
    public EventType build() {
        if (fields.isEmpty()) {
            throw new SchemaException(
                    "cannot build event type: name=" + name + ", fields=0 (expected: at least 1); add a field");
        }
        StringBuilder text = new StringBuilder();
        for (Field field : fields) {
            text.append(field.name())
                    .append(' ')
                    .append(field.type())
                    .append(' ')
                    .append(field.length())
                    .append(';');
        }
        int schemaId = (int) hash(text.toString()) & 0xFFFF;
        return new EventType(id, name, schemaId, 0, blockLength, fields, List.of());
    }

    private static double most(FieldType type) {
        return type == FieldType.FLOAT ? Float.MAX_VALUE : Double.MAX_VALUE;
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private SchemaException refused(String fieldName, String what, String expected, String remedy) {
        return new SchemaException("cannot build event type: name=" + name + ", field=" + fieldName + ": " + what
                + " (expected: " + expected + "); " + remedy);
    }
}
