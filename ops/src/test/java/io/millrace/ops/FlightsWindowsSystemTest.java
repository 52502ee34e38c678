package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.ops.FlightsWindowsOracle.Flight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The windows example as its user sees it, and every row of it against an oracle that shares no code with it. */
class FlightsWindowsSystemTest {
    private static final String CONFIG = CommandRun.flights("windows.yaml").toString();
    private static final long NS_PER_MINUTE = 60_000_000_000L;
    private static final long[] SIZES_MIN = {60, 180, 1440};

    @TempDir
    private static Path directory;

    private static String data;
    private static FlightsWindowsOracle oracle;
    private static List<JsonNode> rows;

    @BeforeAll
    static void runOnce() throws IOException {
        data = directory.resolve("windows").toString();
        oracle = new FlightsWindowsOracle(CommandRun.flights("flights-20k.csv"));
        CommandRun run = CommandRun.run("run", "-c", CONFIG, "--data", data, "--flush");
        assertEquals(0, run.exitCode(), run::err);
        assertTrue(run.out().contains("top-airports"), run.out());
        CommandRun cat = CommandRun.run("journal", "export", "--data", data, "--log", "outbox", "--out", "-");
        assertEquals(0, cat.exitCode(), cat::err);
        ObjectMapper json = new ObjectMapper();
        rows = new ArrayList<>();
        for (String line : cat.out().lines().toList()) {
            rows.add(json.readTree(line));
        }
    }

    private static List<JsonNode> rows(String type) {
        return rows.stream()
                .filter(row -> row.get("type").asText().equals(type))
                .toList();
    }

    private static String window(JsonNode row, String start, String end) {
        return row.get("key").asText()
                + ' '
                + row.at("/fields/" + start).asLong() / NS_PER_MINUTE
                + ' '
                + row.at("/fields/" + end).asLong() / NS_PER_MINUTE;
    }

    @Test
    void shouldGiveTheWindowsOfRoutes() {
        List<String> found = new ArrayList<>();
        for (JsonNode row : rows("route-windows")) {
            JsonNode fields = row.get("fields");
            found.add(window(row, "startNs", "endNs") + " flights=" + fields.get("flights") + " sum="
                    + fields.get("delaySum") + " worst=" + fields.get("worstDelay"));
        }
        found.sort(null);

        assertEquals(String.join("\n", oracle.sums(Flight::route, SIZES_MIN)), String.join("\n", found));
    }

    @Test
    void shouldGiveTheWindowsOfOrigins() {
        Map<String, List<Flight>> expected = oracle.windows(Flight::origin, SIZES_MIN);
        List<JsonNode> found = rows("origin-windows");

        assertEquals(expected.size(), found.size());
        for (JsonNode row : found) {
            String window = window(row, "startNs", "endNs");
            List<Flight> flights = expected.get(window);
            assertNotNull(flights, window);
            JsonNode fields = row.get("fields");
            int[] delays = flights.stream().mapToInt(Flight::delayMin).sorted().toArray();
            double mean = (double) flights.stream().mapToLong(Flight::delayMin).sum() / delays.length;
            assertEquals(delays.length, fields.get("flights").asInt(), window);
            assertEquals(mean, fields.get("meanDelay").asDouble(), 0, window);
            assertEquals(delays[delays.length - 1], fields.get("worstDelay").asInt(), window);
            assertQuantile(delays, 0.5, fields.get("median").asLong(), window);
            assertQuantile(delays, 0.9, fields.get("p90").asLong(), window);
        }
    }

    /** Of the values in their order the one at place ceil(q n), with the error that the README tells. */
    private static void assertQuantile(int[] sorted, double share, long found, String window) {
        int place = Math.max(1, (int) Math.ceil(share * sorted.length));
        long exact = sorted[place - 1];
        assertTrue(
                Math.abs(found - exact) <= Math.ceil(0.016 * Math.abs(exact)),
                () -> window + ": quantile " + share + " is " + found + ", exactly " + exact);
    }

    /** The number was found by a few lines of Python over the file; 55 flights are exactly the gap behind another. */
    @Test
    void shouldGiveTheSessionsOfAirports() {
        List<String> found = new ArrayList<>();
        for (JsonNode row : rows("departure-sessions")) {
            JsonNode fields = row.get("fields");
            found.add(window(row, "from", "to") + " flights=" + fields.get("flights") + " places="
                    + fields.get("places") + " late=" + fields.get("late"));
        }
        found.sort(null);

        assertEquals(String.join("\n", oracle.sessions()), String.join("\n", found));
        assertEquals(620, found.size());
    }

    @Test
    void shouldGiveTheTopAirportsOfEachDay() {
        List<String> found = new ArrayList<>();
        for (JsonNode row : rows("top-airports")) {
            JsonNode fields = row.get("fields");
            found.add(fields.get("startNs").asLong() / NS_PER_MINUTE / 1440 + " " + fields.get("rank") + ' '
                    + row.get("key").asText() + " flights=" + fields.get("flights"));
        }

        assertEquals(String.join("\n", oracle.topOfDays()), String.join("\n", found));
    }

    @Test
    void shouldShowRowsByTheirNamesWithTheConfigurationThatIsKept() throws IOException {
        CommandRun cat = CommandRun.run("journal", "cat", "--data", data, "--log", "outbox", "--to", "0");

        assertEquals(0, cat.exitCode(), cat::err);
        assertTrue(cat.out().contains("flights="), cat.out());
    }
}
