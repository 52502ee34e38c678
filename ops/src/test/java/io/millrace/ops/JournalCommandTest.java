package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace journal ...} on what one small run has written. */
class JournalCommandTest {
    private static final int ROWS = 400;

    @TempDir
    private static Path written;

    @TempDir
    private Path copies;

    private static Path data;

    @BeforeAll
    static void writeData() throws IOException {
        data = written.resolve("data");
        List<String> rows = new ArrayList<>(
                Files.readAllLines(CommandRun.flights("flights-20k.csv")).subList(0, ROWS + 1));
        rows.add("no time,1,2,A\u001b[2J,B");
        Files.write(written.resolve("in.csv"), rows);
        Path config = written.resolve("small.yaml");
        Files.writeString(
                config,
                Files.readString(CommandRun.flights("flights.yaml"))
                        .replace("flights-20k.csv", "in.csv")
                        .replace("1048576", "1024")
                        .replace("16MiB", "1MiB"));
        Files.copy(CommandRun.flights("flights.xml"), written.resolve("flights.xml"));
        CommandRun run = CommandRun.run("run", "--flush", "-c", config.toString(), "--data", data.toString());
        assertEquals(0, run.exitCode(), run::err);
        // The commands know the fields from the copy in the data directory alone.
        Files.delete(config);
        Files.delete(written.resolve("flights.xml"));
    }

    @Test
    void shouldPrintRecordsWithTheirFieldsByTheConfigurationThatWasKept() {
        CommandCall cat = call("cat", "--limit", "2");

        assertEquals(0, cat.exitCode(), cat::err);
        assertEquals("", cat.err());
        assertEquals(
                List.of(
                        "         0  2001-01-01T00:47:00Z      flight            DTW       "
                                + "delay=66 distance=1750 origin=DTW destination=LAS",
                        "         1  2001-01-01T01:10:00Z      flight            HNL       "
                                + "delay=95 distance=2399 origin=HNL destination=SFO"),
                cat.lines());
    }

    @Test
    void shouldPrintRecordsAsJsonLines() {
        List<JsonNode> records =
                call("cat", "--json", "--from", "1", "--to", "3").jsonLines();

        assertEquals(3, records.size());
        assertEquals(1, records.get(0).at("/place").asLong());
        assertEquals("HNL", records.get(0).at("/key").asText());
        assertEquals(95, records.get(0).at("/fields/delay").asInt());
        assertEquals(3, records.get(2).at("/sequence").asLong());
    }

    @Test
    void shouldPrintOutputsWithTheirOperatorAndCause() {
        CommandCall cat = call("cat", "--log", "outbox", "--limit", "1");

        assertEquals(
                "         0  2001-01-01T01:00:00Z      origin-delay      DTW       cause=1 startNs=2000-12-31T22:00:00Z"
                        + " endNs=2001-01-01T01:00:00Z count=1 sum=66 min=66 max=66 avg=66.0 revision=0",
                cat.lines().get(0));
        JsonNode json = call("cat", "--log", "outbox", "--limit", "1", "--json").json();
        assertEquals("origin-delay", json.at("/operator").asText());
    }

    @Test
    void shouldPrintDeadLettersSoThatTheyCannotActOnTheTerminal() {
        CommandCall cat = call("cat", "--log", "deadletters");

        assertTrue(cat.out().contains("line=402 "), cat.out());
        assertTrue(cat.out().contains("row: no time,1,2,A\\u001b[2J,B"), cat.out());
        assertEquals(
                "no time,1,2,A\u001b[2J,B",
                call("cat", "--log", "deadletters", "--json").json().at("/row").asText());
    }

    @Test
    void shouldSelectByTimeAndType() {
        CommandCall times = call("cat", "--from-time", "2001-01-01T01:10", "--to-time", "2001-01-01T01:24:00Z");
        assertEquals(2, times.lines().size(), times::out);

        CommandCall ends = call("cat", "--type", "end");
        assertEquals(1, ends.lines().size(), ends::out);
        assertTrue(ends.out().contains("  END  "), ends.out());
        assertEquals(
                0,
                call("cat", "--log", "outbox", "--type", "60001,TICK", "--limit", "1")
                        .exitCode());
    }

