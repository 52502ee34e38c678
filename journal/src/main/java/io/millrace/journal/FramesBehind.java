package io.millrace.journal;

/** Whole frames that stand behind the place where a log stops being readable. */
final class FramesBehind {
    private long frameCount;
    private long recordCount;
    private long syncedUpTo = FrameDescriptor.NO_SEQUENCE;
    private long endSequence;

    void add(Frame frame) {
        frameCount++;
        recordCount += frame.endSequence() - frame.firstSequence();
        syncedUpTo = Math.max(syncedUpTo, frame.syncedUpTo());
        endSequence = Math.max(endSequence, frame.endSequence());
    }

    boolean isEmpty() {
        return frameCount == 0;
    }

    long frameCount() {
        return frameCount;
    }

    long recordCount() {
        return recordCount;
    }

    /** {@return the last place that they say is on the disk, -1 if none does} */
    long syncedUpTo() {
        return syncedUpTo;
    }

    /** {@return the place behind the last of their records, 0 if there is none} */
    long endSequence() {
        return endSequence;
    }
}
