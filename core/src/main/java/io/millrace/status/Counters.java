package io.millrace.status;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

/**
 * The counters of one pipeline in two buffers that the owner hands in, memory or a mapped file, in Agrona's layout:
 *
 * <pre>
 *   values    one counter per 128 bytes, so that no two share a cache line
 *             +-------+-----------------+----------+--------------+---------+
 *             | value | registration id | owner id | reference id | padding |
 *             +-------+-----------------+----------+--------------+---------+
 *   metadata  one record per 512 bytes
 *             +-------+---------+----------------+-----+-------+
 *             | state | type id | reuse deadline | key | label |
 *             +-------+---------+----------------+-----+-------+
 * </pre>
 *
 * <p><b>Threading</b>: each counter has one writer at a time, which uses the {@code ...Release} methods (a plain add
 * and an ordered store); counters that several threads write say so where they are used and take {@code increment}.
 * Any thread or process may read. <b>Allocation</b>: none after construction.
 */
public final class Counters {
    /** How many counters {@link #named} makes. */
    public static final int NAMED_COUNT_MAX = 256;

    private static final PipelineCounter[] ALL = PipelineCounter.values();
    private static final int COUNT_MAX = ALL.length + NAMED_COUNT_MAX;

    private final CountersManager manager;
    private final Map<String, AtomicCounter> named = new HashMap<>();
    private final AtomicCounter[] counters = new AtomicCounter[ALL.length];

    /**
     * Lays out all counters at their initial values.
     *
     * @param metaDataBuffer zeroed, of at least {@link #metaDataLength()} bytes
     * @param valuesBuffer zeroed, of at least {@link #valuesLength()} bytes
     */
    public Counters(AtomicBuffer metaDataBuffer, AtomicBuffer valuesBuffer) {
        validateLength("metaDataBuffer", metaDataBuffer.capacity(), metaDataLength());
        validateLength("valuesBuffer", valuesBuffer.capacity(), valuesLength());
        manager = new CountersManager(metaDataBuffer, valuesBuffer);
        for (PipelineCounter counter : ALL) {
            AtomicCounter made = manager.newCounter(counter.label(), counter.typeId());
            made.setRelease(counter.initialValue());
            counters[counter.ordinal()] = made;
        }
    }

    /** {@return counters in memory of their own} */
    public static Counters allocate() {
        return new Counters(
                new UnsafeBuffer(ByteBuffer.allocateDirect(metaDataLength())),
                new UnsafeBuffer(ByteBuffer.allocateDirect(valuesLength())));
    }

    /** {@return bytes of metadata} */
    public static int metaDataLength() {
        return COUNT_MAX * CountersReader.METADATA_LENGTH;
    }

    /** {@return bytes of values} */
    public static int valuesLength() {
        return COUNT_MAX * CountersReader.COUNTER_LENGTH;
    }

    public AtomicCounter counter(PipelineCounter counter) {
        return counters[counter.ordinal()];
    }

    /**
     * {@return the counter of one thing among several of its kind, say of a sink; made when first asked for, at 0}
     *
     * @param typeId of the kind
     * @param label with the thing's name, unique
     * @throws IllegalStateException if there are {@link #NAMED_COUNT_MAX} already
     */
    public synchronized AtomicCounter named(int typeId, String label) {
        AtomicCounter counter = named.get(label);
        if (counter == null) {
            if (named.size() == NAMED_COUNT_MAX) {
                throw new IllegalStateException("cannot count: label=" + label + ", named counters=" + named.size()
                        + " (expected: less than " + NAMED_COUNT_MAX + "); name fewer things that are counted");
            }
            counter = manager.newCounter(label, typeId);
            named.put(label, counter);
        }
        return counter;
    }

    /** {@return the current value, read from any thread} */
    public long value(PipelineCounter counter) {
        return counter(counter).get();
    }

    /** {@return a reader over the same buffers, which shows labels and type ids} */
    public CountersReader reader() {
        return manager;
    }

    private static void validateLength(String name, int capacity, int expected) {
        if (capacity < expected) {
            throw new IllegalArgumentException("cannot lay out counters: " + name + ".capacity=" + capacity
                    + " (expected: at least " + expected + " bytes); hand in a longer buffer");
        }
    }
}
