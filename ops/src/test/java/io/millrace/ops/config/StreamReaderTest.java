package io.millrace.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.DerivedType;
import io.millrace.event.EventType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams over the flights; each message is pinned. */
class StreamReaderTest {
    private static final List<String> COLUMNS = List.of("date", "delay", "distance", "origin", "destination");

    @TempDir
    private Path directory;

    private RunConfig read(String streams) throws Exception {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve(".mvn"))) {
            root = root.getParent();
        }
        Files.copy(
                root.resolve("ops/examples/flights/flights.xml"),
                directory.resolve("flights.xml"),
                StandardCopyOption.REPLACE_EXISTING);
        Path file = directory.resolve("test.yaml");
        Files.writeString(file, """
                schemas: [flights.xml]
                input: {type: flight, time: {column: date, pattern: yyyy/MM/dd HH:mm}, key: origin}
                """ + streams);
        return ConfigReader.read(file, null, input -> COLUMNS);
    }

    private static List<String> fields(RunConfig config, String output) {
        EventType type = config.eventTypes().byName(output);
        return type.fields().stream().map(field -> field.name()).toList();
    }

    @Test
    void shouldReadEveryStep() throws Exception {
        RunConfig config = read("""
                streams:
                  - name: late
                    where: delay >= 20
                    keyBy: [destination]
                    to: none
                  - name: pairs
                    from: late
                    join: {with: flight, after: 2h, before: 1h, left: a, right: b, maxRows: 100}
                    lookup: {in: late, by: [origin], as: seen, missing: park, parkFor: 1h, maxRows: 10, maxParked: 5}
                    map: {gap: b.timestampNs - a.timestampNs, origin: a.origin, seen: a.seen.delay}
                    branch: {near: gap < 30min, far: otherwise}
                  - name: hours
                    flatMap:
                      - map: {airport: origin, delay: delay}
                      - map: {airport: destination, delay: delay}
                    keyBy: [airport]
                    window: {kind: hopping, size: 1h, slide: 20min, start: from, end: to, late: update, lateness: 1h}
                    aggregates: {n: count, worst: max(delay)}
                    having: n >= 2
                    to: busy
                """);

        assertEquals(List.of("gap", "origin", "seen"), fields(config, "near"));
        assertEquals(List.of("gap", "origin", "seen"), fields(config, "far"));
        assertEquals(List.of("from", "to", "n", "worst", "revision"), fields(config, "busy"));
        assertEquals(
                List.of("pairs", "hours"),
                config.operatorStreams().stream().map(StreamSection::name).toList());
        assertFalse(config.streams().get(0).isPutOut());
        StreamSection pairs = config.streams().get(1);
        assertTrue(pairs.bytes() > 0);
        assertFalse(config.streams().get(0).hasState());
        assertTrue(pairs.settings().startsWith("stream from=late, lookup=in=late, by=[origin]"), pairs.settings());
    }

    @Test
    void shouldTakeWhatDecidesRowsForSettingsAndNothingElse() throws Exception {
        String text = "streams: [{name: s, window: {size: SIZE, maxKeys: KEYS}, aggregates: {n: count}}]";
        String settings = settings(text.replace("SIZE", "1h").replace("KEYS", "10"));

        assertEquals(settings, settings(text.replace("SIZE", "60min").replace("KEYS", "20")));
        assertNotEquals(settings, settings(text.replace("SIZE", "2h").replace("KEYS", "10")));
    }

    private String settings(String streams) throws Exception {
        return read(streams).streams().get(0).settings();
    }

    @Test
    void shouldReadWhatTheReadmeShows() throws Exception {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve(".mvn"))) {
            root = root.getParent();
        }
        Matcher block = Pattern.compile("```yaml\\n(streams:\\n.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(root.resolve("ops/README.md")));
        List<String> read = new ArrayList<>();
        while (block.find()) {
            read(block.group(1)).streams().forEach(stream -> read.add(stream.name()));
        }

        assertTrue(read.containsAll(List.of("route-hours", "busy-days", "knock-on", "ends")), read.toString());
    }

    @Test
    void shouldTellWhatIsWrongAndWhere() {
        assertProblem(
                "streams: [{name: s, where: delay => 5}]",
                "3:34  streams[0].where: delay => 5: => is no operator; write >=");
        assertProblem(
                "streams: [{name: s, from: flght}]",
                "3:27  streams[0].from: flght is no event type, stream, window or pattern. Nearest: flight.");
        assertProblem(
                "streams: [{name: s, map: {x: dely * 2}}]",
                "3:30  streams[0].map.x: dely * 2: unknown field dely (expected: delay, key)");
        assertProblem(
                "streams: [{name: s, map: {x: \"'a'\"}}]",
                "3:26  streams[0].map: cannot map to field: x='a' is text (expected: a field, a number or a condition);"
                        + " compute with numbers, text can be copied only.");
        assertProblem(
                "streams: [{name: s, keyBy: [orign]}]",
                "3:28  streams[0].keyBy: unknown field: type=flight, field=orign (expected: origin).");
        assertProblem(
                "streams: [{name: s, aggregates: {n: count}}]",
                "3:11  streams[0].window: is missing. Allowed: the window that aggregates are over.");
        assertProblem(
                "streams: [{name: s, window: {size: 1h}}]",
                "3:11  streams[0].aggregates: is missing. Allowed: field: function(expression).");
        assertProblem(
                "streams: [{name: s, window: {kind: hopping, size: 1h}, aggregates: {n: count}}]",
                "3:29  streams[0].window.slide: is missing, which hopping takes. Allowed: a duration, 1ms to 3650d as"
                        + " 250ms, 30s, 30min, 3h, 1d.");
        assertProblem(
                "streams: [{name: s, window: {size: 1h}, aggregates: {n: cout}}]",
                "3:57  streams[0].aggregates.n: cout: cout is no aggregate. Nearest: count.");
        assertProblem(
                "streams: [{name: s, window: {size: 1h}, aggregates: {n: max(dely)}}]",
                "3:61  streams[0].aggregates.n: max(dely): unknown field dely (expected: delay, key)");
        assertProblem(
                "streams: [{name: s, window: {size: 1h}, aggregates: {n: \"quantile(delay, 2)\"}}]",
                "3:58  streams[0].aggregates.n: quantile(delay, 2): quantile takes a share. Allowed: quantile(delay,"
                        + " 0.9), or with the range of the values quantile(delay, 0.9, -60, 1800).");
        assertProblem(
                "streams: [{name: s, window: {size: 1h, late: update}, aggregates: {n: count}}]",
                "3:29  streams[0].window.lateness: and late: update go together. Allowed: both or neither.");
        assertProblem(
                "streams: [{name: s, join: {with: flight, after: 1h}, branch: {a: left.delay > 1}, to: b}]",
                "3:87  streams[0].to: stands beside branch. Allowed: one of the two.");
        assertProblem(
                "streams: [{name: s, to: flight}]",
                "3:25  streams[0].to: cannot use event types: flight(" + DerivedType.idOf("flight")
                        + ") of an operator has the name of flight(1) (expected: ids and names used once); rename one"
                        + " of them, as the id of a derived type comes from its name.");
        assertProblem(
                "streams: [{name: s, lookup: {in: flight, missing: park}}]",
                "3:29  streams[0].lookup.parkFor: and missing: park go together. Allowed: both or neither.");
    }

    @Test
    void shouldTellWhatIsWrongWithReadingEachOther() {
        assertProblem(
                "streams: [{name: a, from: b}, {name: b, from: a}]",
                "3:47  streams[1].from: a comes of what reads it, by way of [a, b]. Allowed: what does not wait for"
                        + " itself.");
        assertProblem(
                "streams: [{name: s, from: s}]",
                "3:27  streams[0].from: s comes of what reads it, by way of [s]. Allowed: what does not wait for"
                        + " itself.");
        assertProblem(
                "windows: [{name: w, from: flights, value: delay, size: 1h}]",
                "3:27  windows[0].from: flights is no event type, stream, window or pattern. Nearest: flight.");
        assertProblem(
                "windows: [{name: w, of: flight, from: flight, value: delay, size: 1h}]",
                "3:25  windows[0].of: stands beside from. Allowed: one of the two.");
    }

    @Test
    void shouldTellWhatIsWrongWithWindows() {
        assertProblem(
                "streams: [{name: s, window: {size: 0s}, aggregates: {n: count}}]",
                "3:36  streams[0].window.size: 0s is out of range. Allowed: 1ms to 3650d as 250ms, 30s, 30min, 3h,"
                        + " 1d.");
        assertContains(
                "streams: [{name: s, window: {kind: hopping, size: 1h, slide: 7ms}, aggregates: {n: count}}]", "4096");
        assertContains(
                "streams: [{name: s, window: {kind: hopping, size: 1h, slide: 2h}, aggregates: {n: count}}]",
                "a longer slide would lose the events between windows");
        assertContains(
                "streams: [{name: s, window: {size: 1h}, aggregates: {n: first(origin)}}]",
                "a pane holds numbers, so text can only be counted");
        assertContains(
                "streams: [{name: s, window: {size: 1h}, aggregates: {n: sum(if(delay > 1, 1, 0))}}]",
                "a comma within {...} ends a value in YAML");
        assertContains(
                "streams: [{name: s, window: {size: 1h, maxKeys: 16777216, maxBytes: 1MiB}, aggregates: {n: count}}]",
                "maxBytes=1048576");
    }

    private void assertContains(String streams, String expected) {
        ConfigException e = assertThrows(ConfigException.class, () -> read(streams));
        assertTrue(e.getMessage().contains(expected), e::getMessage);
    }

    private void assertProblem(String streams, String expected) {
        ConfigException e = assertThrows(ConfigException.class, () -> read(streams));
        String found = e.problems().stream()
                .map(problem -> problem.line() + ":" + problem.column() + "  " + problem.key() + ": " + problem.text())
                .collect(Collectors.joining("\n"));
        assertEquals(expected, found);
    }

    @Test
    void shouldKeepTheNamesOfOperatorsApart() {
        ConfigException e = assertThrows(ConfigException.class, () -> read("""
                windows: [{name: s, value: delay, size: 1h}]
                streams: [{name: s}]
                """));

        assertEquals(
                "s is the name of another operator. Allowed: names used once.",
                e.problems().get(0).text());
    }
}
