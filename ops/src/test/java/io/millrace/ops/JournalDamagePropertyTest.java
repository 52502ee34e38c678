package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.TestSeed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever became of a journal's files, the commands end with a status that they promise and print no wrong record. */
class JournalDamagePropertyTest {
    private static final int ROWS = 300;
    private static final int TRIES = Integer.getInteger("millrace.test.tries", 20);
    private static final String SEGMENT = "journal/00000001/19700101-00F.cq4";

    @TempDir
    private static Path written;

    @TempDir
    private Path copies;

    private static Path data;
    private static List<String> records;

    @BeforeAll
    static void writeData() throws IOException {
        data = written.resolve("data");
        Path input = written.resolve("in.csv");
        Files.write(
                input, Files.readAllLines(CommandRun.flights("flights-20k.csv")).subList(0, ROWS + 1));
        Path config = written.resolve("small.yaml");
        Files.writeString(
                config,
                Files.readString(CommandRun.flights("flights.yaml"))
                        .replace(
                                "flights.xml", CommandRun.flights("flights.xml").toString())
                        .replace("1048576", "1024")
                        .replace("16MiB", "1MiB"));
        CommandRun run = CommandRun.run(
                "run", "--rate", "3000/s", "-c", config.toString(), "--input", input.toString(), "--data", "" + data);
        assertEquals(0, run.exitCode(), run::err);
        records = CommandCall.of("journal", "cat", "--data", data.toString()).lines();
        assertEquals(ROWS, records.size());
    }

    @Test
    void shouldPrintABeginningOfTheRecordsAndSayWhatIsWrong() throws IOException {
        long seed = TestSeed.of(JournalDamagePropertyTest.class);
        Random random = new Random(seed);
        for (int i = 0; i < TRIES; i++) {
            String told = "-Dmillrace.test.seed=" + seed + ", try " + i;
            Path copy = copy(i);
            damage(copy, random);

            CommandCall cat = call("cat", copy);
            assertTrue(Set.of(0, 65).contains(cat.exitCode()), () -> told + ": " + cat.err());
            assertEquals(records.subList(0, cat.lines().size()), cat.lines(), told);
            CommandCall verify = call("verify", copy);
            assertEquals(cat.exitCode(), verify.exitCode(), () -> told + ": " + cat.err() + verify.out());
            checkCounts(verify.json(), cat.lines().size(), told);
            for (String command : List.of("ls", "stat")) {
                CommandCall call = call(command, copy);
                assertTrue(Set.of(0, 65).contains(call.exitCode()), () -> told + ": " + command + call.err());
            }
        }
    }

    private static void checkCounts(JsonNode verify, int printedCount, String told) {
        JsonNode journal = verify.at("/logs/0");
        assertEquals(printedCount, journal.at("/records").asInt(), told);
        JsonNode damage = journal.at("/damage");
        if (!damage.isNull()) {
            long missingCount = 0;
            for (JsonNode range : damage.at("/missing")) {
                missingCount += range.at("/last").asLong() - range.at("/first").asLong() + 1;
            }
            long behindCount = damage.at("/wholeRecordCount").asLong();
            assertTrue(printedCount + missingCount + behindCount <= ROWS, () -> told + verify);
        }
    }

    private static CommandCall call(String command, Path directory) {
        return command.equals("verify")
                ? CommandCall.of("journal", command, "--json", "--data", directory.toString())
                : CommandCall.of("journal", command, "--data", directory.toString());
    }

    private static void damage(Path directory, Random random) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve(SEGMENT).toFile(), "rw")) {
            int written = 2 << 16;
            switch (random.nextInt(5)) {
                case 0 -> write(file, random.nextInt(written), new byte[] {(byte) random.nextInt()});
                case 1 -> write(file, random.nextInt(written), new byte[1 + random.nextInt(512)]);
                case 2 -> file.setLength(random.nextInt(written));
                case 3 -> move(file, random.nextInt(written), random.nextInt(written), 1 + random.nextInt(4096));
                default -> Files.delete(directory.resolve("journal/00000001/start.frame"));
            }
        }
    }

    private static void write(RandomAccessFile file, int offset, byte[] bytes) throws IOException {
        file.seek(offset);
        file.write(bytes);
    }

    private static void move(RandomAccessFile file, int from, int to, int length) throws IOException {
        byte[] bytes = new byte[length];
        file.seek(from / 4 * 4);
        file.readFully(bytes);
        write(file, to / 4 * 4, bytes);
    }

    private Path copy(int number) throws IOException {
        Path copy = copies.resolve("copy" + number);
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(data.relativize(file).toString()));
            }
        }
        return copy;
    }
}
