package io.millrace.event;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** An {@link Event} whose record may be written: a claimed slot, an output, or a template that is published by copy. */
public final class MutableEvent extends Event {
    /**
     * {@return an event over memory of its own, zeroed, for use as a template}
     *
     * @param maxPayloadLength in bytes, at least 0
     */
    public static MutableEvent allocate(int maxPayloadLength) {
        int length = BitUtil.align(HEADER_LENGTH + maxPayloadLength, 8);
        MutableEvent event = new MutableEvent();
        event.wrap(new UnsafeBuffer(new byte[length]), 0, length);
        return event;
    }

    /** Sets the whole header to zero. */
    public MutableEvent clearHeader() {
        // Eight stores: setting memory by a call costs several times as much for so few bytes.
        for (int offset = 0; offset < HEADER_LENGTH; offset += Long.BYTES) {
            record.putLong(offset, 0);
        }
        return this;
    }

    /**
     * Writes the whole header of an output at once: key, time, schema version and all that is not named here are zero.
     *
     * @param ingestTimeNs in nanoseconds since the epoch
     * @param typeId 0 to 65535
     * @param payloadLength in bytes, at least 0
     */
    public MutableEvent header(long sequence, long idHi, long idLo, long ingestTimeNs, int typeId, int payloadLength) {
        record.putLong(SEQUENCE_OFFSET, sequence, ORDER);
        record.putLong(ID_HI_OFFSET, idHi, ORDER);
        record.putLong(ID_LO_OFFSET, idLo, ORDER);
        record.putLong(KEY_OFFSET, 0, ORDER);
        record.putLong(TIMESTAMP_NS_OFFSET, 0, ORDER);
        record.putLong(INGEST_TIME_NS_OFFSET, ingestTimeNs, ORDER);
        record.putLong(SOURCE_ID_OFFSET, (long) payloadLength << Integer.SIZE, ORDER);
        record.putLong(TYPE_ID_OFFSET, typeId & 0xFFFF, ORDER);
        return this;
    }

    public MutableEvent sequence(long sequence) {
        record.putLong(SEQUENCE_OFFSET, sequence, ORDER);
        return this;
    }

    public MutableEvent id(long idHi, long idLo) {
        record.putLong(ID_HI_OFFSET, idHi, ORDER);
        record.putLong(ID_LO_OFFSET, idLo, ORDER);
        return this;
    }

    public MutableEvent key(long key) {
        record.putLong(KEY_OFFSET, key, ORDER);
        return this;
    }

    /** Sets event time, in nanoseconds since the epoch. */
    public MutableEvent timestampNs(long timestampNs) {
        record.putLong(TIMESTAMP_NS_OFFSET, timestampNs, ORDER);
        return this;
    }

    /** Sets the time of publication, in nanoseconds since the epoch. The publisher does this. */
    public MutableEvent ingestTimeNs(long ingestTimeNs) {
        record.putLong(INGEST_TIME_NS_OFFSET, ingestTimeNs, ORDER);
        return this;
    }

    public MutableEvent sourceId(int sourceId) {
        record.putInt(SOURCE_ID_OFFSET, sourceId, ORDER);
        return this;
    }

    public MutableEvent payloadLength(int payloadLength) {
        record.putInt(PAYLOAD_LENGTH_OFFSET, payloadLength, ORDER);
        return this;
    }

    public MutableEvent typeId(int typeId) {
        record.putShort(TYPE_ID_OFFSET, (short) typeId, ORDER);
        return this;
    }

    public MutableEvent schemaVersion(int schemaVersion) {
        record.putShort(SCHEMA_VERSION_OFFSET, (short) schemaVersion, ORDER);
        return this;
    }

    public MutableEvent flags(int flags) {
        record.putShort(FLAGS_OFFSET, (short) flags, ORDER);
        return this;
    }

    /** Copies opaque bytes to the payload and sets its length. The record must be long enough. */
    public MutableEvent payload(DirectBuffer source, int offset, int length) {
        record.putBytes(HEADER_LENGTH, source, offset, length);
        return payloadLength(length);
    }

    /** Copies another event's header and payload. The record must be long enough. */
    public MutableEvent copyFrom(Event source) {
        record.putBytes(0, source.buffer(), 0, source.recordLength());
        return this;
    }
}
