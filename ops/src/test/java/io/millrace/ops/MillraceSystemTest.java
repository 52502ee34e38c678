package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.journal.deadletter.DeadLetter;
import io.millrace.journal.deadletter.DeadLetterQueue;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on small inputs, good and bad: what it prints, where, and the status it ends with. */
class MillraceSystemTest {
    private static final String HEADER = "date,delay,distance,origin,destination\n";
    private static final String ROW = "2001/01/01 00:47,66,1750,DTW,LAS\n";

    @TempDir
    private Path directory;

    private Path config;
    private Path input;

    @BeforeEach
    void writeConfiguration() throws IOException {
        input = directory.resolve("in.csv");
        config = directory.resolve("small.yaml");
        Files.writeString(
                config,
                Files.readString(CommandRun.flights("flights.yaml"))
                        .replace(
                                "flights.xml", CommandRun.flights("flights.xml").toString())
                        .replace("file: flights-20k.csv", "file: in.csv")
                        .replace("1048576", "1024")
                        .replace("16MiB", "1MiB"));
    }

    @Test
    void shouldCountShowAndParkBadRowsAndGoOn() throws Exception {
        Files.writeString(
                input, HEADER + ROW + "2001/01/01 01:10,late,1,HNL,SFO\nxx,1,2,A,B\n" + ROW.replace("66", "67"));

        CommandRun run = run("--json");

        assertEquals(0, run.exitCode(), run::err);
        assertEquals(4, run.json().at("/input/rows").asLong());
        assertEquals(2, run.json().at("/input/badRows").asLong());
        assertEquals(2, run.json().at("/events/accepted").asLong());
        assertTrue(run.err().startsWith("millrace: bad row: in.csv: row 3: column delay: value \"late\""), run.err());
        assertTrue(run.err().contains("millrace: bad row: in.csv: row 4: column date: value \"xx\""), run.err());

        CommandRun again = run("--json");

        assertEquals(0, again.exitCode(), again::err);
        assertEquals(2, again.json().at("/input/badRows").asLong());
        List<DeadLetter> letters = DeadLetterQueue.list(directory.resolve("data"));
        assertEquals(List.of(3L, 4L), letters.stream().map(DeadLetter::line).toList());
        assertEquals("xx,1,2,A,B", new String(letters.get(1).bytes(), StandardCharsets.UTF_8));
    }

    @Test
    void shouldDeliverToASinkOnceAlthoughItsCheckpointIsLost() throws Exception {
        Files.writeString(input, HEADER + ROW);
        Files.writeString(
                config, Files.readString(config) + "\nsinks: [{name: lines, kind: json-lines, file: out.jsonl}]\n");
        CommandRun first = run("--flush");
        assertEquals(0, first.exitCode(), first::err);
        Path lines = directory.resolve("data/out.jsonl");
        List<String> delivered = Files.readAllLines(lines);
        assertEquals(6, delivered.size());
        assertTrue(
                delivered.get(0).startsWith("{\"operator\":\"origin-delay\",\"type\":\"WindowResult\""),
                delivered::toString);
        assertTrue(delivered.get(0).contains("\"key\":\"DTW\""), delivered::toString);
        try (Stream<Path> files = Files.list(directory.resolve("data/outbox"))) {
            for (Path checkpoint : files.filter(
                            file -> file.getFileName().toString().startsWith("lines"))
                    .toList()) {
                Files.delete(checkpoint);
            }
        }

        CommandRun second = run("--flush");

        assertEquals(0, second.exitCode(), second::err);
        assertEquals(delivered, Files.readAllLines(lines));
    }

    @Test
    void shouldStopAtABadRowWhenStrict() throws Exception {
        Files.writeString(input, HEADER + ROW + "xx,1,2,A,B\n" + ROW.replace("66", "67"));

        CommandRun run = run("--strict", "--json");

        assertEquals(66, run.exitCode(), run::err);
        assertEquals("bad row", run.json().at("/end").asText());
        assertEquals(1, run.json().at("/events/accepted").asLong());
        assertTrue(run.err().contains("in.csv: row 3: column date"), run.err());
    }

    @Test
    void shouldRefuseADirectoryThatAnotherProcessHolds() throws Exception {
        CommandRun holder = start("--input", "-");
        try (OutputStream rows = holder.process().getOutputStream()) {
            write(rows, HEADER + ROW);
            awaitJournaled(holder, 1);

            Files.writeString(input, HEADER + ROW);
            CommandRun second = run();

            assertEquals(73, second.exitCode(), second::err);
            assertTrue(
                    second.err().contains("is held by pid=" + holder.process().pid()), second.err());
            assertEquals("", second.out());
        }
        assertEquals(0, holder.exitCode(), holder::err);
    }

