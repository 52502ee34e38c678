package io.millrace.ring;

import io.millrace.status.PipelineCounter;
import java.lang.invoke.VarHandle;

/**
 * SYNC: forces the journal to disk when somebody asked for it, always if the gate is SYNCED. Whatever has gathered
 * while the last sync ran goes with the next one. It runs on a thread of its own that parks, because a sync blocks.
 */
final class SyncStage implements Stage {
    private final Cursor journaled;
    private final Cursor synced;
    private final EventLog log;
    private final boolean isAlways;
    private final StageProbe probe;
    private volatile long requestedTicket = -1;

    SyncStage(PipelineParts parts, EventLog log) {
        this.journaled = parts.journaled;
        this.synced = parts.synced;
        this.log = log;
        this.isAlways = parts.gate == Level.SYNCED;
        this.probe = parts.probe(null, PipelineCounter.JOURNAL_SYNC_MAX_NS);
    }

    @Override
    public StageProbe probe() {
        return probe;
    }

    @Override
    public String name() {
        return "SYNC";
    }

    /*
     * JOURNAL moves on for every batch, and most of them nobody wants synced: to wake this thread each time would cost
     * JOURNAL a system call per batch. As in Parker, each side writes, has a full fence and reads what the other
     * wrote: JOURNAL its cursor and the request, whoever asks the request and (in signal) the armed flag. If JOURNAL
     * does not see the request, the signal of the request comes after JOURNAL's cursor, and its look finds the record.
     */
    /** {@return what JOURNAL signals: the thread of this stage, but only while a sync is wanted} */
    Wakeable whileWanted(WaitStrategy wait) {
        return isAlways
                ? wait
                : () -> {
                    VarHandle.fullFence();
                    if (requestedTicket > synced.ticket()) {
                        wait.signal();
                    }
                };
    }

    /** Asks for a sync through a ticket; any thread. A request lost to a race is made again by whoever waits. */
    boolean request(long ticket) {
        if (ticket <= requestedTicket) {
            return false;
        }
        requestedTicket = ticket;
        return true;
    }

    /** The cursor is sampled before the sync and published after, so nothing that came meanwhile counts. */
    @Override
    public int doWork() {
        long ticket = journaled.ticket();
        if (ticket <= synced.ticket() || (!isAlways && requestedTicket <= synced.ticket())) {
            return 0;
        }
        probe.begin();
        long sequence = journaled.sequence();
        log.sync();
        synced.advance(ticket, sequence);
        probe.end();
        probe.counter(PipelineCounter.JOURNAL_SYNCS).incrementRelease();
        return 1;
    }
}
