package io.millrace.event;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a schema says about a field.
 *
 * @param name of the field; parts of a composite are {@code outer.inner}, items of an array {@code field.0}
 * @param typeId of the event type it belongs to
 * @param offset in bytes from the begin of the block, behind the message header
 * @param length in bytes
 * @param min the least value allowed, as bits of a double for floating types
 * @param max the greatest value allowed, as bits of a double for floating types
 * @param nullValue that stands for null, as bits of a double for floating types
 */
record FieldSpec(
        String name,
        FieldType type,
        int typeId,
        int offset,
        int length,
        int sinceVersion,
        boolean isOptional,
        long min,
        long max,
        long nullValue,
        Charset charset,
        @Nullable Enumeration enumeration) {

    /** {@return a spec with the range and null value of its type, no enumeration, ASCII} */
    static FieldSpec of(
            String name, FieldType type, int typeId, int offset, int length, int sinceVersion, boolean isOptional) {
        return new FieldSpec(
                name,
                type,
                typeId,
                offset,
                length,
                sinceVersion,
                isOptional,
                type.minValue(),
                type.maxValue(),
                type.nullValue(),
                StandardCharsets.US_ASCII,
                null);
    }

    FieldSpec withRange(long newMin, long newMax, long newNullValue) {
        return new FieldSpec(
                name,
                type,
                typeId,
                offset,
                length,
                sinceVersion,
                isOptional,
                newMin,
                newMax,
                newNullValue,
                charset,
                enumeration);
    }

    FieldSpec withCharset(Charset newCharset) {
        return new FieldSpec(
                name,
                type,
                typeId,
                offset,
                length,
                sinceVersion,
                isOptional,
                min,
                max,
                nullValue,
                newCharset,
                enumeration);
    }

    FieldSpec withEnumeration(Enumeration newEnumeration) {
        return new FieldSpec(
                name,
                type,
                typeId,
                offset,
                length,
                sinceVersion,
                isOptional,
                min,
                max,
                nullValue,
                charset,
                newEnumeration);
    }

    Field field() {
        return switch (type) {
            case CHAR, UINT8 -> new IntegralFields.Unsigned8(this);
            case INT8 -> new IntegralFields.Signed8(this);
            case INT16 -> new IntegralFields.Signed16(this);
            case UINT16 -> new IntegralFields.Unsigned16(this);
            case INT32 -> new IntegralFields.Signed32(this);
            case UINT32 -> new IntegralFields.Unsigned32(this);
            case INT64, UINT64 -> new IntegralFields.Bits64(this);
            case FLOAT -> new FloatingFields.Float32(this);
            case DOUBLE -> new FloatingFields.Float64(this);
            case TEXT -> new TextField(this);
        };
    }
}
