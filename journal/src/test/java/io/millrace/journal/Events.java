package io.millrace.journal;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.ring.EventLog;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Events whose every byte follows from their sequence, so that a reader can tell right from wrong without a copy. */
final class Events {
    static final int MAX_PAYLOAD_LENGTH = 4096;

    private Events() {}

    static MutableEvent template() {
        return MutableEvent.allocate(MAX_PAYLOAD_LENGTH);
    }

    static MutableEvent fill(MutableEvent event, long sequence) {
        return fill(event, sequence, (int) (sequence * 31 % 200));
    }

    static MutableEvent fill(MutableEvent event, long sequence, int payloadLength) {
        event.clearHeader()
                .sequence(sequence)
                .id(sequence * 0x9E3779B97F4A7C15L, ~sequence)
                .key(sequence % 17)
                .timestampNs(1_000_000_000L + sequence * 1000)
                .ingestTimeNs(sequence)
                .typeId(7)
                .payloadLength(payloadLength);
        UnsafeBuffer bytes = event.buffer();
        for (int i = 0; i < payloadLength; i++) {
            bytes.putByte(Event.HEADER_LENGTH + i, (byte) (sequence + i));
        }
        return event;
    }

    static void append(EventLog log, long from, long to, int batchCount) {
        MutableEvent event = template();
        for (long sequence = from; sequence < to; sequence++) {
            append(log, fill(event, sequence));
            if ((sequence - from) % batchCount == batchCount - 1) {
                log.commit();
            }
        }
        log.commit();
    }

    static void append(EventLog log, Event event) {
        while (!log.append(event)) {
            log.commit();
        }
    }

    /** An output: identity (epoch 0, operator 1, ordinal), cause, and a payload that follows from both. */
    static MutableEvent output(MutableEvent event, long cause, int ordinal) {
        fill(event, cause, 16);
        return event.id(1L << 32 | ordinal, cause);
    }

    static boolean isIntact(Event event, MutableEvent expected) {
        fill(expected, event.sequence(), event.payloadLength());
        for (int i = 0; i < event.recordLength(); i++) {
            if (event.buffer().getByte(i) != expected.buffer().getByte(i)) {
                return false;
            }
        }
        return true;
    }

    static List<Long> sequences(Journal journal) {
        List<Long> sequences = new ArrayList<>();
        MutableEvent expected = template();
        journal.replay((event, epoch) -> {
            if (!isIntact(event, expected)) {
                throw new AssertionError("wrong bytes: " + event);
            }
            sequences.add(event.sequence());
        });
        return sequences;
    }
}
