package io.millrace.ops.command;

import io.millrace.event.Condition;
import io.millrace.event.Murmur3;
import io.millrace.event.PackedText;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A key as people write it. A text may stand for several keys, by how the configuration made them: packed, hashed, or
 * the integer that it reads as.
 */
public final class KeyText {
    private KeyText() {}

    /** {@return whether an event has one of the keys that the text stands for} */
    public static Condition condition(String text) {
        Set<Long> keys = keys(text);
        return event -> keys.contains(event.key());
    }

    private static Set<Long> keys(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        Set<Long> keys = new LinkedHashSet<>();
        keys.add(PackedText.code(buffer, 0, bytes.length));
        keys.add(Murmur3.hi(buffer, 0, bytes.length));
        try {
            keys.add(Long.parseLong(text));
        } catch (NumberFormatException e) {
            // Then it is text only.
        }
        return keys;
    }
}
