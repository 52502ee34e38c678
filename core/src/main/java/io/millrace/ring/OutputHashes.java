package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.event.SystemTypes;
import io.millrace.state.Xxh64;

/**
 * Hashes over the outputs of runs of accepted records, which go to the journal so that a replay can tell whether it
 * gives the same. Each covers its own run only: one can be checked by a replay that begins anywhere before it.
 *
 * <pre>
 *   record of type STATE_HASH, without a sequence:
 *   idHi = first sequence of the run    idLo = last    key = hash, 0 without outputs
 *
 *   hash = 0;  for each output:  hash = XXH64(header and payload, seed = hash)
 * </pre>
 *
 * <p>APPLY may be ahead of JOURNAL; a hash may not stand before the records that it is about, for a crash between them
 * would leave it there for others. So JOURNAL takes it when it has written the last of them. If by then APPLY has the
 * next one, that is left out.
 *
 * <p><b>Threading</b>: {@link #onOutput} and {@link #onApplied} by APPLY, {@link #isReady} and {@link #take} by
 * JOURNAL.
 * <b>Allocation</b>: none.
 */
final class OutputHashes {
    private final long intervalCount;
    private final MutableEvent record = MutableEvent.allocate(0);
    private boolean isLive;
    private long hash;
    private long firstSequence;
    private long lastSequence = Long.MAX_VALUE;

    private long readyFirst;
    private long readyHash;
    /** Last sequence of what is handed over, -1 if nothing is. */
    private volatile long readyLast = -1;

    /** @param intervalCount records that one hash covers, 0 for none */
    OutputHashes(long intervalCount) {
        this.intervalCount = intervalCount;
    }

    boolean isOn() {
        return intervalCount > 0;
    }

    void onOutput(Event output) {
        hash = Xxh64.hash(output.buffer(), 0, output.recordLength(), hash);
    }

    /** Hears that a record has given all its outputs. */
    void onApplied(long sequence) {
        if (sequence >= lastSequence) {
            end(sequence);
        }
    }

    private void end(long sequence) {
        if (isLive && readyLast < 0) {
            readyFirst = firstSequence;
            readyHash = hash;
            readyLast = sequence;
        }
        begin(sequence + 1);
    }

    /** Runs end at multiples of the interval. */
    private void begin(long sequence) {
        hash = 0;
        firstSequence = sequence;
        lastSequence = (sequence / intervalCount + 1) * intervalCount - 1;
    }

    /** Begins behind a recovery: what it replayed live has hashed before, the rest of its run is a run of its own. */
    void restored(long nextSequence) {
        begin(nextSequence);
        isLive = true;
    }

    /** {@return whether a hash can go behind a record} */
    boolean isReady(long sequence) {
        long last = readyLast;
        return last >= 0 && last <= sequence;
    }

    /** {@return the record for the journal, valid until the next one; there must be one} */
    Event take() {
        record.clearHeader()
                .sequence(-1)
                .typeId(SystemTypes.STATE_HASH)
                .id(readyFirst, readyLast)
                .key(readyHash);
        readyLast = -1;
        return record;
    }

    void reset() {
        hash = 0;
    }

    long hash() {
        return hash;
    }
}
