package io.millrace.journal;

/**
 * A place between two frames of a log.
 *
 * @param nextSequence of the record that comes next (ordinal in the outbox), at least 0
 * @param previousCrc of the frame before, {@link FrameDescriptor#FIRST_PREVIOUS_CRC} at the very beginning
 */
record ChainPoint(long nextSequence, int previousCrc) {
    static final ChainPoint BEGINNING = new ChainPoint(0, FrameDescriptor.FIRST_PREVIOUS_CRC);
}
