package io.millrace.ring;

import io.millrace.event.Murmur3;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a pipeline's outputs are made with: the settings of each operator, in words, by name. A CONFIG record holds it.
 *
 * <pre>
 *   content of CONFIG
 *   0            8       12
 *  +------------+-------+--------------------------------------------------------------------------+-----
 *  | configHash | count | hash u64, nameLength u16, textLength u16, name and text in UTF-8         | ...
 *  +------------+-------+--------------------------------------------------------------------------+-----
 * </pre>
 *
 * <p>An operator without settings is not in it: nobody looks after changes of it.
 *
 * @param settings by name, in the operators' order
 */
public record OperatorConfig(Map<String, String> settings) {
    /** Nothing is known. */
    static final OperatorConfig NONE = new OperatorConfig(Map.of());

    /** {@return a hash over settings, 0 for none} */
    public static long hash(String settings) {
        byte[] bytes = settings.getBytes(StandardCharsets.UTF_8);
        return bytes.length == 0 ? 0 : Murmur3.hi(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    /** {@return what a CONFIG record says} */
    public static OperatorConfig of(ControlRecord record) {
        ByteBuffer content = ByteBuffer.wrap(record.content()).order(ControlRecord.ORDER);
        Map<String, String> settings = new LinkedHashMap<>();
        content.getLong();
        for (int count = content.getInt(); count > 0; count--) {
            content.getLong();
            byte[] name = new byte[content.getShort() & 0xFFFF];
            byte[] text = new byte[content.getShort() & 0xFFFF];
            content.get(name).get(text);
            settings.put(new String(name, StandardCharsets.UTF_8), new String(text, StandardCharsets.UTF_8));
        }
        return new OperatorConfig(settings);
    }

    /** {@return the record that says it, to be given a sequence} */
    ControlRecord toRecord(long sequence) {
        int length = Long.BYTES + Integer.BYTES;
        for (Map.Entry<String, String> entry : settings.entrySet()) {
            length += 12 + bytes(entry.getKey()).length + bytes(entry.getValue()).length;
        }
        ByteBuffer content = ByteBuffer.allocate(length).order(ControlRecord.ORDER);
        content.putLong(hash(settings.toString())).putInt(settings.size());
        settings.forEach((name, text) -> content.putLong(hash(text))
                .putShort((short) bytes(name).length)
                .putShort((short) bytes(text).length)
                .put(bytes(name))
                .put(bytes(text)));
        return new ControlRecord(sequence, ControlRecord.CONFIG, content.array());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@return whether an operator is in it with the same settings} */
    boolean has(String name, String text) {
        return text.equals(settings.get(name));
    }
}
