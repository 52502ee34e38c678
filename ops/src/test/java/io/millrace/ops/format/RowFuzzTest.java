package io.millrace.ops.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the bytes are: every row is an event or an error, rows go forward, and what follows a bad part is read. */
class RowFuzzTest {
    private static final int ROUND_COUNT = 3_000;
    private static final int MAX_LENGTH = 200;
    private static final String ALPHABET = "1,2,A,x\n\n\r\"\"{}:[] \0\u00FF\u00C3\u00A9";

    private static final long SEED = TestSeed.of(RowFuzzTest.class);
    private final Random random = new Random(SEED);
    private final EventType type = TestRows.type("Reading");
    private final MutableEvent event = MutableEvent.allocate(TestRows.MAX_PAYLOAD_LENGTH);

    @ParameterizedTest
    @EnumSource
    void shouldReadTheGoodRowBehindAnyBytes(TextFormat format) throws IOException {
        String header = format == TextFormat.CSV ? "ts,delay,code,note\n" : "";
        String good =
                format == TextFormat.CSV ? "1,2,A,good" : "{\"ts\":1,\"delay\":2,\"code\":\"A\",\"note\":\"good\"}";
        EventMapping mapping = TestRows.reading()
                .format(format)
                .maxRowLength(Math.max(header.length(), good.length()) + random.nextInt(60))
                .build();
        for (int round = 0; round < ROUND_COUNT; round++) {
            String noise = noise();
            byte[] bytes = (header + noise + '\n' + good).getBytes(StandardCharsets.ISO_8859_1);
            String message = "seed " + SEED + ", round " + round + ": " + noise;

            assertEquals("good", lastNote(mapping, bytes, message), message);
        }
    }

    private String lastNote(EventMapping mapping, byte[] bytes, String message) throws IOException {
        String note = "";
        long lineNumber = 0;
        try (RowReader reader = RowReader.open(new ByteArrayInputStream(bytes), "fuzz", mapping)) {
            while (reader.next(event)) {
                RowError error = reader.error();
                assertTrue(reader.lineNumber() > lineNumber, message);
                lineNumber = reader.lineNumber();
                if (error == null) {
                    assertTrue(type.isValid(event), message);
                    note = String.valueOf(type.varField("note").text(event));
                } else {
                    assertTrue(
                            error.bytes().length <= bytes.length
                                    && !error.reason().isEmpty(),
                            message);
                    note = error.message();
                }
            }
            assertEquals(bytes.length, reader.byteCount(), message);
        }
        return note;
    }

    private String noise() {
        StringBuilder noise = new StringBuilder();
        for (int length = random.nextInt(MAX_LENGTH); length > 0; length--) {
            noise.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return noise.toString();
    }
}
