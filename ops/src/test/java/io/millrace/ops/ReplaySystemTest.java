package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace replay} on the flights example, against what the run itself left. */
class ReplaySystemTest {
    private static final int OUTPUT_COUNT = 93_821;

    @TempDir
    private static Path directory;

    private static Path data;

    @BeforeAll
    static void runOnce() throws Exception {
        data = directory.resolve("flights");
        CommandRun run = CommandRun.run("run", "--data", data.toString());
        assertEquals(0, run.exitCode(), run::err);
    }

    private static CommandRun replay(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("replay", "--data", data.toString()));
        all.addAll(List.of(arguments));
        return CommandRun.run(all.toArray(new String[0]));
    }

    @Test
    void shouldPrintTheSameOutputsAtX1000() throws Exception {
        CommandRun replay = replay("--pace", "x1000");
        CommandRun outbox = CommandRun.run("journal", "cat", "--log", "outbox", "--data", data.toString());

        assertEquals(0, replay.exitCode(), replay::err);
        assertEquals(0, outbox.exitCode(), outbox::err);
        assertEquals(OUTPUT_COUNT, replay.out().lines().count());
        assertEquals(outbox.out(), replay.out());
        assertTrue(replay.err().contains("replayed 20,001 records to sequence 20,000, 93,821 outputs"), replay::err);
    }

    @Test
    void shouldFindNoDifferenceFromLive() throws Exception {
        CommandRun compared = replay("--compare", "--json");

        assertEquals(0, compared.exitCode(), compared::err);
        assertTrue(compared.json().at("/isSame").asBoolean(), compared::out);
        assertEquals(OUTPUT_COUNT, compared.json().at("/checked").asLong());
    }

    @Test
    void shouldNameTheFirstSequenceThatDiffersUnderAnotherConfiguration() throws Exception {
        CommandRun compared = replay("--compare", "-c", strict().toString());

        assertEquals(1, compared.exitCode(), compared::err);
        assertTrue(compared.out().contains("DIFFERENT from sequence 189 on: "), compared::out);
        assertTrue(compared.out().matches("(?s).*live +189 .*bad-day +ORD.*"), compared::out);
    }

    @Test
    void shouldShowWhatAnotherThresholdWouldChange() throws Exception {
        Path other = directory.resolve("strict-data");
        CommandRun run = CommandRun.run("run", "-c", strict().toString(), "--data", other.toString(), "--flush");
        CommandRun whatIf = replay("--what-if", strict().toString(), "--rows", "100");

        assertEquals(0, run.exitCode(), run::err);
        assertEquals(1, whatIf.exitCode(), whatIf::err);
        long strictCount = Outbox.matches(other).size();
        List<String> fewer = new ArrayList<>(Outbox.matches(data));
        fewer.removeAll(Outbox.matches(other));
        String out = whatIf.out();
        assertTrue(strictCount < 73, () -> "matches=" + strictCount);
        assertTrue(
                out.matches("(?s).*bad-day +Match +73 +" + strictCount + " +.*"
                        + "origin-delay +WindowResult +87,351 +87,351 +87,351 +0 +0 +0\n.*"),
                out);
        assertTrue(
                out.contains("settings that differ\n  patterns[bad-day].where: delay >= 20 -> delay >= 30\n\n"), out);
        assertEquals(
                fewer.size(), out.lines().filter(line -> line.startsWith("- ")).count(), out);
    }

    @Test
    void shouldSayWhatDiffersAsJson() throws Exception {
        CommandRun whatIf = replay("--what-if", strict().toString(), "--json", "--rows", "3");

        assertEquals(1, whatIf.exitCode(), whatIf::err);
        JsonNode result = whatIf.json();
        assertEquals(20_001, result.at("/records").asLong());
        assertEquals(1, result.at("/settings").size());
        assertEquals("delay >= 30", result.at("/settings/0/whatIf").asText());
        assertEquals(3, result.at("/differences").size());
        assertEquals("bad-day", result.at("/differences/0/operator").asText());
        assertEquals(189, result.at("/differences/0/asIs/sequence").asLong());
        assertTrue(result.at("/differences/0/whatIf").isNull());
    }

    @Test
    void shouldSayThatARangeHoldsNothing() throws Exception {
        CommandRun beyond = replay("--from", "20001");

        assertEquals(0, beyond.exitCode(), beyond::err);
        assertEquals("", beyond.out());
        assertTrue(
                beyond.err().startsWith("millrace: no record lies in that range, nothing was replayed"), beyond::err);
    }

    @Test
    void shouldReplayARangeByTime() throws Exception {
        CommandRun day = replay("--from-time", "2001-01-05", "--to-time", "2001-01-05T23:59:59Z", "--json");

        assertEquals(0, day.exitCode(), day::err);
        List<String> lines = day.out().lines().toList();
        assertTrue(lines.size() > 500, () -> "outputs=" + lines.size());
        assertTrue(lines.get(lines.size() - 1).contains("\"time\":\"2001-01-0"), day::out);
    }

    @Test
    void shouldRefuseModesThatExcludeOneAnother() throws Exception {
        CommandRun wrong = replay("--compare", "--step");

        assertEquals(2, wrong.exitCode());
        assertTrue(
                wrong.err().contains("millrace: --pace, --step, --compare and --what-if exclude one another"),
                wrong::err);
    }

    private static Path strict() throws Exception {
        Path copy = directory.resolve("strict");
        Path config = copy.resolve("flights.yaml");
        if (!Files.exists(config)) {
            Files.createDirectories(copy);
            for (String file : List.of("flights.xml", "flights-20k.csv")) {
                Files.copy(CommandRun.flights(file), copy.resolve(file));
            }
            String text = Files.readString(CommandRun.flights("flights.yaml"));
            Files.writeString(config, text.replace("delay >= 20", "delay >= 30"));
        }
        return config;
    }
}
