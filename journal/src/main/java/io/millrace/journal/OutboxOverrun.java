package io.millrace.journal;

/** What happens when a sink is further behind the outbox than its bound. */
public enum OutboxOverrun {
    /** The sink is cut loose: nothing waits for it any more, until it is started again. */
    DETACH,
    /** Publishers are refused until the sink has caught up. */
    REFUSE
}
