package io.millrace.journal.replay;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the outbox beside the outputs of a replay, which come in the same order, and stops at the first that is
 * not the same: identity, type, key, time and payload.
 */
final class OutboxCheck implements AutoCloseable {
    private final FrameReader reader;
    private final long firstSequence;
    private final Event live = new Event();
    private boolean hasLive;
    private boolean isBegun;
    private long checkedCount;
    private long unknownCount;
    private @Nullable Divergence divergence;

    /**
     * @param firstSequence cause of the first output that is given
     * @param place in the outbox that is not behind that output
     */
    OutboxCheck(Path directory, long firstSequence, long place) {
        this.firstSequence = firstSequence;
        this.reader = FrameReader.open(directory, LogKind.OUTBOX, place);
    }

    void onOutput(Event output) {
        if (divergence != null) {
            return;
        }
        if (!look()) {
            unknownCount++;
        } else if (live.idLo() > output.idLo()) {
            divergence = Divergence.at(output.idLo(), "live gave no such output", null, copy(output));
        } else if (live.idLo() < output.idLo()) {
            divergence = missing();
        } else if (!isSame(live, output)) {
            divergence = Divergence.at(output.idLo(), "live gave another output", copy(live), copy(output));
        } else {
            hasLive = false;
            checkedCount++;
        }
    }

    /** Ends the check when all outputs up to that cause were given. */
    void end(long lastSequence) {
        if (divergence == null && look() && live.idLo() <= lastSequence) {
            divergence = missing();
        }
    }

    private Divergence missing() {
        return Divergence.at(live.idLo(), "the replay gives no such output", copy(live), null);
    }

    /** {@return whether live's next output is at hand} */
    private boolean look() {
        if (!isBegun) {
            begin();
        } else if (!hasLive) {
            hasLive = reader.nextRecord(live);
        }
        return hasLive;
    }

    private void begin() {
        isBegun = true;
        do {
            hasLive = reader.nextRecord(live);
        } while (hasLive && live.idLo() < firstSequence);
    }

    static boolean isSame(Event left, Event right) {
        int length = left.recordLength();
        if (length != right.recordLength()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (left.buffer().getByte(i) != right.buffer().getByte(i)) {
                return false;
            }
        }
        return true;
    }

    private static Event copy(Event event) {
        return MutableEvent.allocate(event.payloadLength()).copyFrom(event);
    }

    @Nullable
    Divergence divergence() {
        return divergence;
    }

    /** {@return outputs that were the same} */
    long checkedCount() {
        return checkedCount;
    }

    /** {@return outputs that the outbox does not hold, as live has not emitted them yet} */
    long unknownCount() {
        return unknownCount;
    }

    @Override
    public void close() {
        reader.close();
    }
}
