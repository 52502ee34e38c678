package io.millrace.pattern;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Outputs;
import io.millrace.state.Operator;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import io.millrace.window.LateEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Runs a {@link Pattern}: for each event it moves the live runs of its key on, starts new ones, and puts out a {@link
 * PatternMatch} for each run that is complete.
 *
 * <p>Events are processed as they come, in the order of event time; one that is older than one before it, or not ahead
 * of the watermark, is late: ignored and counted. What is due is done before an event of that time is looked at.
 *
 * <p>Matches that one event completes are put out by the sequences of their events, in as many steps as it takes,
 * before the next record.
 *
 * <p>Bounds: see {@link PatternLimits} and {@link Overflow}. All that is lost is counted, and depends on the events
 * alone.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Complexity</b>: O(live runs of the
 * key) per event, O(log live runs) per run that starts or ends.
 */
public final class PatternOperator implements Operator {
    private static final int NONE = Runs.NONE;

    private final Pattern pattern;
    private final Automaton automaton;
    private final PatternLimits limits;
    private final RunPool pool;
    /** Among the patterns of the pool. */
    private final int number;

    private final Runs runs;
    private final MatchNodes nodes;
    private final RunDeadlines deadlines;
    private final MatchWriter writer;
    private final Bounds bounds;
    private final Completed completed;
    private final PatternCounts counts = new PatternCounts();
    private final int[] typeIds;
    private final RunSteps steps;
    private final long configHash;
    private final boolean isGeneral;
    private final long[] touchedKeys = new long[MAX_TOUCHED];
    private final int[] touchedSlots = new int[MAX_TOUCHED];

    private long watermarkNs = Long.MIN_VALUE;
    private long lastTimestampNs = Long.MIN_VALUE;
    /**
     * Makes the state for all keys.
     *
     * @throws IllegalArgumentException if a condition asks for what is not there, or the pattern is too large
     */
    public PatternOperator(Pattern pattern) {
        this(pattern, false);
    }

    /** @param isGeneral whether nothing is made simpler that this pattern allows to be; for tests */
    PatternOperator(Pattern pattern, boolean isGeneral) {
        this(pattern, new PatternCompiler(pattern).compile(), isGeneral);
    }

    /** @param automaton that runs in place of the one that the pattern's stages make; for tests */
    PatternOperator(Pattern pattern, Automaton automaton, boolean isGeneral) {
        this(pattern, automaton, RunPool.of(pattern, automaton, isGeneral), 0, isGeneral);
    }

    /**
     * Makes one of many patterns.
     *
     * @param pool of all of them
     * @param number of the pattern
     */
    PatternOperator(Pattern pattern, Automaton automaton, RunPool pool, int number, boolean isGeneral) {
        this.pattern = pattern;
        this.automaton = automaton;
        this.limits = pattern.limits();
        this.pool = pool;
        this.number = number;
        this.runs = pool.runs;
        this.nodes = pool.nodes;
        this.deadlines = pool.deadlines(automaton);
        this.writer = new MatchWriter(pattern, automaton, pool);
        PatternLimits inPool = pool.limits.maxRunsPerKey(limits.maxRunsPerKey()).overflow(limits.overflow());
        this.bounds = new Bounds(pattern, inPool, runs, nodes, deadlines, counts);
        this.completed = pool.completed;
        completed.rule(number, new SkipRule(pattern, automaton, bounds, pool));
        this.typeIds = pattern.types().stream().mapToInt(EventType::id).toArray();
        this.configHash = configHash(pattern);
        this.isGeneral = isGeneral;
        this.steps = new RunSteps(pattern, automaton, number, deadlines, bounds, pool);
    }

    @Override
    public String name() {
        return pattern.name();
    }

    public Pattern pattern() {
        return pattern;
    }

    /** {@return bytes that the state of such a pattern takes} */
    public static long bytes(Pattern pattern) {
        return RunPool.bytes(pattern, new PatternCompiler(pattern).compile());
    }

    @Override
    public Map<String, Long> losses() {
        return counts().losses();
    }

    /** {@return bytes that the state takes, the same for its whole life} */
    @Override
    public long bytes() {
        return bytes(pattern);
    }

    /** {@return what was counted so far} */
    public PatternCounts counts() {
        return counts;
    }

    /** {@return keys with live runs or matches that are held} */
    public int keyCount() {
        return runs.keys.size();
    }

