package io.millrace.ops.format;

import io.millrace.event.PackedText;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The texts behind keys, for showing: packed keys are unpacked, those of hashed texts are remembered as rows are read.
 *
 * <p><b>Threading</b>: one thread at a time adds; after that any may read. <b>Complexity</b>: bounded; keys of further
 * texts show as numbers.
 */
public final class KeyNames {
    /** Keys that are remembered unless said otherwise. */
    public static final int MAX_COUNT_DEFAULT = 65_536;

    private final Long2ObjectHashMap<String> textByKey = new Long2ObjectHashMap<>();
    private final int maxCount;

    public KeyNames() {
        this(MAX_COUNT_DEFAULT);
    }

    /** Remembers up to so many texts. */
    public KeyNames(int maxCount) {
        this.maxCount = maxCount;
    }

    /** {@return whether the key's text is remembered} */
    boolean isKnown(long key) {
        return textByKey.containsKey(key);
    }

    void add(long key, String text) {
        if (textByKey.size() < maxCount) {
            textByKey.put(key, text);
        }
    }

    /** {@return the text of a key, null if none is known} */
    public @Nullable String text(long key) {
        String text = textByKey.get(key);
        return text == null ? PackedText.unpack(key) : text;
    }

    /** {@return the text of a key, its number if none is known} */
    public String show(long key) {
        String text = text(key);
        return text == null ? Long.toString(key) : text;
    }
}
