package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.SystemTypes;
import io.millrace.ring.ThreadPlan;
import io.millrace.status.PipelineCounter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who looks after event time says what holds it, and lets it go on. */
final class EventTimeWatchTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final long BEGIN_NS = 1_767_225_600 * SECOND_NS;

    private final MemoryStore store = new MemoryStore();
    private final List<String> warnings = new ArrayList<>();
    private final MutableEvent event = MutableEvent.allocate(8);
    private Pipeline pipeline;
    private EventTimeWatch watch;
    private long nowNs = BEGIN_NS;
    private long id;

    private void start(int maxSources, long warnAfterS, long idleAfterS) {
        pipeline = Pipeline.create(new PipelineContext()
                .threadPlan(ThreadPlan.INVOKED)
                .epochClock(() -> nowNs)
                .maxSources(maxSources)
                .store(store));
        pipeline.start();
        watch = new EventTimeWatch(pipeline, warnAfterS * SECOND_NS, idleAfterS * SECOND_NS, warnings::add, nowNs);
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    private void publish(int sourceId, long atS) {
        event.clearHeader()
                .id(1, id++)
                .typeId(7)
                .timestampNs(BEGIN_NS + atS * SECOND_NS)
                .sourceId(sourceId);
        assertTrue(pipeline.publisher().publish(event) >= 0);
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
    }

    private void lookAt(long atS) {
        nowNs = BEGIN_NS + atS * SECOND_NS;
        watch.look(nowNs);
    }

    @Test
    void shouldNameTheSourceThatHoldsEventTime() {
        start(4, 10, 0);
        publish(7, 0);
        publish(8, 1);
        lookAt(1);
        publish(8, 5);
        lookAt(10);
        assertEquals(List.of(), warnings);

        lookAt(11);
        lookAt(30);
        assertEquals(
                List.of("event time stands still: watermark=2025-12-31T23:59:59.999999999Z for 10 s, events=1, held by"
                        + " source=7 which was silent for 11 s (expected: an event of each active source now and then);"
                        + " have it publish, mark it idle, or set sourceIdleAfter"),
                warnings);
        assertEquals(
                7, pipeline.counters().counter(PipelineCounter.SOURCE_HOLDING).get());
        assertEquals(
                2, pipeline.counters().counter(PipelineCounter.SOURCES_ACTIVE).get());

        warnings.clear();
        publish(7, 6);
        lookAt(31);
        assertEquals(List.of("event time moves again: watermark=2026-01-01T00:00:04.999999999Z"), warnings);
    }

    @Test
    void shouldSayThatOneTimeWasTooFarAhead() {
        start(1, 10, 0);
        publish(0, 1_000);
        lookAt(1);
        publish(0, 2);
        lookAt(11);

        assertEquals(
                List.of("event time stands still: watermark=2026-01-01T00:16:39.999999999Z for 10 s, events=1"
                        + " (expected: times that go on); an event far ahead of them was accepted, lower maxSkew"),
                warnings);
    }

    @Test
    void shouldSayNothingWhileNothingComes() {
        start(4, 10, 0);
        publish(7, 0);
        lookAt(1);
        lookAt(20);
        lookAt(100);
        publish(7, 0);
        lookAt(109);

        assertEquals(List.of(), warnings);
    }

    @Test
    void shouldMarkASilentSourceIdle() {
        start(4, 0, 5);
        publish(7, 0);
        publish(8, 3);
        lookAt(4);
        nowNs = BEGIN_NS + 4 * SECOND_NS;
        publish(8, 4);
        lookAt(5);
        lookAt(6);
        assertEquals(
                List.of("source=7 was silent for 5 s: marked idle, event time does not wait for it until its next"
                        + " event"),
                warnings);

        publish(8, 6);
        assertEquals(
                BEGIN_NS + 6 * SECOND_NS - 1,
                pipeline.counters().counter(PipelineCounter.WATERMARK_NS).get());
        assertEquals(
                1, pipeline.counters().counter(PipelineCounter.SOURCES_IDLE).get());
        assertEquals(1, markers());

        nowNs = BEGIN_NS + 7 * SECOND_NS;
        publish(7, 6);
        lookAt(7);
        assertEquals(
                0, pipeline.counters().counter(PipelineCounter.SOURCES_IDLE).get());
        lookAt(11);
        assertEquals(2, warnings.size());
        assertTrue(warnings.get(1).startsWith("source=8 was silent for 5 s"), warnings::toString);
        assertEquals(1, pipeline.publisher().onIdle(nowNs));
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
        assertEquals(2, markers());
    }

    @Test
    void shouldSayThatTimesAreTooFarAheadOnceAMinute() {
        pipeline = Pipeline.create(new PipelineContext()
                .threadPlan(ThreadPlan.INVOKED)
                .epochClock(() -> nowNs)
                .maxSkewNs(SECOND_NS)
                .store(store));
        pipeline.start();
        watch = new EventTimeWatch(pipeline, 0, 0, warnings::add, nowNs);
        publish(0, 1);
        lookAt(0);
        assertEquals(List.of(), warnings);

        publish(0, 2);
        lookAt(0);
        publish(0, 100);
        lookAt(59);
        publish(0, 200);
        lookAt(60);
        lookAt(61);
        assertEquals(
                List.of(
                        "events refused: skewed=1 (expected: times at most maxSkew ahead of their publication); correct"
                                + " the clock of their source, or raise maxSkew",
                        "events refused: skewed=3 (expected: times at most maxSkew ahead of their publication); correct"
                                + " the clock of their source, or raise maxSkew"),
                warnings);
    }

    @Test
    void shouldSayThatThereAreTooManySources() {
        start(2, 0, 0);
        publish(1, 0);
        publish(2, 0);
        publish(3, 0);
        lookAt(1);

        assertEquals(
                List.of("events move no time: untracked=1 (expected: at most maxSources active at a time); raise it, or"
                        + " mark sources idle that are gone"),
                warnings);
    }

    private long markers() {
        return store.journal.records.stream()
                .filter(record -> record.typeId() == SystemTypes.SOURCE_IDLE && record.hasAny(Event.CONTROL))
                .count();
    }
}