    @Test
    void shouldRefuseWhatCannotBeSelected() {
        CommandCall type = call("cat", "--type", "fligt");
        assertEquals(2, type.exitCode());
        assertTrue(
                type.err().startsWith("millrace: unknown type: --type=fligt (expected: flight, or a number)\n"),
                type.err());
        CommandCall range = call("cat", "--from", "5", "--to", "4");
        assertEquals(2, range.exitCode());
        assertTrue(range.err().startsWith("millrace: --from=5 --to=4 is no range"), range.err());
        assertEquals(2, call("cat", "--log", "inbox").exitCode());
        assertEquals(2, call("cat", "--from-time", "noon").exitCode());
        CommandCall field = call("search", "dely>3");
        assertEquals(2, field.exitCode());
        assertTrue(field.err().startsWith("millrace: unknown field: dely (expected: delay"), field.err());
        assertTrue(call("search", "delay=late")
                .err()
                .startsWith("millrace: cannot compare field: delay with 'late' (exp"));
    }

    @Test
    void shouldSayWhatIsNoDataDirectory() throws IOException {
        CommandCall missing = CommandCall.of(
                "journal", "cat", "--data", copies.resolve("none").toString());
        assertEquals(66, missing.exitCode());
        assertEquals(
                "millrace: cannot read data: directory=" + copies.resolve("none")
                        + ": does not exist (expected: a directory that `millrace run` has written); name another with"
                        + " --data\n",
                missing.err());
        CommandCall empty = CommandCall.of("journal", "stat", "--data", copies.toString());
        assertEquals(66, empty.exitCode());
        assertTrue(empty.err().contains(": has no journal (expected"), empty.err());
        Path file = Files.writeString(copies.resolve("file"), "");
        assertTrue(
                CommandCall.of("journal", "ls", "--data", file.toString()).err().contains(": is a file "));
    }

    @Test
    void shouldReadAnEmptyJournal() throws IOException {
        Files.createDirectories(copies.resolve("journal"));
        String empty = copies.toString();

        assertEquals(new CommandCall(0, "", ""), CommandCall.of("journal", "ls", "--data", empty));
        assertEquals(0, CommandCall.of("journal", "stat", "--data", empty).exitCode());
        assertEquals(0, CommandCall.of("journal", "verify", "--data", empty).exitCode());
        CommandCall tail = CommandCall.of("journal", "tail", "--data", empty);
        assertEquals(0, tail.exitCode(), tail::err);
        assertEquals("", tail.out());
        assertEquals(
                "millrace: no configuration is kept in " + empty
                        + ": payloads are shown as bytes; -c FILE names their fields\n",
                tail.err());
    }

