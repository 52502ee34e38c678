package io.millrace.pattern;

import io.millrace.event.Event;
import io.millrace.pattern.Automaton.Guard;

/** What an event does to the runs of its key, and what the end of an absence does to a run. */
final class RunSteps {
    private static final int NONE = Runs.NONE;
    private static final long NEVER_NS = Automaton.NEVER_NS;

    private final Pattern pattern;
    private final Automaton automaton;
    private final int number;
    private final PatternLimits limits;
    private final Runs runs;
    private final MatchNodes nodes;
    private final RunDeadlines deadlines;
    private final Bounds bounds;
    private final Completed completed;
    private final PatternCounts counts;
    private final boolean isFlinkExact;

    /** Edges that the event at hand fires for the run at hand. */
    private final int[] fired;

    private final boolean[] firedFinal;
    /** Events processed. */
    private long order;

    RunSteps(Pattern pattern, Automaton automaton, int number, RunDeadlines deadlines, Bounds bounds, RunPool pool) {
        this.pattern = pattern;
        this.automaton = automaton;
        this.number = number;
        this.limits = pattern.limits();
        this.runs = pool.runs;
        this.nodes = pool.nodes;
        this.deadlines = deadlines;
        this.bounds = bounds;
        this.completed = pool.completed;
        this.counts = bounds.counts();
        this.isFlinkExact = pattern.semantics() == Semantics.FLINK_EXACT;
        this.fired = new int[automaton.maxEdges()];
        this.firedFinal = new boolean[fired.length];
    }

    long order() {
        return order;
    }

    void order(long newOrder) {
        order = newOrder;
    }

    /** Moves a run on by an event. */
    void step(int run, Event event, long mask) {
        int from = automaton.firstEdge[runs.state(run)];
        int to = automaton.firstEdge[runs.state(run) + 1];
        int count = 0;
        boolean isStopped = false;
        for (int edge = from; edge < to; edge++) {
            if (fires(edge, run, event, mask)) {
                if (automaton.edgeKind[edge] == Automaton.STOP) {
                    isStopped = true;
                } else {
                    fired[count++] = edge;
                }
            }
        }
        if (isStopped) {
            stop(run, event, mask, count);
        } else if (count == 0) {
            bounds.end(run);
        } else if (count > 1 || !isWaiting(fired[0], run)) {
            move(run, event, mask, count);
        }
    }

    private boolean fires(int edge, int run, Event event, long mask) {
        Guard guard = automaton.edgeGuard[edge];
        if (!guard.holds(mask)) {
            return false;
        }
        if (guard.ofRun.length > 0 && !automaton.holds(guard, event, mask, runs.registers, runs.registersOf(run))) {
            return false;
        }
        byte kind = automaton.edgeKind[edge];
        return kind == Automaton.STOP
                || (event.timestampNs() - runs.lastNs(run) < automaton.edgeGapNs[edge]
                        && (kind == Automaton.IGNORE || hasRoom(run)));
    }

    private boolean hasRoom(int run) {
        if (nodes.depth(runs.tail(run)) >= limits.maxEventsPerMatch()) {
            counts.tooLong++;
            return false;
        }
        return true;
    }

    private boolean isWaiting(int edge, int run) {
        return automaton.edgeKind[edge] == Automaton.IGNORE && automaton.edgeTarget[edge] == runs.state(run);
    }

    /** A negation ends the run. Flink puts out what the same event completes. */
    private void stop(int run, Event event, long mask, int count) {
        for (int i = 0; isFlinkExact && i < count; i++) {
            int edge = fired[i];
            boolean isTake = automaton.edgeKind[edge] == Automaton.TAKE;
            boolean isFinal = automaton.edgeTarget[edge] == Automaton.FINAL || isFinal(edge, run, event, mask);
            if (isFinal && (!isTake || bounds.makeRoomForNode(runs.slot(run), run))) {
                complete(run, isTake ? add(edge, runs.tail(run), event) : retained(runs.tail(run)));
            }
        }
        bounds.end(run);
    }

    private boolean isFinal(int edge, int run, Event event, long mask) {
        return isFinal(edge, event, mask, runs.registersOf(run));
    }

