package io.millrace.ring;

import io.millrace.event.Outputs;
import io.millrace.rule.CompiledRule;
import io.millrace.rule.RuleChange;
import io.millrace.rule.RuleChange.Action;
import io.millrace.rule.RuleException;
import io.millrace.rule.RuleSettings;
import io.millrace.rule.RuleStatus;
import io.millrace.state.Operator;
import io.millrace.window.Watermark;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes the rules of a running pipeline. What is wrong with a change is said at once, and nothing is journaled; what
 * is right becomes a record, and its future completes when APPLY has come to it.
 *
 * <pre>
 *   deploy(name, text) --compile, check bounds--&gt; inbox --&gt; writer --&gt; record S --&gt; APPLY --&gt; future: S
 *                   '--wrong--&gt; RuleException
 * </pre>
 *
 * <p>It holds from the record behind S on. Like any event it outlives a crash once the journal is synced through S. The
 * writer takes it at its next publish, or when it is idle.
 *
 * <p><b>Threading</b>: any; one change is under way at a time. A future completes on the thread of APPLY, so what
 * depends on it must not block. <b>Allocation</b>: per change.
 */
public final class Rules {
    private final @Nullable RuleSettings settings;
    private final List<Operator> configured;
    private final ControlInbox inbox;
    private final int contentLengthMax;
    private final Cursor admitted;
    private final RuleBook book;
    private final Supplier<Watermark> watermarks;
    private final Outputs muted;
    private @Nullable RecordHistory history;
    private long[] skipped = {};
    private volatile @Nullable UnderWay underWay;
    private volatile boolean isStopped;

    /** A change that was asked for and that APPLY has not come to. */
    private record UnderWay(
            byte[] change,
            @Nullable CompiledRule compiled,
            @Nullable RuleWarmUp warmUp,
            CompletableFuture<Long> done) {
        boolean is(byte[] other) {
            return Arrays.equals(change, other);
        }
    }

    Rules(ChainContext context, ControlInbox inbox, Cursor admitted, Supplier<Watermark> watermarks) {
        this.settings = context.rules();
        this.configured = context.operators();
        this.inbox = inbox;
        this.admitted = admitted;
        this.contentLengthMax = context.maxPayloadLength() - ControlInbox.CONTENT_OFFSET;
        this.book = new RuleBook(context, this);
        this.watermarks = watermarks;
        this.muted = new MutedOutputs(context.maxOutputPayloadLength());
        EventStore store = context.store();
        this.history = store == null ? null : store::reader;
    }

    RuleBook book() {
        return book;
    }

    /** Says where records come from that a replay needs again. */
    void history(RecordHistory value) {
        history = value;
    }

    /** Says which records are passed over, ascending. */
    void skip(long[] sequences) {
        skipped = sequences;
    }

    /** {@return the rules as they are, in the order in which they were deployed} */
    public List<RuleStatus> list() {
        return book.statuses();
    }

    /**
     * Deploys a rule that begins empty.
     *
     * @return the sequence of the change, when it is made
     * @throws RuleException if the text is no rule, the name is taken, or a bound is in the way
     */
    public CompletableFuture<Long> deploy(String name, String text) {
        return request(new RuleChange(Action.DEPLOY, name, text, false, -1));
    }

    /**
     * Deploys a rule that has seen the records from a sequence on; what it put out for them nobody hears of.
     *
     * @param warmFrom sequence, at least 0; the journal must have that record
     * @return the sequence of the change, when it is made
     * @throws RuleException if it cannot be
     */
    public CompletableFuture<Long> deploy(String name, String text, long warmFrom) {
        return request(new RuleChange(Action.DEPLOY, name, text, false, warmFrom));
    }

    /** Takes a rule away, with its state; what it still would have put out is not. See {@link #deploy}. */
    public CompletableFuture<Long> undeploy(String name) {
        return request(RuleChange.of(Action.UNDEPLOY, name));
    }

    /**
     * Puts a text in the place of another.
     *
     * @param isKeepingState whether the new operator takes over what the old one knows; if that does not fit, nothing
     *     is replaced and the future fails
     * @return the sequence of the change, when it is made
     */
    public CompletableFuture<Long> replace(String name, String text, boolean isKeepingState) {
        return request(new RuleChange(Action.REPLACE, name, text, isKeepingState, -1));
    }

    /** Lets a rule keep its state and see neither events nor time. See {@link #deploy}. */
    public CompletableFuture<Long> pause(String name) {
        return request(RuleChange.of(Action.PAUSE, name));
    }

    /** Lets a paused rule go on with the next record. See {@link #deploy}. */
    public CompletableFuture<Long> resume(String name) {
        return request(RuleChange.of(Action.RESUME, name));
    }

