package io.millrace.stream;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import org.jspecify.annotations.Nullable;

/** The outputs of the whole operator, and how many of them this call may still write. */
final class ChainOutputs {
    private @Nullable Outputs outputs;
    private int room;
    private long causeSequence = -1;

    /** Begins a call. */
    void begin(Outputs value, int maxCount) {
        outputs = value;
        room = maxCount;
        causeSequence = value.causeSequence();
    }

    int room() {
        return room;
    }

    long causeSequence() {
        return causeSequence;
    }

    /** Puts out an event as one of a type with the same fields at the same places. */
    void put(Event event, EventType type) {
        Outputs to = open();
        int payloadLength = type.encodedLength();
        MutableEvent output = to.claim(type.id(), payloadLength);
        output.key(event.key()).timestampNs(event.timestampNs());
        type.encode(output);
        int from = Blocks.OFFSET;
        output.buffer().putBytes(from, event.buffer(), from, Event.HEADER_LENGTH + payloadLength - from);
        to.commit();
    }

    /** Puts out an event as it is. */
    void put(Event event) {
        Outputs to = open();
        MutableEvent output = to.claim(event.typeId(), event.payloadLength());
        output.key(event.key()).timestampNs(event.timestampNs()).schemaVersion(event.schemaVersion());
        output.buffer().putBytes(Event.HEADER_LENGTH, event.buffer(), Event.HEADER_LENGTH, event.payloadLength());
        to.commit();
    }

    private Outputs open() {
        room--;
        Outputs to = outputs;
        if (to == null) {
            throw new IllegalStateException("cannot put out: no call is under way (expected: onEvent or advanceTo)");
        }
        return to;
    }
}
