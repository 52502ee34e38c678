package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to those who try things: wrong places, changed minds, full disks. */
class NewUserSystemTest {
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
        Files.writeString(input, HEADER + ROW);
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
    void shouldReadAHeaderBehindAByteOrderMarkAndEmptyLines() throws Exception {
        Files.writeString(input, "\uFEFF\n\r\n" + HEADER + ROW);

        CommandRun run = run("--json");

        assertEquals(0, run.exitCode(), run::err);
        assertEquals(1, run.json().at("/events/accepted").asLong());
    }

    @Test
    void shouldSayThatAHeaderIsMissingWhenAllLinesAreEmpty() throws Exception {
        Files.writeString(input, "\n\n");

        CommandRun run = run();

        assertEquals(66, run.exitCode(), run::err);
        assertTrue(
                run.err()
                        .contains(
                                "in.csv is empty (expected: a header row); if it has none, set input.header: false and"
                                        + " input.columns"),
                run.err());
    }

    @Test
    void shouldSayWhyADataDirectoryCannotBeUsed() throws Exception {
        CommandRun run = CommandRun.run("run", "-c", config.toString(), "--data", input.toString());

        assertEquals(74, run.exitCode(), run::err);
        assertEquals(
                "millrace: cannot open journal: directory=" + input + ": file=" + input
                        + " is no directory (expected: a directory that can be written); correct that or use another\n",
                run.err());
    }

    @Test
    void shouldRefuseAnEmptyNameOfADataDirectory() throws Exception {
        CommandRun run = CommandRun.run("run", "-c", config.toString(), "--data", "");

        assertEquals(2, run.exitCode(), run::err);
        assertTrue(run.err().startsWith("millrace: Invalid value for option '--data': ''"), run.err());
        assertTrue(run.err().endsWith("Try: millrace run --help\n"), run.err());
    }

    @Test
    void shouldReadFileNamesInUtf8WhenTheLocaleIsC() throws Exception {
        Path data = directory.resolve("d\u00e4t\u00e4 dir");
        CommandRun run = CommandRun.start(List.of(
                "env",
                "LC_ALL=C",
                CommandRun.root().resolve("ops/bin/millrace").toString(),
                "run",
                "-c",
                config.toString(),
                "--data",
                data.toString()));

        assertEquals(0, run.exitCode(), run::err);
        assertTrue(run.out().contains(data.toString()), run.out());
    }

    @Test
    void shouldRefuseOtherOperatorsOnTheSameDataAndTakeNewOnes() throws Exception {
        assertEquals(0, run("--flush").exitCode());
        String old = Files.readString(config);

        Files.writeString(config, old.replace("size: 3h", "size: 2h").replace("name: bad-day", "name: good-day"));
        CommandRun changed = run();

        assertEquals(78, changed.exitCode(), changed::err);
        assertEquals(
                "millrace: cannot go on: " + config + " differs from what the data directory was written with:\n"
                        + "    origin-delay: size=2h (expected: size=3h)\n"
                        + "    bad-day: missing (expected: pattern of=flight, where=delay >= 20, count>=3, distinct"
                        + " destination>=3, within=2h, mode=skip-past-last, outOfOrderness=0s)\n"
                        + "go on with the old configuration, say --reconfigure (what changed starts empty, what is gone"
                        + " is forgotten), or name another directory with --data\n",
                changed.err());

        Files.writeString(
                config, old.replace("windows:", "windows:\n  - {name: long, value: delay, size: 1d, maxKeys: 9}"));
        CommandRun added = run("--json");

        assertEquals(0, added.exitCode(), added::err);
        assertEquals(1, added.json().at("/events/duplicates").asLong());
        assertEquals("", added.err());

        Files.writeString(config, Files.readString(config).replace("maxKeys: 9", "maxKeys: 99"));
        CommandRun again = run("--json");
        assertEquals(0, again.exitCode(), again::err);
        assertEquals("", again.err());
    }

    @Test
    void shouldTakeAnyOperatorsWhereNothingWasAcceptedYet() throws Exception {
        Files.writeString(input, HEADER);
        assertEquals(0, run().exitCode());
        Files.writeString(config, Files.readString(config).replace("size: 3h", "size: 2h"));

        CommandRun run = run();

        assertEquals(0, run.exitCode(), run::err);
    }

    @Test
    void shouldEndWithASummaryWhenTheStorageIsFullAndGoOnWhenThereIsRoom() throws Exception {
        assumeTrue(mayMount(), "needs a file system of its own, by unshare");
        StringBuilder rows = new StringBuilder(HEADER);
        for (int i = 0; i < 60_000; i++) {
            rows.append("2001/01/")
                    .append(1 + i / 40_000)
                    .append(" 00:47,")
                    .append(i % 30_000)
                    .append(',')
                    .append(i / 30_000);
            rows.append(",DTW,LAS\n");
        }
        Files.writeString(input, rows.toString().replace("/1 ", "/01 ").replace("/2 ", "/02 "));
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("size: 1024", "size: 65536")
                        .replace("name: flights", "name: flights\n  ringCapacity: 1024"));
        Path data = Files.createDirectory(directory.resolve("data"));
        Path kept = directory.resolve("kept");
        List<String> command = new ArrayList<>(List.of("unshare", "-Urm", "sh", "-c"));
        command.add("mount -t tmpfs -o size=24m millrace " + data + " && { "
                + CommandRun.root().resolve("ops/bin/millrace") + " run --json -c " + config + " --data " + data
                + "; status=$?; cp -r " + data + ' ' + kept + "; exit $status; }");

        CommandRun full = CommandRun.start(command);

        assertEquals(75, full.exitCode(), full::err);
        assertEquals("storage full", full.json().at("/end").asText(), full::err);
        long accepted = full.json().at("/events/accepted").asLong();
        assertEquals(accepted, full.json().at("/input/rows").asLong());
        assertTrue(full.err().contains("millrace: storage is low: directory=" + data + ", free="), full.err());
        assertTrue(full.err().contains("millrace: storage is full: directory=" + data + ", free="), full.err());

        CommandRun again = CommandRun.run("run", "--json", "-c", config.toString(), "--data", kept.toString());
        assertEquals(0, again.exitCode(), again::err);
        assertEquals(accepted, again.json().at("/recovery/records").asLong());
        assertEquals(accepted, again.json().at("/events/duplicates").asLong());
        assertEquals(60_000, accepted + again.json().at("/events/accepted").asLong());
    }

    private static boolean mayMount() throws Exception {
        try {
            return new ProcessBuilder("unshare", "-Urm", "mount", "-t", "tmpfs", "millrace", "/mnt")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noUnshare) {
            return false;
        }
    }

    private CommandRun run(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "run",
                "-c",
                config.toString(),
                "--data",
                directory.resolve("data").toString()));
        all.addAll(List.of(arguments));
        return CommandRun.run(all.toArray(String[]::new));
    }
}
