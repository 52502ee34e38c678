package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The classic in YAML, as the README shows it: revenue of the last hour, every 5 minutes, against sums of a list. */
class RevenueSystemTest {
    private static final Path EXAMPLE = CommandRun.root().resolve("ops/examples/orders");
    private static final long NS_PER_MIN = 60_000_000_000L;

    @TempDir
    private Path directory;

    @Test
    void shouldPutOutRowsByTheirNames() throws IOException {
        String data = directory.resolve("data").toString();
        String config = EXAMPLE.resolve("orders.yaml").toString();
        CommandCall run = CommandCall.of("run", "-c", config, "--data", data, "--flush", "--json");
        assertEquals(0, run.exitCode(), run::err);
        CommandCall export = CommandCall.of("journal", "export", "--data", data, "--log", "outbox", "--out", "-");
        assertEquals(0, export.exitCode(), export::err);

        List<String> expected = expected();
        List<String> found = new ArrayList<>();
        export.jsonLines().forEach(row -> found.add(words(row)));
        found.sort(null);
        assertEquals(String.join("\n", expected), String.join("\n", found));
        assertEquals(expected.size(), run.json().at("/outputs/streams/revenue").asInt());
    }

    private static String words(JsonNode row) {
        JsonNode fields = row.get("fields");
        return row.get("operator").asText() + ' ' + row.get("type").asText() + ' '
                + row.get("key").asText() + ' ' + fields.get("periodStart").asLong() / NS_PER_MIN + ' '
                + fields.get("periodEnd").asLong() / NS_PER_MIN + " revenue=" + fields.get("revenue") + " orders="
                + fields.get("orders") + " average=" + fields.get("average").asDouble();
    }

    private static List<String> expected() throws IOException {
        TreeMap<String, List<Long>> windows = new TreeMap<>();
        for (String line : Files.readAllLines(EXAMPLE.resolve("orders.csv"))) {
            String[] cells = line.split(",");
            if (cells[0].equals("placedAt") || Long.parseLong(cells[2]) <= 0) {
                continue;
            }
            long minute = Instant.parse(cells[0]).getEpochSecond() / 60;
            for (long end = minute - minute % 5 + 5; end <= minute + 60; end += 5) {
                windows.computeIfAbsent(cells[1] + ' ' + (end - 60) + ' ' + end, one -> new ArrayList<>())
                        .add(Long.valueOf(cells[2]));
            }
        }
        List<String> rows = new ArrayList<>();
        windows.forEach((window, amounts) -> {
            long sum = amounts.stream().mapToLong(Long::longValue).sum();
            rows.add("revenue revenue " + window + " revenue=" + sum + " orders=" + amounts.size() + " average="
                    + (double) sum / amounts.size());
        });
        rows.sort(null);
        return rows;
    }

    @Test
    void shouldStandInTheReadme() throws IOException {
        String text = Files.readString(EXAMPLE.resolve("orders.yaml"));
        String readme = Files.readString(CommandRun.root().resolve("ops/README.md"));

        assertTrue(readme.contains("```yaml\n" + text + "```\n"), text);
    }
}
