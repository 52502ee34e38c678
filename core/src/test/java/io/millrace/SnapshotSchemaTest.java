package io.millrace;

import static io.millrace.PipelineTest.TIMEOUT_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.MutableEvent;
import io.millrace.event.Schema;
import io.millrace.ring.ThreadPlan;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A start under another schema than that of the newest snapshot. */
final class SnapshotSchemaTest {
    private static final String SCHEMA = """
            <sbe:messageSchema xmlns:sbe="http://fixprotocol.io/2016/sbe" package="test" id="7" version="%d"
                byteOrder="littleEndian">
              <types><composite name="messageHeader">
                <type name="blockLength" primitiveType="uint16"/><type name="templateId" primitiveType="uint16"/>
                <type name="schemaId" primitiveType="uint16"/><type name="version" primitiveType="uint16"/>
              </composite></types>
              <sbe:message name="order" id="1"><field name="quantity" id="1" type="int32"/>%s</sbe:message>
            </sbe:messageSchema>
            """;
    private static final int SNAPSHOT_COUNT = 20;
    private static final int TAIL_COUNT = 5;

    private final MemoryStore store = new MemoryStore().withSnapshots();

    @Test
    void shouldGoOnFromTheSnapshotWhenALaterVersionAddsAField() {
        write(schema(0, ""));

        String added = "<field name=\"price\" id=\"2\" type=\"int64\" sinceVersion=\"1\"/>";
        try (Pipeline pipeline = start(schema(1, added))) {
            assertEquals(TAIL_COUNT, pipeline.recoveredCount());
            assertEquals(List.of(), passedOver());
        }
    }

    @Test
    void shouldReplayEverythingWhenAFieldOfThatVersionIsAnother() {
        write(schema(0, ""));

        Schema changed = parse(String.format(SCHEMA, 0, "").replace("int32", "uint32"));
        try (Pipeline pipeline = start(changed)) {
            assertEquals(SNAPSHOT_COUNT + 1 + TAIL_COUNT, pipeline.recoveredCount());
            assertEquals(1, passedOver().size());
            assertTrue(passedOver().get(0).contains("event type order has another layout"), passedOver()::toString);
        }
    }

    private List<String> passedOver() {
        assertNotNull(store.snapshots);
        return store.snapshots.passedOver();
    }

    private void write(Schema schema) {
        EventType type = EventTypes.of(schema).byName("order");
        try (Pipeline pipeline = start(schema)) {
            publish(pipeline, type, 0, SNAPSHOT_COUNT);
            assertTrue(pipeline.requestSnapshot());
            pipeline.publisher().onIdle(0);
            publish(pipeline, type, SNAPSHOT_COUNT, SNAPSHOT_COUNT + TAIL_COUNT);
            assertEquals(SNAPSHOT_COUNT, pipeline.snapshotSequence());
        }
    }

    private Pipeline start(Schema schema) {
        Pipeline pipeline = Pipeline.create(new PipelineContext()
                .threadPlan(ThreadPlan.INVOKED)
                .eventTypes(EventTypes.of(schema, Schema.outputs()))
                .operator(new SumOperator("sum"))
                .store(store));
        pipeline.start();
        return pipeline;
    }

    private static void publish(Pipeline pipeline, EventType type, int from, int to) {
        for (int id = from; id < to; id++) {
            MutableEvent event = type.encode(MutableEvent.allocate(type.encodedLength()));
            type.field("quantity").putLong(event.id(1, id).key(id).timestampNs(id), id);
            assertTrue(pipeline.publisher().publish(event) >= 0);
        }
        assertTrue(pipeline.awaitDrained(TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
    }

    private static Schema schema(int version, String more) {
        return parse(String.format(SCHEMA, version, more));
    }

    private static Schema parse(String xml) {
        return Schema.parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)), "test.xml");
    }
}
