package io.millrace.ops.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.event.MutableEvent;
import io.millrace.journal.AuditLog;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.journal.deadletter.DeadLetterRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A row, an event that risk gave up, one that waits behind it, one that is discarded. */
class DeadLetterCommandTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void write() {
        try (Journal journal = Journal.open(new JournalContext()
                .directory(directory)
                .blockLength(1 << 18)
                .segmentLength(1 << 18)
                .frameLength(8192))) {
            DeadLetterQueue letters = new DeadLetterQueue(journal, () -> 1_000_000_000L);
            letters.park("trades.csv", 3, "a,b".getBytes(UTF_8), "row 3: no time");
            letters.park(event(1), "risk", new IllegalStateException("Timeout"), 3);
            letters.park(event(2), "risk", new IllegalStateException("waits"), 0);
            letters.park(event(3), "mail", new IllegalStateException("x"), 3);
            letters.failedAgain(1, new IllegalArgumentException("again"), 3);
            letters.discard(3, "old");
        }
    }

    private static MutableEvent event(long sequence) {
        return MutableEvent.allocate(0).sequence(sequence).id(0, sequence).typeId(9);
    }

    @Test
    void shouldListThoseThatAreOpen() throws IOException {
        JsonNode listing = json("ls");

        assertEquals(3, listing.get("count").asLong());
        assertEquals(2, listing.get("countByHandler").get("risk").asLong());
        assertEquals("parked", listing.get("letters").get(1).get("state").asText());
        assertEquals(6, listing.get("letters").get(1).get("attempts").asLong());
        assertEquals("again", listing.get("letters").get(1).get("message").asText());
        assertEquals("waiting", listing.get("letters").get(2).get("state").asText());
        assertEquals(4, json("ls", "--all").get("count").asLong());
        assertTrue(run("ls").contains("trades.csv"));
    }

    @Test
    void shouldFilter() throws IOException {
        assertEquals(2, json("ls", "--handler", "risk").get("count").asLong());
        assertEquals(1, json("ls", "--error", "again").get("count").asLong());
        assertEquals(1, json("ls", "--error", "IllegalArgument").get("count").asLong());
        assertEquals(1, json("ls", "--id", "0:2").get("count").asLong());
        assertEquals(2, json("ls", "0", "1", "3").get("count").asLong());
        assertEquals(
                3, json("ls", "--to-time", "1970-01-01T00:00:01Z").get("count").asLong());
        assertEquals(
                0,
                json("ls", "--from-time", "1970-01-01T00:00:02Z").get("count").asLong());
    }

    @Test
    void shouldShowAllOfOne() throws IOException {
        assertEquals("a,b", json("show", "0").get("row").asText());
        assertEquals(1, json("show", "1").get("event").get("sequence").asLong());
        assertTrue(run("show", "3").contains("state     discarded\n"));
        assertTrue(run("show", "3").contains("message   old\n"));
    }

    @Test
    void shouldSayWhatItWouldRedriveAndChangeNothing() {
        assertEquals(
                "would redrive 2 dead letters {risk=2}, 100 a second at most; nothing was changed; --yes does it\n",
                run("redrive", "--handler", "risk"));

        assertEquals(List.of(), DeadLetterRequest.pending(directory));
        assertEquals(List.of(), AuditLog.lines(directory));
    }

    @Test
    void shouldLeaveARequestForWhoRunsNext() throws IOException {
        JsonNode result = json("redrive", "--handler", "risk", "--rate", "7", "--yes", "--reason", "is back");

        DeadLetterRequest request = DeadLetterRequest.pending(directory).get(0);
        assertEquals(request.id(), result.get("request").asText());
        assertEquals(List.of(1L, 2L), request.places());
        assertEquals(7, request.ratePerSecond());
        assertEquals("is back", request.reason());
        assertTrue(AuditLog.lines(directory).get(0).contains("\"action\":\"dead-letters-redrive-requested\""));
        assertTrue(json("ls").get("letters").get(1).get("isRequested").asBoolean());
        assertEquals(
                "requested: discard 1 dead letters {trades.csv=1}; the next run on this directory carries it out\n",
                run("discard", "0", "--yes"));
    }

    @Test
    void shouldWantToKnowWhich() {
        assertEquals(2, execute(new StringWriter(), "redrive", "--yes"));
        assertEquals(2, execute(new StringWriter(), "redrive", "--all", "--rate", "-1"));
        assertEquals(List.of(), DeadLetterRequest.pending(directory));
    }

    private JsonNode json(String... arguments) throws IOException {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        return new ObjectMapper().readTree(run(all));
    }

    private String run(String... arguments) {
        StringWriter out = new StringWriter();
        assertEquals(0, execute(out, arguments), out::toString);
        return out.toString();
    }

    private int execute(StringWriter out, String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--data";
        all[arguments.length + 1] = directory.toString();
        return new CommandLine(new DeadLetterCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(new StringWriter(), true))
                .execute(all);
    }
}
