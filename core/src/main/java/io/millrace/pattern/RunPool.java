package io.millrace.pattern;

import io.millrace.state.KeyTable;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the runs of a pattern live, or those of all patterns of a set: they share keys, runs, events, deadlines and the
 * queue of matches that wait for room.
 */
final class RunPool {
    /** Durations for which a set keeps a list of deadlines each; runs that wait for others are in a heap. */
    static final int MAX_LISTS = 4;

    final PatternLimits limits;
    final Runs runs;
    final MatchNodes nodes;
    final Completed completed;
    /** Events of the match that is being written. */
    final int[] path;
    /** Its text. */
    final UnsafeBuffer text;

    private final @Nullable SharedKeys keys;
    private final Map<Long, RunDeadlines> deadlinesByWait = new LinkedHashMap<>();
    private final RunDeadlines[] deadlines;

    private RunPool(PatternLimits limits, Needs needs, @Nullable SharedKeys keys, int patternCount) {
        this.limits = limits;
        this.keys = keys;
        this.runs = new Runs(limits, needs.registerCount, keys);
        this.nodes = new MatchNodes(limits.maxNodes(), needs.valueCount);
        this.completed = new Completed(runs, nodes, limits, patternCount);
        this.path = new int[needs.eventCount];
        this.text = new UnsafeBuffer(new byte[needs.matchLength]);
        for (long waitNs : needs.waits) {
            deadlinesByWait.put(waitNs, new RunDeadlines(runs.capacity(), waitNs != Automaton.NEVER_NS));
        }
        this.deadlines = deadlinesByWait.values().toArray(RunDeadlines[]::new);
    }

    /** What patterns ask of a pool beside limits. */
    private static final class Needs {
        private int registerCount;
        private int valueCount;
        private int eventCount;
        private int matchLength;
        private final List<Long> waits = new ArrayList<>();

        void add(Pattern pattern, Automaton automaton, boolean isGeneral) {
            registerCount = Math.max(registerCount, automaton.registers.count());
            valueCount = Math.max(valueCount, automaton.registers.valueCount());
            eventCount = Math.max(eventCount, pattern.limits().maxEventsPerMatch());
            matchLength = Math.max(matchLength, pattern.limits().maxMatchLength());
            long waitNs = isGeneral || waits.size() >= MAX_LISTS ? Automaton.NEVER_NS : automaton.equalWaitNs();
            if (!waits.contains(automaton.equalWaitNs()) && !waits.contains(waitNs)) {
                waits.add(waitNs);
            }
        }

        long bytes(PatternLimits limits, int maxSlots) {
            int capacity = limits.maxRuns() + limits.maxWaitingMatches();
            long bytes = Runs.bytes(limits, registerCount, maxSlots)
                    + MatchNodes.bytes(limits.maxNodes(), valueCount)
                    + Completed.bytes(limits, maxSlots)
                    + (long) Integer.BYTES * eventCount
                    + matchLength;
            for (long waitNs : waits) {
                bytes += RunDeadlines.bytes(capacity, waitNs != Automaton.NEVER_NS);
            }
            return bytes;
        }
    }

    /** {@return a pool for one pattern} */
    static RunPool of(Pattern pattern, Automaton automaton, boolean isGeneral) {
        Needs needs = new Needs();
        needs.add(pattern, automaton, isGeneral);
        return new RunPool(pattern.limits(), needs, null, 1);
    }

    static long bytes(Pattern pattern, Automaton automaton) {
        Needs needs = new Needs();
        needs.add(pattern, automaton, false);
        int maxKeys = pattern.limits().maxKeys();
        return KeyTable.bytes(maxKeys) + needs.bytes(pattern.limits(), maxKeys);
    }

    private static Needs needs(List<Pattern> patterns, List<Automaton> automata) {
        Needs needs = new Needs();
        for (int i = 0; i < patterns.size(); i++) {
            needs.add(patterns.get(i), automata.get(i), false);
        }
        return needs;
    }

    /** {@return a pool for many patterns} */
    static RunPool of(List<Pattern> patterns, List<Automaton> automata, PatternLimits limits) {
        SharedKeys keys = new SharedKeys(limits.maxKeys(), maxSlots(patterns, limits), patterns.size());
        return new RunPool(limits, needs(patterns, automata), keys, patterns.size());
    }

    static long bytes(List<Pattern> patterns, List<Automaton> automata, PatternLimits limits) {
        int maxSlots = maxSlots(patterns, limits);
        return SharedKeys.bytes(limits.maxKeys(), maxSlots, patterns.size())
                + needs(patterns, automata).bytes(limits, maxSlots);
    }

    /** A slot has a run or a held match, unless its pattern remembers keys; one more is for a start that is refused. */
    private static int maxSlots(List<Pattern> patterns, PatternLimits limits) {
        int remembered = patterns.stream().anyMatch(Pattern::isOnce) ? limits.maxKeys() : 0;
        return Math.addExact(Math.addExact(limits.maxRuns(), limits.maxWaitingMatches()), 1 + remembered);
    }

    /** {@return the keys of all patterns} Of a pool for many. */
    SharedKeys keys() {
        if (keys == null) {
            throw new AssertionError("keys=null");
        }
        return keys;
    }

    /** {@return the slot of a key for a pattern, {@link Runs#NONE} if it has none} */
    int slotOf(long key, int pattern) {
        if (keys == null) {
            return runs.keys.slotOf(key);
        }
        int place = keys.placeOf(key);
        return place == SharedKeys.NONE ? Runs.NONE : keys.slotOf(place, pattern);
    }

    /** {@return where runs of a pattern have their deadlines} */
    RunDeadlines deadlines(Automaton automaton) {
        RunDeadlines found = deadlinesByWait.get(automaton.equalWaitNs());
        return found != null ? found : heap();
    }

    private RunDeadlines heap() {
        RunDeadlines heap = deadlinesByWait.get(Automaton.NEVER_NS);
        if (heap == null) {
            throw new AssertionError("heap=null");
        }
        return heap;
    }

    /** {@return the deadlines of all runs, by how long they wait} */
    RunDeadlines[] deadlines() {
        return deadlines;
    }

    void save(StateWriter writer) {
        nodes.save(writer);
        runs.save(writer);
        for (RunDeadlines each : deadlines) {
            each.save(writer);
        }
    }

    void load(StateReader reader) {
        nodes.load(reader);
        runs.load(reader);
        for (RunDeadlines each : deadlines) {
            each.load(reader);
        }
    }
}
