package io.millrace.ops.format;

import io.millrace.event.Murmur3;
import io.millrace.event.MutableEvent;
import io.millrace.event.PackedText;

/** Sets keys by a {@link KeyRule} and remembers the texts that cannot be read from their keys. */
final class RowKeys {
    private final KeyRule rule;
    private final int cell;
    private final KeyNames names;

    RowKeys(KeyRule rule, int cell, KeyNames names) {
        this.rule = rule;
        this.cell = cell;
        this.names = names;
    }

    void write(Row row, MutableEvent event) throws BadRowException {
        event.key(row.isNull(cell) ? 0 : key(row));
    }

    private long key(Row row) throws BadRowException {
        return switch (rule.kind()) {
            case INTEGER -> integer(row);
            case TEXT -> named(row, PackedText.code(row.buffer(), row.offset(cell), row.length(cell)));
            case HASH -> named(row, Murmur3.hi(row.buffer(), row.offset(cell), row.length(cell)));
        };
    }

    private long integer(Row row) throws BadRowException {
        if (!Decimals.isInteger(row, cell) || !Decimals.fits(row, cell, false)) {
            throw new BadRowException(
                    rule.column(), "value " + row.shown(cell) + " is not an integer (expected: a key, 64 bits)");
        }
        return Decimals.parse(row, cell);
    }

    private long named(Row row, long key) {
        boolean isReadable = rule.kind() == KeyRule.Kind.TEXT && row.length(cell) <= PackedText.MAX_LENGTH;
        if (!isReadable && !names.isKnown(key)) {
            names.add(key, row.text(cell));
        }
        return key;
    }
}
