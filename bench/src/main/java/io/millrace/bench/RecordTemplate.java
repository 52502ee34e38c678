package io.millrace.bench;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;

/** The record that the bare rings hand on, and the sizes that both share. */
final class RecordTemplate {
    static final int RING_CAPACITY = 1 << 14;
    static final int STRIDE = 128;
    static final int BATCH_COUNT = 512;
    /** Bytes of a record: as those of the payments workload. */
    static final int RECORD_LENGTH = Event.HEADER_LENGTH + PaymentTypes.PAYLOAD_LENGTH;

    private static final int TYPE_ID = 1;

    private RecordTemplate() {}

    /** {@return a record of {@link #RECORD_LENGTH} bytes} */
    static MutableEvent make() {
        MutableEvent event = MutableEvent.allocate(PaymentTypes.PAYLOAD_LENGTH);
        for (int at = 0; at < RECORD_LENGTH; at += Long.BYTES) {
            event.buffer().putLong(at, at);
        }
        return event.clearHeader().id(1, 2).timestampNs(3).typeId(TYPE_ID).payloadLength(PaymentTypes.PAYLOAD_LENGTH);
    }
}
