package io.millrace.ring;

import org.agrona.collections.Long2LongCounterMap;

/**
 * The keys of events that are parked for one handler, which is to get the events of a key in order: those behind a
 * parked one wait in the dead letters too.
 *
 * <p><b>Threading</b>: the thread of the handler. <b>Allocation</b>: when more keys are parked than ever before.
 */
public final class ParkedKeys {
    private final Long2LongCounterMap counts = new Long2LongCounterMap(0);
    private final int maxCount;
    private long count;

    /** @param maxCount parked events that it knows at most, at least 1 */
    public ParkedKeys(int maxCount) {
        if (maxCount < 1) {
            throw new IllegalArgumentException("cannot keep order: maxParkedCount=" + maxCount
                    + " (expected: at least 1); set how many events may be parked");
        }
        this.maxCount = maxCount;
    }

    /** {@return whether an event of the key is parked} */
    public boolean contains(long key) {
        return count > 0 && counts.get(key) > 0;
    }

    /**
     * Throws if no more may be parked; to be called before an event is.
     *
     * @param handler for the message
     */
    public void requireRoom(String handler) {
        if (count >= maxCount) {
            throw new IllegalStateException("cannot park dead letter: handler=" + handler + ", parked=" + count
                    + " (expected: less than maxParkedCount=" + maxCount
                    + "); redrive or discard what is parked, then start again");
        }
    }

    /** An event of the key was parked. */
    public void add(long key) {
        counts.incrementAndGet(key);
        count++;
    }

    /** An event of the key is parked no more. */
    public void remove(long key) {
        if (counts.get(key) > 0) {
            counts.decrementAndGet(key);
            count--;
        }
    }

    /** {@return how many events are parked} */
    public long count() {
        return count;
    }
}