    private boolean isFinal(int edge, Event event, long mask, int registers) {
        for (Guard guard : automaton.edgeFinals[edge]) {
            if (automaton.holds(guard, event, mask, runs.registers, registers)) {
                return true;
            }
        }
        return false;
    }

    /** Gives each way on a run: the last one that takes the event, else the last, goes on in the run's own place. */
    private void move(int run, Event event, long mask, int count) {
        int own = NONE;
        for (int i = 0; i < count; i++) {
            int edge = fired[i];
            boolean isLive = automaton.edgeTarget[edge] != Automaton.FINAL;
            boolean isTake = automaton.edgeKind[edge] == Automaton.TAKE;
            firedFinal[i] = !isLive || (isTake && isFinal(edge, run, event, mask));
            if (isLive && (own == NONE || isTake || automaton.edgeKind[fired[own]] == Automaton.IGNORE)) {
                own = i;
            }
        }
        for (int i = 0; i < count; i++) {
            if (i != own) {
                branch(run, fired[i], firedFinal[i], event);
            }
        }
        if (own == NONE) {
            bounds.end(run);
        } else {
            goOn(run, fired[own], firedFinal[own], event);
        }
    }

    private void branch(int run, int edge, boolean isFinal, Event event) {
        int tail = runs.tail(run);
        boolean isTake = automaton.edgeKind[edge] == Automaton.TAKE;
        if (isTake && !bounds.makeRoomForNode(runs.slot(run), run)) {
            return;
        }
        int node = isTake ? add(edge, tail, event) : retained(tail);
        if (isFinal) {
            complete(run, retained(node));
        }
        if (automaton.edgeTarget[edge] != Automaton.FINAL) {
            int copy = bounds.fork(run);
            if (copy != NONE) {
                enter(copy, edge, retained(node), event);
            }
        }
        nodes.release(node);
    }

    private void goOn(int run, int edge, boolean isFinal, Event event) {
        int tail = runs.tail(run);
        boolean isTake = automaton.edgeKind[edge] == Automaton.TAKE;
        if (!isTake) {
            enter(run, edge, tail, event);
            return;
        }
        if (!bounds.makeRoomForNode(runs.slot(run), run)) {
            bounds.end(run);
            return;
        }
        int node = add(edge, tail, event);
        if (isFinal) {
            complete(run, retained(node));
        }
        enter(run, edge, node, event);
        nodes.release(tail);
    }

    /** Brings a live run to the target of an edge. It owns a reference to the node. */
    private void enter(int run, int edge, int node, Event event) {
        runs.state(run, automaton.edgeTarget[edge]);
        runs.tail(run, node);
        if (automaton.edgeKind[edge] == Automaton.TAKE) {
            runs.lastNs(run, event.timestampNs());
            takeIntoRegisters(run, automaton.edgeLabel[edge], node, event);
            beginAbsences(run, automaton.edgeAbsences[edge]);
        }
        arm(run);
    }

    private void takeIntoRegisters(int run, int label, int node, Event event) {
        if (automaton.registers.count() > 0) {
            for (int stage : automaton.labels[label]) {
                automaton.registers.take(stage, event, runs.registers, runs.registersOf(run), nodes, node);
            }
        }
    }

    private void beginAbsences(int run, int[] absences) {
        for (int state : absences) {
            int copy = bounds.fork(run);
            if (copy != NONE) {
                nodes.retain(runs.tail(copy));
                runs.state(copy, state);
                arm(copy);
            }
        }
    }

    private int add(int edge, int parent, Event event) {
        return nodes.add(event, order, automaton.edgeLabel[edge], parent);
    }

    private int retained(int node) {
        nodes.retain(node);
        return node;
    }

    /** {@return the slot of the key, or -1 if it has none} */
    int start(Event event, long mask, int keySlot) {
        int slot = keySlot;
        int empty = runs.emptyRegisters();
        boolean isCleared = false;
        for (int edge = 0; edge < automaton.firstEdge[1]; edge++) {
            Guard guard = automaton.edgeGuard[edge];
            if (automaton.edgeKind[edge] != Automaton.TAKE || !guard.holds(mask)) {
                continue;
            }
            if (!isCleared) {
                automaton.registers.clear(runs.registers, empty);
                isCleared = true;
            }
            if (automaton.holds(guard, event, mask, runs.registers, empty)) {
                slot = start(edge, event, mask, slot);
            }
        }
        return slot;
    }

