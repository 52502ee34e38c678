package io.millrace.ops.journal;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.PackedText;
import io.millrace.event.VarField;
import io.millrace.journal.LogKind;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.EventId;
import io.millrace.ops.command.TimeText;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Records of one type as rows of CSV (RFC 4180): of an output the operator; place, sequence, id, key, time; then a
 * column per field. Null is an empty cell, an empty text one in quotes, bytes are base64: as the input of a run is
 * read.
 */
final class RecordCsv {
    private final DataDirectory data;
    private final EventType type;
    private final boolean isOutbox;

    RecordCsv(DataDirectory data, LogKind kind, EventType type) {
        this.data = data;
        this.type = type;
        isOutbox = kind == LogKind.OUTBOX;
    }

    String head() {
        return Stream.of(
                        isOutbox ? Stream.of("operator") : Stream.<String>of(),
                        Stream.of("place", "sequence", "id", "key", "time"),
                        type.fields().stream().map(Field::name),
                        type.varFields().stream().map(VarField::name))
                .flatMap(names -> names)
                .map(RecordCsv::cell)
                .collect(Collectors.joining(","));
    }

    /** {@return the row of a record of the type, without its end} */
    String row(Event record, long place) {
        StringBuilder row = new StringBuilder();
        if (isOutbox) {
            row.append(cell(data.operator(record.idHi()))).append(',');
        }
        row.append(place).append(',').append(record.sequence());
        row.append(',').append(new EventId(record.idHi(), record.idLo()));
        row.append(',').append(key(record.key()));
        row.append(',').append(TimeText.of(record.timestampNs()));
        boolean isValid = type.isValid(record);
        for (Field field : type.fields()) {
            row.append(',').append(isValid ? value(record, field) : "");
        }
        for (VarField field : type.varFields()) {
            row.append(',').append(isValid ? value(record, field) : "");
        }
        return row.toString();
    }

    private static String key(long key) {
        String text = PackedText.unpack(key);
        return text == null ? Long.toString(key) : cell(text);
    }

    private static String value(Event record, Field field) {
        if (field.isNull(record)) {
            return "";
        }
        String name = field.enumeration() == null ? null : field.enumeration().nameOf(field.getLong(record));
        if (name != null) {
            return cell(name);
        }
        return switch (field.type()) {
            case TEXT -> cell(field.text(record));
            case CHAR -> cell(String.valueOf((char) field.getLong(record)));
            case FLOAT -> Float.toString((float) field.getDouble(record));
            case DOUBLE -> Double.toString(field.getDouble(record));
            case UINT64 -> Long.toUnsignedString(field.getLong(record));
            default -> Long.toString(field.getLong(record));
        };
    }

    private static String value(Event record, VarField field) {
        int length = field.length(record);
        if (length < 0) {
            return "";
        }
        if (field.isText()) {
            return cell(field.text(record));
        }
        byte[] bytes = new byte[length];
        record.buffer().getBytes(field.offset(record), bytes);
        return cell(Base64.getEncoder().encodeToString(bytes));
    }

    private static String cell(@Nullable String text) {
        if (text == null) {
            return "";
        }
        boolean isPlain = !text.isEmpty() && text.chars().noneMatch(c -> ",\"\r\n".indexOf(c) >= 0);
        return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
