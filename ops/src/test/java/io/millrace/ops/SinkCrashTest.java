package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.TestSeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run with a file of JSON lines is killed at any time, again and again: in the end the file shows each output of the
 * outbox once, in order. {@code -Dsink.kills=N}; {@code -Dmillrace.test.seed=N}.
 */
@Timeout(600)
class SinkCrashTest {
    private static final int KILL_COUNT = Integer.getInteger("sink.kills", 2);
    private static final long SEED = TestSeed.of(SinkCrashTest.class);
    private static final int LENGTH_MIN = 500;

    @TempDir
    private Path directory;

    @Test
    void shouldShowEachOutputOnceHoweverOftenItIsKilled() throws Exception {
        Random random = new Random(SEED);
        write();
        for (int kill = 1; kill <= KILL_COUNT; kill++) {
            long length = fileLength();
            CommandRun run = start("--rate", Integer.toString(20_000 / KILL_COUNT));
            while (fileLength() <= length + LENGTH_MIN && run.process().isAlive()) {
                Thread.onSpinWait();
            }
            long untilNs = System.nanoTime() + random.nextInt(400_000_000);
            while (System.nanoTime() < untilNs && run.process().isAlive()) {
                Thread.onSpinWait();
            }
            run.process().destroyForcibly();
            int status = run.exitCode();
            // On a machine that stood still meanwhile a run may have come to its end; nothing else ends it.
            assertTrue(status == 128 + 9 || status == 0, () -> "status=" + status + ": " + run.err());
            System.out.println("kill " + kill + ": status " + status + ", " + fileLength() + " bytes in the file");
        }
        CommandRun last = start();
        assertEquals(0, last.exitCode(), last::err);

        List<String> expected = new ArrayList<>();
        Outbox.forEach(
                data(),
                io.millrace.journal.LogKind.OUTBOX,
                output -> expected.add(String.format("%016x%016x", output.idHi(), output.idLo())));
        assertTrue(expected.size() > 10_000, expected.size() + " outputs");
        assertEquals(expected, identities());
    }

    private void write() throws IOException {
        for (String name : List.of("flights.xml", "flights.yaml", "flights-20k.csv")) {
            Files.copy(CommandRun.flights(name), directory.resolve(name));
        }
        Files.writeString(
                directory.resolve("flights.yaml"),
                "\nsinks:\n  - {name: lines, file: out.jsonl}\n",
                StandardOpenOption.APPEND);
    }

    private CommandRun start(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("run", "-c", directory.resolve("flights.yaml").toString(), "--data", data().toString()));
        arguments.addAll(List.of(options));
        return CommandRun.start(arguments.toArray(new String[0]));
    }

    private Path data() {
        return directory.resolve("data");
    }

    private long fileLength() throws IOException {
        Path file = data().resolve("out.jsonl");
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private List<String> identities() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<String> ids = new ArrayList<>();
        for (String line : Files.readAllLines(data().resolve("out.jsonl"))) {
            JsonNode output = mapper.readTree(line);
            ids.add(output.get("id").asText());
        }
        return ids;
    }
}
