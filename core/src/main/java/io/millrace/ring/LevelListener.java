package io.millrace.ring;

/**
 * Is told how far a level has come: every ticket up to the one given has reached it.
 *
 * <p><b>Threading</b>: called by the thread of the pipeline that moves the level on, once per batch or sync: ADMIT's
 * for {@link Level#PUBLISHED}, JOURNAL's for {@link Level#JOURNALED} (SYNC's with {@link SyncPolicy#PER_BATCH}), SYNC's
 * for {@link Level#SYNCED}. It has to be quick and must not block; to wait for the pipeline, or to publish, is refused
 * there. <b>Allocation</b>: none for the call. <b>Failure</b>: what it throws is counted and logged, and it is called
 * again at the next advance, which covers the one before; an {@link Error} halts the pipeline. Nothing is reported
 * after a fault.
 */
@FunctionalInterface
public interface LevelListener {
    /**
     * The level has come this far.
     *
     * @param ticket the last one that has reached the level
     * @param sequence the last journal sequence that has reached it, at least that of the ticket; -1 if none
     */
    void onLevel(long ticket, long sequence);
}
