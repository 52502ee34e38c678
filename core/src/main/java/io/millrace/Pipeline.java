package io.millrace;

import io.millrace.event.Event;
import io.millrace.event.EventHandler;
import io.millrace.latency.Latencies;
import io.millrace.ring.Cursor;
import io.millrace.ring.Fault;
import io.millrace.ring.Level;
import io.millrace.ring.LevelListener;
import io.millrace.ring.Outcome;
import io.millrace.ring.Replayer;
import io.millrace.ring.Rules;
import io.millrace.ring.StageChain;
import io.millrace.ring.Subscription;
import io.millrace.ring.ThreadPlan;
import io.millrace.status.Counters;
import io.millrace.status.ErrorLog;
import io.millrace.status.PipelineCounter;
import io.millrace.thread.JvmFlags;
import io.millrace.window.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An event pipeline: one writer puts events on a ring, stages admit, journal, apply and emit them. See the package's
 * drawing.
 *
 * <p>Made, given its subscribers, started (when it first replays what its store kept), used, drained and closed:
 *
 * <pre>{@code
 *   try (Pipeline pipeline = Pipeline.create(new PipelineContext().operator(window))) {
 *       pipeline.subscribe(WindowResult.TYPE_ID, "print", event -> ...);
 *       pipeline.start();
 *       pipeline.publisher().publish(event);
 *       pipeline.awaitDrained(timeoutNs);
 *   }
 * }</pre>
 *
 * <p><b>Threading</b>: set up and close from one thread; what reads (cursors, counters, latencies, {@link #awaitLevel})
 * from any.
 */
public final class Pipeline implements AutoCloseable {
    private final PipelineContext context;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final List<Consumer<StageChain>> levelListeners = new ArrayList<>();
    private @Nullable StageChain chain;
    private @Nullable Publisher publisher;
    private @Nullable ConcurrentPublisher concurrentPublisher;
    private ConcurrentPublisher.@Nullable OutcomeHandler outcomeHandler;
    private final BooleanSupplier inputDrained = this::isInputDrained;
    private boolean isStarted;
    private volatile boolean isReady;

    private Pipeline(PipelineContext context) {
        this.context = context;
    }

    /**
     * Makes a pipeline; nothing runs before {@link #start}.
     *
     * @throws IllegalArgumentException if a setting is wrong, with its value, its range and what to do
     * @throws IllegalStateException if the JVM lacks a flag, with the line to paste
     */
    public static Pipeline create(PipelineContext context) {
        JvmFlags.require(JvmFlags.CORE);
        return new Pipeline(context.conclude());
    }

    /**
     * Makes the deterministic part of a pipeline for records that were accepted before: no thread, no journal, no
     * subscriber. Given the records of a journal in order it gives the outputs and the state of the pipeline that
     * accepted them.
     *
     * @param context with operators and dedup of its own; a store and what concerns threads play no part
     * @param outputs gets each output, in order, valid until it returns
     * @throws IllegalArgumentException if a setting is wrong, with its value, its range and what to do
     */
    public static Replayer replayer(PipelineContext context, EventHandler outputs) {
        JvmFlags.require(JvmFlags.CORE);
        return new Replayer(context.conclude(), outputs);
    }

    /**
     * Adds a handler that gets every accepted event, or every output, of one type once its cause has passed the gate.
     * Before {@link #start}.
     *
     * @param name of the handler in counters, errors and dead letters
     */
    public Subscription subscribe(int typeId, String name, EventHandler handler) {
        requireNotStarted("subscribe");
        Subscription subscription = StageChain.subscription(typeId, name, handler);
        subscriptions.add(subscription);
        return subscription;
    }

    /**
     * Adds a listener that is told how far a level has come, whenever it moves on: acknowledgements for many without a
     * thread that waits for each. Before {@link #start}.
     *
     * @throws IllegalArgumentException if the level needs a store and there is none
     */
    public void onLevel(Level level, LevelListener listener) {
        requireNotStarted("listen");
        if (level != Level.PUBLISHED && context.store() == null) {
            throw new IllegalArgumentException("cannot listen: level=" + level
                    + ": the pipeline has no store (expected: PUBLISHED); give it a journal");
        }
        levelListeners.add(made -> made.onLevel(level, listener));
    }

    /** Lets many threads publish through {@link #concurrentPublisher} instead of one. Before {@link #start}. */
    public void publishConcurrently(ConcurrentPublisher.OutcomeHandler outcomes) {
        requireNotStarted("publishConcurrently");
        new PipelineLimits(context).requireCores(1);
        outcomeHandler = outcomes;
    }

    /**
     * Replays what the store kept, then goes live.
     *
     * @throws io.millrace.ring.PipelineFailedException if the replay fails
     */
    public void start() {
        requireNotStarted("start");
        new PipelineLimits(context).keepRoom();
        isStarted = true;
        StageChain made = new StageChain(context, subscriptions);
        chain = made;
        publisher = new Publisher(made, context);
        levelListeners.forEach(listener -> listener.accept(made));
        if (outcomeHandler != null) {
            ConcurrentPublisher concurrent = new ConcurrentPublisher(made, context, publisher, outcomeHandler);
            made.addLoop("SEQUENCE", concurrent::doWork, concurrent::onStop, concurrent.waitStrategy());
            concurrentPublisher = concurrent;
        }
        made.start();
        context.warmUp().run();
        isReady = true;
    }

    /**
     * {@return whether it takes events: what the store kept is replayed, the warm-up is done, and it has neither failed
     * nor been closed; any thread, also while another one is in {@link #start}}
     */
    public boolean isReady() {
        StageChain made = chain;
        return isReady && made != null && made.fault() == null;
    }

    private void requireNotStarted(String what) {
        if (isStarted) {
            throw new IllegalStateException("cannot " + what + ": pipeline=" + context.name()
                    + " is started or closed (expected: before start)");
        }
    }

    private StageChain started() {
        if (chain == null) {
            throw new IllegalStateException("pipeline=" + context.name() + " is not started; call start first");
        }
        return chain;
    }

    /** {@return the one writer; unusable beside a {@link #concurrentPublisher}} */
    public Publisher publisher() {
        started();
        if (publisher == null || concurrentPublisher != null) {
            throw new IllegalStateException("pipeline=" + context.name()
                    + " publishes concurrently: its sequencer is the one writer; use concurrentPublisher()");
        }
        return publisher;
    }

    /** {@return what many threads publish through} */
    public ConcurrentPublisher concurrentPublisher() {
        started();
        if (concurrentPublisher == null) {
            throw new IllegalStateException(
                    "pipeline=" + context.name() + " has one writer; call publishConcurrently before start");
        }
        return concurrentPublisher;
    }

    /**
     * Waits until a ticket has reached a level, and says what became of it. A duplicate is answered no sooner than its
     * original: when all that was published before it has reached the level.
     *
     * <p>With the plan INVOKED it polls the stages, so only the thread that polls may call it.
     *
     * @param ticket as the publisher gave it, at least 0
     * @param timeoutNs in nanoseconds; 0 asks without waiting
     * @return see {@link Outcome}
     * @throws IllegalArgumentException for a negative code in place of a ticket, or a level that needs a store
     */
    public long awaitLevel(long ticket, Level level, long timeoutNs) {
        return started().awaitLevel(ticket, level, timeoutNs);
    }

    /**
     * Waits until all that was published or offered has been emitted, journaled if there is a journal, and answered.
     *
     * @return false if the time ran out or the pipeline failed or was closed
     * @throws IllegalStateException on a thread of the pipeline, in a subscriber: it would wait for itself
     */
    public boolean awaitDrained(long timeoutNs) {
        return started().awaitDrained(inputDrained, timeoutNs);
    }

    /**
     * Hands a parked event to the subscriber that gave it up; the dead letters then note what became of it. It is
     * called by what redrives dead letters, on any thread.
     *
     * @param handler name of the subscriber
     * @param event in memory that nobody changes any more
     * @param place of the dead letter
     * @return false if there is no room now: try again
     */
    public boolean redeliver(String handler, Event event, long place) {
        return started().redeliver(handler, event, place, false);
    }

    /** Lets go what waits behind a parked event that will not come any more; as {@link #redeliver}. */
    public boolean giveUp(String handler, Event event, long place) {
        return started().redeliver(handler, event, place, true);
    }

    /** {@return whether a subscriber has this name} */
    public boolean hasSubscriber(String name) {
        return subscriptions.stream()
                .anyMatch(subscription -> subscription.name().equals(name));
    }

    private boolean isInputDrained() {
        return concurrentPublisher == null || concurrentPublisher.isDrained();
    }

    /** One pass over all stages, only for the plan INVOKED: {@return how much was moved on}. */
    public int doWork() {
        return started().doWork();
    }

    /** Refuses publishers and ends the threads. Drain first what should still be done. The store stays open. */
    @Override
    public void close() {
        isStarted = true;
        isReady = false;
        if (chain != null) {
            chain.close();
        }
    }

    /** {@return why it stopped, null while it runs; any thread} */
    public @Nullable Fault fault() {
        return started().fault();
    }

    /** {@return the last published ticket} */
    public long published() {
        return started().ring().published();
    }

    public Cursor admitted() {
        return started().admitted();
    }

    public Cursor journaled() {
        return started().journaled();
    }

    public Cursor synced() {
        return started().synced();
    }

    public Cursor applied() {
        return started().applied();
    }

    public Cursor emitted() {
        return started().emitted();
    }

    /** {@return the plan in force, never AUTO} */
    public ThreadPlan threadPlan() {
        return started().plan();
    }

    public Latencies latencies() {
        return started().latencies();
    }

    public Counters counters() {
        return context.counters();
    }

    public ErrorLog errorLog() {
        return context.errorLog();
    }

    /** {@return how many accepted records of earlier runs were replayed at start} */
    public long recoveredCount() {
        return started().recoveredCount();
    }

    /** {@return how many outputs of that replay the outbox did not have yet} */
    public long restoredOutputCount() {
        return started().restoredOutputCount();
    }

    /**
     * Asks for a snapshot of all state; any thread. The writer admits it at its next publish or {@link
     * Publisher#onIdle}; it counts once {@link #snapshotSequence} says so.
     *
     * @return false if one is under way, or the store keeps none
     */
    public boolean requestSnapshot() {
        return started().requestSnapshot();
    }

    /**
     * Asks the writer to say that a source is idle, as {@link Publisher#idle} does; any thread. The writer does it at
     * its next publish or {@link Publisher#onIdle}.
     *
     * @return false if too many requests wait: ask again later
     */
    public boolean requestIdle(int sourceId) {
        return started().requestIdle(sourceId);
    }

    /**
     * Asks the writer for a record that changes the pipeline itself, as {@link #requestSnapshot} does: every replay
     * sees it at the same place. Any thread.
     *
     * @param kind 0 to 65535
     * @return false if too many wait: ask again later
     * @throws IllegalArgumentException if it is longer than a slot takes
     */
    public boolean requestControl(int kind, DirectBuffer content, int offset, int length) {
        return started().requestControl(kind, content, offset, length);
    }

    /** {@return what deploys, replaces, pauses and takes away rules while the pipeline runs; any thread} */
    public Rules rules() {
        return started().rules();
    }

    /** {@return the sequence of the newest snapshot that counts, -1 if there is none; any thread} */
    public long snapshotSequence() {
        return context.counters().counter(PipelineCounter.SNAPSHOT_SEQUENCE).get();
    }

    /** {@return event time; only while the pipeline stands still} */
    public Watermark watermark() {
        return started().watermark();
    }

    /** {@return a hash over all state; only while the pipeline stands still} */
    public long stateHash() {
        return started().stateHash();
    }

    StageChain chain() {
        return started();
    }
}
