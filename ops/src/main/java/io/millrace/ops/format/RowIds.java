package io.millrace.ops.format;

import io.millrace.dedup.ProducerWindows;
import io.millrace.event.Murmur3;
import io.millrace.event.MutableEvent;
import io.millrace.event.PackedText;
import java.nio.ByteOrder;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.agrona.ExpandableArrayBuffer;

/** Sets ids by an {@link IdRule}. */
final class RowIds {
    private static final Pattern UUID_PATTERN = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int NULL_LENGTH = -1;
    private static final long NOT_NATURAL = -1;
    /** Text of so many bytes packs into the bits that an id has for a producer. */
    private static final int PRODUCER_TEXT_LENGTH = 6;

    private final IdRule rule;
    private final List<String> columns;
    private final int[] cells;
    private final ExpandableArrayBuffer hashed = new ExpandableArrayBuffer();

    /**
     * Makes ids of some cells.
     *
     * @param columns of the row
     * @param cells that the rule reads, in its order
     */
    RowIds(IdRule rule, List<String> columns, int[] cells) {
        this.rule = rule;
        this.columns = columns;
        this.cells = cells;
    }

    void write(Row row, MutableEvent event) throws BadRowException {
        switch (rule.kind()) {
            case HASH -> writeHash(row, event);
            case UUID -> writeUuid(row, event);
            case PRODUCER -> writeProducer(row, event);
        }
    }

    private void writeHash(Row row, MutableEvent event) {
        int end = 0;
        for (int cell : cells) {
            int length = row.isNull(cell) ? 0 : row.length(cell);
            hashed.putInt(end, row.isNull(cell) ? NULL_LENGTH : length, ByteOrder.LITTLE_ENDIAN);
            hashed.putBytes(end + Integer.BYTES, row.buffer(), row.isNull(cell) ? 0 : row.offset(cell), length);
            end += Integer.BYTES + length;
        }
        event.id(Murmur3.hi(hashed, 0, end), Murmur3.lo(hashed, 0, end));
    }

    private void writeUuid(Row row, MutableEvent event) throws BadRowException {
        int cell = cells[0];
        requireValue(row, cell);
        if (!UUID_PATTERN.matcher(row.text(cell)).matches()) {
            throw bad(row, cell, "is not a UUID (expected: 36 characters, 8-4-4-4-12 hex digits)");
        }
        UUID uuid = UUID.fromString(row.text(cell));
        event.id(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    private void writeProducer(Row row, MutableEvent event) throws BadRowException {
        requireValue(row, cells[0]);
        requireValue(row, cells[1]);
        event.id(ProducerWindows.idHi(producerId(row, cells[0]), 0), sequence(row, cells[1]));
    }

    /** {@return an integer as it is, else the high bits of what stands for the text} */
    private long producerId(Row row, int cell) throws BadRowException {
        if (!Decimals.isInteger(row, cell)) {
            boolean isShort = row.length(cell) <= PRODUCER_TEXT_LENGTH;
            return ProducerWindows.producerId(
                    isShort
                            ? PackedText.pack(row.buffer(), row.offset(cell), row.length(cell))
                            : Murmur3.hi(row.buffer(), row.offset(cell), row.length(cell)));
        }
        long producerId = natural(row, cell);
        if (producerId < 0 || producerId > ProducerWindows.MAX_PRODUCER_ID) {
            throw bad(
                    row,
                    cell,
                    "is out of range (expected: a producer, text or 0 to " + ProducerWindows.MAX_PRODUCER_ID + ')');
        }
        return producerId;
    }

    private long sequence(Row row, int cell) throws BadRowException {
        long sequence = Decimals.isInteger(row, cell) ? natural(row, cell) : NOT_NATURAL;
        if (sequence < 0) {
            throw bad(row, cell, "is not a sequence (expected: 0 to " + Long.MAX_VALUE + ')');
        }
        return sequence;
    }

    /** {@return an integer, {@link #NOT_NATURAL} if it is negative or too great for a long} */
    private static long natural(Row row, int cell) {
        return Decimals.fits(row, cell, false) ? Math.max(NOT_NATURAL, Decimals.parse(row, cell)) : NOT_NATURAL;
    }

    private void requireValue(Row row, int cell) throws BadRowException {
        if (row.isNull(cell)) {
            throw new BadRowException(columns.get(cell), "value is missing (expected: part of the id)");
        }
    }

    private BadRowException bad(Row row, int cell, String reason) {
        return new BadRowException(columns.get(cell), "value " + row.shown(cell) + ' ' + reason);
    }
}
