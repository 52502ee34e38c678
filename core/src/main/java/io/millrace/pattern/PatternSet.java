package io.millrace.pattern;

import io.millrace.event.Event;
import io.millrace.event.Outputs;
import io.millrace.state.Operator;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Many patterns as one operator. A condition that several of them have is evaluated once per event; an event touches
 * only those patterns that it may start, and those that have live runs of its key and a condition which it satisfies.
 *
 * <pre>
 *   event --> conditions of its type --> those that hold --+--> patterns that begin so
 *                    50                         1          |         20 of 1000
 *     '-----> its key --> patterns that have runs of it ---+--> of those the ones that ask one of the conditions
 *                                   3                                 1
 * </pre>
 *
 * <p>A pattern in which events matter that satisfy nothing (next, consecutive, notNext) sees every event of a key that
 * it has runs of.
 *
 * <p>Each pattern finds what it would find alone, as long as the set's bounds are not reached; {@link
 * PatternMatch#pattern} tells which one it was. What an event or an instant brings about comes in the order in which
 * the patterns were given, and of each pattern in its own order; matches that were held back come last.
 *
 * <p>Bounds: the patterns share the memory of the set. Keys, runs, events held and matches that wait are bounded for
 * all of them by the set's {@link PatternLimits}. The pattern's own are {@code maxRunsPerKey}, {@code
 * maxEventsPerMatch}, {@code maxMatchLength} and what happens at a bound.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Complexity</b>: O(conditions of the
 * event's type + patterns / 64 + patterns touched).
 */
public final class PatternSet implements Operator {
    private final String name;
    private final PatternLimits limits;
    private final PatternOperator[] patterns;
    private final SharedConditions conditions;
    private final RunPool pool;
    private final Runs runs;
    private final SharedKeys keys;
    private final RunDeadlines[] deadlines;
    private final int wordCount;
    private final long bytes;

    private long watermarkNs = Long.MIN_VALUE;
    private long lastTimestampNs = Long.MIN_VALUE;
    private long lateCount;
    /** Events seen. */
    private long order;

    /** Makes a set with the limits that a pattern alone has where none are set. */
    public PatternSet(String name, List<Pattern> patterns) {
        this(name, patterns, PatternLimits.defaults());
    }

    /**
     * Makes the state of all patterns.
     *
     * @param patterns whose names must differ; late events are dropped and counted by the set
     * @param limits of all of them together
     */
    public PatternSet(String name, List<Pattern> patterns, PatternLimits limits) {
        this.name = name;
        this.limits = limits;
        requireFit(patterns);
        List<Automaton> automata = automata(patterns);
        this.pool = RunPool.of(patterns, automata, limits);
        this.bytes = RunPool.bytes(patterns, automata, limits);
        this.runs = pool.runs;
        this.keys = pool.keys();
        this.deadlines = pool.deadlines();
        this.conditions = new SharedConditions(automata);
        this.patterns = new PatternOperator[patterns.size()];
        this.wordCount = (patterns.size() + Long.SIZE - 1) / Long.SIZE;
        for (int i = 0; i < this.patterns.length; i++) {
            this.patterns[i] = new PatternOperator(patterns.get(i), automata.get(i), pool, i, false);
        }
    }

    private static List<Automaton> automata(List<Pattern> patterns) {
        List<Automaton> automata = new ArrayList<>();
        patterns.forEach(pattern -> automata.add(new PatternCompiler(pattern).compile()));
        return automata;
    }

    private void requireFit(List<Pattern> all) {
        Set<String> names = new LinkedHashSet<>();
        for (Pattern pattern : all) {
            if (!names.add(pattern.name())) {
                throw new IllegalArgumentException("cannot build pattern set " + name + ": pattern=" + pattern.name()
                        + " (expected: each name once); rename one of them");
            }
            if (pattern.late().isSideOutput()) {
                throw new IllegalArgumentException("cannot build pattern set " + name + ": pattern=" + pattern.name()
                        + ", late=" + pattern.late() + " (expected: DROP); put the set behind a ReorderBuffer, or let"
                        + " the pattern run alone");
            }
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException(
                    "cannot build pattern set " + name + ": patterns=0 (expected: 1 or more); give it patterns");
        }
    }

    @Override
    public String name() {
        return name;
    }

    /** {@return the patterns, in the order in which they were given} */
    public List<Pattern> patterns() {
        return Arrays.stream(patterns).map(PatternOperator::pattern).toList();
    }

    /** {@return what a pattern counted, by its place among those given} Late events the set counts. */
    public PatternCounts counts(int pattern) {
        return patterns[pattern].counts();
    }

    /** {@return what looks at the runs of a pattern, by its place among those given} */
    public PatternInspector inspector(int pattern) {
        return new PatternInspector(patterns[pattern]);
    }

    /** {@return distinct conditions over events} */
    public int conditionCount() {
        return conditions.count();
    }

    /** {@return events ignored because they were late} */
    public long lateCount() {
        return lateCount;
    }

    /** {@return keys of which a pattern has live runs or matches that are held} */
    public int keyCount() {
        return keys.keyCount();
    }

    /** {@return live runs of all patterns} */
    public int runCount() {
        return runs.liveCount();
    }

    /** {@return bytes that the state takes, the same for its whole life} */
    @Override
    public long bytes() {
        return bytes;
    }

    /** {@return bytes that the state of such a set takes} */
    public static long bytes(List<Pattern> patterns, PatternLimits limits) {
        return RunPool.bytes(patterns, automata(patterns), limits);
    }

    @Override
    public int maxOutputsPerStep() {
        return limits.maxOutputsPerStep();
    }

    @Override
    public boolean needsOrder() {
        return true;
    }

    @Override
    public long touch(Event event) {
        return keys.touch(event.key());
    }

    @Override
    public long nextDeadlineNs() {
        return runs.isQueueEmpty() ? firstNs() : Long.MIN_VALUE;
    }

    private long firstNs() {
        long first = Long.MAX_VALUE;
        for (RunDeadlines each : deadlines) {
            first = Math.min(first, each.firstNs());
        }
        return first;
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        int room = putOut(outputs, limits.maxOutputsPerStep());
        while (!hasMore() && isDue(watermarkNs)) {
            expireNext(true);
            room = putOut(outputs, room);
        }
        if (hasMore()) {
            return false;
        }
        this.watermarkNs = watermarkNs;
        return true;
    }

    private boolean isDue(long timeNs) {
        for (RunDeadlines each : deadlines) {
            if (each.isDue(timeNs)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean hasMore() {
        return !runs.isQueueEmpty();
    }

    @Override
    public void putOutMore(Outputs outputs) {
        putOut(outputs, limits.maxOutputsPerStep());
    }

    /** {@return the room that is left} */
    private int putOut(Outputs outputs, int maxCount) {
        int room = maxCount;
        while (room > 0 && hasMore()) {
            int entry = runs.removeQueued();
            patterns[runs.pattern(entry)].putOut(entry, outputs);
            room--;
        }
        return room;
    }

    /** As {@link PatternOperator} does. @param isPartial whether some of it may be left for the next step */
    private void expireNext(boolean isPartial) {
        long dueNs = firstNs();
        boolean mayStop = isPartial && !isWaitingFull();
        for (RunDeadlines each : deadlines) {
            while (each.isDue(dueNs) && !(mayStop && isWaitingFull())) {
                int run = each.first();
                patterns[runs.patternOf(runs.slot(run))].expire(run, dueNs);
            }
        }
        Completed completed = pool.completed;
        completed.settle(dueNs);
        for (int i = 0; i < completed.touchedCount(); i++) {
            int slot = completed.touchedSlot(i);
            patterns[runs.patternOf(slot)].settle(slot, dueNs);
        }
        completed.forgetTouched();
    }

    private boolean isWaitingFull() {
        return runs.waitingCount() >= limits.maxWaitingMatches();
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        long timestampNs = event.timestampNs();
        if (timestampNs < lastTimestampNs || timestampNs <= watermarkNs) {
            lateCount++;
            return;
        }
        lastTimestampNs = timestampNs;
        while (isDue(timestampNs)) {
            expireNext(false);
        }
        conditions.test(event);
        order++;
        if (!conditions.isForNone()) {
            show(event);
        }
        putOut(outputs, limits.maxOutputsPerStep());
    }

    /** Gives the event to the patterns that it is for. */
    private void show(Event event) {
        int place = keys.placeOf(event.key());
        for (int word = 0; word < wordCount; word++) {
            long live = place == SharedKeys.NONE ? 0 : keys.patterns(place, word);
            long shown = conditions.starters(word) | (live == 0 ? 0 : live & conditions.users(word));
            for (long bits = shown; bits != 0; bits &= bits - 1) {
                int index = (word << 6) + Long.numberOfTrailingZeros(bits);
                boolean isLive = (live & bits & -bits) != 0;
                process(index, event, isLive ? keys.slotOf(place, index) : SharedKeys.NONE);
            }
        }
    }

    private void process(int index, Event event, int slot) {
        PatternOperator pattern = patterns[index];
        if (pattern.isSeen(event)) {
            pattern.process(event, conditions.mask(index), slot, order);
        }
    }

    @Override
    public void save(StateWriter writer) {
        writer.putInt(patterns.length);
        writer.putLong(watermarkNs);
        writer.putLong(lastTimestampNs);
        writer.putLong(lateCount);
        writer.putLong(order);
        for (PatternOperator pattern : patterns) {
            pattern.saveOwn(writer);
        }
        pool.save(writer);
    }

    @Override
    public void load(StateReader reader) {
        StateException.requireSame("pattern set " + name, "patterns", reader.getInt(), patterns.length);
        watermarkNs = reader.getLong();
        lastTimestampNs = reader.getLong();
        lateCount = reader.getLong();
        order = reader.getLong();
        for (PatternOperator pattern : patterns) {
            pattern.loadOwn(reader);
        }
        pool.load(reader);
    }
}