    /**
     * Asks for a change as a record of it says.
     *
     * @return the sequence of the change, when it is made
     * @throws RuleException if it cannot be
     */
    public synchronized CompletableFuture<Long> request(RuleChange change) {
        if (underWay != null) {
            throw refused(change, "another change is under way (expected: none); ask again when its future is done");
        }
        String refusal = RuleBook.refusal(change, list());
        if (refusal != null) {
            throw new RuleException(refusal);
        }
        boolean hasText = change.action() == Action.DEPLOY || change.action() == Action.REPLACE;
        CompiledRule compiled = hasText ? compile(change) : null;
        UnderWay asked = new UnderWay(change.encode(), compiled, warmUp(change, compiled), new CompletableFuture<>());
        List<byte[]> parts = RuleBook.parts(asked.change(), contentLengthMax);
        long afterSequence = admitted.sequence();
        underWay = asked;
        if (!inbox.offerControl(ControlRecord.RULE, parts)) {
            underWay = null;
            throw refused(change, "the control inbox is full (expected: room); ask again");
        }
        if (asked.warmUp() != null) {
            asked.warmUp().start(change.name(), parts.get(parts.size() - 1), afterSequence);
        }
        if (isStopped) {
            stop();
        }
        return asked.done();
    }

    private static RuleException refused(RuleChange change, String why) {
        return new RuleException("cannot change rule: name=" + change.name() + ": " + why);
    }

    private CompiledRule compile(RuleChange change) {
        CompiledRule compiled = book.compile(change.name(), change.text());
        for (Operator operator : configured) {
            requireOtherId(change, operator.name());
        }
        long length = compiled.length();
        int count = 1;
        for (RuleStatus rule : list()) {
            if (!rule.name().equals(change.name())) {
                requireOtherId(change, rule.name());
                length += rule.length();
                count++;
            }
        }
        if (settings != null && (count > settings.maxCount() || length > settings.maxLength())) {
            throw refused(
                    change,
                    "rules=" + count + " (expected: <= maxCount=" + settings.maxCount() + "), bytes of all=" + length
                            + " (expected: <= maxLength=" + settings.maxLength()
                            + "); undeploy others, bound it tighter, or raise the limits");
        }
        return compiled;
    }

    private static void requireOtherId(RuleChange change, String other) {
        if (OperatorIds.idOf(other) == OperatorIds.idOf(change.name())) {
            throw refused(
                    change,
                    "operatorId=" + OperatorIds.idOf(other) + " is that of operator " + other
                            + " (expected: one operator each); choose another name");
        }
    }

    private @Nullable RuleWarmUp warmUp(RuleChange change, @Nullable CompiledRule compiled) {
        if (change.warmFrom() < 0 || compiled == null) {
            return null;
        }
        if (history == null) {
            throw refused(change, "there is no journal to warm it from (expected: a store); deploy it without warming");
        }
        return newWarmUp(change, compiled, history);
    }

    private RuleWarmUp newWarmUp(RuleChange change, CompiledRule compiled, RecordHistory from) {
        return new RuleWarmUp(compiled.operator(), watermarks.get(), muted, from, change.warmFrom()).skip(skipped);
    }

    /** {@return the operator that was made when the change was asked for, null in a replay} */
    @Nullable
    CompiledRule compiled(byte[] change) {
        UnderWay asked = underWay;
        return asked != null && asked.is(change) ? asked.compiled() : null;
    }

    /** {@return whether APPLY can make the change: it waits for an operator that is still warmed} */
    boolean isReady(byte[] change) {
        UnderWay asked = underWay;
        return asked == null
                || !asked.is(change)
                || asked.warmUp() == null
                || asked.warmUp().isDone();
    }

    /** Brings the operator of a change to its place. {@return why it cannot be, null if it is there} */
    @Nullable
    String warm(RuleChange change, byte[] encoded, CompiledRule compiled, long sequence) {
        UnderWay asked = underWay;
        RuleWarmUp warmUp = asked != null && asked.is(encoded) ? asked.warmUp() : null;
        if (warmUp == null) {
            if (history == null) {
                throw refused(
                        change,
                        "it was warmed from sequence=" + change.warmFrom()
                                + " and this replay cannot read back (expected: a history); set one, or begin behind"
                                + " sequence=" + sequence);
            }
            warmUp = newWarmUp(change, compiled, history);
            warmUp.runTo(sequence);
        }
        RuntimeException failure = warmUp.failure();
        if (failure != null && !(failure instanceof RuleException)) {
            throw failure;
        }
        return failure == null ? null : failure.getMessage();
    }

    /** Hears that APPLY has come to a change. */
    void applied(byte[] change, long sequence, @Nullable String refusal) {
        UnderWay asked = underWay;
        if (asked == null || !asked.is(change)) {
            return;
        }
        underWay = null;
        if (refusal == null) {
            asked.done().complete(sequence);
        } else {
            asked.done().completeExceptionally(new RuleException(refusal));
        }
    }

    /** Hears that nothing is applied any more. */
    void stop() {
        isStopped = true;
        UnderWay asked = underWay;
        if (asked != null) {
            if (asked.warmUp() != null) {
                asked.warmUp().stop();
            }
            asked.done()
                    .completeExceptionally(new RuleException("cannot change rule: the pipeline has stopped before APPLY"
                            + " came to it; `rule ls` behind the next start tells whether the journal has it"));
        }
    }
}
