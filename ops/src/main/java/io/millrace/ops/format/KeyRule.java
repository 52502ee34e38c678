package io.millrace.ops.format;

/** By what a row's event is partitioned: a column and how it becomes a key of 64 bits. A null becomes the key 0. */
public final class KeyRule {
    /** The kinds of rules. */
    enum Kind {
        TEXT,
        INTEGER,
        HASH
    }

    private final Kind kind;
    private final String column;

    private KeyRule(Kind kind, String column) {
        this.kind = kind;
        this.column = column;
    }

    /**
     * {@return a key that packs text of up to 8 bytes so that it can be shown again and sorts as the text does
     * ({@link io.millrace.event.PackedText}), and hashes longer text}
     */
    public static KeyRule text(String column) {
        return new KeyRule(Kind.TEXT, column);
    }

    /** {@return an integer as it is} */
    public static KeyRule integer(String column) {
        return new KeyRule(Kind.INTEGER, column);
    }

    /** {@return the first half of MurmurHash3 x64 128 over the text in UTF-8, however short} */
    public static KeyRule hash(String column) {
        return new KeyRule(Kind.HASH, column);
    }

    Kind kind() {
        return kind;
    }

    String column() {
        return column;
    }
}