    @Test
    void shouldReadStandardInputAndEndCleanlyOnSigterm() throws Exception {
        CommandRun run = start("--input", "-", "--json");
        try (OutputStream rows = run.process().getOutputStream()) {
            write(rows, HEADER + ROW + ROW + "2001/01/01 00:48,6");
            awaitJournaled(run, 1);
            run.signal("TERM");

            assertEquals(0, run.exitCode(), run::err);
        }
        assertEquals("SIGTERM", run.json().at("/end").asText());
        assertEquals("-", run.json().at("/input/file").asText());
        assertEquals(1, run.json().at("/events/accepted").asLong());
        assertEquals(1, run.json().at("/events/duplicates").asLong());
        assertEquals(0, run.json().at("/input/badRows").asLong());
    }

    @Test
    void shouldPutOutAllWindowsThatClosedWhenAStreamPauses() throws Exception {
        StringBuilder text = new StringBuilder(HEADER);
        for (char letter = 'A'; letter < 'A' + 200; letter++) {
            text.append("2001/01/01 00:00,1,1,")
                    .append((char) ('A' + letter % 26))
                    .append((char) ('A' + letter / 26));
            text.append("X,LAS\n");
        }
        text.append("2001/01/01 00:31,1,1,ZZZ,LAS\n");
        CommandRun run = start("--input", "-", "--json");
        try (OutputStream rows = run.process().getOutputStream()) {
            write(rows, text.toString());
            awaitJournaled(run, 202);
            Path data = directory.resolve("data");
            while (Outbox.windows(data).size() < 200) {
                assertTrue(run.process().isAlive(), () -> run.out() + run.err());
                Thread.sleep(20);
            }
        }
        assertEquals(0, run.exitCode(), run::err);
        assertEquals(201, run.json().at("/events/accepted").asLong());
    }

    @Test
    void shouldReportAnInputThatIsNotThereOrEmpty() throws Exception {
        CommandRun missing = run();
        assertEquals(66, missing.exitCode(), missing::err);
        assertEquals(
                "millrace: cannot read input: file=" + input
                        + ": does not exist (expected: a readable file, or - for standard"
                        + " input); name another with --input\n",
                missing.err());
        assertFalse(Files.exists(directory.resolve("data")));

        Files.writeString(input, "");
        CommandRun empty = run();
        assertEquals(66, empty.exitCode(), empty::err);
        assertTrue(empty.err().contains("is empty (expected: a header row)"), empty.err());
    }

    @Test
    void shouldReadAFileWithAHeaderOnly() throws Exception {
        Files.writeString(input, HEADER);

        CommandRun run = run("--json");

        assertEquals(0, run.exitCode(), run::err);
        assertEquals(0, run.json().at("/input/rows").asLong());
    }

    @Test
    void shouldReportAllThatIsWrongWithTheConfiguration() throws Exception {
        Files.writeString(
                config,
                Files.readString(config).replace("pipeline:", "pipline:").replace("slide: 30min", "slide: 3 min 1"));
        Files.writeString(input, HEADER.replace("distance", "miles").replace("origin", "orign"));

        CommandRun run = run();

        assertEquals(78, run.exitCode(), run::err);
        List<String> lines = run.err().lines().toList();
        assertEquals(5, lines.size(), run.err());
        assertEquals(config + ":3:1  pipline: is not a key. Nearest: pipeline.", lines.get(0));
        assertEquals(
                config + ":11:9  input.fields.distance: is missing: in.csv has no column distance."
                        + " Allowed: date, delay, miles, orign, destination.",
                lines.get(1));
        assertEquals(
                config + ":11:9  input.fields.origin: is missing: in.csv has no column origin. Nearest: orign.",
                lines.get(2));
        assertEquals(
                config + ":14:8  input.key.column: origin is not a column of in.csv. Nearest: orign.", lines.get(3));
        assertTrue(lines.get(4).startsWith(config + ":23:12  windows[0].slide: 3 min 1 is not a duration."), run.err());
    }

    @Test
    void shouldCheckAConfigurationAndPrintJson() throws Exception {
        CommandRun right = CommandRun.run("check", "-c", config.toString(), "--json");
        assertEquals(0, right.exitCode(), right::err);
        JsonNode checked = right.json();
        assertTrue(checked.at("/ok").asBoolean());
        assertEquals(16384, checked.at("/config/pipeline/ringCapacity").asLong());
        assertTrue(checked.at("/memoryLength/rings/ring").asLong() > 16384 * 64);

        Files.writeString(config, Files.readString(config) + "\nextra: 1\n");
        CommandRun wrong = CommandRun.run("check", "-c", config.toString(), "--json");
        assertEquals(78, wrong.exitCode(), wrong::err);
        assertEquals("extra", wrong.json().at("/problems/0/key").asText());
    }

