package io.millrace.ops.command;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.PackedText;
import io.millrace.event.SystemTypes;
import io.millrace.event.VarField;
import io.millrace.journal.LogKind;
import io.millrace.journal.deadletter.DeadLetter;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.ring.ControlRecord;
import io.millrace.ring.OperatorConfig;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Records as lines for people.
 *
 * <pre>
 *   journal       sequence  event time  type      key  field=value ...
 *   outbox        ordinal   event time  operator  key  cause=sequence field=value ...
 *   deadletters   number    time parked handler   key  attempts, error; the event or the row
 * </pre>
 */
public final class RecordText {
    private static final int SHOWN_BYTES = 48;
    private static final String LINE = "%10d  %-24s  %-16s  %-8s  %s";
    private static final String EPOCH_SUFFIX = "Ns";
    /** Of the two fields of a match with the id of its last event. */
    private static final String ID_PREFIX = "lastId";

    private final DataDirectory data;
    private final RecordTypes types;
    private final LogKind kind;
    private final boolean isWithIds;

    /** @param isWithIds whether ids are shown */
    public RecordText(DataDirectory data, LogKind kind, boolean isWithIds) {
        this.data = data;
        this.types = new RecordTypes(data.types());
        this.kind = kind;
        this.isWithIds = isWithIds;
    }

    /** {@return the names of the columns} */
    public String head() {
        return switch (kind) {
            case JOURNAL -> head("sequence", "event time", "type", "fields");
            case OUTBOX -> head("ordinal", "event time", "operator", "cause, fields");
            case DEAD_LETTERS -> head("number", "parked", "handler", "error, event or row");
        };
    }

    /** {@return a record as a line without its end} */
    public String line(Event record, long place) {
        return kind == LogKind.DEAD_LETTERS
                ? deadLetter(DeadLetterQueue.decode(record), record.key())
                : line(place, record.timestampNs(), what(record), record.key(), details(record));
    }

    private String what(Event record) {
        boolean isNamed = kind != LogKind.OUTBOX || record.typeId() >= SystemTypes.DERIVED_ID_MIN;
        String operator = isNamed ? null : data.operator(record.idHi());
        return operator == null ? types.name(record.typeId()) : operator;
    }

    private String details(Event record) {
        StringBuilder text = new StringBuilder();
        if (kind == LogKind.OUTBOX) {
            text.append("cause=").append(record.idLo());
        }
        if (isWithIds) {
            separate(text).append("id=").append(id(record.idHi(), record.idLo()));
        }
        appendFields(text, record);
        return text.toString();
    }

    private String deadLetter(DeadLetter letter, long key) {
        StringBuilder text = new StringBuilder();
        if (isWithIds) {
            text.append("id=").append(id(letter.idHi(), letter.idLo())).append(' ');
        }
        if (letter.isRow()) {
            text.append("line=").append(letter.line()).append(' ').append(Escapes.text(letter.message()));
            text.append("; row: ").append(Escapes.text(rowText(letter)));
            return line(letter.place(), letter.timeNs(), Escapes.text(letter.handler()), key, text.toString());
        }
        Event event = letter.event();
        text.append("attempts=").append(letter.attempts()).append(' ').append(letter.errorClass());
        text.append(": ").append(Escapes.text(letter.message()));
        text.append("; event: sequence=").append(event.sequence()).append(' ');
        text.append(types.name(event.typeId()));
        appendFields(text, event);
        return line(letter.place(), letter.timeNs(), Escapes.text(letter.handler()), key, text.toString());
    }

    private static String rowText(DeadLetter letter) {
        return new String(letter.bytes(), StandardCharsets.UTF_8);
    }

