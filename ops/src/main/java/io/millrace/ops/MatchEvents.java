package io.millrace.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.event.DerivedType;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.Murmur3;
import io.millrace.event.MutableEvent;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Events for trying a pattern: lines of JSON whose fields are found out by reading them, so that no schema is needed.
 *
 * <pre>
 *   {"type": "order", "key": "ann", "ts": 1000, "amount": 250}      ts in milliseconds, or "time" in ISO form
 *   {"type": "paid",  "key": "ann", "ts": 4000, "card": "visa"}     type and key may be left out
 * </pre>
 *
 * <p>Integers become int64, other numbers double, all else text. The sequence of an event is the number of its line.
 */
final class MatchEvents {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TYPE = "type";
    private static final String KEY = "key";
    private static final String TIME_MS = "ts";
    private static final String TIME = "time";
    private static final String TYPE_DEFAULT = "event";

    private final List<MutableEvent> events = new ArrayList<>();
    private final Map<Long, String> keyNames = new HashMap<>();
    private EventTypes types = EventTypes.of(List.of());
    private EventType firstType = EventType.opaque(1, TYPE_DEFAULT);

    private MatchEvents() {}

    /** {@return the events of a file} */
    static MatchEvents read(Path file) {
        MatchEvents read = new MatchEvents();
        try {
            read.take(file, Files.readAllLines(file));
            return read;
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.NO_INPUT, "cannot read events: file=" + file + ": " + Refusal.reason(e), e);
        }
    }

    /** {@return in the order of the file} */
    List<MutableEvent> events() {
        return events;
    }

    EventTypes types() {
        return types;
    }

    /** {@return the type of the first event} */
    EventType firstType() {
        return firstType;
    }

    /** {@return a key as it was written} */
    String key(long key) {
        return keyNames.getOrDefault(key, String.valueOf(key));
    }

    private void take(Path file, List<String> lines) {
        Map<String, Map<String, FieldType>> fieldsByType = new LinkedHashMap<>();
        Map<String, Integer> textLengths = new HashMap<>();
        List<@Nullable JsonNode> rows = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            JsonNode row = lines.get(i).isBlank() ? null : parse(file, i + 1, lines.get(i));
            rows.add(row);
            if (row != null) {
                collect(row, fieldsByType, textLengths);
            }
        }
        List<EventType> made = new ArrayList<>();
        fieldsByType.forEach((name, fields) -> made.add(type(name, fields, textLengths)));
        types = EventTypes.of(made);
        firstType = made.isEmpty() ? firstType : made.get(0);
        for (int i = 0; i < rows.size(); i++) {
            JsonNode row = rows.get(i);
            if (row != null) {
                events.add(encode(file, i + 1, row));
            }
        }
    }

    private static JsonNode parse(Path file, int line, String text) {
        try {
            JsonNode row = JSON.readTree(text);
            if (row != null && row.isObject()) {
                return row;
            }
        } catch (JsonProcessingException e) {
            throw wrong(file, line, "is no JSON: " + e.getOriginalMessage());
        }
        throw wrong(file, line, "is no JSON object");
    }

    private static CommandException wrong(Path file, int line, String why) {
        return new CommandException(
                ExitCode.NO_INPUT,
                file + ":" + line + ": line " + why
                        + " (expected: {\"type\": \"order\", \"key\": \"ann\", \"ts\": 1000, \"amount\": 250})");
    }

    private static String typeOf(JsonNode row) {
        return row.path(TYPE).asText(TYPE_DEFAULT);
    }

    private static void collect(
            JsonNode row, Map<String, Map<String, FieldType>> fieldsByType, Map<String, Integer> textLengths) {
        String type = typeOf(row);
        Map<String, FieldType> fields = fieldsByType.computeIfAbsent(type, name -> new LinkedHashMap<>());
        row.properties().forEach(entry -> {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            if (!List.of(TYPE, KEY, TIME_MS, TIME).contains(name) && !value.isNull()) {
                FieldType found = value.isIntegralNumber()
                        ? FieldType.INT64
                        : value.isNumber() ? FieldType.DOUBLE : FieldType.TEXT;
                fields.merge(name, found, (before, now) -> wider(before, now));
                int length = value.asText().getBytes(StandardCharsets.UTF_8).length;
                textLengths.merge(type + ' ' + name, Math.max(1, length), Math::max);
            }
        });
    }

    private static FieldType wider(FieldType before, FieldType now) {
        if (before == now) {
            return before;
        }
        return before == FieldType.TEXT || now == FieldType.TEXT ? FieldType.TEXT : FieldType.DOUBLE;
    }

    private static EventType type(String name, Map<String, FieldType> fields, Map<String, Integer> textLengths) {
        DerivedType type = DerivedType.named(name);
        if (fields.isEmpty()) {
            type.field("line", FieldType.INT64); // a type has one field at least
        }
        fields.forEach((field, fieldType) -> {
            if (fieldType == FieldType.TEXT) {
                type.text(field, textLengths.getOrDefault(name + ' ' + field, 1));
            } else {
                type.field(field, fieldType);
            }
        });
        return type.build();
    }

    private MutableEvent encode(Path file, int line, JsonNode row) {
        EventType type = types.byName(typeOf(row));
        MutableEvent event = MutableEvent.allocate(type.encodedLength()).typeId(type.id());
        type.encode(event);
        for (Field field : type.fields()) {
            put(event, field, row.path(field.name()));
        }
        long timestampNs = timestampNs(file, line, row);
        event.sequence(line)
                .id(0, line)
                .key(key(row.path(KEY)))
                .timestampNs(timestampNs)
                .ingestTimeNs(timestampNs);
        return event;
    }

    private static void put(MutableEvent event, Field field, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return;
        }
        if (field.type() == FieldType.TEXT) {
            field.putText(event, value.asText());
        } else if (field.type().isFloating()) {
            field.putDouble(event, value.asDouble());
        } else {
            field.putLong(event, value.asLong());
        }
    }

    private static long timestampNs(Path file, int line, JsonNode row) {
        if (row.path(TIME_MS).isNumber()) {
            return TimeUnit.MILLISECONDS.toNanos(row.path(TIME_MS).asLong());
        }
        try {
            Instant time = Instant.parse(row.path(TIME).asText());
            return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
        } catch (DateTimeParseException e) {
            throw wrong(file, line, "has neither ts in milliseconds nor time in ISO form");
        }
    }

    private long key(JsonNode key) {
        if (key.isMissingNode() || key.isNull()) {
            return 0;
        }
        String text = key.asText();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long value = key.isIntegralNumber() ? key.asLong() : Murmur3.hi(new UnsafeBuffer(bytes), 0, bytes.length);
        keyNames.put(value, text);
        return value;
    }

    /** {@return an event as people read it: {@code 3 order {amount=250}}} */
    String describe(Event event) {
        EventType type = types.byId(event.typeId());
        StringBuilder text = new StringBuilder()
                .append(event.sequence())
                .append(' ')
                .append(type == null ? "?" : type.name())
                .append(" {");
        if (type != null) {
            for (Field field : type.fields()) {
                if (!field.isNull(event)) {
                    text.append(text.charAt(text.length() - 1) == '{' ? "" : " ")
                            .append(field.name())
                            .append('=');
                    text.append(
                            field.type() == FieldType.TEXT
                                    ? field.text(event)
                                    : field.type().isFloating()
                                            ? String.valueOf(field.getDouble(event))
                                            : String.valueOf(field.getLong(event)));
                }
            }
        }
        return text.append('}').toString();
    }
}
