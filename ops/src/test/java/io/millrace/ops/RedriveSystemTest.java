package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows that were bad under one mapping become events under the corrected one: redriven by command, once. */
@Timeout(120)
class RedriveSystemTest {
    @TempDir
    private Path directory;

    @Test
    void shouldReadBadRowsAgainOnceTheMappingIsCorrected() throws IOException {
        Files.copy(CommandRun.flights("flights.xml"), directory.resolve("flights.xml"));
        Files.writeString(directory.resolve("rows.csv"), """
                origin,destination,date,delay,distance
                ATL,JFK,2001-01-01 00:47,66,1750
                ATL,JFK,01.01.2001 00:48,67,1750
                ATL,JFK,2001-01-01 00:49,68,1750
                """);
        config("yyyy-MM-dd HH:mm");
        JsonNode first = run("run");
        assertEquals(2, first.get("events").get("accepted").asLong(), first::toString);
        assertEquals(1, first.get("input").get("badRows").asLong());

        assertEquals(
                1,
                run("dlq", "redrive", "--handler", "rows.csv", "--yes")
                        .get("count")
                        .asLong());
        run("run");
        assertEquals(
                "parked", run("dlq", "show", "0").get("letter").get("state").asText());
        assertEquals(1, run("dlq", "show", "0").get("letter").get("attempts").asLong());

        config("[yyyy-MM-dd HH:mm][dd.MM.yyyy HH:mm]");
        run("dlq", "redrive", "0", "--yes");
        Files.writeString(directory.resolve("rows.csv"), """
                origin,destination,date,delay,distance
                ATL,JFK,2001-01-01 00:47,66,1750
                """);
        JsonNode corrected = run("run");
        assertEquals(1, corrected.get("events").get("accepted").asLong(), corrected::toString);
        assertEquals(
                "redriven", run("dlq", "show", "0").get("letter").get("state").asText());
        assertEquals(0, run("dlq", "ls").get("count").asLong());
        assertEquals(3, Outbox.journaledCount(data()));

        String audit = Files.readString(data().resolve("audit.log"));
        assertEquals(2, audit.split("dead-letters-redrive-requested", -1).length - 1);
        assertTrue(audit.contains("\"done\":0,\"failed\":1") && audit.contains("\"done\":1,\"failed\":0"), audit);
    }

    private void config(String pattern) throws IOException {
        Files.writeString(directory.resolve("rows.yaml"), """
                schemas: [flights.xml]
                input:
                  file: rows.csv
                  type: flight
                  time: {column: date, pattern: "%s", zone: UTC}
                  key: origin
                windows:
                  - {name: w, value: delay, size: 1h}
                journal: {segmentLength: 1MiB}
                """.formatted(pattern));
    }

    private Path data() {
        return directory.resolve("data");
    }

    private JsonNode run(String... arguments) throws IOException {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 5);
        all[arguments.length] = "--data";
        all[arguments.length + 1] = data().toString();
        all[arguments.length + 2] = "-c";
        all[arguments.length + 3] = directory.resolve("rows.yaml").toString();
        all[arguments.length + 4] = "--json";
        CommandRun run = CommandRun.run(all);
        assertEquals(0, run.exitCode(), run::err);
        return run.json();
    }
}
