package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows out of order, late rows and several sources, as a configuration has them. */
class EventTimeSystemTest {
    private static final String HEADER = "date,delay,distance,origin,destination,gate\n";
    private static final long PAUSE_NS = 50_000_000;

    @TempDir
    private Path directory;

    private Path config;
    private Path input;
    private Path data;

    @BeforeEach
    void writeConfiguration() throws IOException {
        input = directory.resolve("in.csv");
        config = directory.resolve("gates.yaml");
        data = directory.resolve("data");
    }

    private void configure(String eventTime) throws IOException {
        Files.writeString(
                config,
                """
                schemas: ["SCHEMA"]
                input:
                  file: in.csv
                  type: flight
                  time: {column: date, pattern: yyyy/MM/dd HH:mm}
                  key: origin
                  source: gate
                dedup: {size: 1024}
                windows:
                  - {name: origin-delay, value: delay, size: 3h, slide: 30min}
                patterns:
                  - name: bad-day
                    where: delay >= 20
                    count: {of: flight, ge: 3}
                    distinct: {of: destination, ge: 3}
                    within: 2h
                    late: side-output
                journal: {segmentLength: 1MiB}
                sinks: [{name: out, file: out.jsonl}]
                """.replace("SCHEMA", CommandRun.flights("flights.xml").toString()) + "eventTime: " + eventTime + '\n');
    }

    private static String row(String time, String destination, int gate) {
        return "2001/01/01 " + time + ",66,1750,DTW," + destination + ',' + gate + '\n';
    }

    private CommandRun run(String... more) throws IOException {
        String[] arguments = {"run", "-c", config.toString(), "--data", data.toString(), "--json"};
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return CommandRun.run(all);
    }

    @Test
    void shouldMatchRowsInTheOrderOfTheirTimesAndPutOutLateOnes() throws Exception {
        configure("{outOfOrderness: 30min, reorderCapacity: 100}");
        Files.writeString(
                input,
                HEADER
                        + row("00:30", "LAS", 1)
                        + row("00:10", "BOS", 1)
                        + row("00:20", "SFO", 1)
                        + row("05:00", "LAS", 1)
                        + row("01:00", "BOS", 1));

        CommandRun run = run("--flush");

        assertEquals(0, run.exitCode(), run::err);
        JsonNode summary = run.json();
        assertEquals(1, summary.at("/outputs/patterns/bad-day").asLong(), run::out);
        assertEquals(1, summary.at("/events/late").asLong(), run::out);
        assertEquals(4, summary.at("/events/waited").asLong(), run::out);
        assertEquals(0, summary.at("/events/forced").asLong(), run::out);
        List<JsonNode> late = late();
        assertEquals(1, late.size());
        assertEquals(4, late.get(0).at("/fields/eventSequence").asLong(), late::toString);
    }

    private List<JsonNode> late() throws IOException {
        return Files.readAllLines(data.resolve("out.jsonl")).stream()
                .map(line -> new CommandCall(0, line, "").json())
                .filter(output -> output.at("/type").asText().equals("LateEvent"))
                .toList();
    }

    @Test
    void shouldLetTheOldestRowGoOnEarlyWhenTooManyWait() throws Exception {
        configure("{outOfOrderness: 30min, reorderCapacity: 1}");
        Files.writeString(input, HEADER + row("00:30", "LAS", 1) + row("00:10", "BOS", 1) + row("00:20", "SFO", 1));

        CommandRun run = run("--flush");

        assertEquals(0, run.exitCode(), run::err);
        assertEquals(1, run.json().at("/events/forced").asLong(), run::out);
        assertEquals(1, run.json().at("/outputs/patterns/bad-day").asLong(), run::out);
    }

    @Test
    void shouldSayWhatWaitsAtTheEndOfTheInput() throws Exception {
        configure("{outOfOrderness: 30min}");
        Files.writeString(input, HEADER + row("00:30", "LAS", 1));

        CommandRun run = CommandRun.run("run", "-c", config.toString(), "--data", data.toString());

        assertEquals(0, run.exitCode(), run::err);
        assertTrue(run.out().contains("1   events, until they are in order; --flush lets them go"), run::out);
    }

