package io.millrace.ops;

import io.millrace.ClaimPolicy;
import io.millrace.Pipeline;
import io.millrace.Publisher;
import io.millrace.event.MutableEvent;
import io.millrace.journal.deadletter.DeadLetter;
import io.millrace.journal.deadletter.DeadLetterQueue;
import io.millrace.journal.deadletter.RedriveTarget;
import io.millrace.ops.format.EventMapping;
import io.millrace.ops.format.RowError;
import io.millrace.ops.format.RowReader;
import io.millrace.ring.Level;
import io.millrace.ring.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads bad rows again, as the mapping of this run says, and publishes those that are events now. One that the pipeline
 * knows already is a duplicate there: it is done, and nothing happens twice.
 *
 * <p><b>Threading</b>: offers from the thread that redrives; {@link #doWork} by the one writer.
 */
final class RowRedrive implements RedriveTarget {
    private static final ClaimPolicy CLAIM_POLICY = ClaimPolicy.park(TimeUnit.MILLISECONDS.toNanos(50));
    private static final long AWAIT_NS = TimeUnit.SECONDS.toNanos(10);
    /** Of a row that is too long only the beginning is kept. */
    private static final String CUT = "is longer than ";

    private final Pipeline pipeline;
    private final DeadLetterQueue letters;
    private final EventMapping mapping;
    private final MutableEvent event;
    private final AtomicReference<@Nullable DeadLetter> waiting = new AtomicReference<>();

    /** @param mapping of rows without a header */
    RowRedrive(Pipeline pipeline, DeadLetterQueue letters, EventMapping mapping, int maxPayloadLength) {
        this.pipeline = pipeline;
        this.letters = letters;
        this.mapping = mapping;
        this.event = MutableEvent.allocate(maxPayloadLength);
    }

    @Override
    public boolean offer(DeadLetter letter) {
        return waiting.compareAndSet(null, letter);
    }

    /** Takes the row that was offered, if there is one. */
    void doWork() throws IOException {
        DeadLetter letter = waiting.get();
        if (letter != null) {
            String problem = problem(letter);
            if (problem == null) {
                letters.redriven(letter.place());
            } else {
                letters.failedAgain(letter.place(), "", problem, 1);
            }
            waiting.set(null);
        }
    }

    /** {@return why the row is no event now either, null if it was accepted} */
    private @Nullable String problem(DeadLetter letter) throws IOException {
        if (letter.message().contains(CUT)) {
            return letter.message();
        }
        try (RowReader rows = RowReader.open(new ByteArrayInputStream(letter.bytes()), letter.handler(), mapping)) {
            if (!rows.next(event)) {
                return "row is empty (expected: cells)";
            }
            RowError error = rows.error();
            return error == null ? publish() : error.message();
        }
    }

    private @Nullable String publish() {
        long ticket = pipeline.publisher().publish(event, CLAIM_POLICY);
        if (ticket < 0) {
            return "cannot publish: code=" + Publisher.describe(ticket);
        }
        long outcome = pipeline.awaitLevel(ticket, Level.JOURNALED, AWAIT_NS);
        boolean isDone = Outcome.isAccepted(outcome) || Outcome.isDuplicate(outcome);
        return isDone ? null : "not accepted: " + Outcome.describe(outcome);
    }
}
