package io.millrace.ops.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.MutableEvent;
import io.millrace.event.PackedText;
import io.millrace.event.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class EventJsonTest {
    private final EventTypes types = EventTypes.of(TestRows.schema("everything.xml"), Schema.outputs());
    private final EventJson json = new EventJson(types, new KeyNames());
    private final MutableEvent event = MutableEvent.allocate(512);

    @Test
    void shouldWriteEveryKindOfField() {
        EventType type = types.byName("Everything");
        type.encode(event.sequence(12).id(1, -1).key(PackedText.pack("ATL")).timestampNs(1_500_000_000));
        type.field("u64").putLong(event, -1);
        type.field("u32").putLong(event, 4294967295L);
        type.field("f32").putDouble(event, 0.1f);
        type.field("f64").putDouble(event, -0.1);
        type.field("c").putLong(event, 'x');
        type.field("text").putText(event, "a\"b");
        type.field("pair.1").putLong(event, 2);
        type.field("price.mantissa").putLong(event, -5);
        type.field("side").putLong(event, 2);
        type.field("flags").putLong(event, 513);
        type.varField("note").put(event, "né");
        type.varField("blob").put(event, new UnsafeBuffer(new byte[] {1, 2}), 0, 2);

        assertEquals(
                "{\"type\":\"Everything\",\"sequence\":12,\"id\":\"0000000000000001ffffffffffffffff\",\"key\":\"ATL\","
                        + "\"time\":\"1970-01-01T00:00:01.500Z\",\"fields\":{\"i8\":0,\"i16\":0,\"i32\":0,\"i64\":0,"
                        + "\"u8\":0,\"u16\":0,\"u32\":4294967295,\"u64\":18446744073709551615,\"f32\":0.1,\"f64\":-0.1,"
                        + "\"c\":\"x\",\"oi8\":null,\"oi16\":null,\"oi32\":null,\"oi64\":null,\"ou64\":null,"
                        + "\"of32\":null,\"of64\":null,\"oc\":null,\"text\":\"a\\\"b\",\"otext\":null,\"pair.0\":0,"
                        + "\"pair.1\":2,\"currency\":\"USD\",\"price.mantissa\":-5,\"price.exponent\":0,"
                        + "\"side\":\"SELL\",\"oside\":null,\"flags\":513,\"note\":\"né\",\"blob\":\"AQI=\"}}",
                json.text(event));
    }

    @Test
    void shouldWriteTheOutputsOfThePipeline() {
        EventType type = types.byName("WindowResult");
        type.encode(event.key(-7).timestampNs(-1));
        type.field("startNs").putLong(event, Long.MIN_VALUE);
        type.field("avg").putDouble(event, 2.5);
        type.field("revision").putLong(event, 3);

        assertEquals(
                "{\"type\":\"WindowResult\",\"sequence\":0,\"id\":\"00000000000000000000000000000000\",\"key\":-7,"
                        + "\"timestampNs\":-1,\"fields\":{\"startNs\":-9223372036854775808,\"endNs\":0,\"count\":0,"
                        + "\"sum\":0,\"min\":null,\"max\":null,\"avg\":2.5,\"revision\":3}}",
                new EventJson(types, new KeyNames(), false).text(event));
    }

    @Test
    void shouldWriteThePayloadOfWhatItCannotRead() throws IOException {
        event.typeId(777).payload(new UnsafeBuffer(new byte[] {1, 2, 3}), 0, 3);
        ByteArrayOutputStream lines = new ByteArrayOutputStream();

        json.writeLine(event, lines);
        event.typeId(11);
        json.writeLine(event, lines);

        String rest = "\"sequence\":0,\"id\":\"00000000000000000000000000000000\",\"key\":0,"
                + "\"time\":\"1970-01-01T00:00:00Z\",\"payload\":\"AQID\"}\n";
        assertEquals(
                "{\"typeId\":777," + rest + "{\"type\":\"Everything\"," + rest, lines.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldWriteRequiredNumbersThatAreNoneAsText() {
        EventType type = types.byName("Everything");
        type.encode(event);
        type.field("f64").putDouble(event, Double.NaN);
        type.field("f32").putDouble(event, Double.NEGATIVE_INFINITY);
        type.field("side").putLong(event, 9);

        String text = json.text(event);

        assertEquals("\"f32\":\"-Infinity\",\"f64\":\"NaN\"", text.replaceAll(".*(\"f32.*),\"c\":.*", "$1"));
        assertEquals("\"side\":9", text.replaceAll(".*(\"side\":[^,]*),.*", "$1"));
    }
}
