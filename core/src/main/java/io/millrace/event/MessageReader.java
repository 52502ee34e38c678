package io.millrace.event;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import uk.co.real_logic.sbe.PrimitiveType;
import uk.co.real_logic.sbe.PrimitiveValue;
import uk.co.real_logic.sbe.ir.Encoding;
import uk.co.real_logic.sbe.ir.Signal;
import uk.co.real_logic.sbe.ir.Token;

/** Reads the tokens of one message: fields in order, then var-data. */
final class MessageReader {
    private final List<Token> tokens;
    private final String sourceName;
    private final int typeId;
    private final List<Field> fields = new ArrayList<>();
    private final List<VarField> varFields = new ArrayList<>();

    MessageReader(List<Token> tokens, String sourceName) {
        this.tokens = tokens;
        this.sourceName = sourceName;
        this.typeId = tokens.get(0).id();
        int i = 1;
        while (i < tokens.size() - 1) {
            Token token = tokens.get(i);
            switch (token.signal()) {
                case BEGIN_FIELD -> readField(token, i + 1);
                case BEGIN_VAR_DATA -> readVarData(token, i + 1);
                default ->
                    throw refused(
                            token.name() + " is a repeating group (expected: fields and data)",
                            "make its entries events of their own");
            }
            i += token.componentTokenCount();
        }
    }

    List<Field> fields() {
        return fields;
    }

    List<VarField> varFields() {
        return varFields;
    }

    private void readField(Token field, int index) {
        Token token = tokens.get(index);
        if (token.signal() == Signal.BEGIN_ENUM) {
            boolean isOptional = field.isOptionalEncoding() || token.isOptionalEncoding();
            String constant =
                    field.isConstantEncoding() ? String.valueOf(field.encoding().constValue()) : null;
            addEnum(new Place(field.name(), token.offset(), field.version()), index, isOptional, constant);
        } else {
            addElement(new Place(field.name(), token.offset(), field.version()), index);
        }
    }

    /** Where an element is: its full name, offset in the block and first version. */
    private record Place(String name, int offset, int sinceVersion) {
        Place inner(Token token) {
            return new Place(name + '.' + token.name(), offset + token.offset(), since(token));
        }

        Place item(int index, int length) {
            return new Place(name + '.' + index, offset + index * length, sinceVersion);
        }

        private int since(Token token) {
            return Math.max(sinceVersion, token.version());
        }
    }

    private void addElement(Place place, int index) {
        Token token = tokens.get(index);
        switch (token.signal()) {
            case ENCODING -> addEncoding(place, token);
            case BEGIN_ENUM -> addEnum(place, index, token.isOptionalEncoding(), null);
            case BEGIN_SET -> addSet(place, token);
            case BEGIN_COMPOSITE -> addComposite(place, index);
            default -> throw refused(place.name() + " is a " + token.signal() + " (expected: a type)", "change it");
        }
    }

    private void addComposite(Place place, int index) {
        int end = index + tokens.get(index).componentTokenCount() - 1;
        for (int i = index + 1; i < end; i += tokens.get(i).componentTokenCount()) {
            addElement(place.inner(tokens.get(i)), i);
        }
    }

    private void addEncoding(Place place, Token token) {
        PrimitiveType primitive = token.encoding().primitiveType();
        if (token.isConstantEncoding()) {
            add(constant(place, token.encoding()));
        } else if (primitive == PrimitiveType.CHAR && token.arrayLength() > 1) {
            add(new TextField(text(place, token)));
        } else if (token.arrayLength() > 1) {
            for (int i = 0; i < token.arrayLength(); i++) {
                add(number(place.item(i, primitive.size()), token.encoding()).field());
            }
        } else {
            add(number(place, token.encoding()).field());
        }
    }

    private void addEnum(Place place, int index, boolean isOptional, @Nullable String constant) {
        Token token = tokens.get(index);
        FieldType type = type(token.encoding());
        Map<String, Long> codes = new LinkedHashMap<>();
        for (int i = index + 1; tokens.get(i).signal() == Signal.VALID_VALUE; i++) {
            Token value = tokens.get(i);
            codes.put(value.name(), value.encoding().constValue().longValue());
        }
        String enumName = token.referencedName() == null ? token.name() : token.referencedName();
        Enumeration enumeration = new Enumeration(enumName, codes);
        long nullValue = token.encoding().applicableNullValue().longValue();
        FieldSpec spec = spec(place, type, constant == null ? type.length() : 0, isOptional)
                .withRange(type.minValue(), type.maxValue(), nullValue)
                .withEnumeration(enumeration);
        if (constant == null) {
            add(spec.field());
        } else {
            Long code = codes.get(constant.substring(constant.lastIndexOf('.') + 1));
            if (code == null) {
                throw refused(
                        place.name() + ".valueRef=" + constant + " (expected: one of " + codes.keySet() + ')',
                        "name a value");
            }
            add(new ConstantField(spec, code, code, null));
        }
    }