    @Test
    void shouldShowPayloadsAsBytesWithoutAConfiguration() throws IOException {
        Path copy = copy();
        try (Stream<Path> kept = Files.walk(copy.resolve("config"))) {
            for (Path file : kept.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }

        CommandCall cat = CommandCall.of("journal", "cat", "--limit", "1", "--data", copy.toString());

        assertTrue(cat.out().contains("  1                 DTW       payload=0x0a00010001000000"), cat.out());
    }

    @Test
    void shouldPrintTheLastRecords() {
        CommandCall tail = call("tail", "-n", "3");

        assertEquals(3, tail.lines().size(), tail::out);
        assertTrue(tail.lines().get(2).startsWith("       " + ROWS + "  "), tail.out());
        assertEquals("", call("tail", "-n", "0").out());
        assertEquals(ROWS + 1, call("tail", "-n", "100000").lines().size());
    }

    @Test
    void shouldSearchByIdKeyAndFields() {
        String id = call("cat", "--json", "--from", "7", "--limit", "1")
                .json()
                .at("/id")
                .asText();
        CommandCall byId = call("search", "--id", id, "--json");
        assertEquals(7, byId.json().at("/place").asLong());
        assertEquals(
                "millrace: 1 found of " + (ROWS + 1) + " records looked at; 0 passed over with their frames\n",
                byId.err());

        List<JsonNode> late =
                call("search", "--json", "delay>=60", "origin=DTW").jsonLines();
        assertTrue(late.size() > 1, late::toString);
        for (JsonNode record : late) {
            assertTrue(record.at("/fields/delay").asInt() >= 60, record::toString);
            assertEquals("DTW", record.at("/fields/origin").asText());
        }
        assertEquals(
                call("search", "--count", "origin=DTW").out(),
                call("search", "--count", "--key", "DTW").out());
        assertEquals("0\n", call("search", "--count", "delay=null").out());
        assertEquals(ROWS + "\n", call("search", "--count", "delay!=null").out());
        assertEquals(
                "1\n",
                call("search", "--count", "delay>=65.5", "delay<66.5", "sequence=0")
                        .out());
        assertEquals(
                "1\n",
                call("search", "--count", "--log", "outbox", "--cause", "1", "max=66")
                        .out());
    }

    @Test
    void shouldListSegments() {
        CommandCall list = call("ls");
        assertEquals(0, list.exitCode(), list::err);
        assertTrue(list.lines().get(0).startsWith("journal, start 1 of 20"), list.out());
        assertTrue(list.out().contains("2001-01-01T00:47:00Z"), list.out());

        JsonNode segment = call("ls", "--log", "journal", "--json").jsonLines().get(0);
        assertEquals(0, segment.at("/firstPlace").asLong());
        assertEquals(ROWS + 1, segment.at("/records").asLong());
        assertEquals("finished", segment.at("/state").asText());
        assertEquals("journal/00000001/19700101-00F.cq4", segment.at("/file").asText());
    }

    @Test
    void shouldShowFigures() {
        JsonNode stat = call("stat", "--json").json();

        assertEquals(ROWS, stat.at("/logs/0/byType/flight").asLong());
        assertEquals(1, stat.at("/logs/0/byType/END").asLong());
        assertEquals(ROWS, stat.at("/logs/0/syncedUpTo").asLong());
        assertEquals(0, stat.at("/idsTwice").asLong());
        assertTrue(stat.at("/holder").isNull());
        assertEquals(1, stat.at("/logs/2/records").asLong());
        CommandCall text = call("stat");
        assertTrue(text.out().contains("held by          nobody\n"), text.out());
        assertTrue(text.out().contains("  flight         400\n"), text.out());
    }

    @Test
    void shouldVerifyWhatIsWhole() {
        CommandCall verify = call("verify");

        assertEquals(0, verify.exitCode(), verify::err);
        assertTrue(verify.lines().get(0).startsWith("journal      whole: 401 records in "), verify.out());
        assertEquals(3, verify.lines().size(), verify.out());
    }

    @Test
    void shouldNameTheFirstDamageAndCountWhatIsWholeBehind() throws IOException {
        Path copy = copy();
        flip(copy.resolve("journal/00000001/19700101-00F.cq4"), frameOffset(copy, 200) + 100);

        CommandCall verify = CommandCall.of("journal", "verify", "--json", "--data", copy.toString());

        assertEquals(65, verify.exitCode(), verify::out);
        JsonNode damage = verify.json().at("/logs/0/damage");
        long endPlace = verify.json().at("/logs/0/endPlace").asLong();
        assertTrue(endPlace <= 200, verify::out);
        assertEquals(endPlace, damage.at("/place").asLong());
        assertEquals(endPlace, damage.at("/missing/0/first").asLong());
        long last = damage.at("/missing/0/last").asLong();
        assertTrue(last >= 200, verify::out);
        assertEquals(ROWS - last, damage.at("/wholeRecordCount").asLong());
        CommandCall text = CommandCall.of("journal", "verify", "--data", copy.toString());
        assertTrue(text.out().contains("  gone: " + endPlace), text.out());
        assertTrue(text.out().contains("  first damage: journal: "), text.out());

        CommandCall cat = CommandCall.of("journal", "cat", "--data", copy.toString());
        assertEquals(65, cat.exitCode());
        assertEquals(endPlace, cat.lines().size());
        assertTrue(cat.err().endsWith("; `millrace journal verify` tells what is lost\n"), cat.err());
        assertTrue(cat.err().startsWith("millrace: journal: "), cat.err());
    }

    @Test
    void shouldHoldTheJournalToWhatWasAcknowledged() throws IOException {
        JsonNode seventh = call("cat", "--json", "--from", "7", "--limit", "1").json();
        long hi = Long.parseUnsignedLong(seventh.at("/id").asText().substring(0, 16), 16);
        long lo = Long.parseUnsignedLong(seventh.at("/id").asText().substring(16), 16);
        Path acks = copies.resolve("acks");
        Files.writeString(acks, "# a note\n0-5\n7 " + hi + ' ' + lo + "\n100-400\n");
        CommandCall good = call("verify", "--acked", acks.toString());
        assertEquals(0, good.exitCode(), good::out);
        assertTrue(good.out().contains("acked        all there: 308 acknowledged, 0 missing"), good.out());

        Files.writeString(acks, "0-5\n7 1 " + lo + "\n399-405\n");
        CommandCall bad = call("verify", "--acked", acks.toString(), "--json");
        assertEquals(1, bad.exitCode(), bad::out);
        assertEquals(5, bad.json().at("/acks/missing").asLong());
        assertEquals(2, bad.json().at("/acks/problemCount").asLong());
        assertTrue(bad.json().at("/acks/problems/0").asText().startsWith("another id: sequence=7"), bad.out());
        assertEquals(
                "missing: sequence=401 to 405, the journal ends at 401",
                bad.json().at("/acks/problems/1").asText());

        Files.writeString(acks, "seven\n");
        assertEquals(66, call("verify", "--acked", acks.toString()).exitCode());
    }

    @Test
    void shouldTellWhatPruningWouldRemoveAndWhy() {
        CommandCall prune = call("prune", "--log", "journal");

        assertEquals(0, prune.exitCode(), prune::err);
        assertTrue(prune.lines().get(0).startsWith("keep    journal/00000001/19700101-00F.cq4 "), prune::out);
        assertEquals(
                "0 B would go; nothing was changed; --yes does it",
                prune.lines().get(1));
        JsonNode segment =
                call("prune", "--log", "journal", "--json", "--keep", "1MiB").json();
        assertEquals(0, segment.at("/firstPlace").asLong());
        assertTrue(!segment.at("/wouldBeRemoved").asBoolean(), segment::toString);
        assertTrue(!segment.at("/reason").asText().isEmpty(), segment::toString);
        assertEquals(2, call("prune", "--yes", "--dry-run").exitCode());
        assertTrue(call("prune", "--keep", "5x").err().contains("'5x' is no size (expected: such as 512MiB, 10GiB)"));
    }

    @Test
    void shouldHaveNothingToRepair() {
        CommandCall repair = call("repair");

        assertEquals(0, repair.exitCode(), repair::err);
        assertEquals("nothing to repair: " + data + " can be opened\n", repair.out());
    }

    @Test
    void shouldExportJsonLinesAndCsv() throws IOException {
        Path lines = copies.resolve("a.jsonl");
        CommandCall export = call("export", "--from", "10", "--to", "19", "--out", lines.toString());
        assertEquals(0, export.exitCode(), export::err);
        assertEquals("millrace: 10 records written to " + lines + "\n", export.err());
        assertEquals(call("cat", "--json", "--from", "10", "--to", "19").lines(), Files.readAllLines(lines));
        CommandCall again = call("export", "--out", lines.toString());
        assertEquals(74, again.exitCode());
        assertEquals(
                "millrace: cannot export: " + lines + ": is there already (expected: a new name that can be written)\n",
                again.err());

        CommandCall csv = call("export", "--format", "csv", "--out", "-", "--to", "0");
        assertEquals(
                "place,sequence,id,key,time,delay,distance,origin,destination",
                csv.lines().get(0));
        assertTrue(csv.lines().get(1).endsWith(",DTW,2001-01-01T00:47:00Z,66,1750,DTW,LAS"), csv.out());
        CommandCall outputs = call(
                "export", "--format", "csv", "--log", "outbox", "--type", "windowresult", "--out", "-", "--to", "0");
        assertTrue(outputs.lines().get(0).startsWith("operator,place,sequence,id,key,time,startNs"), outputs.out());
        assertTrue(outputs.lines().get(1).startsWith("origin-delay,0,1,"), outputs.out());
        assertEquals(
                2,
                call("export", "--format", "csv", "--log", "outbox", "--out", "-")
                        .exitCode());
    }

    @Test
    void shouldLeaveNothingOfAnExportThatFails() throws IOException {
        Path damaged = copy();
        flip(damaged.resolve("journal/00000001/19700101-00F.cq4"), frameOffset(damaged, 200) + 100);
        Path out = copies.resolve("out");

        for (String format : List.of("jsonl", "frames")) {
            CommandCall export = CommandCall.of(
                    "journal", "export", "--format", format, "--data", damaged.toString(), "--out", out.toString());

            assertEquals(65, export.exitCode(), export::err);
            assertTrue(export.err().startsWith("millrace: journal: "), export.err());
            try (Stream<Path> left = Files.list(copies)) {
                assertEquals(List.of(damaged), left.toList());
            }
        }
    }

    @Test
    void shouldCopyFramesIntoAJournalOfItsOwn() {
        Path out = copies.resolve("out");

        CommandCall export = call("export", "--format", "frames", "--to", "200", "--out", out.toString(), "--json");

        assertEquals(0, export.exitCode(), export::err);
        long end = export.json().at("/endPlace").asLong();
        assertTrue(end > 200 && end <= ROWS + 1, export::out);
        CommandCall verify = CommandCall.of("journal", "verify", "--data", out.toString());
        assertEquals(0, verify.exitCode(), verify::out);
        assertTrue(verify.out().contains(", sequence 0 to " + (end - 1)), verify.out());
        assertEquals(
                call("cat", "--to", Long.toString(end - 1)).out(),
                CommandCall.of("journal", "cat", "--data", out.toString()).out());
        CommandCall all = call(
                "export", "--format", "frames", "--out", copies.resolve("all").toString());
        assertEquals(0, all.exitCode(), all::err);
        assertEquals(
                call("cat").out(),
                CommandCall.of("journal", "cat", "--data", copies.resolve("all").toString())
                        .out());
        assertEquals(
                2,
                call("export", "--format", "frames", "--from", "5", "--out", "x")
                        .exitCode());
    }

    private static CommandCall call(String... arguments) {
        List<String> all = new ArrayList<>(List.of("journal"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data", data.toString()));
        return CommandCall.of(all.toArray(String[]::new));
    }

    private Path copy() throws IOException {
        Path copy = copies.resolve("copy");
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(data.relativize(file).toString()));
            }
        }
        return copy;
    }

    /** {@return an offset at which the frame with a sequence has its bytes; by the sequence's own eight bytes} */
    private static long frameOffset(Path directory, long sequence) throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve("journal/00000001/19700101-00F.cq4"));
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int offset = 1 << 16; offset < bytes.length - 64; offset += 4) {
            if (buffer.getLong(offset) == sequence && buffer.getShort(offset + 56) == 1) {
                return offset;
            }
        }
        throw new AssertionError("no record of sequence " + sequence);
    }

    private static void flip(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int b = bytes.read();
            bytes.seek(offset);
            bytes.write(b ^ 1);
        }
    }
}
