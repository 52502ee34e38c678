package io.millrace.stream;

import io.millrace.event.Event;

/**
 * The way of rows from one operator into another one: the last step there, and where they come in here. They wait in
 * the {@link Intake} of the operator that is fed.
 */
final class Feed extends Step {
    private final Intake intake;
    private final int index;
    private final String from;
    private final Entry entry = new Entry();
    /** That of the node that rows come from: it gives none at or before it any more. */
    private long timeNs = Long.MIN_VALUE;

    Feed(Intake intake, int index, String from) {
        this.intake = intake;
        this.index = index;
        this.from = from;
    }

    /** {@return the name of the operator that rows come from} */
    String from() {
        return from;
    }

    /** {@return where rows come in} */
    Entry entry() {
        return entry;
    }

    @Override
    void onEvent(Event event) {
        intake.add(index, event);
    }

    /** Has what is behind follow the time of the node before it, which is done with a watermark. */
    void settle(long watermarkNs) {
        timeNs = Math.max(timeNs, watermarkNs);
    }

    long timeNs() {
        return timeNs;
    }
}
