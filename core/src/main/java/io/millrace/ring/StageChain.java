package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.EventHandler;
import io.millrace.latency.Latencies;
import io.millrace.thread.CorePinning;
import io.millrace.window.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The stages of one pipeline, put on threads by a plan. Each stage reads the cursors of those before it and advances
 * its own; nothing else is shared.
 *
 * <pre>
 *   publisher --> [ring] --> ADMIT --+--> JOURNAL --(journaled)--> SYNC
 *                   ^                |        '--------------.  .---'(synced)
 *                   |                '--> APPLY --[outputs]--> EMIT
 *                   '-------------- emitted cursor frees slots --'
 * </pre>
 *
 * <p>What an earlier run left is replayed by the thread of EMIT before any other stage starts, as EMIT appends to the
 * outbox.
 *
 * <p><b>Threading</b>: {@link #start} and {@link #close} from one thread; cursors and {@link #awaitLevel} from any.
 */
public final class StageChain implements AutoCloseable {
    /** SYNC has its signals and nothing else to look after: it need not look up a thousand times a second. */
    private static final long SYNC_PARK_MAX_NS = 20_000_000;
    /** SNAPSHOT is told nothing and looks up: a snapshot is late by that much, several times over. */
    private static final long SNAPSHOT_PARK_MAX_NS = 10_000_000;

    private static final long AWAIT_PARK_NS = 20_000;
    private static final int AWAIT_SPIN_COUNT = 200;

    private final BiFunction<String, Long, WaitStrategy> waits;
    private final PipelineParts parts;
    private final ThreadPlan plan;
    private final AdmitStage admit;
    private final @Nullable JournalStage journal;
    private final @Nullable SyncStage sync;
    private final @Nullable SnapshotStage snapshot;
    private final ApplyStage apply;
    private final EmitStage emit;
    private final StageThreads threads;
    private final List<Stage> stages = new ArrayList<>();
    private final @Nullable Replay replay;
    private @Nullable Thread polling;
    private volatile boolean isTerminated;

    /** Makes the stages and their threads; nothing runs before {@link #start}. */
    public StageChain(ChainContext context, List<Subscription> subscriptions) {
        this(context, subscriptions, WaitStrategy::named);
    }

    /** The same with other wait strategies, for tests. */
    StageChain(ChainContext context, List<Subscription> subscriptions, BiFunction<String, Long, WaitStrategy> waits) {
        this.waits = waits;
        this.parts = new PipelineParts(context, subscriptions);
        this.plan = context.threadPlan().resolve(CorePinning.availableCores());
        this.threads = new StageThreads(context.name());
        this.admit = new AdmitStage(parts);
        this.apply = new ApplyStage(parts);
        this.emit = new EmitStage(parts);
        EventStore store = parts.store;
        this.journal = store == null ? null : new JournalStage(parts, store.journal());
        this.sync = store == null ? null : new SyncStage(parts, store.journal());
        this.snapshot = snapshotStage(store);
        this.replay = store == null ? null : new Replay(store, parts, admit, journal, apply, emit, snapshot);
        freeSlots();
        planThreads(context);
        new Wiring(parts, admit, journal, sync, apply, emit).wire(threads.loops());
    }

    private @Nullable SnapshotStage snapshotStage(@Nullable EventStore store) {
        SnapshotStore snapshots = store == null ? null : store.snapshots();
        return store == null || snapshots == null
                ? null
                : new SnapshotStage(parts, store, snapshots, this::requestSync);
    }

    /** {@return a subscription for {@link #StageChain}} */
    public static Subscription subscription(int typeId, String name, EventHandler handler) {
        return new Subscription(typeId, name, handler);
    }

    /** With the gate PUBLISHED an event may be emitted before it is journaled: its slot must then stay. */
    private void freeSlots() {
        if (journal == null) {
            parts.ring.freeBehind(parts.emitted.gatingSequence());
        } else {
            parts.ring.freeBehind(parts.emitted.gatingSequence(), parts.journaled.gatingSequence());
        }
    }

    private void planThreads(ChainContext context) {
        add(admit);
        add(journal);
        add(apply);
        add(emit);
        switch (plan) {
            case FUSED -> addThread(context, admit, journal, apply, emit);
            case SPLIT -> {
                addThread(context, admit, apply);
                addThread(context, journal, emit);
            }
            case PIPELINED -> stages.forEach(stage -> addThread(context, stage));
            default -> {
                add(sync);
                add(snapshot);
            }
        }
        if (plan != ThreadPlan.INVOKED) {
            addParked(sync, SYNC_PARK_MAX_NS);
            addParked(snapshot, SNAPSHOT_PARK_MAX_NS);
        }
    }

    /** A thread of its own for a stage that blocks. */
    private void addParked(@Nullable Stage stage, long parkMaxNs) {
        if (stage != null) {
            threads.add(new StageThread(List.of(stage), waits.apply("block", parkMaxNs), new int[0], this::fail));
        }
    }

    private void add(@Nullable Stage stage) {
        if (stage != null) {
            stages.add(stage);
        }
    }

    private void addThread(ChainContext context, @Nullable Stage... ofThread) {
        List<Stage> present = new ArrayList<>();
        for (Stage stage : ofThread) {
            if (stage != null) {
                present.add(stage);
            }
        }
        if (!present.isEmpty()) {
            int[] cores = context.cores();
            int[] own =
                    cores.length == 0 ? cores : new int[] {cores[threads.loops().size() % cores.length]};
            threads.add(new StageThread(
                    present, waits.apply(context.waitStrategy(), WaitStrategy.PARK_MAX_NS), own, this::fail));
        }
    }

    /**
     * Replays what an earlier run left, then starts the threads. Returns when the chain is live.
     *
     * @throws PipelineFailedException if the replay or the start of a stage fails, with its reason
     */
    public void start() {
        if (plan == ThreadPlan.INVOKED) {
            startInvoked();
        } else {
            StageThread emitLoop = threads.loopOf(emit);
            threads.startFirst(emitLoop, this::recover);
            if (fault() == null) {
                threads.startOthers(emitLoop);
            }
        }
        throwIfFailed();
    }

    private void startInvoked() {
        Stage starting = emit;
        try {
            emit.start();
            recover();
            for (Stage stage : stages) {
                starting = stage;
                if (stage != emit && fault() == null) {
                    stage.start();
                }
            }
        } catch (RuntimeException e) {
            fail(new Fault(starting.name(), starting.sequence(), e));
        }
    }

    private void recover() {
        if (replay != null) {
            try {
                replay.run();
            } catch (Throwable t) {
                fail(new Fault(Replay.NAME, replay.sequence(), t));
            }
        }
    }

    /** {@return how many accepted records of earlier runs were replayed at start} */
    public long recoveredCount() {
        return replay == null ? 0 : replay.recoveredCount();
    }

    /** {@return how many outputs that replay gave which the outbox did not have} */
    public long restoredOutputCount() {
        return emit.restoredOutputCount();
    }

    /** One pass over all stages, for the plan INVOKED: {@return how much was moved on} */
    public int doWork() {
        if (plan != ThreadPlan.INVOKED) {
            throw new IllegalStateException(
                    "cannot poll: threadPlan=" + plan + " (expected: INVOKED); the pipeline's threads do it");
        }
        int work = 0;
        for (Stage stage : stages) {
            work += poll(stage);
        }
        return work;
    }

    /** Polls one stage of the plan INVOKED, for tests of the order of stages. */
    int poll(Stage stage) {
        if (fault() != null || polling == Thread.currentThread()) {
            return 0;
        }
        polling = Thread.currentThread();
        try {
            stage.probe().beginCycle();
            return stage.doWork();
        } catch (RuntimeException e) {
            fail(new Fault(stage.name(), stage.sequence(), e));
            return 0;
        } catch (Error e) {
            fail(new Fault(stage.name(), stage.sequence(), e));
            throw e;
        } finally {
            polling = null;
        }
    }

    List<Stage> stages() {
        return stages;
    }

    private void fail(Fault fault) {
        parts.errors.onError(fault.cause());
        parts.ring.fail(fault);
        parts.rules.stop();
        threads.stop();
    }

    public @Nullable Fault fault() {
        return parts.ring.fault();
    }

    private void throwIfFailed() {
        Fault fault = fault();
        if (fault != null) {
            close();
            throw new PipelineFailedException(fault);
        }
    }

    /**
     * Waits until a ticket has reached a level and says what became of it.
     *
     * @param ticket at least 0
     * @param timeoutNs in nanoseconds, 0 to ask only
     * @return an {@link Outcome}
     * @throws IllegalArgumentException for a negative code of the publisher in place of a ticket
     */
    public long awaitLevel(long ticket, Level level, long timeoutNs) {
        if (ticket < 0) {
            throw new IllegalArgumentException("cannot await level=" + level + ": ticket=" + ticket
                    + " (expected: >= 0); a negative one is the publisher's refusal, handle it first");
        }
        if (isOwnThread()) {
            return Outcome.WOULD_DEADLOCK;
        }
        Cursor cursor = parts.cursorOf(level);
        long beganNs = System.nanoTime();
        for (int polls = 0; cursor.ticket() < ticket; polls++) {
            boolean isTimedOut = polls > 0 && System.nanoTime() - beganNs >= timeoutNs;
            if (isTimedOut || isStopped()) {
                return cursor.ticket() >= ticket ? parts.ring.outcome(ticket) : unreached();
            }
            if (level == Level.SYNCED) {
                requestSync(ticket);
            }
            idle(polls);
        }
        return parts.ring.outcome(ticket);
    }

    private boolean isStopped() {
        return isTerminated || fault() != null;
    }

    private long unreached() {
        return isStopped() ? Outcome.FAILED : Outcome.TIMED_OUT;
    }

    /**
     * Hands a parked event to the subscriber that gave it up, or, given up for good, lets go what waits behind it.
     *
     * @param event in memory that nobody changes any more
     * @return false if there is no room now
     */
    public boolean redeliver(String handler, Event event, long place, boolean isGivenUp) {
        return emit.redeliveries().offer(new Redelivery(handler, event, place, isGivenUp));
    }

    /** Asks for a sync through a ticket, if there is a journal. */
    public void requestSync(long ticket) {
        if (sync != null && sync.request(ticket) && plan != ThreadPlan.INVOKED) {
            threads.loopOf(sync).waitStrategy().signal();
        }
    }

    private void idle(int polls) {
        if (plan == ThreadPlan.INVOKED) {
            doWork();
        } else if (polls < AWAIT_SPIN_COUNT) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(AWAIT_PARK_NS);
        }
    }

    /**
     * Waits until all that was published has been emitted, and journaled if there is a journal.
     *
     * @param isInputDrained whether all is published that should be
     * @return false if the time ran out or the pipeline stopped
     * @throws IllegalStateException on a thread of the pipeline, which would wait for itself
     */
    public boolean awaitDrained(BooleanSupplier isInputDrained, long timeoutNs) {
        if (isOwnThread()) {
            throw new IllegalStateException("cannot await: thread="
                    + Thread.currentThread().getName() + " is the pipeline's own and would wait for itself"
                    + " (expected: another thread); await where events are published");
        }
        long beganNs = System.nanoTime();
        for (int polls = 0; !(isInputDrained.getAsBoolean() && isDrained()); polls++) {
            if (isStopped() || System.nanoTime() - beganNs >= timeoutNs) {
                return false;
            }
            idle(polls);
        }
        return fault() == null;
    }

    private boolean isDrained() {
        long published = parts.ring.published();
        return parts.emitted.ticket() >= published && (journal == null || parts.journaled.ticket() >= published);
    }

    /** {@return the last ticket that has reached a level; any thread} */
    public long reached(Level level) {
        return parts.cursorOf(level).ticket();
    }

    /** Tells a listener whenever a level moves on; before {@link #start}. */
    public void onLevel(Level level, LevelListener listener) {
        parts.cursorOf(level).wakeups().add(new LevelSignal(parts.cursorOf(level), listener, parts));
    }

    /** Lets a thread of the caller wake when a level moves on; before {@link #start}. */
    public void wakeAtLevel(Level level, WaitStrategy wait) {
        parts.cursorOf(level).wakeups().add(wait);
        parts.emitted.wakeups().add(wait);
    }

    /**
     * Runs a loop of the caller's on a thread of the chain; its failure is the chain's. Before {@link #start}.
     *
     * @param stop is called once on that thread after the last {@code doWork}
     */
    public void addLoop(String name, IntSupplier doWork, Runnable stop, WaitStrategy wait) {
        LoopStage stage = new LoopStage(name, doWork, stop, parts);
        if (plan == ThreadPlan.INVOKED) {
            stages.add(0, stage);
        } else {
            threads.add(new StageThread(List.of(stage), wait, new int[0], this::fail));
        }
    }

    /** {@return whether the caller is a thread of the chain, which must not wait for it} */
    public boolean isOwnThread() {
        return polling == Thread.currentThread() || threads.current() != null;
    }

    /** {@return whether the caller is a thread that runs stages, which must not become the writer} */
    public boolean isStageThread() {
        StageThread loop = threads.current();
        return loop != null && loop.hasStageOfChain();
    }

    /**
     * Refuses publishers, lets the threads end and waits for them, SYNC's last, which forces what is in the journal.
     * What was not drained before stays undone.
     */
    @Override
    public void close() {
        parts.ring.close();
        threads.end(sync);
        if (plan == ThreadPlan.INVOKED && !isTerminated) {
            stages.forEach(this::stop);
        }
        isTerminated = true;
        parts.rules.stop();
    }

    private void stop(Stage stage) {
        try {
            stage.stop();
        } catch (RuntimeException e) {
            fail(new Fault(stage.name(), stage.sequence(), e));
        }
    }

    public EventRing ring() {
        return parts.ring;
    }

    /** {@return the plan in force, never AUTO} */
    public ThreadPlan plan() {
        return plan;
    }

    /** {@return what changes the rules; any thread} */
    public Rules rules() {
        return parts.rules;
    }

    /** {@return requests to the writer} */
    public ControlInbox inbox() {
        return parts.inbox;
    }

    /**
     * Asks for a CONTROL record; any thread.
     *
     * @param kind 0 to 65535
     * @return false if the inbox is full: ask again later
     */
    public boolean requestControl(int kind, DirectBuffer content, int offset, int length) {
        return parts.requestControl(kind, content, offset, length);
    }

    /** Asks for a marker that a source is idle; any thread. {@return false if too many requests wait} */
    public boolean requestIdle(int sourceId) {
        return parts.inbox.offerIdle(sourceId);
    }

    /** Asks for a snapshot; any thread. {@return false if one is under way or the store keeps none} */
    public boolean requestSnapshot() {
        return snapshot != null && snapshot.request();
    }

    public Cursor admitted() {
        return parts.admitted;
    }

    public Cursor journaled() {
        return parts.journaled;
    }

    public Cursor synced() {
        return parts.synced;
    }

    public Cursor applied() {
        return parts.applied;
    }

    public Cursor emitted() {
        return parts.emitted;
    }

    public Latencies latencies() {
        return parts.latencies;
    }

    /** {@return the watermark at which an operator has something to do; any thread} */
    public long nextDeadlineNs() {
        return apply.nextDeadlineNs();
    }

    /** {@return event time; to be read by the thread of APPLY, or when the chain stands still} */
    public Watermark watermark() {
        return parts.watermark;
    }

    /** {@return a hash over dedup, event time and all operators; when the chain stands still} */
    public long stateHash() {
        return parts.state.stateHash();
    }
}
