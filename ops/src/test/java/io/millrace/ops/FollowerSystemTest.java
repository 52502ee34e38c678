package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.journal.snapshot.SnapshotDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code snapshots.by: follower}: the flights example, its snapshots taken behind it. */
class FollowerSystemTest {
    @TempDir
    private Path directory;

    @Test
    void shouldTakeSnapshotsBehindTheRunFromWhichTheNextGoesOn() throws Exception {
        for (String file : new String[] {"flights.xml", "flights-20k.csv"}) {
            Files.copy(CommandRun.flights(file), directory.resolve(file));
        }
        Path config = directory.resolve("flights.yaml");
        String text = Files.readString(CommandRun.flights("flights.yaml"));
        Files.writeString(config, text + "\nsnapshots: {by: follower, events: 2000}\n");
        Path data = directory.resolve("data");
        String[] run = {"run", "-c", config.toString(), "--data", data.toString(), "--flush", "--json"};

        CommandRun first = CommandRun.run(with(run, "--rate", "8000/s"));

        assertEquals(0, first.exitCode(), first::err);
        assertEquals("", first.err());
        assertTrue(!new SnapshotDirectory(data).sequences().isEmpty(), first::out);
        CommandRun again = CommandRun.run(run);
        assertEquals(0, again.exitCode(), again::err);
        assertTrue(again.json().at("/recovery/records").asLong() < 19_000, again::out);
        assertEquals(20_000, again.json().at("/events/duplicates").asLong());
        assertEquals(0, again.json().at("/outputs/written").asLong());
        CommandRun compared = CommandRun.run("replay", "--data", data.toString(), "--compare", "--json");
        assertEquals(0, compared.exitCode(), compared::out);
        assertTrue(compared.json().at("/snapshots").asLong() > 0, compared::out);
    }

    private static String[] with(String[] command, String... more) {
        String[] all = Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        return all;
    }
}
