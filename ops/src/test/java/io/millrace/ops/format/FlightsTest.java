package io.millrace.ops.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.MutableEvent;
import io.millrace.event.PackedText;
import io.millrace.event.Schema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The first 50 of the real departures. */
class FlightsTest {
    private final Schema schema = Schema.parse(resource("flights.xml"), "flights.xml");
    private final EventType type = schema.types().get(0);
    private final EventMapping mapping = EventMapping.of(type)
            .time(TimeRule.of("date", "uuuu/MM/dd HH:mm", "UTC"))
            .id(IdRule.hash(List.of("date", "delay", "distance", "origin", "destination")))
            .key(KeyRule.text("origin"))
            .build();
    private final MutableEvent event = MutableEvent.allocate(64);

    @Test
    void shouldReadEveryRow() throws IOException {
        List<String> lines = lines();
        Set<String> ids = new HashSet<>();
        try (RowReader reader = RowReader.open(resource("flights.csv"), "flights.csv", mapping)) {
            for (String line : lines) {
                String[] cells = line.split(",");
                assertTrue(reader.next(event));
                assertNull(reader.error());

                assertTrue(type.isValid(event));
                long timestampNs = timestampNs(cells[0]);
                assertEquals(timestampNs, event.timestampNs());
                assertEquals(timestampNs, type.field("date").getLong(event));
                assertEquals(Long.parseLong(cells[1]), type.field("delay").getLong(event));
                assertEquals(Long.parseLong(cells[2]), type.field("distance").getLong(event));
                assertEquals(cells[3], type.field("origin").text(event));
                assertEquals(cells[4], type.field("destination").text(event));
                assertEquals(PackedText.pack(cells[3]), event.key());
                assertEquals(cells[3], mapping.keyNames().show(event.key()));
                ids.add(event.idHi() + ":" + event.idLo());
            }
            assertEquals(50, reader.rowCount());
            assertTrue(!reader.next(event));
        }
        assertEquals(50, ids.size());
    }

    @Test
    void shouldWriteTheFirstRowAsJson() throws IOException {
        try (RowReader reader = RowReader.open(resource("flights.csv"), "flights.csv", mapping)) {
            assertTrue(reader.next(event));
        }

        String json = new EventJson(EventTypes.of(schema), mapping.keyNames()).text(event);

        assertEquals(
                "{\"type\":\"Departure\",\"sequence\":0,\"id\":\"ID\",\"key\":\"DTW\","
                        + "\"time\":\"2001-01-01T00:47:00Z\","
                        + "\"fields\":{\"date\":978310020000000000,\"delay\":66,\"distance\":1750,\"origin\":\"DTW\","
                        + "\"destination\":\"LAS\"}}",
                json.replaceAll("[0-9a-f]{32}", "ID"));
    }

    private static long timestampNs(String date) {
        String iso = date.replace('/', '-').replace(' ', 'T') + ":00";
        return LocalDateTime.parse(iso).toEpochSecond(ZoneOffset.UTC) * 1_000_000_000L;
    }

    private static List<String> lines() throws IOException {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(resource("flights.csv"), StandardCharsets.UTF_8))) {
            return reader.lines().skip(1).toList();
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(FlightsTest.class.getResourceAsStream(name), name);
    }
}
