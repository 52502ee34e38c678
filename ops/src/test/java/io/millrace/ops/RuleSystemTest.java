package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.journal.AuditLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules as a user of the command meets them: on a directory that a run has, and on one that nobody has. */
final class RuleSystemTest {
    private static final String HEAD = "date,delay,distance,origin,destination\n";
    private static final String RULE = "patterns:\n  - {name: burst, count: {ge: 2}, within: 3h}\n";

    @TempDir
    Path directory;

    private Path config;
    private Path data;
    private Path rule;

    @BeforeEach
    void configure() throws IOException {
        config = directory.resolve("small.yaml");
        data = directory.resolve("data");
        rule = directory.resolve("burst.yaml");
        Files.writeString(rule, RULE);
        Files.writeString(directory.resolve("in.csv"), HEAD + rows(1, 3));
        Files.writeString(
                config,
                Files.readString(CommandRun.flights("flights.yaml"))
                        .replace(
                                "flights.xml", CommandRun.flights("flights.xml").toString())
                        .replace("file: flights-20k.csv", "file: in.csv")
                        .replace("1048576", "1024")
                        .replace("16MiB", "1MiB"));
    }

    /** {@return departures from one airport, one an hour} */
    private static String rows(int from, int to) {
        StringBuilder rows = new StringBuilder();
        for (int hour = from; hour < to; hour++) {
            rows.append("2001/01/01 ")
                    .append(hour < 10 ? "0" : "")
                    .append(hour)
                    .append(":00,1,")
                    .append(hour);
            rows.append(",DTW,LAS\n");
        }
        return rows.toString();
    }

    private CommandCall run(String... more) {
        return command(List.of("run", "-c", config.toString(), "--data", data.toString()), more);
    }

    private CommandCall rule(String what, String... more) {
        return command(List.of("rule", what, "--data", data.toString()), more);
    }

    private static CommandCall command(List<String> first, String... more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return CommandCall.of(all.toArray(new String[0]));
    }

    private CommandCall outputs() {
        return command(List.of("journal", "cat", "--log", "outbox", "--data", data.toString()));
    }

    @Test
    void shouldDoAtTheNextStartWhatIsAskedForMeanwhile() throws Exception {
        assertEquals(0, run().exitCode());
        CommandCall asked = rule("deploy", rule.toString());
        assertEquals(0, asked.exitCode(), asked::err);
        assertEquals(
                "requested deploy: name=burst; the next run on this directory does it first of all\n", asked.out());
        assertTrue(rule("ls").out().contains("burst                     requested deploy"), rule("ls")::out);

        Files.writeString(directory.resolve("in.csv"), HEAD + rows(1, 6));
        CommandCall again = run();
        assertEquals(0, again.exitCode(), again::err);
        CommandCall listed = rule("ls", "--json");
        assertEquals("burst", listed.json().at("/name").asText());
        assertEquals("running", listed.json().at("/state").asText());
        assertTrue(outputs().out().contains("burst"), outputs()::out);
        CommandCall replayed = command(List.of("replay", "--data", data.toString(), "--compare"));
        assertEquals(0, replayed.exitCode(), replayed::err);
        assertTrue(AuditLog.lines(data).stream().anyMatch(line -> line.contains("\"action\":\"rule-deploy\"")));
    }

    @Test
    void shouldDeployAPatternWithStages() throws Exception {
        assertEquals(0, run().exitCode());
        Files.writeString(
                rule,
                "patterns:\n  - {name: pair, within: 3h, stages: [{stage: a}, {stage: b, op: next,"
                        + " where: distance > last(a.distance)}]}\n");
        assertEquals(0, rule("deploy", rule.toString(), "--warm", "1").exitCode());

        Files.writeString(directory.resolve("in.csv"), HEAD + rows(1, 6));
        assertEquals(0, run().exitCode());
        String found = outputs().out();
        assertTrue(found.contains("a=1 b=3"), found);
        assertEquals(
                0,
                command(List.of("replay", "--data", data.toString(), "--compare"))
                        .exitCode());
    }

