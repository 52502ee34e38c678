package io.millrace.dedup;

import io.millrace.state.Stateful;

/**
 * Remembers the ids of accepted events within a bound and tells whether an id was seen.
 *
 * <p><b>Threading</b>: one thread (ADMIT). <b>Allocation</b>: none after construction. A duplicate changes no state:
 * its original's age is not refreshed.
 */
public interface Dedup extends Stateful {
    /** The id was not seen within the bound; it is remembered from now on. */
    long NEW = -1;
    /** The id was seen; the sequence of its original is not known. */
    long SEEN = -2;
    /** The id lies before the bound, or there is no room to remember it: nobody can tell, it must not be accepted. */
    long TOO_OLD = -3;

    /**
     * Asks about an id, and remembers it if it is new.
     *
     * @param sequence that the event gets if it is new, greater than any before it
     * @return {@link #NEW}, {@link #SEEN}, {@link #TOO_OLD}, or the sequence of the original, at least 0
     */
    long admit(long idHi, long idLo, long sequence);

    /**
     * Loads the cache lines that {@link #admit} will need, so that the misses of a batch overlap; changes nothing.
     *
     * @return anything that depends on the loaded lines, so that the compiler keeps the loads
     */
    long touch(long idHi, long idLo);
}
