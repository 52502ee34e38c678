package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams, windows and patterns that read each other in YAML, against lists of flights. */
class StreamChainSystemTest {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu/MM/dd HH:mm");
    private static final long NS_PER_MIN = 60_000_000_000L;
    private static final int ROW_COUNT = 6_000;

    private static final String ITEMS = """
            streams:
              - {name: all, map: {delay: delay}, to: none}
              - name: hours                     # only feeds others
                from: all
                window: {size: 1h, maxKeys: 512}
                aggregates: {flights: count, worst: max(delay)}
                to: none
              - name: busy
                from: hours
                where: flights >= 2
              - name: days                      # reads the input alone
                window: {size: 1d, maxKeys: 512}
                aggregates: {flights: count}
              - name: rush-days                 # reads a pattern that stands below
                from: rush
                window: {size: 1d, maxKeys: 512}
                aggregates: {rushes: count}
            windows:
              - {name: busy-days, from: busy, value: flights, size: 1d}
            patterns:
              - {name: rush, from: busy, count: {ge: 2}, within: 2h}
              - name: then-late
                within: 1h
                stages:
                  - {stage: full, of: busy}
                  - {stage: late, of: flight, where: delay >= 30}
            """;

    @TempDir
    private Path directory;

    private record Flight(long minute, int delay, String origin) {}

    private final List<Flight> flights = new ArrayList<>();
    /** By airport and last minute of the hour: number of flights. */
    private final Map<String, TreeMap<Long, Integer>> busy = new TreeMap<>();

