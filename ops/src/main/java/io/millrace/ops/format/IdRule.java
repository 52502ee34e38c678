package io.millrace.ops.format;

import java.util.List;

/**
 * What makes two rows the same event.
 *
 * <p>The hash is MurmurHash3 x64 128 with seed 0 over, for each column in the order given, the length of its text in
 * bytes as int32 little endian and the text in UTF-8, quotes and escapes removed; a null is the length -1. Numbers
 * count as they are written: 1.0 is not 1. The first half is idHi. It is stored in journals and never changes.
 */
public final class IdRule {
    /** The kinds of rules. */
    enum Kind {
        HASH,
        UUID,
        PRODUCER
    }

    private final Kind kind;
    private final List<String> columns;

    private IdRule(Kind kind, List<String> columns) {
        this.kind = kind;
        this.columns = columns;
    }

    /**
     * {@return the hash of these columns; of all if there are none: for CSV those of the row in their order, for JSON
     * those that the mapping reads, in the order of the type's fields and then of time and key}
     */
    public static IdRule hash(List<String> columns) {
        return new IdRule(Kind.HASH, List.copyOf(columns));
    }

    /** {@return the UUID that a column holds as 36 characters} */
    public static IdRule uuid(String column) {
        return new IdRule(Kind.UUID, List.of(column));
    }

    /**
     * {@return a producer of epoch 0 and its sequence, as {@link io.millrace.dedup.ProducerWindows} wants them}
     *
     * @param producerColumn an integer of 48 bits, or text: up to 6 bytes are packed, longer ones hashed to 48 bits
     * @param sequenceColumn an integer, at least 0
     */
    public static IdRule producer(String producerColumn, String sequenceColumn) {
        return new IdRule(Kind.PRODUCER, List.of(producerColumn, sequenceColumn));
    }

    Kind kind() {
        return kind;
    }

    List<String> columns() {
        return columns;
    }
}
