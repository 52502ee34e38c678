package io.millrace.dedup;

import io.millrace.state.KeyTable;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Arrays;
import org.agrona.BitUtil;

/**
 * Keeps for each producer its highest sequence and which of the sequences just below it were seen, so that the memory
 * does not depend on how many events there are.
 *
 * <pre>
 *   idHi  63                         16 15          0      idLo  63                                  0
 *        +-----------------------------+-------------+          +-----------------------------------+
 *        |      producer id, u48       | epoch, u16  |          | producer sequence, 0 to 2^63 - 1  |
 *        +-----------------------------+-------------+          +-----------------------------------+
 *
 *   sequence   0 ......... highest - windowBits | highest - windowBits + 1 ......... highest | highest + 1 ...
 *   answer     TOO_OLD                          | bit set: SEEN, else NEW and set            | NEW, moves the window
 *
 *   one producer in longs: highest | epoch | bit of sequence s at s % windowBits, windowBits / 64 longs | to 64 bytes
 * </pre>
 *
 * <p>A producer raises its epoch when it starts again without knowing what it sent: the window begins anew, and what
 * still comes under an older epoch is TOO_OLD. The window of a new producer or epoch ends at the first sequence that
 * comes, so what lies less than {@code windowBits} below that one is still taken. Epochs do not wrap: after 65535 a
 * producer takes another id. A negative sequence is TOO_OLD.
 *
 * <p>At the bound a new producer is TOO_OLD, too, and {@link #refusedCount} tells; nobody is evicted, because what an
 * evicted producer had sent could then be accepted again.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Complexity</b>: two or three cache
 * lines an id. <b>Source</b>: the anti-replay window of IPsec, RFC 4303 section 3.4.3 and RFC 6479, with a window
 * exact to the bit.
 */
public final class ProducerWindows implements Dedup {
    /** Widest window in sequences. */
    public static final int MAX_WINDOW_BITS = 1 << 20;

    /** Largest producer id. */
    public static final long MAX_PRODUCER_ID = (1L << 48) - 1;

    /** Largest producer epoch. */
    public static final int MAX_EPOCH = 0xFFFF;

    private static final String WHAT = "producer windows";
    private static final int EPOCH_BITS = 16;
    private static final long MAX_SLAB_LONGS = 1L << 30;

    /** A large array has 16 bytes before its first element; with 6 longs left out a producer starts a cache line. */
    private static final int FIRST = 6;

    private static final int HIGHEST = 0;
    private static final int EPOCH = 1;
    private static final int BITS = 2;

    private final String name;
    private final int windowBits;
    private final int stride;
    private final KeyTable producers;
    private final long[] slab;
    private long refusedCount;

    /**
     * Makes room for {@code maxProducers} windows.
     *
     * @param name under which the state is saved
     * @param maxProducers producers that can ever send, at least 1
     * @param windowBits sequences that a window spans, a power of two, 64 to {@link #MAX_WINDOW_BITS}
     */
    public ProducerWindows(String name, int maxProducers, int windowBits) {
        checkWindowBits(windowBits);
        checkMaxProducers(maxProducers, windowBits);
        this.name = name;
        this.windowBits = windowBits;
        stride = stride(windowBits);
        producers = new KeyTable(maxProducers);
        slab = new long[FIRST + maxProducers * stride];
    }

    /** {@return the high half of an id; producerId is 0 to {@link #MAX_PRODUCER_ID}, epoch 0 to {@link #MAX_EPOCH}} */
    public static long idHi(long producerId, int epoch) {
        return (producerId << EPOCH_BITS) | (epoch & MAX_EPOCH);
    }

    /** {@return the producer that an id names} */
    public static long producerId(long idHi) {
        return idHi >>> EPOCH_BITS;
    }

    /** {@return the producer's epoch that an id names} */
    public static int epoch(long idHi) {
        return (int) idHi & MAX_EPOCH;
    }

    /** {@return bytes that an instance of these bounds takes} */
    public static long bytes(int maxProducers, int windowBits) {
        return KeyTable.bytes(maxProducers) + Long.BYTES * (FIRST + (long) maxProducers * stride(windowBits));
    }

    /** {@return bytes that this instance takes, the same for its whole life} */
    public long bytes() {
        return bytes(producers.maxKeys(), windowBits);
    }

    /** {@return producers seen} */
    public int producerCount() {
        return producers.size();
    }

