package io.millrace.window;

import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import org.junit.jupiter.api.Test;

class LatePolicyTest {
    @Test
    void shouldSayItInWords() {
        assertEquals("drop", LatePolicy.DROP.toString());
        assertEquals("side-output", LatePolicy.SIDE_OUTPUT.toString());
        assertEquals("update 5m", LatePolicy.update(5, MINUTES).toString());
        assertEquals(
                "update 1h30m + side-output",
                LatePolicy.update(90, MINUTES).withSideOutput().toString());
        assertFalse(LatePolicy.SIDE_OUTPUT.isUpdate());
        assertTrue(LatePolicy.update(1, NANOSECONDS).isUpdate());
    }

    @Test
    void shouldRefuseALatenessOutOfRange() {
        assertEquals(
                "cannot build late policy: allowedLatenessNs=-1 (expected: 0 to 576460752303423488); set how long"
                        + " results may still be corrected",
                assertThrows(IllegalArgumentException.class, () -> LatePolicy.update(-1, NANOSECONDS))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> LatePolicy.update(WindowSpec.MAX_DURATION_NS + 1, NANOSECONDS));
    }

    @Test
    void shouldPutOutWhatIsKnownOfALateEvent() {
        MutableEvent event = MutableEvent.allocate(8);
        event.sequence(77).id(3, 4).key(-5).timestampNs(90).sourceId(-2).typeId(65_000);
        OneOutput outputs = new OneOutput();

        LateEvent.putOut(event, 100, outputs);

        assertTrue(outputs.isCommitted);
        MutableEvent output = outputs.event;
        LateEvent late = new LateEvent().wrap(output);
        assertEquals(LateEvent.TYPE_ID, output.typeId());
        assertEquals(-5, output.key());
        assertEquals(90, output.timestampNs());
        assertEquals(100, late.watermarkNs());
        assertEquals(77, late.eventSequence());
        assertEquals(3, late.eventIdHi());
        assertEquals(4, late.eventIdLo());
        assertEquals(-2, late.eventSourceId());
        assertEquals(65_000, late.eventTypeId());
    }

    private static final class OneOutput implements Outputs {
        private final MutableEvent event = MutableEvent.allocate(LateEvent.PAYLOAD_LENGTH);
        private boolean isCommitted;

        @Override
        public MutableEvent claim(int typeId, int payloadLength) {
            return event.clearHeader().typeId(typeId).payloadLength(payloadLength);
        }

        @Override
        public void commit() {
            isCommitted = true;
        }
    }
}
