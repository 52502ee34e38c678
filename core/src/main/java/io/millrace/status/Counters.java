package io.millrace.status;

import java.nio.ByteBuffer;
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
    private static final PipelineCounter[] ALL = PipelineCounter.values();

    private final CountersReader reader;
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
        CountersManager manager = new CountersManager(metaDataBuffer, valuesBuffer);
        for (PipelineCounter counter : ALL) {
            AtomicCounter made = manager.newCounter(counter.label(), counter.typeId());
            made.setRelease(counter.initialValue());
            counters[counter.ordinal()] = made;
        }
        reader = manager;
    }

    /** {@return counters in memory of their own} */
    public static Counters allocate() {
        return new Counters(
                new UnsafeBuffer(ByteBuffer.allocateDirect(metaDataLength())),
                new UnsafeBuffer(ByteBuffer.allocateDirect(valuesLength())));
    }

    /** {@return bytes of metadata} */
    public static int metaDataLength() {
        return ALL.length * CountersReader.METADATA_LENGTH;
    }

    /** {@return bytes of values} */
    public static int valuesLength() {
        return ALL.length * CountersReader.COUNTER_LENGTH;
    }

    public AtomicCounter counter(PipelineCounter counter) {
        return counters[counter.ordinal()];
    }

    /** {@return the current value, read from any thread} */
    public long value(PipelineCounter counter) {
        return counter(counter).get();
    }

    /** {@return a reader over the same buffers, which shows labels and type ids} */
    public CountersReader reader() {
        return reader;
    }

    private static void validateLength(String name, int capacity, int expected) {
        if (capacity < expected) {
            throw new IllegalArgumentException("cannot lay out counters: " + name + ".capacity=" + capacity
                    + " (expected: at least " + expected + " bytes); hand in a longer buffer");
        }
    }
}
