package io.millrace.journal;

/** Where in the chain of frames a reader is. */
final class ChainCursor {
    private long nextSequence;
    private int previousCrc;

    void reset(long sequence, int crc) {
        nextSequence = sequence;
        previousCrc = crc;
    }

    /** {@return whether the frame is the one that comes next} */
    boolean isNext(Frame frame) {
        return frame.firstSequence() == nextSequence && frame.previousCrc() == previousCrc;
    }

    void advance(Frame frame) {
        reset(frame.endSequence(), frame.crc());
    }

    long nextSequence() {
        return nextSequence;
    }

    int previousCrc() {
        return previousCrc;
    }
}