    /** {@return live runs of all keys} */
    public int runCount() {
        return runs.liveCount();
    }

    /** {@return events held by runs and matches that wait} */
    public int nodeCount() {
        return nodes.size();
    }

    Runs runs() {
        return runs;
    }

    /** {@return the slot of a key, -1 if there is nothing of it} */
    int slotOf(long key) {
        return pool.slotOf(key, number);
    }

    /** {@return whether a slot that is used is of this pattern} */
    boolean owns(int slot) {
        return runs.patternOf(slot) == number;
    }

    MatchNodes nodes() {
        return nodes;
    }

    /** {@return when a live run is over, {@code Long.MAX_VALUE} for never} */
    long deadlineNs(int run) {
        return deadlines.isArmed(run) ? deadlines.deadlineNs(run) : Long.MAX_VALUE;
    }

    Automaton automaton() {
        return automaton;
    }

    @Override
    public int maxOutputsPerStep() {
        return limits.maxOutputsPerStep();
    }

    @Override
    public long nextDeadlineNs() {
        return runs.isQueueEmpty() ? deadlines.firstNs() : Long.MIN_VALUE;
    }

    @Override
    public boolean accepts(Event event) {
        return isSeen(event);
    }

    @Override
    public boolean needsOrder() {
        return true;
    }

    @Override
    public long touch(Event event) {
        return isSeen(event) ? runs.keys.touch(event.key()) : 0;
    }

    /** In passes, each over all events: no load waits for another one of its pass. */
    @Override
    public long touch(Event[] events, int count) {
        int keyCount = 0;
        long touched = 0;
        for (int i = 0; i < count; i++) {
            if (isSeen(events[i])) {
                touchedKeys[keyCount] = events[i].key();
                touched += runs.keys.touch(touchedKeys[keyCount++]);
            }
        }
        int slotCount = 0;
        for (int i = 0; i < keyCount; i++) {
            int slot = runs.keys.slotOf(touchedKeys[i]);
            if (slot != NONE) {
                touchedSlots[slotCount++] = slot;
                touched += runs.first(slot);
            }
        }
        for (int i = 0; i < slotCount; i++) {
            int run = runs.first(touchedSlots[i]);
            touched += run == NONE ? run : runs.touch(run);
        }
        return touched;
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        int room = putOut(outputs, limits.maxOutputsPerStep());
        while (!isWaiting() && deadlines.isDue(watermarkNs)) {
            expireNext(true);
            room = putOut(outputs, room);
        }
        if (isWaiting()) {
            return false;
        }
        this.watermarkNs = watermarkNs;
        return true;
    }

    /** {@return whether matches wait for room} */
    boolean isWaiting() {
        return !runs.isQueueEmpty();
    }

    @Override
    public boolean hasMore() {
        return isWaiting();
    }

    @Override
    public void putOutMore(Outputs outputs) {
        putOut(outputs, limits.maxOutputsPerStep());
    }

    /** Puts out what waits, as long as there is room. {@return the room that is left} */
    int putOut(Outputs outputs, int maxCount) {
        int room = maxCount;
        while (room > 0 && !runs.isQueueEmpty()) {
            putOut(runs.removeQueued(), outputs);
            room--;
        }
        return room;
    }

    /** Puts out a match that waited for room. */
    void putOut(int entry, Outputs outputs) {
        counts.outputs++;
        boolean isWhole = writer.write(
                outputs,
                runs.key(entry),
                runs.stampNs(entry),
                runs.startNs(entry),
                runs.tail(entry),
                runs.kind(entry),
                counts.outputs);
        counts.truncated += isWhole ? 0 : 1;
        nodes.release(runs.tail(entry));
        runs.endWaiting(entry);
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        if (!isSeen(event)) {
            return;
        }
        long timestampNs = event.timestampNs();
        if (timestampNs < lastTimestampNs || timestampNs <= watermarkNs) {
            counts.late++;
            if (pattern.late().isSideOutput()) {
                LateEvent.putOut(event, Math.max(watermarkNs, lastTimestampNs), outputs);
            }
            return;
        }
        lastTimestampNs = timestampNs;
        while (deadlines.isDue(timestampNs)) {
            expireNext(false);
        }
        long conditionMask = automaton.predicates.conditionMask(event);
        if (conditionMask != 0 || isGeneral || !automaton.isIdleAtNothing()) {
            process(event, conditionMask, runs.keys.slotOf(event.key()), steps.order() + 1);
        }
        if (isWaiting()) {
            putOut(outputs, limits.maxOutputsPerStep());
        }
    }

