package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace trace} on the first flights of the example, with one that comes hours late. */
class TraceSystemTest {
    private static final int ROW_COUNT = 200;

    @TempDir
    private static Path directory;

    private static Path data;
    private static List<String> ids;
    private static final List<Long> sequences = new ArrayList<>();

    @BeforeAll
    static void runOnce() throws Exception {
        Path config = directory.resolve("flights.yaml");
        Files.copy(CommandRun.flights("flights.yaml"), config);
        Files.copy(CommandRun.flights("flights.xml"), directory.resolve("flights.xml"));
        List<String> rows = new ArrayList<>(
                Files.readAllLines(CommandRun.flights("flights-20k.csv")).subList(0, ROW_COUNT + 1));
        rows.add(rows.get(1).replaceFirst("2001/01/01 [0-9]{2}:[0-9]{2},[-0-9]+", "2001/01/01 00:05,99"));
        Files.write(directory.resolve("flights-20k.csv"), rows);
        data = directory.resolve("data");
        CommandRun run = CommandRun.run("run", "-c", config.toString(), "--data", data.toString());
        assertEquals(0, run.exitCode(), run::err);
        ids = ids();
        assertEquals(ROW_COUNT + 1, ids.size());
    }

    /** {@return the ids of all events by their sequences} */
    private static List<String> ids() throws Exception {
        CommandRun cat = CommandRun.run("journal", "cat", "--type", "flight", "--json", "--data", data.toString());
        assertEquals(0, cat.exitCode(), cat::err);
        List<String> found = new ArrayList<>();
        for (String line : cat.out().lines().toList()) {
            JsonNode event = new ObjectMapper().readTree(line);
            found.add(event.get("id").asText());
            sequences.add(event.get("sequence").asLong());
        }
        return found;
    }

    private static CommandRun trace(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("trace", "--data", data.toString()));
        all.addAll(List.of(arguments));
        return CommandRun.run(all.toArray(new String[0]));
    }

    @Test
    void shouldShowEveryHopOfAnEvent() throws Exception {
        String id = ids.get(189);
        CommandRun traced = trace(id, "--json");

        assertEquals(0, traced.exitCode(), traced::err);
        JsonNode trace = traced.json();
        assertEquals(sequences.get(189), trace.at("/found/sequence").asLong());
        assertEquals("ORD", trace.at("/found/key").asText());
        assertTrue(trace.at("/found/file").asText().startsWith("journal/00000001/"), traced::out);
        assertTrue(trace.at("/found/offset").asLong() > 0);
        assertEquals("[]", trace.at("/lateness").toString());
        assertEquals(1, matchesIn(trace), traced::out);
    }

    private static long matchesIn(JsonNode trace) {
        long count = 0;
        for (JsonNode output : trace.at("/outputs")) {
            count += output.get("text").asText().contains("bad-day") ? 1 : 0;
        }
        return count;
    }

    @Test
    void shouldSayByHowMuchAnEventWasLateAndForWhat() throws Exception {
        CommandRun traced = trace(ids.get(ROW_COUNT));

        assertEquals(0, traced.exitCode(), traced::err);
        assertTrue(traced.out().matches("(?s).*late +behind event time by [0-9].*"), traced::out);
        assertTrue(traced.out().contains("origin-delay: too late, all its windows were closed"), traced::out);
        assertTrue(traced.out().contains("bad-day: late, not counted"), traced::out);
    }

    @Test
    void shouldSayThatAnEventIsNotThere() throws Exception {
        CommandRun traced = trace("00000000000000000000000000000001");

        assertEquals(1, traced.exitCode(), traced::err);
        assertTrue(traced.out().contains("is not in the journal"), traced::out);
    }
}
