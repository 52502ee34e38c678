package io.millrace.ops.format;

import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.event.Schema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** Rows in tests: schemas, mappings and what becomes of a text. */
final class TestRows {
    static final int MAX_PAYLOAD_LENGTH = 1024;

    private TestRows() {}

    static InputStream resource(String name) {
        return Objects.requireNonNull(TestRows.class.getResourceAsStream(name), name);
    }

    static Schema schema(String name) {
        return Schema.parse(resource(name), name);
    }

    static EventType type(String name) {
        return schema("everything.xml").types().stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** {@return a mapping to Reading whose time is {@code ts} in milliseconds} */
    static EventMapping.Builder reading() {
        return EventMapping.of(type("Reading")).time(TimeRule.of("ts", "epoch-ms", ""));
    }

    static InputStream input(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return for each row what a function makes of its event, or the message of its error} */
    static List<String> read(EventMapping mapping, InputStream input, Function<MutableEvent, String> shown) {
        List<String> results = new ArrayList<>();
        MutableEvent event = MutableEvent.allocate(MAX_PAYLOAD_LENGTH);
        try (RowReader reader = RowReader.open(input, "in.csv", mapping)) {
            while (reader.next(event)) {
                RowError error = reader.error();
                results.add(error == null ? shown.apply(event) : error.message());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return results;
    }

    /** {@return the bad rows} */
    static List<RowError> errors(EventMapping mapping, InputStream input) throws IOException {
        List<RowError> errors = new ArrayList<>();
        MutableEvent event = MutableEvent.allocate(MAX_PAYLOAD_LENGTH);
        try (RowReader reader = RowReader.open(input, "in.csv", mapping)) {
            while (reader.next(event)) {
                if (reader.error() != null) {
                    errors.add(reader.error());
                }
            }
        }
        return errors;
    }
}