    /** A pattern over a stream, both in the rule, and a stream: each one operator, journaled, and read by names. */
    @Test
    void shouldDeployStreamsAndAPatternOverOne() throws Exception {
        assertEquals(0, run().exitCode());
        Files.writeString(rule, """
                streams:
                  - name: hours
                    window: {size: 1h}
                    aggregates: {flights: count}
                    to: none
                patterns:
                  - {name: busy-twice, from: hours, count: {ge: 2}, within: 3h}
                """);
        assertEquals(0, rule("deploy", rule.toString()).exitCode());
        Files.writeString(directory.resolve("in.csv"), HEAD + rows(1, 6));
        assertEquals(0, run().exitCode());
        Files.writeString(rule, """
                streams:
                  - {name: pairs, window: {kind: count, events: 2}, aggregates: {far: max(distance)}, to: distances}
                """);
        CommandCall deployed = rule("deploy", rule.toString());
        assertEquals(0, deployed.exitCode(), deployed::err);
        Files.writeString(directory.resolve("in.csv"), HEAD + rows(1, 9));
        CommandCall last = run();
        assertEquals(0, last.exitCode(), last::err);

        String found = outputs().out();
        assertTrue(found.contains("busy-twice"), found);
        assertTrue(found.contains("far=7"), found);
        assertEquals(
                0,
                command(List.of("replay", "--data", data.toString(), "--compare"))
                        .exitCode());
    }

    @Test
    void shouldRefuseARuleOfTwoOperators() throws Exception {
        assertEquals(0, run().exitCode());
        Files.writeString(
                rule,
                "streams: [{name: a, where: delay > 1}, {name: b, from: a, to: c}, {name: d, where: delay > 2}]\n");
        CommandCall wrong = rule("deploy", rule.toString());

        assertEquals(78, wrong.exitCode(), wrong::out);
        assertTrue(
                wrong.err()
                        .contains("streams and windows that nobody reads are [b, d]. Allowed: one, as a rule is one"
                                + " operator."),
                wrong.err());
    }

    @Test
    void shouldAskTheRunThatHasTheDirectory() throws Exception {
        CommandRun run = CommandRun.start("run", "-c", config.toString(), "--data", data.toString(), "--input", "-");
        try (OutputStream rows = run.process().getOutputStream()) {
            rows.write((HEAD + rows(1, 3)).getBytes());
            rows.flush();
            awaitStarted();

            CommandCall deployed = rule("deploy", rule.toString(), "--warm", "10", "--json");
            assertEquals(0, deployed.exitCode(), deployed::err);
            assertTrue(deployed.json().at("/isApplied").asBoolean(), deployed::out);
            CommandCall twice = rule("deploy", rule.toString());
            assertEquals(0, twice.exitCode(), "the same again is made already");
            assertEquals(0, rule("pause", "burst").exitCode());
            assertTrue(rule("ls").out().contains("paused"), rule("ls")::out);
            assertEquals(0, rule("resume", "burst").exitCode());
            Files.writeString(rule, RULE.replace("ge: 2", "ge: 3"));
            CommandCall taken = rule("deploy", rule.toString());
            assertEquals(78, taken.exitCode(), taken::out);
            assertTrue(taken.err().contains("cannot deploy rule: name=burst is deployed"), taken.err());
            assertEquals(0, rule("replace", rule.toString()).exitCode());
            assertEquals(0, rule("undeploy", "burst").exitCode());
            CommandCall unknown = rule("pause", "nobody");
            assertEquals(78, unknown.exitCode(), unknown::out);
        }

        assertEquals(0, run.exitCode(), run::err);
        assertTrue(rule("ls", "--all").out().contains("undeployed"), rule("ls", "--all")::out);
    }

    private void awaitStarted() throws Exception {
        for (int i = 0; i < 1_500 && Files.notExists(data.resolve("config").resolve("00000001")); i++) {
            Thread.sleep(20);
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAFileAndWhere() throws Exception {
        assertEquals(0, run().exitCode());
        Files.writeString(
                rule, "patterns:\n  - {name: burst, count: {ge: 2}, within: 3h, whre: delay > 3}\njournal: {}\n");
        CommandCall wrong = rule("deploy", rule.toString());

        assertEquals(78, wrong.exitCode(), wrong::out);
        assertTrue(wrong.err().contains("burst.yaml:2:"), wrong.err());
        assertTrue(wrong.err().contains("whre"), wrong.err());
        assertTrue(wrong.err().contains("journal: does not belong into a rule"), wrong.err());
        assertEquals(
                66, rule("deploy", directory.resolve("none.yaml").toString()).exitCode());
    }
}
