package io.millrace.ring;

/**
 * How SYNC gets a commit mark into the journal, which only JOURNAL appends to. Each frame says what was synced when it
 * was written; behind the last frame nobody says it of that one, and after a power cut nobody could tell what of it
 * was acknowledged. So when nothing comes any more a frame without records says it.
 *
 * <pre>
 *   SYNC     synced all, nothing came for a while: want(ticket) ---.                 .--> forces it
 *   JOURNAL                                                        '--> mark, wrote -'
 * </pre>
 *
 * <p><b>Threading</b>: {@link #want} by SYNC, {@link #isWanted} and {@link #wrote} by JOURNAL. A wish that newer
 * records have overtaken is passed over: they say what it would have said. <b>Allocation</b>: none.
 */
final class CommitMarks {
    private final Wakeups wanted = new Wakeups();
    private final Wakeups written = new Wakeups();
    private volatile long wantedTicket = -1;
    private volatile long writtenTicket = -1;

    /** Asks for a mark behind the record with that ticket. */
    void want(long ticket) {
        wantedTicket = ticket;
        wanted.signalAllWhenBlocking();
    }

    /** {@return whether a mark is wanted behind the last ticket that JOURNAL is done with} */
    boolean isWanted(long lastTicket) {
        return wantedTicket == lastTicket && writtenTicket != lastTicket;
    }

    /** Says that the mark is in the log. */
    void wrote(long ticket) {
        writtenTicket = ticket;
        written.signalAllWhenBlocking();
    }

    /** {@return the ticket behind which the last mark stands, -1 if there is none} */
    long writtenTicket() {
        return writtenTicket;
    }

    /** Those to wake when a mark is wanted. */
    Wakeups wanted() {
        return wanted;
    }

    /** Those to wake when a mark is there to be forced. */
    Wakeups written() {
        return written;
    }
}
