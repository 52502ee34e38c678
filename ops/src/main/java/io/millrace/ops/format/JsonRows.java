package io.millrace.ops.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of JSON, one object per line; properties that nobody named are skipped. */
final class JsonRows implements RowSource {
    private static final int KEPT_LENGTH = 1024;

    private final JsonFactory factory = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private final LineInput input;
    private final List<String> columns;
    private final Map<String, Integer> cellByName = new HashMap<>();
    private long lineNumber;
    private byte @Nullable [] dropped;

    JsonRows(LineInput input, List<String> columns) {
        this.input = input;
        this.columns = columns;
        for (int i = 0; i < columns.size(); i++) {
            cellByName.put(columns.get(i), i);
        }
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public long lineNumber() {
        return lineNumber;
    }

    @Override
    public byte[] rawBytes() {
        return dropped == null ? input.lastRow() : dropped;
    }

    @Override
    public long byteCount() {
        return input.byteCount();
    }

    @Override
    public boolean next(Row row) throws IOException, BadRowException {
        dropped = null;
        do {
            lineNumber = input.lineNumber();
            if (input.at(0) == LineInput.END) {
                return false;
            }
            int end = input.lineEnd(0);
            if (input.isTooLong(end)) {
                dropped = input.dropLine(Math.min(KEPT_LENGTH, input.maxRowLength()));
                throw new BadRowException(
                        null, "is longer than " + input.maxRowLength() + " bytes (expected: up to that)");
            }
            input.endRow(end);
        } while (isBlank());
        row.clear(columns.size());
        requireUtf8(row);
        read(row);
        return true;
    }

    private boolean isBlank() {
        for (int i = 0; i < input.lastLength(); i++) {
            if (input.buffer()[input.lastStart() + i] > ' ' || input.buffer()[input.lastStart() + i] < 0) {
                return false;
            }
        }
        return true;
    }

    private void requireUtf8(Row row) throws BadRowException {
        int start = input.lastStart();
        int malformedAt = row.malformedAt(ByteBuffer.wrap(input.buffer(), start, input.lastLength()), start);
        if (malformedAt >= 0) {
            throw new BadRowException(null, "has malformed UTF-8 at byte " + malformedAt + " (expected: UTF-8)");
        }
        // Jackson takes zero bytes near the begin for a sign of UTF-16 or UTF-32.
        for (int i = 0; i < input.lastLength(); i++) {
            if (input.buffer()[start + i] == 0) {
                throw new BadRowException(null, "has a zero at byte " + i + " (expected: JSON in UTF-8)");
            }
        }
    }

    private void read(Row row) throws IOException, BadRowException {
        try (JsonParser parser = factory.createParser(input.buffer(), input.lastStart(), input.lastLength())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadRowException(null, "is not a JSON object (expected: one object per line)");
            }
            readObject(parser, "", row);
            if (parser.nextToken() != null) {
                throw new BadRowException(null, "has more behind the object (expected: one object per line)");
            }
        } catch (JsonProcessingException e) {
            throw new BadRowException(null, "is not JSON at byte " + offset(e) + ": " + firstLine(e));
        }
    }

    private void readObject(JsonParser parser, String prefix, Row row) throws IOException, BadRowException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = prefix + parser.currentName();
            parser.nextToken();
            readValue(parser, name, row);
        }
    }

    private void readArray(JsonParser parser, String prefix, Row row) throws IOException, BadRowException {
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            readValue(parser, prefix + i, row);
        }
    }

    private void readValue(JsonParser parser, String name, Row row) throws IOException, BadRowException {
        JsonToken token = parser.currentToken();
        Integer cell = cellByName.get(name);
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            if (cell != null) {
                throw new BadRowException(
                        name,
                        "value is an " + (token == JsonToken.START_OBJECT ? "object" : "array")
                                + " (expected: a single value)");
            }
            if (token == JsonToken.START_OBJECT) {
                readObject(parser, name + '.', row);
            } else {
                readArray(parser, name + '.', row);
            }
        } else if (cell != null && token != JsonToken.VALUE_NULL) {
            row.set(cell, kind(token), parser.getText().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static Row.Kind kind(JsonToken token) {
        if (token == JsonToken.VALUE_STRING) {
            return Row.Kind.TEXT;
        }
        return token.isNumeric() ? Row.Kind.NUMBER : Row.Kind.BOOLEAN;
    }

    private static long offset(JsonProcessingException e) {
        return e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
    }

    private static String firstLine(JsonProcessingException e) {
        return String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    }
}
