package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace journal ...} beside a pipeline that writes, dies and comes back. */
class JournalSystemTest {
    private static final String HEADER = "date,delay,distance,origin,destination\n";
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(40);

    @TempDir
    private Path directory;

    private Path config;
    private Path data;

    @BeforeEach
    void writeConfiguration() throws IOException {
        data = directory.resolve("data");
        config = directory.resolve("small.yaml");
        Files.writeString(
                config,
                Files.readString(CommandRun.flights("flights.yaml"))
                        .replace(
                                "flights.xml", CommandRun.flights("flights.xml").toString())
                        .replace("1048576", "1024")
                        .replace("16MiB", "1MiB"));
    }

    @Test
    void shouldFollowAJournalThroughTheDeathOfItsWriter() throws Exception {
        CommandRun writer = startInABootThatEnds();
        OutputStream rows = writer.process().getOutputStream();
        write(rows, HEADER, 0, 100);
        await(writer, () -> recordCount() == 100);
        CommandRun tail = CommandRun.start("journal", "tail", "-f", "-n", "100", "--json", "--data", data.toString());
        await(tail, () -> lineCount(tail) == 100);

        write(rows, "", 100, 200);
        await(tail, () -> lineCount(tail) == 200);
        checkLive(writer.process().pid());
        writer.signal("KILL");
        writer.exitCode();
        tearTail();
        CommandRun next = start();
        try (OutputStream more = next.process().getOutputStream()) {
            write(more, HEADER, 200, 300);
            await(tail, () -> lineCount(tail) == 300);
        }

        assertEquals(0, next.exitCode(), next::err);
        tail.signal("INT");
        assertEquals(130, tail.exitCode(), tail::err);
        List<Long> places = new ArrayList<>();
        for (String line : tail.out().lines().toList()) {
            places.add(new ObjectMapper().readTree(line).at("/place").asLong());
        }
        assertEquals(LongStream.range(0, 300).boxed().toList(), places);
    }

    @Test
    void shouldEndQuietlyWhenItsReaderHasSeenEnough() throws Exception {
        CommandRun writer = start();
        try (OutputStream rows = writer.process().getOutputStream()) {
            write(rows, HEADER, 0, 3000);
        }
        assertEquals(0, writer.exitCode(), writer::err);

        CommandRun cat = CommandRun.start(List.of(
                "bash",
                "-o",
                "pipefail",
                "-c",
                CommandRun.root().resolve("ops/bin/millrace") + " journal cat --json --data " + data + " | head -n 1"));

        assertEquals(0, cat.exitCode(), cat::err);
        assertEquals("", cat.err());
        assertEquals(1, cat.out().lines().count());
    }

    /** While the writer lives. */
    private void checkLive(long pid) {
        CommandCall stat = CommandCall.of("journal", "stat", "--json", "--data", data.toString());
        assertEquals(0, stat.exitCode(), stat::err);
        assertEquals(pid, stat.json().at("/holder/pid").asLong(), stat::out);
        CommandCall list = CommandCall.of("journal", "ls", "--log", "journal", "--json", "--data", data.toString());
        assertEquals("open", list.json().at("/state").asText(), list::out);
        CommandCall verify = CommandCall.of("journal", "verify", "--data", data.toString());
        assertEquals(0, verify.exitCode(), verify::out);
        assertEquals(
                0, CommandCall.of("journal", "prune", "--data", data.toString()).exitCode());
        CommandCall prune = CommandCall.of("journal", "prune", "--yes", "--data", data.toString());
        assertEquals(73, prune.exitCode(), prune::err);
        assertTrue(prune.err().contains("is held by pid=" + pid), prune::err);
    }

    /** A power cut may leave the beginning of a frame behind the last one; every command takes that for the end. */
    private void tearTail() throws IOException {
        Path segment = data.resolve("journal/00000001/19700101-00F.cq4");
        long end = 0;
        try (FrameReader reader = FrameReader.open(data, LogKind.JOURNAL)) {
            while (reader.nextFrame()) {
                end = reader.offset() + Integer.BYTES + reader.frame().length();
            }
        }
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(end);
            file.write(new byte[] {100, 0, 0, 0, 'M', 'R', 'F', '1', 1});
        }
        for (String command : List.of("cat", "tail", "verify", "ls", "stat")) {
            CommandCall call = CommandCall.of("journal", command, "--data", data.toString());
            assertEquals(0, call.exitCode(), () -> command + ": " + call.err() + call.out());
        }
        CommandCall cat = CommandCall.of("journal", "cat", "--data", data.toString());
        assertEquals(200, cat.lines().size());
        assertTrue(cat.err().startsWith("millrace: journal ends in a tail that a crash tore: file="), cat.err());
    }

    private long recordCount() {
        return Files.isDirectory(data.resolve("journal")) ? Outbox.journaledCount(data) : 0;
    }

    private static long lineCount(CommandRun run) {
        return run.out().lines().count();
    }

    private static void await(CommandRun run, BooleanSupplier condition) throws InterruptedException {
        long beginNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(run.process().isAlive(), () -> run.out() + run.err());
            assertTrue(System.nanoTime() - beginNs < TIMEOUT_NS, () -> run.out() + run.err());
            Thread.sleep(20);
        }
    }

    /** Only a power cut tears a frame that was announced; what is read later is read in another boot. */
    private CommandRun startInABootThatEnds() throws IOException {
        return CommandRun.start(List.of(
                "env",
                "MILLRACE_JAVA_OPTS=-XX:TieredStopAtLevel=1 -Dmillrace.boot.id=an-earlier-boot",
                CommandRun.root().resolve("ops/bin/millrace").toString(),
                "run",
                "-c",
                config.toString(),
                "--input",
                "-",
                "--data",
                data.toString()));
    }

    private CommandRun start() throws IOException {
        return CommandRun.start("run", "-c", config.toString(), "--input", "-", "--data", data.toString());
    }

    private static void write(OutputStream rows, String head, int from, int to) throws IOException {
        StringBuilder text = new StringBuilder(head);
        for (int i = from; i < to; i++) {
            text.append("2001/01/01 00:")
                    .append(10 + i / 10 % 50)
                    .append(',')
                    .append(i)
                    .append(",1,DTW,LAS\n");
        }
        rows.write(text.toString().getBytes(StandardCharsets.UTF_8));
        rows.flush();
    }
}