    private int start(int edge, Event event, long mask, int keySlot) {
        int slot = keySlot == NONE ? runs.putKey(event.key(), number) : keySlot;
        if (slot == NONE) {
            counts.refusedKeys++;
            return NONE;
        }
        boolean isLive = automaton.edgeTarget[edge] != Automaton.FINAL;
        if ((pattern.isOnce() && runs.hasStarted(slot))
                || (isLive && !bounds.makeRoomForStart(slot))
                || !bounds.makeRoomForNode(slot, NONE)) {
            return slot;
        }
        if (pattern.isOnce()) {
            runs.started(slot);
        }
        boolean isFinal = !isLive || isFinal(edge, event, mask, runs.emptyRegisters());
        int node = add(edge, MatchNodes.NONE, event);
        if (isLive) {
            startRun(slot, edge, retained(node), event);
        }
        if (isFinal) {
            completeAtOnce(slot, retained(node), event);
        }
        nodes.release(node);
        return slot;
    }

    private void startRun(int slot, int edge, int node, Event event) {
        int run = runs.start(slot);
        counts.starts++;
        runs.startNs(run, event.timestampNs());
        runs.startOrder(run, order);
        runs.key(run, event.key());
        automaton.registers.clear(runs.registers, runs.registersOf(run));
        enter(run, edge, node, event);
    }

    private void completeAtOnce(int slot, int node, Event event) {
        if (!bounds.hasRoomToWait()) {
            nodes.release(node);
            return;
        }
        int entry = runs.waitingOf(slot);
        runs.startNs(entry, event.timestampNs());
        runs.startOrder(entry, order);
        runs.key(entry, event.key());
        completed.add(entry, node, PatternMatch.MATCH);
    }

    /** Makes a match of a run that goes on. It takes over a reference to the node. */
    private void complete(int run, int node) {
        if (bounds.hasRoomToWait()) {
            completed.add(runs.waitingCopy(run), node, PatternMatch.MATCH);
        } else {
            nodes.release(node);
        }
    }

    private void arm(int run) {
        int state = runs.state(run);
        long due = pattern.withinNs() > 0 ? later(runs.startNs(run), pattern.withinNs()) : NEVER_NS;
        due = Math.min(due, later(runs.lastNs(run), automaton.gapNs[state]));
        due = Math.min(due, later(runs.lastNs(run), automaton.absentNs[state]));
        if (due == NEVER_NS) {
            deadlines.disarm(run);
        } else {
            deadlines.arm(run, due);
        }
    }

    /** {@return whether a run's absence has lasted by then} At one instant the time of the whole match goes first. */
    boolean isAbsenceOver(int run, long dueNs) {
        boolean isLate = pattern.withinNs() > 0 && later(runs.startNs(run), pattern.withinNs()) <= dueNs;
        return !isLate && later(runs.lastNs(run), automaton.absentNs[runs.state(run)]) == dueNs;
    }

    private static long later(long timeNs, long durationNs) {
        long later = timeNs + durationNs;
        return durationNs == NEVER_NS || (later < timeNs) ? NEVER_NS : later;
    }

    /** Moves a run on whose absence is over. */
    void completeAbsence(int run, int state, long dueNs) {
        int target = automaton.absentTarget[state];
        if (target == Automaton.FINAL) {
            leave(run, PatternMatch.MATCH);
            return;
        }
        if (automaton.isAbsentFinal[state]) {
            complete(run, retained(runs.tail(run)));
        }
        runs.state(run, target);
        runs.lastNs(run, dueNs);
        beginAbsences(run, automaton.absentAbsences[state]);
        arm(run);
    }

    /** A run ends as an output. */
    void leave(int run, int kind) {
        boolean isWanted = kind == PatternMatch.MATCH || pattern.hasTimeouts();
        if (isWanted && bounds.hasRoomToWait()) {
            deadlines.disarm(run);
            completed.add(runs.toWaiting(run), runs.tail(run), kind);
        } else {
            bounds.end(run);
        }
    }
}