    /** {@return whether the event is of a type that the pattern sees} */
    boolean isSeen(Event event) {
        if (typeIds.length == 0) {
            return true;
        }
        int typeId = event.typeId();
        for (int each : typeIds) {
            if (each == typeId) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes an event of a time at which nothing is due.
     *
     * @param conditionMask the conditions over the event that hold
     * @param keySlot slot of the key, -1 if it has none
     * @param order of the event, greater than that of all before it
     */
    void process(Event event, long conditionMask, int keySlot, long order) {
        bounds.nowNs(event.timestampNs());
        steps.order(order);
        long mask = automaton.predicates.completed(conditionMask);
        boolean isMoved = keySlot != NONE && step(keySlot, event, mask);
        boolean isStarting = isGeneral || !automaton.isUnmoved(0, mask);
        if (!isMoved && !isStarting) {
            return;
        }
        int slot = isStarting ? steps.start(event, mask, keySlot) : keySlot;
        completed.settle(event.timestampNs());
        if (slot != NONE) {
            settle(slot, event.timestampNs());
        }
    }

    /** {@return whether a run was moved} */
    private boolean step(int slot, Event event, long mask) {
        boolean isMoved = false;
        int run = runs.first(slot);
        while (run != NONE) {
            int next = runs.next(run);
            if (isGeneral || !automaton.isUnmoved(runs.state(run), mask)) {
                steps.step(run, event, mask);
                isMoved = true;
            }
            run = next;
        }
        return isMoved;
    }

    /** Lets matches go that a key held, and the key if nothing is left of it. */
    void settle(int slot, long stampNs) {
        completed.release(slot, stampNs);
        if (runs.isDegraded(slot) && runs.liveCount(slot) < limits.maxRunsPerKey() / 2) {
            runs.degraded(slot, false);
        }
        runs.freeKeyIfIdle(slot);
    }

    /**
     * Does what is due at the first time at which something is.
     *
     * @param isPartial whether some of it may be left for the next step, which is so unless an event waits
     */
    private void expireNext(boolean isPartial) {
        long dueNs = deadlines.firstNs();
        boolean mayStop = isPartial && !bounds.isWaitingFull();
        while (deadlines.isDue(dueNs) && !(mayStop && bounds.isWaitingFull())) {
            expire(deadlines.first(), dueNs);
        }
        completed.settle(dueNs);
        for (int i = 0; i < completed.touchedCount(); i++) {
            settle(completed.touchedSlot(i), dueNs);
        }
        completed.forgetTouched();
    }

    /** Does what is due of a run. */
    void expire(int run, long dueNs) {
        bounds.nowNs(dueNs);
        int state = runs.state(run);
        completed.touch(runs.slot(run));
        if (steps.isAbsenceOver(run, dueNs)) {
            steps.completeAbsence(run, state, dueNs);
        } else if (automaton.isPending[state]) {
            steps.leave(run, PatternMatch.MATCH);
        } else {
            counts.timeouts++;
            steps.leave(run, PatternMatch.TIMEOUT);
        }
    }

    private static long configHash(Pattern pattern) {
        long hash = 17;
        for (byte each : (pattern + " " + pattern.limits()).getBytes(StandardCharsets.UTF_8)) {
            hash = hash * 1_000_003 + each;
        }
        return hash;
    }

    @Override
    public void save(StateWriter writer) {
        saveOwn(writer);
        writer.putLong(watermarkNs);
        writer.putLong(lastTimestampNs);
        writer.putLong(steps.order());
        pool.save(writer);
    }

    /** Saves what one of many patterns has for itself. */
    void saveOwn(StateWriter writer) {
        writer.putLong(configHash);
        counts.save(writer);
    }

    void loadOwn(StateReader reader) {
        StateException.requireSame("pattern " + name(), "configHash", reader.getLong(), configHash);
        counts.load(reader);
    }

    @Override
    public void load(StateReader reader) {
        loadOwn(reader);
        watermarkNs = reader.getLong();
        lastTimestampNs = reader.getLong();
        steps.order(reader.getLong());
        pool.load(reader);
    }
}
