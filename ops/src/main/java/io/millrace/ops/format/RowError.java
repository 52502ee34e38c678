package io.millrace.ops.format;

import io.millrace.event.Murmur3;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A row that did not become an event.
 *
 * @param source the input's name
 * @param lineNumber of the line on which the row begins, from 1, a header row counted
 * @param column that is wrong, null if the row as a whole is
 * @param reason what is wrong and what is expected
 * @param bytes of the row as they were read, without the line's end; of a row that is too long its first bytes
 */
public record RowError(
        String source, long lineNumber, @Nullable String column, String reason, byte[] bytes) {
    /** {@return the line that users see, such as {@code row 17: column delay: value is missing}} */
    public String message() {
        String where = "row " + lineNumber + ": ";
        return column == null ? where + reason : where + "column " + column + ": " + reason;
    }

    /** {@return the first half of the identity of this row: the hash of source, line number and bytes} */
    public long idHi() {
        UnsafeBuffer identity = identity();
        return Murmur3.hi(identity, 0, identity.capacity());
    }

    /** {@return the second half of the identity of this row} */
    public long idLo() {
        UnsafeBuffer identity = identity();
        return Murmur3.lo(identity, 0, identity.capacity());
    }

    private UnsafeBuffer identity() {
        byte[] name = source.getBytes(StandardCharsets.UTF_8);
        UnsafeBuffer identity = new UnsafeBuffer(new byte[Integer.BYTES + name.length + Long.BYTES + bytes.length]);
        identity.putInt(0, name.length, ByteOrder.LITTLE_ENDIAN);
        identity.putBytes(Integer.BYTES, name);
        identity.putLong(Integer.BYTES + name.length, lineNumber, ByteOrder.LITTLE_ENDIAN);
        identity.putBytes(Integer.BYTES + name.length + Long.BYTES, bytes);
        return identity;
    }

    @Override
    public String toString() {
        return message();
    }
}