    private String configure(String more) throws IOException {
        List<String> rows =
                Files.readAllLines(CommandRun.flights("flights-20k.csv")).subList(0, ROW_COUNT);
        Files.write(directory.resolve("in.csv"), rows);
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split(",");
            long minute = LocalDateTime.parse(cells[0], DATE).toEpochSecond(ZoneOffset.UTC) / 60;
            flights.add(new Flight(minute, Integer.parseInt(cells[1]), cells[3]));
        }
        Map<String, TreeMap<Long, Integer>> hours = new TreeMap<>();
        for (Flight flight : flights) {
            hours.computeIfAbsent(flight.origin, key -> new TreeMap<>())
                    .merge(flight.minute - flight.minute % 60 + 60, 1, Integer::sum);
        }
        hours.forEach((origin, counts) -> counts.forEach((end, count) -> {
            if (count >= 2) {
                busy.computeIfAbsent(origin, key -> new TreeMap<>()).put(end, count);
            }
        }));
        Path config = directory.resolve("chain.yaml");
        Files.writeString(config, """
                schemas: [%s]
                input:
                  file: in.csv
                  type: flight
                  time: {column: date, pattern: yyyy/MM/dd HH:mm}
                  key: origin
                journal: {segmentLength: 1MiB}
                dedup: {size: 16384}
                """.formatted(CommandRun.flights("flights.xml")) + ITEMS + more);
        return config.toString();
    }

    private List<String> rows(String data, String operator, String... fields) {
        CommandCall export = CommandCall.of("journal", "export", "--data", data, "--log", "outbox", "--out", "-");
        assertEquals(0, export.exitCode(), export::err);
        List<String> found = new ArrayList<>();
        for (JsonNode row : export.jsonLines()) {
            if (row.get("operator").asText().equals(operator)) {
                StringBuilder words = new StringBuilder(row.get("key").asText());
                for (String field : fields) {
                    words.append(' ').append(row.at("/fields/" + field).asLong());
                }
                found.add(words.toString());
            }
        }
        found.sort(null);
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eventTime: {outOfOrderness: 10min}\n"})
    void shouldGiveWhatListsGive(String more) throws IOException {
        String config = configure(more);
        String data = directory.resolve("data").toString();
        CommandCall run = CommandCall.of("run", "-c", config, "--data", data, "--flush");
        assertEquals(0, run.exitCode(), run::err);

        assertRows(busyRows(), rows(data, "busy", "endNs", "flights"));
        assertEquals(List.of(), rows(data, "hours"));
        assertRows(days(), rows(data, "days", "endNs", "flights"));
        assertRows(busyDays(), rows(data, "busy-days", "endNs", "count", "sum"));
        assertRows(rushes(), rows(data, "rush", "endNs"));
        assertRows(rushDays(), rows(data, "rush-days", "startNs", "rushes"));
        assertRows(thenLate(), rows(data, "then-late", "startNs", "endNs"));
        CommandCall replay = CommandCall.of("replay", "-c", config, "--data", data, "--compare");
        assertEquals(0, replay.exitCode(), replay::out);
    }

    private static void assertRows(List<String> expected, List<String> found) {
        assertTrue(expected.size() > 5, "rows=" + expected.size());
        expected.sort(null);
        assertEquals(String.join("\n", expected), String.join("\n", found));
    }

    private List<String> busyRows() {
        List<String> rows = new ArrayList<>();
        busy.forEach((origin, hours) ->
                hours.forEach((end, count) -> rows.add(origin + ' ' + end * NS_PER_MIN + ' ' + count)));
        return rows;
    }

    private List<String> days() {
        Map<String, Integer> days = new TreeMap<>();
        for (Flight flight : flights) {
            days.merge(flight.origin + ' ' + (flight.minute / 1440 * 1440 + 1440) * NS_PER_MIN, 1, Integer::sum);
        }
        List<String> rows = new ArrayList<>();
        days.forEach((day, count) -> rows.add(day + ' ' + count));
        return rows;
    }

    /** An hour that ends at midnight belongs to the day that it ends. */
    private static long dayEnd(long end) {
        return (end - 1) / 1440 * 1440 + 1440;
    }

    private List<String> busyDays() {
        Map<String, int[]> days = new TreeMap<>();
        busy.forEach((origin, hours) -> hours.forEach((end, count) -> {
            int[] day = days.computeIfAbsent(origin + ' ' + dayEnd(end) * NS_PER_MIN, key -> new int[2]);
            day[0]++;
            day[1] += count;
        }));
        List<String> rows = new ArrayList<>();
        days.forEach((day, sums) -> rows.add(day + ' ' + sums[0] + ' ' + sums[1]));
        return rows;
    }

    /** Two busy hours less than two hours apart, each used once: the last nanosecond of the second one. */
    private List<String> rushes() {
        List<String> rows = new ArrayList<>();
        busy.forEach((origin, hours) -> {
            long before = Long.MIN_VALUE / 2;
            for (long end : hours.keySet()) {
                boolean isRush = end - before < 120;
                if (isRush) {
                    rows.add(origin + ' ' + (end * NS_PER_MIN - 1));
                }
                before = isRush ? Long.MIN_VALUE / 2 : end;
            }
        });
        return rows;
    }

    private List<String> rushDays() {
        Map<String, Integer> days = new TreeMap<>();
        for (String rush : rushes()) {
            String[] words = rush.split(" ");
            long start = Long.parseLong(words[1]) / (1440 * NS_PER_MIN) * (1440 * NS_PER_MIN);
            days.merge(words[0] + ' ' + start, 1, Integer::sum);
        }
        List<String> rows = new ArrayList<>();
        days.forEach((day, count) -> rows.add(day + ' ' + count));
        return rows;
    }

    /** The first late departure in the hour behind a busy one. */
    private List<String> thenLate() {
        List<String> rows = new ArrayList<>();
        busy.forEach((origin, hours) -> {
            for (long end : hours.keySet()) {
                flights.stream()
                        .filter(flight -> flight.origin.equals(origin) && flight.delay >= 30)
                        .filter(flight ->
                                flight.minute >= end && (flight.minute - end) * NS_PER_MIN + 1 < 60 * NS_PER_MIN)
                        .findFirst()
                        .ifPresent(flight ->
                                rows.add(origin + ' ' + (end * NS_PER_MIN - 1) + ' ' + flight.minute * NS_PER_MIN));
            }
        });
        return rows;
    }

    @Test
    void shouldComputeRowsOnceForAllWhoReadThem() throws IOException {
        CommandCall check = CommandCall.of("check", "-c", configure(""), "--json");
        assertEquals(0, check.exitCode(), check::err);
        List<String> parts = new ArrayList<>();
        check.json().at("/memoryLength/state").fieldNames().forEachRemaining(parts::add);

        assertEquals(parts.size(), new HashSet<>(parts).size());
        long hours = check.json().at("/memoryLength/state/stream hours").asLong();
        assertTrue(hours > 50_000, "hours=" + hours);
        assertEquals(0, check.json().at("/memoryLength/state/stream busy").asLong());
    }

    /** What is read keeps its state when readers come and go. */
    @Test
    void shouldTakeAReaderThatComesLater() throws IOException {
        String config = configure("");
        String data = directory.resolve("data").toString();
        Path file = Path.of(config);
        String all = Files.readString(file);
        Files.writeString(file, all.substring(0, all.indexOf("  - name: rush-days")));
        List<String> rows = Files.readAllLines(directory.resolve("in.csv"));
        Files.write(directory.resolve("in.csv"), rows.subList(0, ROW_COUNT / 2));
        CommandCall first = CommandCall.of("run", "-c", config, "--data", data);
        assertEquals(0, first.exitCode(), first::err);

        Files.writeString(file, all);
        Files.write(directory.resolve("in.csv"), rows);
        CommandCall second = CommandCall.of("run", "-c", config, "--data", data, "--flush");
        assertEquals(0, second.exitCode(), second::err);
        assertRows(busyRows(), rows(data, "busy", "endNs", "flights"));
        assertTrue(!rows(data, "rush-days").isEmpty());
        CommandCall replay = CommandCall.of("replay", "-c", config, "--data", data, "--compare");
        assertEquals(0, replay.exitCode(), replay::out);
    }

    /** A reader is what it was made of: another stream before it is another reader, and what is apart is not. */
    @Test
    void shouldBeginAnewWithAChangedStreamAndAllThatReadIt() throws IOException {
        String config = configure("");
        String data = directory.resolve("data").toString();
        List<String> input = Files.readAllLines(directory.resolve("in.csv"));
        Files.write(directory.resolve("in.csv"), input.subList(0, ROW_COUNT / 2));
        assertEquals(0, CommandCall.of("run", "-c", config, "--data", data).exitCode());

        Path file = Path.of(config);
        Files.writeString(file, Files.readString(file).replace("max(delay)", "min(delay)"));
        Files.write(directory.resolve("in.csv"), input);
        CommandCall refused = CommandCall.of("run", "-c", config, "--data", data);
        assertEquals(78, refused.exitCode());
        assertRefusal(refused.err().lines().toList());

        CommandCall changed = CommandCall.of("run", "-c", config, "--data", data, "--reconfigure", "--flush");
        assertEquals(0, changed.exitCode(), changed::err);
        assertRows(days(), rows(data, "days", "endNs", "flights"));
        List<String> gone = busyDays();
        gone.removeAll(rows(data, "busy-days", "endNs", "count", "sum"));
        assertTrue(!gone.isEmpty() && gone.size() < busyDays().size() / 4, () -> "those of the day of then: " + gone);
        String from = Integer.toString(ROW_COUNT / 2 + 1);
        CommandCall replay = CommandCall.of("replay", "-c", config, "--data", data, "--compare", "--from", from);
        assertEquals(0, replay.exitCode(), replay::out);
    }

    private static void assertRefusal(List<String> lines) {
        assertEquals(
                "    hours: aggregates={flights=count, worst=min(delay)} (expected: aggregates={flights=count,"
                        + " worst=max(delay)})",
                lines.get(1));
        assertTrue(
                lines.get(2).matches("    busy: hours=#[0-9a-f]{16} \\(expected: hours=#[0-9a-f]{16}\\)"),
                lines.get(2));
        assertEquals(
                List.of("busy", "busy-days", "hours", "rush", "rush-days", "then-late"),
                lines.subList(1, lines.size() - 1).stream()
                        .map(line -> line.strip().split(":")[0])
                        .sorted()
                        .toList());
        assertTrue(lines.get(lines.size() - 1).contains("--reconfigure"), lines::toString);
    }
}
