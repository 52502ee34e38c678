package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots, changed operators and skips as a user of the command meets them. */
final class SnapshotSystemTest {
    @TempDir
    Path directory;

    private Path config;
    private Path data;
    private String yaml = "";

    @BeforeEach
    void configure() throws IOException {
        config = directory.resolve("small.yaml");
        data = directory.resolve("data");
        Files.writeString(
                directory.resolve("in.csv"),
                "date,delay,distance,origin,destination\n2001/01/01 00:47,66,1750,DTW,LAS\n"
                        + "2001/01/01 03:59,21,1100,DTW,BOS\n2001/01/01 07:01,40,900,DTW,JFK\n");
        yaml = Files.readString(CommandRun.flights("flights.yaml"))
                .replace("flights.xml", CommandRun.flights("flights.xml").toString())
                .replace("file: flights-20k.csv", "file: in.csv")
                .replace("1048576", "1024")
                .replace("16MiB", "1MiB");
        Files.writeString(config, yaml);
    }

    private CommandCall run(String... more) {
        return command(List.of("run", "-c", config.toString(), "--data", data.toString()), more);
    }

    private CommandCall snapshot(String what, String... more) {
        return command(List.of("snapshot", what, "--data", data.toString()), more);
    }

    private static CommandCall command(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return CommandCall.of(all.toArray(new String[0]));
    }

    @Test
    void shouldTakeListAndProveASnapshotOfDataThatNobodyHas() {
        assertEquals(0, run("--flush").exitCode());
        CommandCall none = snapshot("ls");
        assertEquals("no snapshots; `millrace snapshot take` takes one\n", none.out());

        CommandCall taken = snapshot("take", "--json");
        assertEquals(0, taken.exitCode(), taken::err);
        long sequence = taken.json().at("/sequence").asLong();
        assertTrue(sequence > 0, taken::out);

        CommandCall listed = snapshot("ls", "--json");
        assertEquals(0, listed.exitCode(), listed::err);
        assertEquals(sequence, listed.json().at("/sequence").asLong());

        CommandCall proved = snapshot("verify", "--replay", "--json");
        assertEquals(0, proved.exitCode(), proved::err);
        assertTrue(proved.json().at("/ok").asBoolean(), proved::out);

        CommandCall again = run("--json");
        assertEquals(0, again.exitCode(), again::err);
        assertEquals(0, again.json().at("/recovery/records").asLong());
        assertEquals("", again.err());
    }

    @Test
    void shouldFindADamagedSnapshotAndStartWithoutIt() throws Exception {
        assertEquals(0, run("--flush").exitCode());
        Path file = Path.of(snapshot("take", "--json").json().at("/file").asText());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 30] ^= 4;
        Files.write(file, bytes);

        CommandCall proved = snapshot("verify");
        assertEquals(65, proved.exitCode(), proved::out);
        assertTrue(proved.err().startsWith("millrace: cannot use snapshot: file=" + file), proved.err());

        CommandCall again = run("--json");
        assertEquals(0, again.exitCode(), again::err);
        assertTrue(again.err().startsWith("millrace: snapshot passed over: cannot use snapshot: file="), again.err());
        assertTrue(again.json().at("/recovery/records").asLong() > 0);
    }

    @Test
    void shouldTakeSnapshotsByItself() throws Exception {
        Files.writeString(config, yaml + "\nsnapshots: {events: 1}\n");
        assertEquals(0, run("--flush").exitCode());
        // The thread that looks whether one is due is not waited for at the end; the next start is.
        CommandCall taken = snapshot("take");
        assertEquals(0, taken.exitCode(), taken::err);
    }

    @Test
    void shouldLetOperatorsChangeWhenToldTo() throws Exception {
        assertEquals(0, run("--flush").exitCode());
        Files.writeString(config, yaml.replace("size: 3h", "size: 2h"));
        CommandCall refused = run();
        assertEquals(78, refused.exitCode(), refused::err);
        assertTrue(refused.err().contains("--reconfigure"), refused.err());

        CommandCall allowed = run("--reconfigure");
        assertEquals(0, allowed.exitCode(), allowed::err);
        CommandCall after = run("--json");
        assertEquals(0, after.exitCode(), after::err);
        assertEquals(0, after.json().at("/recovery/restoredOutputs").asLong());
    }

    @Test
    void shouldRefuseToSkipWhatWasApplied() {
        assertEquals(0, run("--flush").exitCode());
        CommandCall refused = command(List.of("skip", "0", "--data", data.toString()), "--reason", "no");

        assertEquals(78, refused.exitCode(), refused::out);
        assertTrue(refused.err().startsWith("millrace: cannot skip: sequence=0 (expected: more than "), refused.err());

        CommandCall beyond = command(List.of("skip", "999", "--data", data.toString()), "--reason", "no");
        assertEquals(78, beyond.exitCode(), beyond::out);
    }

    @Test
    void shouldAskTheRunThatHasTheDirectory() throws Exception {
        CommandRun run = CommandRun.start("run", "-c", config.toString(), "--data", data.toString(), "--input", "-");
        CommandCall taken;
        try (OutputStream rows = run.process().getOutputStream()) {
            rows.write(Files.readAllBytes(directory.resolve("in.csv")));
            rows.flush();
            awaitStarted();
            taken = snapshot("take", "--json");
        }

        assertEquals(0, taken.exitCode(), taken::err);
        assertEquals(0, run.exitCode(), run::err);
        assertTrue(Files.notExists(data.resolve("snapshot.request")));
        assertEquals(0, snapshot("verify", "--replay").exitCode());
    }

    /** The copy of the configuration is kept when the pipeline runs. */
    private void awaitStarted() throws InterruptedException {
        for (int i = 0; i < 3_000 && Files.notExists(data.resolve("config").resolve("00000001")); i++) {
            Thread.sleep(10);
        }
    }

    @Test
    void shouldAskForAReason() {
        assertEquals(2, command(List.of("skip", "0", "--data", data.toString())).exitCode());
    }
}
