package io.millrace.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FieldAllocationTest {
    private static final int CALL_COUNT = 100_000;

    private final EventType type = TestSchemas.type(
            1,
            "<type name=\"Opt\" primitiveType=\"int16\" presence=\"optional\"/>"
                    + "<type name=\"Text\" primitiveType=\"char\" length=\"20\"/>",
            "<field name=\"delay\" id=\"1\" type=\"Opt\"/><field name=\"d\" id=\"2\" type=\"double\"/>"
                    + "<field name=\"text\" id=\"3\" type=\"Text\"/>"
                    + "<field name=\"later\" id=\"4\" type=\"int64\" sinceVersion=\"1\"/>"
                    + "<data name=\"note\" id=\"5\" type=\"varText\"/>");
    private final EventTypes types = EventTypes.of(List.of(type));
    private final Field delay = type.field("delay");
    private final Field number = type.field("d");
    private final Field text = type.field("text");
    private final Field later = type.field("later");
    private final VarField note = type.varField("note");
    private final Condition[] conditions = {
        delay.ge(20), number.conditions().lt(0.5), text.conditions().eq("a text of 17 byte"), HeaderField.KEY.ne(3)
    };
    private final UnsafeBuffer source = new UnsafeBuffer("some bytes".getBytes(StandardCharsets.US_ASCII));
    private final UnsafeBuffer words = new UnsafeBuffer("a text of 17 byte".getBytes(StandardCharsets.US_ASCII));
    private final MutableEvent event = MutableEvent.allocate(128);
    private long sink;

    @Test
    void shouldAllocateNothingWhenWarm() {
        assertTrue(AllocatedBytes.of(this::useWastefully) >= 16L * CALL_COUNT, "positive control");

        assertEquals(0, AllocatedBytes.of(this::use));
        assertTrue(sink != 0);
    }

    private void use() {
        for (int i = 0; i < CALL_COUNT; i++) {
            write(i);
            read();
        }
    }

    private void write(int i) {
        type.encode(event);
        text.putText(event, words, 0, words.capacity());
        delay.putLong(event, i & 0xFF);
        if ((i & 7) == 0) {
            delay.putNull(event);
        }
        number.putDouble(event, i);
        later.putLong(event, i);
        note.put(event, source, 0, i % 10);
        event.schemaVersion(i & 1);
    }

    private void read() {
        sink += delay.getLong(event) + (long) delay.getDouble(event) + (long) number.getDouble(event);
        sink += text.getLong(event) + text.textLength(event) + later.getLong(event) + HeaderField.KEY.getLong(event);
        sink += note.length(event) + note.offset(event);
        sink += (later.isNull(event) ? 1 : 0) + (type.isValid(event) ? 1 : 0) + (types.isKnown(event.typeId()) ? 1 : 0);
        for (Condition condition : conditions) {
            sink += condition.test(event) ? 1 : 0;
        }
    }

    private void useWastefully() {
        for (int i = 0; i < CALL_COUNT; i++) {
            assertNotNull(text.text(event));
        }
    }
}
