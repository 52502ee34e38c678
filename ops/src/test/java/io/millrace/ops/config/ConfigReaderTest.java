package io.millrace.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.journal.RetentionPolicy;
import io.millrace.ops.config.RunConfig.DedupKind;
import io.millrace.ops.config.RunConfig.Format;
import io.millrace.ops.config.RunConfig.Gate;
import io.millrace.ops.config.RunConfig.IdKind;
import io.millrace.ops.config.RunConfig.KeyKind;
import io.millrace.ops.config.RunConfig.MatchMode;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import io.millrace.ring.SyncPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each message is pinned: it is what operators read and search for. */
class ConfigReaderTest {
    private static final String MINIMAL = """
            schemas: [trade.xml]
            input:
              type: trade
              time: at
            """;
    private static final List<String> COLUMNS = List.of("at", "price", "quantity", "venue", "trader");

    @TempDir
    private Path directory;

    @BeforeEach
    void writeSchemaAndInput() throws IOException {
        Files.writeString(directory.resolve("trade.xml"), TRADE_SCHEMA);
        Files.writeString(directory.resolve("trades.csv"), String.join(",", COLUMNS) + "\n");
    }

    @Test
    void shouldFillInDefaultsWhenOnlyRequiredKeysAreThere() throws Exception {
        RunConfig config = read(MINIMAL);

        assertEquals("millrace", config.pipeline().name());
        assertEquals(16384, config.pipeline().ringCapacity());
        assertEquals(256, config.pipeline().maxPayloadLength());
        assertEquals("auto", config.pipeline().plan());
        assertEquals(Format.CSV, config.input().format());
        assertTrue(config.input().hasHeader());
        assertEquals(IdKind.HASH, config.input().id().kind());
        assertEquals(DedupKind.LAST_IDS, config.dedup().kind());
        assertEquals(1 << 20, config.dedup().size());
        assertEquals(Gate.JOURNALED, config.outbox().gate());
        assertEquals(SyncPolicy.interval(1_000_000_000L), config.syncPolicy());
        assertEquals(64 << 20, config.segmentLength());
    }

    @Test
    void shouldReadEveryKind() throws Exception {
        RunConfig config = read(MINIMAL + """
                  key: {column: venue, kind: text}
                  fields: {quantity: price}
                  id: {kind: producer, producer: trader, sequence: price}
                pipeline: {ringCapacity: 1_024, maxPayload: 1KiB, plan: split, cores: [0, 1], force: true}
                windows:
                  - {name: prices, value: price, where: price > -5, size: 1h, slide: 900ms}
                patterns:
                  - name: burst
                    where: "quantity != 0"
                    count: {gt: 5}
                    distinct: {of: venue, ge: 3}
                    within: 30min
                    mode: every-event
                """);

        assertEquals(1024, config.pipeline().ringCapacity());
        assertEquals(1024, config.pipeline().maxPayloadLength());
        assertEquals(List.of(0, 1), config.pipeline().cores());
        assertEquals(KeyKind.TEXT, config.input().key().kind());
        assertEquals(List.of("trader", "price"), config.input().id().columns());
        assertEquals("price", config.input().fields().get("quantity"));
        WindowSection window = config.windows().get(0);
        assertEquals(3_600_000_000_000L, window.sizeNs());
        assertEquals(900_000_000L, window.slideNs());
        assertEquals("price > -5", String.valueOf(window.where()));
        PatternSection pattern = config.patterns().get(0);
        assertEquals(6, pattern.countMin());
        assertEquals("venue", pattern.distinct().name());
        assertEquals(3, pattern.distinctMin());
        assertEquals(MatchMode.EVERY_EVENT, pattern.mode());
    }

