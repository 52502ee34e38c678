package io.millrace.ring;

import io.millrace.event.Event;

/**
 * A log to which one thread appends records in frames: the port through which JOURNAL writes accepted events and EMIT
 * writes outputs. The journal module implements it on files, tests in memory.
 *
 * <p><b>Threading</b>: {@link #start}, {@link #append} and {@link #commit} from one thread; {@link #sync},
 * {@link #isStorageLow} from any. <b>Allocation</b>: none per record or frame after warm-up. <b>Failure</b>: any
 * exception is final for the log.
 */
public interface EventLog extends AutoCloseable {
    /** Called once by the thread that appends, before its first append. */
    void start();

    /**
     * Puts a record into the open frame. Nothing is visible to readers before {@link #commit}.
     *
     * @return false if the frame is full: commit, then append again
     */
    boolean append(Event record);

    /**
     * Puts a record without a sequence into the open frame, which says something about the log itself. A log that
     * nobody reads again need not.
     *
     * @return false if the frame is full: commit, then append again
     */
    default boolean appendControl(Event record) {
        return true;
    }

    /** Closes the open frame and makes it readable; without records it does nothing. */
    void commit();

    /**
     * Writes a frame without records which says up to where the log is synced, and makes it readable; by the thread
     * that appends, while no record is in the open frame. A log that nobody reads after a crash need not.
     */
    default void mark() {}

    /**
     * Forces all that was committed before the call to the disk and returns after it is there. The caller samples its
     * cursor before the call and publishes it after.
     */
    void sync();

    /** {@return the longest record that {@link #append} takes, in bytes} */
    default int maxRecordLength() {
        return Integer.MAX_VALUE;
    }

    /** {@return whether publishers have to be refused because what the rings can hold might not fit any more} */
    boolean isStorageLow();

    /**
     * Says, before {@link #start}, how many records may have been accepted and not be appended yet, at any time: room
     * for them is kept, and while there is less {@link #isStorageLow} is true.
     *
     * @param recordCount at most, at least 0
     * @param recordLength of the longest, header included, in bytes
     */
    default void keepRoomFor(long recordCount, int recordLength) {}

    @Override
    void close();
}
