package io.millrace.ring;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bounded home of outputs between APPLY, which writes, and EMIT, which reads. An output is an event record whose id
 * is its identity.
 *
 * <pre>
 *   idHi  63       48 47          32 31            0      idLo  63                            0
 *        +-----------+--------------+---------------+          +------------------------------+
 *        | epoch u16 | operator u16 | ordinal u32   |          | sequence of the cause        |
 *        +-----------+--------------+---------------+          +------------------------------+
 * </pre>
 *
 * <p><b>Threading</b>: one writer, one reader. <b>Ordering</b>: outputs become visible at {@link #flush}.
 */
final class OutputRing implements Outputs {
    private final RingBuffer<MutableEvent> slots;
    private final Sequence emitted = new Sequence(-1);
    private final Wakeups written = new Wakeups();
    private final Wakeups freed = new Wakeups();
    private final int maxPayloadLength;
    private long[] ordinals;
    private int[] operatorIds;
    /** Whether an ordinal is above 0. */
    private boolean hasOrdinals;

    private long epochBits;
    /** Place in the outbox of the output that comes first in this ring. */
    private long placeOfFirst;

    private long earlierIdHi;
    private long earlierIdLo = -1;
    private long earlierCount;
    private int operator;
    private int room;
    private long claimed = -1;
    private long committed = -1;
    private long causeSequence;
    private long causeIngestTimeNs;
    private long nextToEmit;
    /** The last place that EMIT has seen to be visible. */
    private long lastSeen = -1;

    private @Nullable OutputHashes hashes;

    OutputRing(int capacity, int maxPayloadLength, int[] operatorIds) {
        EventRing.requireSlab("outputRingCapacity", capacity, "maxOutputPayloadLength", maxPayloadLength);
        this.slots = RingBuffer.createSingleProducer(
                EventRing.SlotFactory.of(capacity, maxPayloadLength), capacity, written);
        this.slots.addGatingSequences(emitted);
        this.maxPayloadLength = maxPayloadLength;
        this.operatorIds = operatorIds;
        this.ordinals = new long[operatorIds.length];
    }

    /** Has other operators put out from the next record on; between two records. */
    void operators(int[] ids) {
        operatorIds = ids;
        ordinals = new long[ids.length];
    }

    /** Lets each committed output be hashed. */
    void hashes(OutputHashes value) {
        hashes = value;
    }

    void epoch(int epoch) {
        epochBits = (long) epoch << 48;
    }

    int epoch() {
        return (int) (epochBits >>> 48);
    }

    /**
     * Ends a recovery: what was committed so far is in the outbox or was passed over.
     *
     * @param place of the next output in the outbox
     * @param lastIdHi identity of the last output there; {@code lastIdLo} is -1 if there is none
     */
    void restored(long place, long lastIdHi, long lastIdLo) {
        earlierCount = writtenCount();
        placeOfFirst = place - earlierCount;
        earlierIdHi = lastIdHi;
        earlierIdLo = lastIdLo;
    }

    /** {@return the place in the outbox behind the last committed output; the thread that writes} */
    long place() {
        return placeOfFirst + writtenCount();
    }

    /** {@return idHi of the last committed output; the thread that writes} */
    long lastIdHi() {
        return writtenCount() > earlierCount ? slots.get(committed).idHi() : earlierIdHi;
    }

    /** {@return idLo of the last committed output, -1 if there is none; the thread that writes} */
    long lastIdLo() {
        return writtenCount() > earlierCount ? slots.get(committed).idLo() : earlierIdLo;
    }

    /** Begins the outputs of one accepted record. */
    void cause(Event event) {
        causeSequence = event.sequence();
        causeIngestTimeNs = event.ingestTimeNs();
        if (hasOrdinals) {
            hasOrdinals = false;
            Arrays.fill(ordinals, 0);
        }
    }

    /** Begins one step of an operator: up to {@code count} outputs. False if there is no room for them yet. */
    boolean begin(int operatorIndex, int count) {
        int claimedBefore = (int) (claimed - committed);
        if (count > claimedBefore && !slots.hasAvailableCapacity(count - claimedBefore)) {
            return false;
        }
        operator = operatorIndex;
        room = count;
        return true;
    }

    @Override
    public MutableEvent claim(int typeId, int payloadLength) {
        if (room <= 0 || payloadLength < 0 || payloadLength > maxPayloadLength) {
            throw refused(typeId, payloadLength);
        }
        if (claimed == committed) {
            claimed = slots.next();
        }
        MutableEvent output = slots.get(claimed);
        long idHi = epochBits | (long) operatorIds[operator] << 32 | ordinals[operator];
        return output.header(causeSequence, idHi, causeSequence, causeIngestTimeNs, typeId, payloadLength);
    }

    private IllegalStateException refused(int typeId, int payloadLength) {
        return new IllegalStateException("cannot claim output: typeId=" + typeId + ", payloadLength=" + payloadLength
                + " (expected: 0 to " + maxPayloadLength + "), places left in this step=" + room
                + " (expected: > 0); raise maxOutputsPerStep or maxOutputPayloadLength");
    }

    @Override
    public void commit() {
        if (claimed == committed) {
            throw new IllegalStateException("cannot commit output: none is claimed (expected: one); claim first");
        }
        committed = claimed;
        if (hashes != null) {
            hashes.onOutput(slots.get(claimed));
        }
        ordinals[operator]++;
        hasOrdinals = true;
        room--;
    }

    @Override
    public long causeSequence() {
        return causeSequence;
    }

    /** Makes all committed outputs visible to EMIT. */
    void flush() {
        if (committed > slots.getCursor()) {
            slots.publish(committed);
        }
    }

    /** {@return how many outputs were committed; the thread that writes} */
    long writtenCount() {
        return committed + 1;
    }

    /** {@return the next output for EMIT, null if there is none} */
    @Nullable
    MutableEvent peek() {
        if (nextToEmit > lastSeen) {
            lastSeen = slots.getCursor();
        }
        return nextToEmit <= lastSeen ? slots.get(nextToEmit) : null;
    }

    /** Goes past the output that {@link #peek} gave; its place is free after {@link #free}. */
    void skip() {
        nextToEmit++;
    }

    /** Frees the places of all outputs gone past. */
    void free() {
        emitted.set(nextToEmit - 1);
        freed.signalAllWhenBlocking();
    }

    /** Those to wake when outputs have become visible. */
    Wakeups written() {
        return written;
    }

    /** Those to wake when places have become free. */
    Wakeups freed() {
        return freed;
    }
}
