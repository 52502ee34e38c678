package io.millrace.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import io.millrace.event.MutableEvent;
import io.millrace.state.BufferStateWriter;
import io.millrace.state.StateException;
import io.millrace.workload.Arrival;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReorderBufferTest {
    private static final int EVENT_COUNT = 50_000;

    private final List<String> records = new ArrayList<>();
    private final MutableEvent event = MutableEvent.allocate(256);
    private final BufferStateWriter saved = new BufferStateWriter(64);
    private final Object[] garbage = new Object[7];
    private long outputCount;
    private long sequence;
    private long timeNs;

    private static ReorderBuffer buffer(int capacity, LatePolicy late) {
        return new ReorderBuffer(new EchoOperator(1_000, 2), new ReorderSpec(capacity, 64, late));
    }

    private OperatorDriver driver(ReorderBuffer buffer, long outOfOrdernessNs) {
        return new OperatorDriver(buffer, outOfOrdernessNs, RecordedOutputs.into(records));
    }

    private MutableEvent at(long timestampNs) {
        return Arrival.of(sequence++, 1, timestampNs, 0).to(event);
    }

    @Test
    void shouldLetEventsThroughAtOnceIfNoneIsExpectedBeforeThem() {
        ReorderBuffer buffer = buffer(1, LatePolicy.DROP);
        OperatorDriver driver = driver(buffer, 0);

        for (long timestampNs : new long[] {100, 100, 101, 300, 300}) {
            driver.onEvent(at(timestampNs));
            assertEquals(sequence, records.size());
        }
        assertEquals(0, buffer.heldCount());
    }

    @Test
    void shouldTellWhatWasLate() {
        ReorderBuffer buffer = buffer(8, LatePolicy.SIDE_OUTPUT);
        OperatorDriver driver = driver(buffer, 10);
        driver.onEvent(at(100));
        driver.onEvent(at(90));
        driver.onEvent(at(89));

        MutableEvent output = RecordedOutputs.events(records).get(1);
        LateEvent late = new LateEvent().wrap(output);
        assertEquals(1, buffer.lateCount());
        assertEquals(LateEvent.TYPE_ID, output.typeId());
        assertEquals(2, output.idLo());
        assertEquals(89, output.timestampNs());
        assertEquals(89, late.watermarkNs());
        assertEquals(2, late.eventSequence());
    }

    @Test
    void shouldNotCallEventsLateThatTheOperatorPassesOver() {
        ReorderBuffer buffer = buffer(8, LatePolicy.SIDE_OUTPUT);
        OperatorDriver driver = driver(buffer, 10);
        driver.onEvent(at(100));
        driver.onEvent(at(50).typeId(Arrival.OTHER_TYPE.id()));
        driver.onEvent(at(200).typeId(Arrival.OTHER_TYPE.id()));

        assertEquals(0, buffer.lateCount());
        assertEquals(1, records.size());
    }

    @Test
    void shouldDropAnEventThatIsTooLong() {
        ReorderBuffer buffer = buffer(8, LatePolicy.DROP);
        driver(buffer, 10).onEvent(at(100).payloadLength(65));

        assertEquals(1, buffer.refusedLengthCount());
        assertEquals(0, buffer.waitingCount());
    }

    @Test
    void shouldKeepTheOrderOfTimesAtTheEndsOfTheRange() {
        ReorderBuffer buffer = buffer(8, LatePolicy.DROP);
        OperatorDriver driver = driver(buffer, 10);
        for (long timestampNs : new long[] {-5, Long.MIN_VALUE + 1, -7, Long.MAX_VALUE - 2_000, 0}) {
            driver.onEvent(at(timestampNs));
        }
        driver.onEnd(sequence);

        assertEquals(2, buffer.lateCount());
        assertEquals(
                List.of(-7L, -5L, 993L, 995L, Long.MAX_VALUE - 2_000, Long.MAX_VALUE - 1_000),
                RecordedOutputs.events(records).stream()
                        .map(MutableEvent::timestampNs)
                        .toList());
    }

    @Test
    void shouldWantATickWhenItOverflowed() {
        ReorderBuffer buffer = buffer(1, LatePolicy.DROP);
        OperatorDriver driver = driver(buffer, 10);
        driver.onEvent(at(100));
        assertEquals(99, buffer.nextDeadlineNs());
        driver.onEvent(at(99));
        assertEquals(Long.MIN_VALUE, buffer.nextDeadlineNs());

        driver.onTick(sequence, 89);

        assertEquals(99, buffer.nextDeadlineNs());
        assertEquals(1, buffer.forcedCount());
        assertEquals(99, RecordedOutputs.events(records).get(0).timestampNs());
    }

    @Test
    void shouldSayWhatItTakes() {
        assertEquals(1_025 * (128 + 28), ReorderBuffer.bytes(ReorderSpec.of(1_024, 64)));
    }

    @Test
    void shouldAllocateNothing() {
        ReorderBuffer buffer = buffer(20, LatePolicy.SIDE_OUTPUT);
        OperatorDriver driver = new OperatorDriver(buffer, 40, new RecordedOutputs(output -> outputCount++));

        assertTrue(AllocatedBytes.of(this::useWastefully) >= 16L * EVENT_COUNT, "positive control");
        assertEquals(0, AllocatedBytes.of(() -> feed(driver)));
        assertTrue(buffer.forcedCount() > 0 && buffer.lateCount() > 0, "buffer must overflow and drop");
        assertTrue(outputCount > EVENT_COUNT);
    }

    private void feed(OperatorDriver driver) {
        for (int i = 0; i < EVENT_COUNT; i++) {
            timeNs += i % 3 == 0 ? 1 : 0;
            event.clearHeader().sequence(sequence++).typeId(Arrival.TYPE.id()).timestampNs(timeNs - 17L * i % 45);
            driver.onEvent(event);
        }
    }

    private void useWastefully() {
        for (int i = 0; i < EVENT_COUNT; i++) {
            garbage[i % garbage.length] = new byte[16];
        }
    }

    @Test
    void shouldRefuseSettingsOutOfRange() {
        assertRefused(
                "cannot build reorder buffer: capacity=0 (expected: 1 to 16777216); set capacity in that range",
                () -> ReorderSpec.of(0, 64));
        assertRefused(
                "cannot build reorder buffer: maxPayloadLength=-1 (expected: 0 to 1048576); set maxPayloadLength in"
                        + " that range",
                () -> ReorderSpec.of(1, -1));
        assertRefused(
                "cannot build reorder buffer: capacity=16777216 events of maxPayloadLength=64 take 2147483776 bytes"
                        + " (expected: <= 1073741824); lower one of them",
                () -> ReorderSpec.of(ReorderSpec.CAPACITY_MAX, 64));
        assertRefused(
                "cannot build reorder buffer: late=update 5s (expected: drop or side-output); only windows can correct"
                        + " what they put out",
                () -> new ReorderSpec(1, 64, LatePolicy.update(5, TimeUnit.SECONDS)));
    }

    private static void assertRefused(String message, Runnable refused) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, refused::run).getMessage());
    }

    @Test
    void shouldRefuseStateThatDoesNotFit() {
        ReorderBuffer buffer = buffer(8, LatePolicy.SIDE_OUTPUT);
        driver(buffer, 10).onEvent(at(100));
        buffer.save(saved);

        assertNotLoaded(
                "cannot load reorder buffer of echo: saved isSideOutput=1 (expected: 0, as configured); configure what"
                        + " it was saved under, or start on an empty data directory",
                buffer(8, LatePolicy.DROP));
        assertNotLoaded(
                "cannot load deadline heap: saved capacity=9 (expected: 8, as configured); configure what it was saved"
                        + " under, or start on an empty data directory",
                buffer(7, LatePolicy.SIDE_OUTPUT));
    }

    private void assertNotLoaded(String message, ReorderBuffer target) {
        assertEquals(
                message,
                assertThrows(StateException.class, () -> target.load(saved.reader()))
                        .getMessage());
    }
}
