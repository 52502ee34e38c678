package io.millrace.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.Test;

class CountersTest {
    private final UnsafeBuffer metaData = new UnsafeBuffer(ByteBuffer.allocateDirect(Counters.metaDataLength()));
    private final UnsafeBuffer values = new UnsafeBuffer(ByteBuffer.allocateDirect(Counters.valuesLength()));
    private final Counters counters = new Counters(metaData, values);

    @Test
    void shouldBeginAtMinusOneForGaugesAndElseAtZero() {
        for (PipelineCounter counter : PipelineCounter.values()) {
            boolean isGauge = counter.kind() == PipelineCounter.Kind.GAUGE;

            assertEquals(isGauge ? -1 : 0, counters.value(counter), counter.name());
        }
    }

    @Test
    void shouldBeReadableThroughTheBuffersAlone() {
        counters.counter(PipelineCounter.EVENTS_ACCEPTED).getAndAddRelease(12);
        counters.counter(PipelineCounter.CURSOR_EMITTED).setRelease(34);

        Map<Integer, Long> read = new HashMap<>();
        Map<Integer, String> labels = new HashMap<>();
        CountersReader reader = new CountersReader(metaData, values);
        reader.forEach((id, typeId, keyBuffer, label) -> {
            read.put(typeId, reader.getCounterValue(id));
            labels.put(typeId, label);
        });

        assertEquals(PipelineCounter.values().length, read.size());
        assertEquals(12, read.get(300));
        assertEquals("events accepted", labels.get(300));
        assertEquals(34, read.get(105));
        assertEquals(0, read.get(301));
    }

    @Test
    void shouldGiveTheSameCounterEachTime() {
        AtomicCounter counter = counters.counter(PipelineCounter.ERRORS);
        counter.increment();

        assertEquals(1, counters.value(PipelineCounter.ERRORS));
        assertEquals(1, counters.reader().getCounterValue(counter.id()));
        assertEquals(counter, counters.counter(PipelineCounter.ERRORS));
    }

    @Test
    void shouldMakeBuffersOfItsOwn() {
        assertEquals(-1, Counters.allocate().value(PipelineCounter.CURSOR_PUBLISHED));
    }

    @Test
    void shouldNotRepeatATypeIdOrLabel() {
        assertDistinct(PipelineCounter::typeId);
        assertDistinct(PipelineCounter::label);
        assertDistinct(PipelineCounter::meaning);
    }

    @Test
    void shouldNameTheUnitLast() {
        for (PipelineCounter counter : PipelineCounter.values()) {
            assertEquals(counter.name().endsWith("_NS"), counter.label().endsWith(" ns"), counter.name());
            assertTrue(counter.label().length() <= CountersReader.MAX_LABEL_LENGTH);
        }
    }

    @Test
    void shouldRefuseABufferThatIsTooShort() {
        UnsafeBuffer tooShort = new UnsafeBuffer(ByteBuffer.allocateDirect(Counters.valuesLength() - 128));

        Exception thrown = assertThrows(IllegalArgumentException.class, () -> new Counters(metaData, tooShort));

        assertEquals(
                "cannot lay out counters: valuesBuffer.capacity=" + tooShort.capacity() + " (expected: at least "
                        + Counters.valuesLength() + " bytes); hand in a longer buffer",
                thrown.getMessage());
    }

    private static void assertDistinct(Function<PipelineCounter, Object> property) {
        assertEquals(
                PipelineCounter.values().length,
                Arrays.stream(PipelineCounter.values()).map(property).distinct().count());
    }
}