    @Test
    void shouldRunThroughALinkFromAnywhere() throws Exception {
        Path link = Files.createSymbolicLink(
                directory.resolve("link"), CommandRun.root().resolve("ops/bin/millrace"));

        CommandRun run = CommandRun.start(link, "version", "--json");

        assertEquals(0, run.exitCode(), run::err);
        Files.delete(link);
        assertTrue(run.json().at("/millrace").asText().matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"), run.out());
        assertEquals(
                System.getProperty("java.version"),
                run.json().at("/java").asText().replaceAll("[+].*", ""));
    }

    @Test
    void shouldRefuseToStartWithoutTheJvmFlags() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        CommandRun run = CommandRun.start(List.of(
                java.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                MillraceCommand.class.getName(),
                "run",
                "-c",
                config.toString()));

        assertEquals(78, run.exitCode(), run::err);
        assertEquals(
                "millrace: cannot start: missing JVM flags=4 (expected: 0); add to the java command line, or to"
                        + " JDK_JAVA_OPTIONS:\n"
                        + "    --add-opens=java.base/java.lang.reflect=ALL-UNNAMED\n"
                        + "    --add-opens=java.base/sun.nio.ch=ALL-UNNAMED\n"
                        + "    --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED\n"
                        + "    --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED\n",
                run.err());
    }

    @Test
    void shouldRefuseMoreSpinningThreadsThanCores() throws Exception {
        Files.writeString(input, HEADER + ROW);
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("name: flights", "name: flights\n  plan: pipelined\n  wait: busy-spin\n"));

        CommandRun run = CommandRun.start(List.of(
                "taskset",
                "-c",
                "0",
                CommandRun.root().resolve("ops/bin/millrace").toString(),
                "run",
                "-c",
                config.toString(),
                "--data",
                directory.resolve("data").toString()));

        assertEquals(78, run.exitCode(), run::err);
        assertTrue(run.err().startsWith("millrace: cannot build pipeline: busy-spinning threads=4 "), run.err());
    }

    @Test
    void shouldNameWhatIsDamagedAndChangeNothing() throws Exception {
        Files.writeString(input, HEADER + ROW);
        assertEquals(0, run().exitCode());
        Files.writeString(input, HEADER + ROW.replace("66", "67"));
        assertEquals(0, run().exitCode());
        Path segment;
        try (Stream<Path> files = Files.walk(directory.resolve("data/journal/00000001"))) {
            segment = files.filter(file -> file.toString().endsWith(".cq4"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(segment);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("DTWLAS");
        bytes[at] ^= 1;
        Files.write(segment, bytes);

        CommandRun run = run();

        assertEquals(65, run.exitCode(), run::err);
        assertTrue(run.err().contains("file=" + segment), run.err());
        assertArrayEquals(bytes, Files.readAllBytes(segment));
    }

    @Test
    void shouldExplainWrongUsage() throws Exception {
        CommandRun run = CommandRun.run("run", "--rate", "fast");

        assertEquals(2, run.exitCode(), run::err);
        assertTrue(run.err().contains("'fast' is not a rate (expected: N/s, N at least 1)"), run.err());
    }

    private CommandRun start(String... arguments) throws IOException {
        String[] all = new String[arguments.length + 5];
        System.arraycopy(
                new String[] {
                    "run",
                    "-c",
                    config.toString(),
                    "--data",
                    directory.resolve("data").toString()
                },
                0,
                all,
                0,
                5);
        System.arraycopy(arguments, 0, all, 5, arguments.length);
        return CommandRun.start(all);
    }

    private CommandRun run(String... arguments) throws IOException {
        CommandRun run = start(arguments);
        run.process().getOutputStream().close();
        return run;
    }

    private void awaitJournaled(CommandRun run, long count) throws InterruptedException {
        Path data = directory.resolve("data");
        while (!Files.isDirectory(data.resolve("journal")) || Outbox.journaledCount(data) < count) {
            assertTrue(run.process().isAlive(), () -> run.out() + run.err());
            Thread.sleep(20);
        }
    }

    private static void write(OutputStream rows, String text) throws IOException {
        rows.write(text.getBytes(StandardCharsets.UTF_8));
        rows.flush();
    }
}
