package io.millrace.pattern;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.event.Outputs;
import io.millrace.state.DeadlineHeap;
import io.millrace.state.Operator;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Many patterns as one operator: a condition that several of them have is evaluated once per event, and an event is
 * shown only to those patterns of which a condition holds.
 *
 * <pre>
 *   event --> conditions of its type --> those that hold --> patterns that have one of them
 *                 50                          2                    80 of 1000
 * </pre>
 *
 * <p>A pattern in which events matter that satisfy nothing (next, consecutive, notNext) sees every event. Each pattern
 * finds what it would find alone; {@link PatternMatch#pattern} tells which one it was.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Complexity</b>: O(conditions of the
 * event's type + patterns shown the event).
 */
public final class PatternSet implements Operator {
    /** Puts out at most this many per step. */
    public static final int MAX_OUTPUTS_PER_STEP = 64;

    private static final int TYPE_COUNT = 1 << 16;
    private static final int PAGE = 256;

    private final String name;
    private final PatternOperator[] patterns;
    private final Condition[] conditions;
    /** Patterns that have a condition, each with its bit in their mask. */
    private final int[][] users;

    private final long[][] userBits;
    /** Conditions that events of a type may satisfy, by pages of type ids. */
    private final int[][][] conditionsOfType;

    private final int[] conditionsOfOtherTypes;
    /** Patterns that see every event, a bit each. */
    private final long[] always;

    private final long[] shown;
    private final long[] masks;
    private final DeadlineHeap deadlines;
    /** Patterns in which matches wait for room, a bit each. */
    private final long[] waiting;

    private int waitingCount;
    private long watermarkNs = Long.MIN_VALUE;
    private long lastTimestampNs = Long.MIN_VALUE;
    private long lateCount;
    private int room;

    /** Makes the state of all patterns; their names must differ. */
    public PatternSet(String name, List<Pattern> patterns) {
        this.name = name;
        this.patterns = patterns.stream().map(PatternOperator::new).toArray(PatternOperator[]::new);
        requireNames(patterns);
        SharedConditions shared = new SharedConditions(this.patterns);
        this.conditions = shared.conditions();
        this.users = shared.users();
        this.userBits = shared.userBits();
        this.conditionsOfOtherTypes = shared.untyped();
        this.conditionsOfType = shared.byType(TYPE_COUNT / PAGE, PAGE);
        int words = (this.patterns.length + 63) / 64;
        this.always = new long[words];
        this.shown = new long[words];
        this.waiting = new long[words];
        this.masks = new long[this.patterns.length];
        this.deadlines = new DeadlineHeap(Math.max(1, this.patterns.length));
        for (int i = 0; i < this.patterns.length; i++) {
            if (!this.patterns[i].automaton().isIdleAtNothing()) {
                always[i >> 6] |= 1L << i;
            }
        }
    }

    private void requireNames(List<Pattern> all) {
        Set<String> names = new LinkedHashSet<>();
        for (Pattern pattern : all) {
            if (!names.add(pattern.name())) {
                throw new IllegalArgumentException("cannot build pattern set " + name + ": pattern=" + pattern.name()
                        + " (expected: each name once); rename one of them");
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    /** {@return the operators of the patterns, in the order in which they were given} */
    public List<PatternOperator> patterns() {
        return List.of(patterns);
    }

    /** {@return distinct conditions over events} */
    public int conditionCount() {
        return conditions.length;
    }

    /** {@return events ignored because they were late} */
    public long lateCount() {
        return lateCount;
    }

    /** {@return bytes that the state takes, the same for its whole life} */
    @Override
    public long bytes() {
        long bytes = DeadlineHeap.bytes(patterns.length);
        for (PatternOperator pattern : patterns) {
            bytes += pattern.bytes();
        }
        return bytes;
    }

    @Override
    public int maxOutputsPerStep() {
        return MAX_OUTPUTS_PER_STEP;
    }

    @Override
    public long nextDeadlineNs() {
        return waitingCount > 0 ? Long.MIN_VALUE : deadlines.firstNs();
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        room = MAX_OUTPUTS_PER_STEP;
        putOutWaiting(outputs);
        while (waitingCount == 0 && deadlines.isDue(watermarkNs)) {
            int index = deadlines.first();
            patterns[index].expireNext(true);
            putOut(index, outputs);
        }
        if (waitingCount == 0) {
            this.watermarkNs = watermarkNs;
        }
        return waitingCount == 0;
    }

    private void putOutWaiting(Outputs outputs) {
        for (int word = 0; word < waiting.length && waitingCount > 0; word++) {
            for (long bits = waiting[word]; bits != 0 && room > 0; bits &= bits - 1) {
                putOut((word << 6) + Long.numberOfTrailingZeros(bits), outputs);
            }
        }
    }

    /** Puts out what a pattern found, as long as there is room, and notes when it has something to do again. */
    private void putOut(int index, Outputs outputs) {
        PatternOperator pattern = patterns[index];
        room = pattern.putOut(outputs, room);
        boolean waits = pattern.isWaiting();
        long bit = 1L << index;
        boolean waited = (waiting[index >> 6] & bit) != 0;
        if (waits != waited) {
            waiting[index >> 6] ^= bit;
            waitingCount += waits ? 1 : -1;
        }
        long dueNs = pattern.firstDeadlineNs();
        if (dueNs == DeadlineHeap.NEVER_NS) {
            deadlines.disarm(index);
        } else if (!deadlines.isArmed(index) || deadlines.deadlineNs(index) != dueNs) {
            deadlines.arm(index, dueNs);
        }
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        room = MAX_OUTPUTS_PER_STEP;
        long timestampNs = event.timestampNs();
        if (timestampNs < lastTimestampNs || timestampNs <= watermarkNs) {
            lateCount++;
            return;
        }
        lastTimestampNs = timestampNs;
        while (deadlines.isDue(timestampNs)) {
            int index = deadlines.first();
            patterns[index].expireNext(false);
            putOut(index, outputs);
        }
        show(event);
        for (int word = 0; word < shown.length; word++) {
            for (long bits = shown[word]; bits != 0; bits &= bits - 1) {
                int index = (word << 6) + Long.numberOfTrailingZeros(bits);
                if (patterns[index].isSeen(event)) {
                    patterns[index].process(event, masks[index]);
                    putOut(index, outputs);
                }
            }
        }
    }

    /** Finds the patterns that see the event, and which of their conditions hold. */
    private void show(Event event) {
        for (int word = 0; word < shown.length; word++) {
            shown[word] = always[word];
            for (long bits = always[word]; bits != 0; bits &= bits - 1) {
                masks[(word << 6) + Long.numberOfTrailingZeros(bits)] = 0;
            }
        }
        int typeId = event.typeId();
        int[][] page = conditionsOfType[typeId / PAGE];
        test(page == null ? conditionsOfOtherTypes : page[typeId % PAGE], event);
    }

    private void test(int[] candidates, Event event) {
        for (int index : candidates) {
            if (conditions[index].test(event)) {
                mark(index);
            }
        }
    }

    private void mark(int condition) {
        int[] patternsOf = users[condition];
        long[] bits = userBits[condition];
        for (int i = 0; i < patternsOf.length; i++) {
            int pattern = patternsOf[i];
            long bit = 1L << pattern;
            if ((shown[pattern >> 6] & bit) == 0) {
                shown[pattern >> 6] |= bit;
                masks[pattern] = 0;
            }
            masks[pattern] |= bits[i];
        }
    }

    @Override
    public void save(StateWriter writer) {
        writer.putInt(patterns.length);
        writer.putLong(watermarkNs);
        writer.putLong(lastTimestampNs);
        writer.putLong(lateCount);
        for (PatternOperator pattern : patterns) {
            pattern.save(writer);
        }
        deadlines.save(writer);
    }

    @Override
    public void load(StateReader reader) {
        StateException.requireSame("pattern set " + name, "patterns", reader.getInt(), patterns.length);
        watermarkNs = reader.getLong();
        lastTimestampNs = reader.getLong();
        lateCount = reader.getLong();
        waitingCount = 0;
        for (int i = 0; i < patterns.length; i++) {
            patterns[i].load(reader);
            long bit = 1L << i;
            waiting[i >> 6] &= ~bit;
            if (patterns[i].isWaiting()) {
                waiting[i >> 6] |= bit;
                waitingCount++;
            }
        }
        deadlines.load(reader);
    }

    /** The conditions of several patterns, each distinct one once. */
    private static final class SharedConditions {
        private final Map<Object, Integer> numbers = new LinkedHashMap<>();
        private final List<Condition> distinct = new ArrayList<>();
        private final List<Integer> typeIds = new ArrayList<>();
        private final List<List<Integer>> userLists = new ArrayList<>();
        private final List<List<Long>> bitLists = new ArrayList<>();

        SharedConditions(PatternOperator[] patterns) {
            for (int i = 0; i < patterns.length; i++) {
                Predicates predicates = patterns[i].automaton().predicates;
                for (int j = 0; j < predicates.conditions().length; j++) {
                    add(predicates, j, i);
                }
            }
        }

        private void add(Predicates predicates, int index, int pattern) {
            int number = numbers.computeIfAbsent(predicates.conditionKey(index), key -> distinct.size());
            if (number == distinct.size()) {
                distinct.add(predicates.conditions()[index]);
                typeIds.add(predicates.conditionTypeId(index));
                userLists.add(new ArrayList<>());
                bitLists.add(new ArrayList<>());
            }
            userLists.get(number).add(pattern);
            bitLists.get(number).add(predicates.conditionBit(index));
        }

        Condition[] conditions() {
            return distinct.toArray(Condition[]::new);
        }

        int[][] users() {
            return userLists.stream()
                    .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                    .toArray(int[][]::new);
        }

        long[][] userBits() {
            return bitLists.stream()
                    .map(list -> list.stream().mapToLong(Long::longValue).toArray())
                    .toArray(long[][]::new);
        }

        int[] untyped() {
            return of(Predicates.ANY_TYPE);
        }

        private int[] of(int typeId) {
            List<Integer> found = new ArrayList<>();
            for (int i = 0; i < distinct.size(); i++) {
                if (typeIds.get(i) == Predicates.ANY_TYPE || typeIds.get(i) == typeId) {
                    found.add(i);
                }
            }
            return found.stream().mapToInt(Integer::intValue).toArray();
        }

        int[][][] byType(int pageCount, int pageLength) {
            int[][][] pages = new int[pageCount][][];
            int[] others = untyped();
            for (int typeId : typeIds) {
                if (typeId != Predicates.ANY_TYPE) {
                    int[][] page = pages[typeId / pageLength];
                    if (page == null) {
                        page = new int[pageLength][];
                        Arrays.fill(page, others);
                        pages[typeId / pageLength] = page;
                    }
                    page[typeId % pageLength] = of(typeId);
                }
            }
            return pages;
        }
    }
}
