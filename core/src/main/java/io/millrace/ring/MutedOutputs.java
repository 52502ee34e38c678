package io.millrace.ring;

import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;

/** Takes outputs that nobody wants: of an operator that is warmed. */
final class MutedOutputs implements Outputs {
    private final MutableEvent scratch;

    /** @param maxPayloadLength of an output, in bytes */
    MutedOutputs(int maxPayloadLength) {
        scratch = MutableEvent.allocate(maxPayloadLength);
    }

    @Override
    public MutableEvent claim(int typeId, int payloadLength) {
        return scratch.clearHeader().typeId(typeId).payloadLength(payloadLength);
    }

    @Override
    public void commit() {
        // Nobody hears of it.
    }
}
