package io.millrace.ops.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.event.Event;
import io.millrace.journal.LogKind;
import io.millrace.journal.deadletter.DeadLetter;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.ops.format.EventJson;
import io.millrace.ops.format.KeyNames;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Records as lines of JSON: what {@link EventJson} writes, with the place in the log before it and, of an output, its
 * operator. A dead letter has its own properties, and the event or the row in them.
 */
public final class RecordJson {
    private final JsonFactory factory = new JsonFactory();
    private final EventJson events;
    private final DataDirectory data;
    private final LogKind kind;

    public RecordJson(DataDirectory data, LogKind kind) {
        this.data = data;
        this.kind = kind;
        events = new EventJson(data.types(), new KeyNames());
    }

    /** {@return a record as one object, without the line's end} */
    public String line(Event record, long place) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = factory.createGenerator(text)) {
            generator.writeStartObject();
            generator.writeNumberField("place", place);
            if (kind == LogKind.DEAD_LETTERS) {
                write(DeadLetterQueue.decode(record), generator);
            } else {
                write(record, generator);
            }
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private void write(Event record, JsonGenerator generator) throws IOException {
        String operator = kind == LogKind.OUTBOX ? data.operator(record.idHi()) : null;
        if (operator != null) {
            generator.writeStringField("operator", operator);
        }
        generator.writeNumberField("ingestTimeNs", record.ingestTimeNs());
        events.writeProperties(record, generator);
    }

    private void write(DeadLetter letter, JsonGenerator generator) throws IOException {
        generator.writeStringField("parked", TimeText.of(letter.timeNs()));
        generator.writeStringField("id", RecordText.id(letter.idHi(), letter.idLo()));
        generator.writeStringField("handler", letter.handler());
        generator.writeStringField("errorClass", letter.errorClass());
        generator.writeStringField("message", letter.message());
        generator.writeNumberField("attempts", letter.attempts());
        if (letter.isRow()) {
            generator.writeNumberField("line", letter.line());
            generator.writeStringField("row", new String(letter.bytes(), StandardCharsets.UTF_8));
        } else {
            generator.writeFieldName("event");
            events.write(letter.event(), generator);
        }
    }
}
