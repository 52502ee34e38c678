package io.millrace.pattern.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.DerivedType;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.MutableEvent;
import io.millrace.workload.CepCases;

/** The events of the cases as records. */
public final class CaseEvents {
    private static final int TEXT_LENGTH = 24;

    /** A type with every field that the cases' patterns ask for. */
    public static final EventType TYPE = DerivedType.named("case")
            .text("type", TEXT_LENGTH)
            .text("class", TEXT_LENGTH)
            .text("symbol", TEXT_LENGTH)
            .text("name", TEXT_LENGTH)
            .field("id", FieldType.DOUBLE)
            .field("value", FieldType.DOUBLE)
            .field("volume", FieldType.DOUBLE)
            .field("price", FieldType.DOUBLE)
            .build();

    private CaseEvents() {}

    /** {@return room for one event} */
    public static MutableEvent allocate() {
        return MutableEvent.allocate(TYPE.encodedLength());
    }

    /** Writes an event of a case; its sequence is the caller's. */
    public static MutableEvent encode(JsonNode item, long key, long sequence, MutableEvent event) {
        TYPE.encode(event.clearHeader());
        event.sequence(sequence)
                .id(~sequence, sequence)
                .key(key)
                .timestampNs(item.get("ts").asLong() * CepCases.NS_PER_MS)
                .ingestTimeNs(item.get("ts").asLong() * CepCases.NS_PER_MS);
        for (Field field : TYPE.fields()) {
            JsonNode value = item.get(field.name());
            if (value == null || value.isNull()) {
                continue;
            }
            if (field.type() == FieldType.TEXT) {
                field.putText(event, value.asText());
            } else {
                field.putDouble(event, value.asDouble());
            }
        }
        return event;
    }
}