    @Test
    void shouldReportAllProblemsInTheOrderOfTheFile() {
        assertProblems(
                """
                pipline: {name: x}
                schemas: [trade.xml]
                input:
                  type: trde
                  time: at
                dedup: {kind: last-ids, size: many}
                """,
                "1:1  pipline: is not a key. Nearest: pipeline.",
                "4:9  input.type: trde is not an event type. Nearest: trade.",
                "6:31  dedup.size: many is not an integer. Allowed: 1 to 268435456.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pipeline: {ringCapacity: 1000} | 5:26  pipeline.ringCapacity: 1000 is not a power of two. "
                        + "Nearest: 512 or 1024.",
                "pipeline: {ringCapacity: 32} | 5:26  pipeline.ringCapacity: 32 is out of range. "
                        + "Allowed: a power of two, 64 to 16777216.",
                "pipeline: {maxPayload: 64} | 5:24  pipeline.maxPayload: 64 is not a size. "
                        + "Allowed: 8B to 64KiB as 512B, 64KiB, 8MiB, 1GiB.",
                "pipeline: {maxPayload: 1MiB} | 5:24  pipeline.maxPayload: 1MiB is out of range. "
                        + "Allowed: 8B to 64KiB as 512B, 64KiB, 8MiB, 1GiB.",
                "pipeline: {plan: fusd} | 5:18  pipeline.plan: fusd is not known. Nearest: fused.",
                "pipeline: {wait: never} | 5:18  pipeline.wait: never is not known. "
                        + "Allowed: adaptive, busy-spin, yield, park, block.",
                "pipeline: {force: yes please} | 5:19  pipeline.force: yes please is neither true nor false. "
                        + "Allowed: true or false.",
                "pipeline: {cores: [0, x]} | 5:23  pipeline.cores: x is not an integer. Allowed: 0 to 1023.",
                "pipeline: {cores: 3} | 5:19  pipeline.cores: is not a list. Allowed: a list of numbers.",
                "pipeline: {name: 9x} | 5:18  pipeline.name: 9x is not a name. "
                        + "Allowed: a letter, then letters, digits, - or _, at most 63.",
                "pipeline: [1] | 5:11  pipeline: is not a section. Allowed: key: value lines.",
                "pipeline: {name: {a: b}} | 5:18  pipeline.name: is not a single value. "
                        + "Allowed: a letter, then letters, digits, - or _, at most 63.",
                "dedup: {kind: none, kind: none} | 5:21  dedup.kind: is there twice, first on line 5.",
                "dedup: producers | 5:8  dedup.kind: producers does not fit the ids. "
                        + "Allowed: with input.id.kind: producer.",
                "dedup: {window: 1000} | 5:17  dedup.window: 1000 is not a power of two. Nearest: 512 or 1024.",
                "eventTime: {maxSkew: 3 weeks} | 5:22  eventTime.maxSkew: 3 weeks is not a duration. "
                        + "Allowed: 0s to 3650d as 250ms, 30s, 30min, 3h, 1d.",
                "sinks: [{name: s, file: a}, {name: s, file: b}] | 5:36  sinks[1].name: "
                        + "s is the name of another sink. Allowed: names used once.",
                "journal: {segmentLength: 1500KiB} | 5:26  journal.segmentLength: 1536000B is no whole number of MiB. "
                        + "Allowed: such as 16MiB.",
                "pipeline: {maxPayload: 16B} | 5:24  pipeline.maxPayload: 16B is less than an event takes. "
                        + "Allowed: from 24B for trade.",
                "outbox: {gate: sinced} | 5:16  outbox.gate: sinced is not known. Nearest: synced."
            })
    void shouldReportAWrongValueWithItsPlace(String line, String problem) {
        assertProblems(MINIMAL + line, problem);
    }

    @Test
    void shouldRefuseAGateThatNobodySyncs() {
        assertProblems(
                MINIMAL + "outbox: {gate: synced}\njournal: {sync: none}",
                "6:17  journal.sync: none lets nothing through the gate synced. Allowed: group, per-batch, interval.");
        assertProblems(
                MINIMAL + "journal: {syncInterval: 2h}",
                "5:25  journal.syncInterval: 2h is out of range. "
                        + "Allowed: 1ms to 1h as 250ms, 30s, 30min, 3h, 1d.");
    }

