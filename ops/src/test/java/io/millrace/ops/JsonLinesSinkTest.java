package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.EventTypes;
import io.millrace.event.MutableEvent;
import io.millrace.event.Schema;
import io.millrace.ops.format.EventJson;
import io.millrace.ops.format.KeyNames;
import io.millrace.ring.OperatorIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each output is in the file once, whatever comes again after a crash between file and checkpoint. */
class JsonLinesSinkTest {
    private static final EventTypes TYPES = EventTypes.of(Schema.outputs());

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("out.jsonl");
    }

    @Test
    void shouldWriteALinePerOutputWithItsOperator() throws IOException {
        deliver(0, 7, 2);

        String id = "0000" + hex16(OperatorIds.idOf("w")) + "0000000%d0000000000000007";
        String line = "{\"operator\":\"w\",\"typeId\":9,\"sequence\":0,\"id\":\"" + id
                + "\",\"key\":\"ATL\",\"time\":\"1970-01-01T00:00:00Z\",\"payload\":\"\"}";
        assertEquals(List.of(String.format(line, 0), String.format(line, 1)), lines());
    }

    @Test
    void shouldSkipWhatIsInTheFileAlready() throws IOException {
        deliver(0, 7, 2);
        deliver(0, 8, 1);
        List<String> before = lines();

        try (JsonLinesSink sink = sink()) {
            sink.onOutput(output(0, 7, 0));
            sink.onOutput(output(0, 7, 1));
            sink.onOutput(output(0, 8, 0));
            sink.flush();
            assertEquals(before, lines());
            sink.onOutput(output(0, 8, 1));
            sink.onOutput(output(0, 9, 0));
        }
        assertEquals(5, lines().size());
        assertEquals(5, lines().stream().distinct().count());
    }

    @Test
    void shouldCutATornLineOff() throws IOException {
        deliver(0, 7, 2);
        List<String> before = lines();
        Files.writeString(file, "{\"operator\":\"w\",\"typ", StandardOpenOption.APPEND);

        deliver(0, 7, 3);

        assertEquals(before, lines().subList(0, 2));
        assertEquals(3, lines().size());
    }

    @Test
    void shouldStartAnewWhenThereIsOnlyATornLine() throws IOException {
        Files.writeString(file, "{\"opera");

        deliver(0, 7, 1);

        assertEquals(1, lines().size());
    }

    @Test
    void shouldTakeALowerCauseOfAHigherEpoch() throws IOException {
        deliver(0, 7, 1);

        deliver(1, 3, 1);
        deliver(0, 9, 1);

        assertEquals(2, lines().size());
    }

    @Test
    void shouldKnowAllOutputsOfTheLastCauseBeyondItsFirstLook() throws IOException {
        deliver(0, 6, 1);
        deliver(0, 7, 2_000);
        assertEquals(2_001, lines().size());

        deliver(0, 7, 2_001);

        assertEquals(2_002, lines().size());
        assertEquals(2_002, lines().stream().distinct().count());
    }

    @Test
    void shouldWriteARedrivenOutputOnceAndStillKnowItsEnd() throws IOException {
        deliver(0, 6, 1);
        deliver(0, 8, 1);
        for (int i = 0; i < 2; i++) {
            try (JsonLinesSink sink = sink()) {
                sink.onRedelivered(output(0, 7, 0));
                sink.onRedelivered(output(0, 7, 0));
                sink.flush();
                sink.onRedelivered(output(0, 8, 0));
                sink.onOutput(output(0, 8, 0));
            }
        }
        deliver(0, 9, 1);

        assertEquals(4, lines().size());
        assertTrue(lines().get(2).startsWith("{\"redriven\":true,\"operator\":\"w\""), lines().get(2));
    }

    private void deliver(int epoch, long cause, int count) throws IOException {
        try (JsonLinesSink sink = sink()) {
            for (int ordinal = 0; ordinal < count; ordinal++) {
                sink.onOutput(output(epoch, cause, ordinal));
            }
        }
    }

    private JsonLinesSink sink() {
        return new JsonLinesSink(
                "s", file, new EventJson(TYPES, new KeyNames()), new OperatorNames(directory, List.of("w"), List::of));
    }

    private static MutableEvent output(int epoch, long cause, int ordinal) {
        return MutableEvent.allocate(0)
                .typeId(9)
                .key(0x41_54_4C_00_00_00_00_00L)
                .id((long) epoch << 48 | (long) OperatorIds.idOf("w") << 32 | ordinal, cause);
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file);
    }

    private static String hex16(int value) {
        return String.format("%04x", value);
    }
}
