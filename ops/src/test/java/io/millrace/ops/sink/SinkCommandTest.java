package io.millrace.ops.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.event.MutableEvent;
import io.millrace.journal.AuditLog;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.journal.LogKind;
import io.millrace.journal.SinkCheckpoint;
import io.millrace.journal.SinkPosition;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Ten outputs, of which the sink has taken four. */
class SinkCommandTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void write() {
        try (Journal journal = Journal.open(new JournalContext()
                .directory(directory)
                .blockLength(1 << 18)
                .segmentLength(1 << 18)
                .frameLength(8192))) {
            MutableEvent record = MutableEvent.allocate(0);
            for (long sequence = 0; sequence < 10; sequence++) {
                journal.journal().append(record.sequence(sequence).id(1L << 32, sequence));
                journal.journal().commit();
                journal.outbox().append(record);
                journal.outbox().commit();
            }
        }
        try (SinkCheckpoint checkpoint = SinkCheckpoint.open(directory, LogKind.OUTBOX, "alerts")) {
            checkpoint.write(new SinkPosition(4, 1L << 32, 3, 1, false, 1_000_000_000L, 0));
        }
    }

    @Test
    void shouldListSinks() throws IOException {
        JsonNode sink = json("ls").get("sinks").get(0);

        assertEquals("alerts", sink.get("name").asText());
        assertEquals("attached", sink.get("state").asText());
        assertEquals(4, sink.get("next").asLong());
        assertEquals(6, sink.get("behind").asLong());
        assertEquals("1970-01-01T00:00:01Z", sink.get("noted").asText());
        assertTrue(run("ls").lines().toList().get(1).matches("alerts +outbox +attached +4 +6 +[0-9]+ +0.0 +1970.*"));
    }

    @Test
    void shouldSayWhatAResetWouldDoAndThenDoIt() throws IOException {
        assertEquals(
                "would reset sink: name=alerts, from=4, to=2 (sequence=2, end=10): 2 records come again\n"
                        + "nothing was changed; --yes does it\n",
                run("reset", "alerts", "--to", "2"));
        assertEquals(4, position());

        JsonNode result = json("reset", "alerts", "--to", "latest", "--yes", "--reason", "why not");

        assertEquals(6, result.get("count").asLong());
        assertTrue(result.get("isDone").asBoolean());
        assertEquals(10, position());
        assertTrue(AuditLog.lines(directory).get(0).contains("\"reason\":\"why not\""));
    }

    private long position() {
        return SinkCheckpoint.list(directory, LogKind.OUTBOX).get("alerts").next();
    }

    private JsonNode json(String... arguments) throws IOException {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        return new ObjectMapper().readTree(run(all));
    }

    private String run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--data";
        all[arguments.length + 1] = directory.toString();
        int exitCode = new CommandLine(new SinkCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
        assertEquals(0, exitCode, err::toString);
        return out.toString();
    }
}
