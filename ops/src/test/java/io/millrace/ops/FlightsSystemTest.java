package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flights example as its user sees it, and its results against an oracle that shares no code with them. */
class FlightsSystemTest {
    private static final Path CSV = CommandRun.flights("flights-20k.csv");

    @TempDir
    private static Path directory;

    private static Path data;
    private static CommandRun first;
    private static List<String> firstRecords;

    @BeforeAll
    static void runOnce() throws Exception {
        data = directory.resolve("flights");
        first = CommandRun.run("run", "--data", data.toString());
        assertEquals(0, first.exitCode(), first::err);
        firstRecords = Outbox.records(data);
    }

    @Test
    void shouldShowTheSummary() {
        String out = first.out();

        assertTrue(out.matches("(?s).*rows +20,000 .*accepted +20,000\\n.*duplicates +0\\n.*bad rows +0\\n.*"), out);
        assertTrue(out.matches("(?s).*windows +87,351 +origin-delay\\n.*matches +73 +bad-day\\n.*"), out);
        assertTrue(out.matches("(?s).*matches +11 +delay-cascade\\n.*matches +6,386 +quiet-airport\\n.*"), out);
        assertTrue(out.contains("DFW"), out);
        assertTrue(out.contains("jitter floor"), out);
        assertTrue(out.contains(data.resolve("journal").toString()), out);
        assertEquals("", first.err());
    }

    @Test
    void shouldGiveTheWindowsOfTheOracle() throws Exception {
        List<String> windows = Outbox.windows(data);

        List<String> sorted = new ArrayList<>(windows);
        sorted.sort(null);
        assertEquals(String.join("\n", FlightsOracle.windows(CSV)), String.join("\n", sorted));
    }

    @Test
    void shouldGiveTheMatchesOfTheOracle() throws Exception {
        assertEquals(String.join("\n", FlightsOracle.matches(CSV)), String.join("\n", Outbox.matches(data)));
    }

    @Test
    void shouldGiveTheCascadesOfTheOracle() throws Exception {
        assertEquals(
                String.join("\n", FlightsOracle.cascades(CSV)),
                String.join("\n", Outbox.sequences(data, "delay-cascade", true)));
    }

    @Test
    void shouldGiveTheQuietAirportsOfTheOracle() throws Exception {
        List<String> quiet = new ArrayList<>(Outbox.sequences(data, "quiet-airport", false));

        quiet.sort(null);
        assertEquals(String.join("\n", FlightsOracle.quiet(CSV)), String.join("\n", quiet));
    }

    @Test
    void shouldRecoverAndAddNothingWhenRunAgain() throws Exception {
        CommandRun again = CommandRun.run("run", "--data", data.toString(), "--json");

        assertEquals(0, again.exitCode(), again::err);
        JsonNode summary = again.json();
        assertEquals(20_001, summary.at("/recovery/records").asLong());
        assertFalse(summary.at("/recovery/isNew").asBoolean());
        assertEquals(20_000, summary.at("/events/duplicates").asLong());
        assertEquals(0, summary.at("/events/accepted").asLong());
        assertEquals(0, summary.at("/outputs/written").asLong());
        assertEquals(firstRecords, Outbox.records(data));
    }

    @Test
    void shouldEndWithTheSameOutputsWhenInterruptedAndRunAgain() throws Exception {
        Path other = directory.resolve("interrupted");
        CommandRun cut = CommandRun.start("run", "--data", other.toString(), "--rate", "2000/s", "--json");
        while (!Files.isDirectory(other.resolve("journal")) || Outbox.journaledCount(other) < 1_000) {
            assertTrue(cut.process().isAlive(), cut::err);
            Thread.sleep(20);
        }
        cut.signal("INT");

        assertEquals(130, cut.exitCode(), cut::err);
        JsonNode summary = cut.json();
        long accepted = summary.at("/events/accepted").asLong();
        assertEquals("SIGINT", summary.at("/end").asText());
        assertTrue(accepted >= 1_000 && accepted < 20_000, cut::out);
        assertEquals(accepted, Outbox.journaledCount(other));
        assertEquals(accepted - 1, summary.at("/cursors/synced/sequence").asLong(), cut::out);
        assertTrue(summary.at("/outputs/windowsOpen").asLong() > 0, cut::out);

        CommandRun rest = CommandRun.run("run", "--data", other.toString(), "--json");

        assertEquals(0, rest.exitCode(), rest::err);
        assertEquals(accepted, rest.json().at("/recovery/records").asLong());
        assertEquals(accepted, rest.json().at("/events/duplicates").asLong());
        assertEquals(20_000 - accepted, rest.json().at("/events/accepted").asLong());
        assertEquals(firstRecords, Outbox.records(other));
    }
}