    /** {@return ids refused because there was no room for their producer, since construction; no part of the state} */
    public long refusedCount() {
        return refusedCount;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long touch(long idHi, long idLo) {
        int slot = producers.slotOf(producerId(idHi));
        return slot < 0 ? slot : slab[at(slot) + HIGHEST] + slab[word(at(slot), bit(idLo))];
    }

    @Override
    public long admit(long idHi, long idLo, long sequence) {
        if (idLo < 0) {
            return TOO_OLD;
        }
        int slot = producers.slotOf(producerId(idHi));
        if (slot < 0) {
            return admitProducer(idHi, idLo);
        }
        int at = at(slot);
        long current = slab[at + EPOCH];
        if (epoch(idHi) == current) {
            return admitSequence(at, idLo);
        }
        return epoch(idHi) < current ? TOO_OLD : begin(at, epoch(idHi), idLo);
    }

    /** Writes the producers, then highest sequence, epoch and bits by slot. */
    @Override
    public void save(StateWriter writer) {
        writer.putInt(windowBits);
        producers.save(writer);
        for (int slot = 0; slot < producers.highWater(); slot++) {
            writer.putLongs(slab, at(slot), BITS + windowBits / Long.SIZE);
        }
    }

    @Override
    public void load(StateReader reader) {
        StateException.requireSame(WHAT, "windowBits", reader.getInt(), windowBits);
        producers.load(reader);
        Arrays.fill(slab, 0);
        for (int slot = 0; slot < producers.highWater(); slot++) {
            int at = at(slot);
            reader.getLongs(slab, at, BITS + windowBits / Long.SIZE);
            StateException.requireRange(WHAT, "highest", slab[at + HIGHEST], 0, Long.MAX_VALUE);
            StateException.requireRange(WHAT, "epoch", slab[at + EPOCH], 0, MAX_EPOCH);
        }
    }

    private long admitProducer(long idHi, long idLo) {
        int slot = producers.put(producerId(idHi));
        if (slot < 0) {
            refusedCount++;
            return TOO_OLD;
        }
        return begin(at(slot), epoch(idHi), idLo);
    }

    private long begin(int at, int epoch, long idLo) {
        Arrays.fill(slab, at + BITS, at + BITS + windowBits / Long.SIZE, 0);
        slab[at + EPOCH] = epoch;
        return accept(at, idLo);
    }

    private long admitSequence(int at, long idLo) {
        long highest = slab[at + HIGHEST];
        if (idLo > highest) {
            clear(at, bit(highest + 1), idLo - highest);
            return accept(at, idLo);
        }
        if (highest - idLo >= windowBits) {
            return TOO_OLD;
        }
        int word = word(at, bit(idLo));
        long mask = 1L << idLo;
        if ((slab[word] & mask) != 0) {
            return SEEN;
        }
        slab[word] |= mask;
        return NEW;
    }

    private long accept(int at, long idLo) {
        slab[at + HIGHEST] = idLo;
        slab[word(at, bit(idLo))] |= 1L << idLo;
        return NEW;
    }

    /** Clears {@code count} bits from a bit on, round the end of the window; at most all. */
    private void clear(int at, int firstBit, long count) {
        int bit = firstBit;
        int left = (int) Math.min(count, windowBits);
        while (left > 0) {
            int offset = bit % Long.SIZE;
            int part = Math.min(left, Long.SIZE - offset);
            slab[word(at, bit)] &= ~((-1L >>> (Long.SIZE - part)) << offset);
            bit = bit(bit + part);
            left -= part;
        }
    }

    private int at(int slot) {
        return FIRST + slot * stride;
    }

    private int bit(long sequence) {
        return (int) sequence & (windowBits - 1);
    }

    private static int word(int at, int bit) {
        return at + BITS + bit / Long.SIZE;
    }

    private static int stride(int windowBits) {
        return BitUtil.align(BITS + windowBits / Long.SIZE, 8);
    }

    private static void checkWindowBits(int windowBits) {
        if (windowBits < Long.SIZE || windowBits > MAX_WINDOW_BITS || Integer.bitCount(windowBits) != 1) {
            throw new IllegalArgumentException("cannot build producer windows: windowBits=" + windowBits
                    + " (expected: power of two, 64 to " + MAX_WINDOW_BITS
                    + "); choose more than a producer's sequences can come out of order");
        }
    }

    private static void checkMaxProducers(int maxProducers, int windowBits) {
        long max = Math.min(KeyTable.MAX_KEYS_LIMIT, MAX_SLAB_LONGS / stride(windowBits));
        if (maxProducers < 1 || maxProducers > max) {
            throw new IllegalArgumentException("cannot build producer windows: maxProducers=" + maxProducers
                    + " (expected: 1 to " + max + " with windowBits=" + windowBits
                    + "); choose the number of producers that can ever send");
        }
    }
}
