package io.millrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.ring.ControlRecord;
import io.millrace.workload.Corridor;
import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;

/** The records of a journal published one by one to a new pipeline, each all the way through before the next. */
final class UnbrokenRun {
    private final MemoryStore store = new MemoryStore().withSnapshots();
    private final long stateHash;

    UnbrokenRun(List<Event> journal) {
        try (Pipeline pipeline = Pipeline.create(ScheduledRun.context().store(store))) {
            pipeline.start();
            for (Event record : journal) {
                publish(pipeline, record);
                assertTrue(pipeline.awaitDrained(PipelineTest.TIMEOUT_NS));
            }
            stateHash = pipeline.stateHash();
        }
        assertEquals(journal.size(), store.journal.records.size());
    }

    private static void publish(Pipeline pipeline, Event record) {
        Publisher publisher = pipeline.publisher();
        if (record.hasAny(Event.END)) {
            assertTrue(publisher.end() >= 0);
        } else if (record.hasAny(Event.TICK)) {
            assertEquals(1, publisher.onIdle(record.ingestTimeNs()));
        } else if (record.hasAny(Event.CONTROL)) {
            control(pipeline, record);
        } else if (record.hasAny(Event.SNAPSHOT)) {
            snapshot(pipeline, record);
        } else {
            assertTrue(publisher.publish(record) >= 0);
        }
    }

    private static void control(Pipeline pipeline, Event record) {
        ControlRecord control = Objects.requireNonNull(ControlRecord.of(record));
        byte[] content = control.content();
        assertTrue(pipeline.requestControl(control.kind(), new UnsafeBuffer(content), 0, content.length));
        assertEquals(1, pipeline.publisher().onIdle(record.ingestTimeNs()));
    }

    private static void snapshot(Pipeline pipeline, Event record) {
        assertTrue(pipeline.requestSnapshot());
        assertEquals(1, pipeline.publisher().onIdle(record.ingestTimeNs()));
        while (pipeline.snapshotSequence() < record.sequence()) {
            assertTrue(pipeline.doWork() > 0);
        }
    }

    List<String> outputs(boolean withEpoch) {
        return store.outbox.records.stream()
                .map(withEpoch ? Corridor::describe : Corridor::describeWithoutEpoch)
                .toList();
    }

    long stateHash() {
        return stateHash;
    }
}