    @Test
    void shouldSyncInGroupsBehindTheGateSynced() throws ConfigException, IOException {
        assertEquals(SyncPolicy.GROUP, read(MINIMAL + "outbox: {gate: synced}").syncPolicy());
        assertEquals(
                SyncPolicy.PER_BATCH,
                read(MINIMAL + "journal: {sync: per-batch}").syncPolicy());
        assertEquals(SyncPolicy.NONE, read(MINIMAL + "journal: {sync: none}").syncPolicy());
        assertEquals(RetentionPolicy.KEEP_ALL, read(MINIMAL).retention());
        assertEquals(
                new RetentionPolicy(1L << 30, TimeUnit.DAYS.toNanos(7), false),
                read(MINIMAL + "journal: {retention: {maxBytes: 1GiB, maxAge: 7d}}")
                        .retention());
        assertEquals(
                SyncPolicy.interval(20_000_000),
                read(MINIMAL + "journal: {sync: interval, syncInterval: 20ms}").syncPolicy());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "windows: [{name: w, value: prise, size: 1h}] | 5:28  windows[0].value: "
                        + "prise is not a field of trade. Nearest: price.",
                "windows: [{name: w, value: venue, size: 1h}] | 5:28  windows[0].value: "
                        + "venue is text, not an integer. Allowed: price, quantity.",
                "windows: [{name: w, value: price}] | 5:11  windows[0].size: is missing. "
                        + "Allowed: a duration, 1ms to 3650d as 250ms, 30s, 30min, 3h, 1d.",
                "windows: [{name: w, value: price, size: 1h, slide: 2h}] | 5:52  windows[0].slide: "
                        + "2h is longer than the size. Allowed: up to 1h.",
                "windows: [{name: w, value: price, size: 3h, slide: 7ms}] | 5:52  windows[0].slide: "
                        + "7ms cuts the size into 10800000 panes of 1ms. Allowed: up to 4096; "
                        + "a slide that divides the size gives the fewest.",
                "windows: [{name: w, of: trad, value: price, size: 1h}] | 5:25  windows[0].of: "
                        + "trad is no event type, stream, window or pattern. Nearest: trade.",
                "windows: [{name: w, value: price, where: prise > 1, size: 1h}] | 5:42  windows[0].where: "
                        + "prise > 1: unknown field prise (expected: price)",
                "windows: [{name: w, value: price, where: price > many, size: 1h}] | 5:50  windows[0].where: "
                        + "price > many: unknown field many (expected: price, quantity, venue, sequence, "
                        + "idHi, idLo, key, timestampNs, ingestTimeNs, sourceId, typeId)",
                "windows: [{name: w, value: price, where: price => 1, size: 1h}] | 5:48  windows[0].where: "
                        + "price => 1: => is no operator; write >=",
                "windows: [{name: w, value: price, where: price, size: 1h}] | 5:42  windows[0].where: "
                        + "price: it is long (expected: boolean)",
                "patterns: [{name: p, within: 1h}] | 5:12  patterns[0].count: is missing. "
                        + "Allowed: a section, or stages.",
                "patterns: [{name: p, within: 1h, count: {gt: 1, ge: 2}}] | 5:46  patterns[0].count.gt: "
                        + "stands beside ge. Allowed: one of the two.",
                "patterns: [{name: p, within: 1h, count: {of: trade}}] | 5:41  patterns[0].count.gt: "
                        + "is missing. Allowed: gt: or ge: and an integer.",
                "patterns: [{name: p, within: 1h, count: {ge: 9}, maxEventsPerKey: 8}] | 5:67  "
                        + "patterns[0].maxEventsPerKey: 8 does not fit. "
                        + "Allowed: 9, which a match takes, to maxEvents=262144.",
                "patterns: [{name: p, within: 1h, count: {ge: 1}, distinct: {of: venu, ge: 1}}] | 5:65  "
                        + "patterns[0].distinct.of: venu is not a field of trade. Nearest: venue."
            })
    void shouldReportAWrongOperatorWithItsPlace(String line, String problem) {
        assertProblems(MINIMAL + line, problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "time: {column: att} | 5:18  input.time.column: att is not a column of trades.csv. Nearest: at.",
                "time: {column: at, pattern: qqqqqqqq} | 5:31  input.time.pattern: qqqqqqqq is not a pattern: "
                        + "Too many pattern letters: q. Allowed: iso, epoch-s, epoch-ms, epoch-us, epoch-ns, "
                        + "or such as yyyy-MM-dd HH:mm.",
                "time: {column: at, zone: UCT1} | 5:28  input.time.zone: UCT1 is not a zone. Nearest: UTC.",
                "fields: {prise: price} | 5:12  input.fields.prise: prise is not a field of trade. Nearest: price.",
                "fields: {price: prise} | 5:19  input.fields.price: prise is not a column of trades.csv. "
                        + "Nearest: price.",
                "key: venu | 5:8  input.key.column: venu is not a column of trades.csv. Nearest: venue.",
                "id: {columns: [at, vnue]} | 5:22  input.id.columns: vnue is not a column of trades.csv. "
                        + "Nearest: venue.",
                "id: uuid | 5:7  input.id.column: is missing. Allowed: the name of a column, with kind: uuid.",
                "id: hsh | 5:7  input.id.kind: hsh is not known. Nearest: hash.",
                "columns: [at] | 5:12  input.columns: are named by the header too. Allowed: with header: false.",
                "header: false | 3:3  input.columns: is missing. Allowed: a list of names, with header: false."
            })
    void shouldReportAWrongInputWithItsPlace(String line, String problem) {
        String time = line.startsWith("time") ? "" : "  time: at\n";
        String file = line.startsWith("time") ? "  file: trades.csv\n" : "";
        String text = "schemas: [trade.xml]\ninput:\n  type: trade\n" + time + file + "  " + line + "\n";

        assertProblems(text + (file.isEmpty() ? "  file: trades.csv\n" : ""), problem);
    }

    @Test
    void shouldReportAFieldWithoutColumn() {
        assertProblems(
                MINIMAL + "  header: false\n  columns: [at, price, venue]\n",
                "3:9  input.fields.quantity: is missing: input.columns has no column quantity. "
                        + "Allowed: at, price, venue.");
    }

    @Test
    void shouldReportWhatIsMissingWhenTheFileIsEmpty() {
        assertProblems(
                "",
                "1:1  schemas: is missing. Allowed: a list of names.",
                "1:1  input: is missing. Allowed: a section.");
    }

    @Test
    void shouldReportAFileThatIsNoYaml() {
        assertProblems("a: [1\nb: 2\n", "2:2  file: is not YAML: expected ',' or ']', but got :.");
    }

    @Test
    void shouldReportAFileThatIsNotThere() {
        Path missing = directory.resolve("missing.yaml");

        ConfigException e = assertThrows(ConfigException.class, () -> ConfigReader.read(missing, null, file -> null));

        assertEquals(missing + ":1:1  file: does not exist. Allowed: a YAML file.", e.getMessage());
    }

    @Test
    void shouldReportASchemaThatIsNotThere() {
        assertProblems(
                MINIMAL.replace("trade.xml", "trad.xml"),
                "1:11  schemas: trad.xml does not exist. Allowed: an SBE schema in " + directory + ".",
                "3:9  input.type: trade is not an event type. Allowed: none.");
    }

    private RunConfig read(String text) throws IOException, ConfigException {
        Path file = directory.resolve("test.yaml");
        Files.writeString(file, text);
        return ConfigReader.read(file, null, input -> COLUMNS);
    }

    private void assertProblems(String text, String... expected) {
        ConfigException e = assertThrows(ConfigException.class, () -> read(text));

        String prefix = directory.resolve("test.yaml") + ":";
        assertEquals(
                String.join("\n", expected),
                e.problems().stream()
                        .map(problem -> problem.toString().replace(prefix, ""))
                        .collect(Collectors.joining("\n")));
    }

    private static final String TRADE_SCHEMA = """
            <sbe:messageSchema xmlns:sbe="http://fixprotocol.io/2016/sbe" package="trade" id="1" version="0"
                               byteOrder="littleEndian">
                <types>
                    <composite name="messageHeader">
                        <type name="blockLength" primitiveType="uint16"/>
                        <type name="templateId" primitiveType="uint16"/>
                        <type name="schemaId" primitiveType="uint16"/>
                        <type name="version" primitiveType="uint16"/>
                    </composite>
                    <type name="Venue" primitiveType="char" length="4"/>
                </types>
                <sbe:message name="trade" id="1">
                    <field name="price" id="1" type="int64"/>
                    <field name="quantity" id="2" type="int32"/>
                    <field name="venue" id="3" type="Venue"/>
                </sbe:message>
            </sbe:messageSchema>
            """;
}
