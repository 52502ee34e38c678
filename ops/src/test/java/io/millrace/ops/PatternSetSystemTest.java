package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Patterns of a file that run as one find what each finds by itself. */
final class PatternSetSystemTest {
    @TempDir
    private Path directory;

    private Path config(String name, boolean isSet) throws IOException {
        Path file = directory.resolve(name);
        String text = Files.readString(CommandRun.flights("flights.yaml"))
                .replace("flights.xml", CommandRun.flights("flights.xml").toString())
                .replace(
                        "flights-20k.csv", CommandRun.flights("flights-20k.csv").toString());
        Files.writeString(
                file,
                isSet
                        ? text.replaceAll("(  - name: (delay-cascade|quiet-airport)[^\n]*\n)", "$1    set: airports\n")
                        : text);
        return file;
    }

    private List<String> matches(Path data) {
        CommandCall export =
                CommandCall.of("journal", "export", "--data", data.toString(), "--log", "outbox", "--out", "-");
        assertEquals(0, export.exitCode(), export::err);
        List<String> matches = new ArrayList<>();
        export.jsonLines().forEach(row -> {
            if (row.get("type").asText().equals("PatternMatch")) {
                matches.add(row.get("key") + " " + row.get("timestampNs") + " " + row.get("fields"));
            }
        });
        matches.sort(null);
        return matches;
    }

    @Test
    void shouldFindWhatThePatternsFindByThemselves() throws IOException {
        Path alone = directory.resolve("alone");
        Path together = directory.resolve("together");
        Path config = config("set.yaml", true);
        CommandCall one = CommandCall.of("run", "-c", config("one.yaml", false).toString(), "--data", alone.toString());
        CommandCall set = CommandCall.of("run", "-c", config.toString(), "--data", together.toString(), "--json");
        assertEquals(0, one.exitCode(), one::err);
        assertEquals(0, set.exitCode(), set::err);

        List<String> matches = matches(alone);
        assertTrue(matches.size() > 10, "matches=" + matches.size());
        assertEquals(matches, matches(together));
        assertEquals(matches.size(), set.json().at("/outputs/patterns/airports").asInt(), set::out);

        CommandCall explained = CommandCall.of("explain", "-c", config.toString(), "--pattern", "delay-cascade");
        assertTrue(
                explained.out().contains("PatternSet airports: 2 patterns that share conditions, keys and memory"),
                explained::out);
        CommandCall whyNot = CommandCall.of(
                "why-not", "--data", together.toString(), "--pattern", "delay-cascade", "--key", "DTW", "--to", "2000");
        assertEquals(0, whyNot.exitCode(), whyNot::err);
        assertTrue(whyNot.out().contains("take late: no, fails of the event in `delay > 30"), whyNot::out);
    }

    @Test
    void shouldRefuseWhatASetCannotRun() throws IOException {
        Path file = config("wrong.yaml", true);
        Files.writeString(
                file, Files.readString(file).replace("set: airports\n", "set: bad-day\n    late: side-output\n"));

        CommandCall called = CommandCall.of("check", "-c", file.toString());

        assertEquals(78, called.exitCode());
        assertTrue(
                called.err()
                        .contains(
                                "bad-day takes events of the schemas, and drops late ones. Allowed: such a pattern, or"
                                        + " no set."),
                called::err);
        assertTrue(
                called.err().contains("bad-day is the name of another operator. Allowed: names used once."),
                called::err);
    }
}