    @Test
    void shouldWaitForTheSourceThatIsFurthestBehind() throws Exception {
        configure("{maxSources: 2}");
        Files.writeString(
                input,
                HEADER
                        + row("03:00", "LAS", 1)
                        + row("00:10", "BOS", 2)
                        + row("03:10", "SFO", 1)
                        + row("00:20", "LAS", 2)
                        + row("09:00", "LAS", 3));

        CommandRun run = run();

        assertEquals(0, run.exitCode(), run::err);
        // Gate 2 begins behind the time at which gate 1 alone had come, and is the one to wait for from then on.
        assertEquals(2, run.json().at("/events/late").asLong(), run::out);
        assertEquals(1, run.json().at("/events/untracked").asLong(), run::out);
        CommandCall stat = CommandCall.of("journal", "stat", "--data", data.toString());
        assertTrue(
                stat.out().contains("  source 2       2 events to 2001-01-01T00:20:00Z, last published "), stat::out);
    }

    @Test
    void shouldNameASilentSourceAndGoOnWithoutIt() throws Exception {
        configure("{maxSources: 4, warnAfter: 200ms, sourceIdleAfter: 1s}");
        CommandRun run =
                CommandRun.start("run", "-c", config.toString(), "--data", data.toString(), "--input", "-", "--json");
        try (OutputStream rows = run.process().getOutputStream()) {
            write(rows, HEADER + row("00:10", "LAS", 7) + row("00:10", "BOS", 8));
            for (int minute = 20; !run.err().contains("source=7 was silent for 1 s"); minute = 20 + minute % 30) {
                write(rows, row("01:" + minute, "B" + System.nanoTime() % 100, 8));
                awaitAWhile(run);
            }
            // The writer takes the marker with its next row.
            write(rows, row("01:59", "LAX", 8));
        }

        assertEquals(0, run.exitCode(), run::err);
        assertTrue(
                run.err()
                        .contains(
                                "millrace: warning: event time stands still: watermark=2001-01-01T00:09:59.999999999Z"),
                run::err);
        assertTrue(
                run.err()
                        .contains(
                                "millrace: warning: source=7 was silent for 1 s: marked idle, event time does not wait"
                                        + " for it until its next event"),
                run::err);
        CommandCall cat = CommandCall.of("journal", "cat", "--data", data.toString(), "--type", "SOURCE_IDLE");
        assertTrue(cat.out().contains("source=7"), cat::out);
        CommandCall stat = CommandCall.of("journal", "stat", "--data", data.toString(), "--json");
        assertEquals(1, stat.json().at("/logs/0/byType/SOURCE_IDLE").asLong(), stat::out);
        assertEquals(7, stat.json().at("/logs/0/sources/1/sourceId").asLong(), stat::out);
        assertTrue(stat.json().at("/logs/0/sources/1/isIdle").asBoolean(), stat::out);
    }

    private static void write(OutputStream rows, String text) throws IOException {
        rows.write(text.getBytes(StandardCharsets.UTF_8));
        rows.flush();
    }

    /** Rows come one by one, so that the run sees time pass between them. */
    private static void awaitAWhile(CommandRun run) {
        assertTrue(run.process().isAlive(), run::err);
        LockSupport.parkNanos(PAUSE_NS);
    }

    @Test
    void shouldRefuseASourceThatIsNoNumber() throws Exception {
        configure("{maxSources: 2}");
        Files.writeString(input, HEADER + row("03:00", "LAS", 1).replace(",1\n", ",x\n"));

        CommandRun run = run("--strict");

        assertEquals(66, run.exitCode(), run::err);
        assertTrue(run.err().contains("gate: value \"x\" is not a source (expected: an integer, 32 bits)"), run::err);
    }
}
