package io.millrace.event;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The standard header of an SBE message, with which every payload of a schema's type begins.
 *
 * <pre>
 *   0             2            4          6         8
 *  +-------------+------------+----------+---------+-------...-+--------...
 *  | blockLength | templateId | schemaId | version | block     | var-data
 *  +-------------+------------+----------+---------+-------...-+--------...
 * </pre>
 */
final class MessageHeader {
    static final int BLOCK_LENGTH_OFFSET = 0;
    static final int TEMPLATE_ID_OFFSET = 2;
    static final int SCHEMA_ID_OFFSET = 4;
    static final int VERSION_OFFSET = 6;
    static final int LENGTH = 8;

    private MessageHeader() {}

    static int blockLength(DirectBuffer buffer, int offset) {
        return unsigned(buffer, offset + BLOCK_LENGTH_OFFSET);
    }

    static int templateId(DirectBuffer buffer, int offset) {
        return unsigned(buffer, offset + TEMPLATE_ID_OFFSET);
    }

    static int schemaId(DirectBuffer buffer, int offset) {
        return unsigned(buffer, offset + SCHEMA_ID_OFFSET);
    }

    static int version(DirectBuffer buffer, int offset) {
        return unsigned(buffer, offset + VERSION_OFFSET);
    }

    static void write(MutableDirectBuffer buffer, int offset, EventType type) {
        buffer.putShort(offset + BLOCK_LENGTH_OFFSET, (short) type.blockLength(), Event.ORDER);
        buffer.putShort(offset + TEMPLATE_ID_OFFSET, (short) type.id(), Event.ORDER);
        buffer.putShort(offset + SCHEMA_ID_OFFSET, (short) type.schemaId(), Event.ORDER);
        buffer.putShort(offset + VERSION_OFFSET, (short) type.schemaVersion(), Event.ORDER);
    }

    private static int unsigned(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset, Event.ORDER) & 0xFFFF;
    }
}