    private void appendFields(StringBuilder text, Event record) {
        EventType type = data.types().byId(record.typeId());
        if (type == null || type.isOpaque() || !type.isValid(record)) {
            appendBytes(text, record);
            return;
        }
        boolean isOutput = type.id() >= SystemTypes.ID_MIN;
        for (Field field : type.fields()) {
            if (isWithIds || !isOutput || !field.name().startsWith(ID_PREFIX)) {
                append(text, field.name(), value(record, field, isOutput));
            }
        }
        for (VarField field : type.varFields()) {
            append(text, field.name(), value(record, field));
        }
    }

    private static void append(StringBuilder text, String name, String value) {
        separate(text).append(name).append('=').append(value);
    }

    private static StringBuilder separate(StringBuilder text) {
        return text.isEmpty() ? text : text.append(' ');
    }

    /** Outputs have bounds of their own as times, which nobody can read in nanoseconds. */
    private static String value(Event record, Field field, boolean isOutput) {
        if (field.isNull(record)) {
            return "null";
        }
        if (isOutput && field.name().endsWith(EPOCH_SUFFIX)) {
            return TimeText.of(field.getLong(record));
        }
        String name = field.enumeration() == null ? null : field.enumeration().nameOf(field.getLong(record));
        return name == null ? plain(record, field) : name;
    }

    private static String plain(Event record, Field field) {
        return switch (field.type()) {
            case TEXT -> Escapes.word(String.valueOf(field.text(record)));
            case CHAR -> Escapes.word(String.valueOf((char) field.getLong(record)));
            case FLOAT -> Float.toString((float) field.getDouble(record));
            case DOUBLE -> Double.toString(field.getDouble(record));
            case UINT64 -> Long.toUnsignedString(field.getLong(record));
            default -> Long.toString(field.getLong(record));
        };
    }

    private static String value(Event record, VarField field) {
        int length = field.length(record);
        if (length < 0) {
            return "null";
        }
        return field.isText()
                ? Escapes.word(String.valueOf(field.text(record)))
                : bytes(record, field.offset(record), length);
    }

    private static void appendBytes(StringBuilder text, Event record) {
        ControlRecord control = ControlRecord.of(record);
        if (control != null && control.skippedSequence() >= 0) {
            append(text, "SKIP", Long.toString(control.skippedSequence()));
            append(text, "reason", Escapes.word(control.skipReason()));
            return;
        }
        if (control != null && control.kind() == ControlRecord.CONFIG) {
            OperatorConfig.of(control)
                    .settings()
                    .forEach((name, settings) -> append(text, name, '"' + Escapes.text(settings) + '"'));
            return;
        }
        if (record.typeId() == SystemTypes.SOURCE_IDLE || record.typeId() == SystemTypes.SOURCE_ACTIVE) {
            append(text, "source", Integer.toString(record.sourceId()));
        }
        if (record.payloadLength() > 0) {
            append(text, "payload", bytes(record, Event.HEADER_LENGTH, record.payloadLength()));
        }
    }

    /** In hex, and of long ones only the first. */
    private static String bytes(Event record, int offset, int length) {
        byte[] shown = new byte[Math.min(length, SHOWN_BYTES)];
        record.buffer().getBytes(offset, shown);
        return "0x" + HexFormat.of().formatHex(shown) + (length > SHOWN_BYTES ? "...(" + length + " bytes)" : "");
    }

    private static String head(String place, String time, String what, String details) {
        return String.format(Locale.ROOT, LINE.replace("%10d", "%10s"), place, time, what, "key", details);
    }

    private static String line(long place, long timeNs, String what, long key, String details) {
        return String.format(Locale.ROOT, LINE, place, TimeText.of(timeNs), what, key(key), details)
                .stripTrailing();
    }

    private static String key(long key) {
        String text = key == 0 ? "-" : PackedText.unpack(key);
        return text == null ? Long.toString(key) : text;
    }

    /** {@return an id as 32 hex digits} */
    public static String id(long hi, long lo) {
        return HexFormat.of().toHexDigits(hi) + HexFormat.of().toHexDigits(lo);
    }
}
