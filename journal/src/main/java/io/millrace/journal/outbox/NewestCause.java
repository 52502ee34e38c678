package io.millrace.journal.outbox;

import io.millrace.event.Event;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells outputs that come again from new ones, for a sink that appends: it knows the identities at the end of the
 * sink's data, those of the newest cause.
 *
 * <pre>
 *   outputs   ... | checkpoint |  in the data already  | new ...
 *                               ^ come again: contained ^ not contained
 * </pre>
 *
 * <p>Outputs of one epoch come in the order of their causes. So what lies before the newest cause is in the data, of
 * that cause what was added, and a higher epoch is new. At start the data is read from its end, each identity handed to
 * {@link #addFromEnd} until that says that it has enough; from then on every output that is appended is added.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: per output of the newest cause.
 */
public final class NewestCause {
    private static final int EPOCH_SHIFT = 48;

    private final Set<Long> idHis = new HashSet<>();
    private long idLo = -1;
    private long epoch = -1;

    /** Forgets everything. */
    public void clear() {
        idHis.clear();
        idLo = -1;
        epoch = -1;
    }

    /**
     * Adds an identity that stands before those added so far.
     *
     * @return false if it belongs to an earlier cause: all of the newest one are here
     */
    public boolean addFromEnd(long outputIdHi, long outputIdLo) {
        if (idLo < 0) {
            idLo = outputIdLo;
            epoch = outputIdHi >>> EPOCH_SHIFT;
        }
        return outputIdLo == idLo && outputIdHi >>> EPOCH_SHIFT == epoch && idHis.add(outputIdHi);
    }

    /** Adds an output that was appended. */
    public void add(Event output) {
        if (output.idLo() != idLo || output.idHi() >>> EPOCH_SHIFT != epoch) {
            idHis.clear();
            idLo = output.idLo();
            epoch = output.idHi() >>> EPOCH_SHIFT;
        }
        idHis.add(output.idHi());
    }

    /** {@return whether the data has the output already} */
    public boolean contains(Event output) {
        long outputEpoch = output.idHi() >>> EPOCH_SHIFT;
        if (outputEpoch != epoch) {
            return outputEpoch < epoch;
        }
        return output.idLo() < idLo || (output.idLo() == idLo && idHis.contains(output.idHi()));
    }
}