    private void addSet(Place place, Token token) {
        FieldType type = type(token.encoding());
        add(spec(place, type, type.length(), false).field());
    }

    private FieldSpec text(Place place, Token token) {
        return spec(place, FieldType.TEXT, token.encodedLength(), token.isOptionalEncoding())
                .withCharset(charset(token.encoding(), StandardCharsets.US_ASCII));
    }

    /** An optional field leaves out its null value by SBE's ranges; a required one may hold all that its type can. */
    private FieldSpec number(Place place, Encoding encoding) {
        FieldType type = type(encoding);
        boolean isOptional = encoding.presence() == Encoding.Presence.OPTIONAL;
        PrimitiveValue min = encoding.minValue();
        PrimitiveValue max = encoding.maxValue();
        FieldSpec spec = spec(place, type, type.length(), isOptional);
        if (type.isFloating()) {
            double most = type == FieldType.FLOAT ? Float.MAX_VALUE : Double.MAX_VALUE;
            double nullValue = encoding.applicableNullValue().doubleValue();
            return spec.withRange(
                    bits(min == null ? -most : min.doubleValue()),
                    bits(max == null ? most : max.doubleValue()),
                    bits(type == FieldType.FLOAT ? (float) nullValue : nullValue));
        }
        long least = isOptional ? encoding.applicableMinValue().longValue() : type.minValue();
        long most = isOptional ? encoding.applicableMaxValue().longValue() : type.maxValue();
        return spec.withRange(
                min == null ? least : min.longValue(),
                max == null ? most : max.longValue(),
                encoding.applicableNullValue().longValue());
    }

    private Field constant(Place place, Encoding encoding) {
        PrimitiveValue value = encoding.constValue();
        FieldType type = type(encoding);
        boolean isText = type == FieldType.CHAR && value.size() > 1;
        FieldSpec spec = spec(place, isText ? FieldType.TEXT : type, 0, false);
        if (isText) {
            UnsafeBuffer bytes = new UnsafeBuffer(value.byteArrayValue());
            String text = new String(value.byteArrayValue(), charset(encoding, StandardCharsets.US_ASCII));
            return new ConstantField(spec, PackedText.code(bytes, 0, bytes.capacity()), Double.NaN, text);
        }
        if (type.isFloating()) {
            return new ConstantField(spec, 0, value.doubleValue(), null);
        }
        long code = value.longValue();
        return new ConstantField(
                spec, code, type == FieldType.UINT64 ? IntegralField.unsignedDouble(code) : code, null);
    }

    private void readVarData(Token data, int index) {
        Token length = tokens.get(index + 1);
        Token bytes = tokens.get(index + 2);
        int prefixLength = length.encodedLength();
        boolean isUsable = length.name().equals("length")
                && PrimitiveType.isUnsigned(length.encoding().primitiveType())
                && prefixLength <= 4
                && bytes.offset() == prefixLength
                && tokens.get(index).componentTokenCount() == 4;
        if (!isUsable) {
            throw refused(
                    data.name() + " has another length prefix (expected: uint8, uint16 or uint32, then the bytes)",
                    "use a composite of length and varData");
        }
        long maxLength = Math.min(length.encoding().applicableMaxValue().longValue(), Integer.MAX_VALUE);
        varFields.add(new VarField(
                data.name(),
                data.version(),
                prefixLength,
                maxLength,
                bytes.encoding().characterEncoding() == null ? null : charset(bytes.encoding(), StandardCharsets.UTF_8),
                varFields.isEmpty() ? null : varFields.get(varFields.size() - 1)));
    }

    private void add(Field field) {
        fields.add(field);
    }

    private FieldSpec spec(Place place, FieldType type, int length, boolean isOptional) {
        return FieldSpec.of(place.name(), type, typeId, place.offset(), length, place.sinceVersion(), isOptional);
    }

    private Charset charset(Encoding encoding, Charset otherwise) {
        String name = encoding.characterEncoding();
        try {
            return name == null || name.isBlank() ? otherwise : Charset.forName(name.strip());
        } catch (IllegalArgumentException e) {
            throw refused("characterEncoding=" + name + " is unknown (expected: a charset's name)", "use UTF-8");
        }
    }

    private static FieldType type(Encoding encoding) {
        return FieldType.valueOf(encoding.primitiveType().name());
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private SchemaException refused(String what, String remedy) {
        return new SchemaException("cannot use schema: source=" + sourceName + ": message="
                + tokens.get(0).name() + ", " + what + "; " + remedy);
    }
}
