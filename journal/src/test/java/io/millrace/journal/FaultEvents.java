package io.millrace.journal;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import java.util.zip.CRC32;

/**
 * What the victims of fault tests write: every byte follows from producer and counter, so that driver and victim share
 * a rule and no data. Each run of a victim that may not send again is a producer of its own.
 */
final class FaultEvents {
    static final int MAX_PAYLOAD_LENGTH = 1024;
    static final int TYPE_ID = 7;

    private FaultEvents() {}

    static void fill(MutableEvent event, long producer, long counter, int maxPayloadLength) {
        int length = payloadLength(producer, counter, maxPayloadLength);
        event.clearHeader()
                .id(producer, counter)
                .key(counter % 17)
                .timestampNs(1_000_000_000L + counter * 1000)
                .typeId(TYPE_ID)
                .payloadLength(length);
        for (int i = 0; i < length; i++) {
            event.buffer().putByte(Event.HEADER_LENGTH + i, payloadByte(producer, counter, i));
        }
    }

    /** {@return CRC-32 of the payload} */
    static long payloadCrc(long producer, long counter, int maxPayloadLength) {
        CRC32 crc = new CRC32();
        int length = payloadLength(producer, counter, maxPayloadLength);
        for (int i = 0; i < length; i++) {
            crc.update(payloadByte(producer, counter, i));
        }
        return crc.getValue();
    }

    private static int payloadLength(long producer, long counter, int maxPayloadLength) {
        return (int) Long.remainderUnsigned(mix(producer, counter), maxPayloadLength + 1);
    }

    private static byte payloadByte(long producer, long counter, int index) {
        return (byte) (producer * 31 + counter * 7 + index);
    }

    private static long mix(long producer, long counter) {
        long mixed = (producer * 0x9E3779B97F4A7C15L + counter) * 0xBF58476D1CE4E5B9L;
        return mixed ^ mixed >>> 31;
    }
}
