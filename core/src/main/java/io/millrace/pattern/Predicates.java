package io.millrace.pattern;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.expression.RunCondition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a pattern. Each distinct one has a number; a literal is a number, doubled, plus one if it is
 * negated.
 *
 * <p>Those over the event alone have a bit each and are evaluated once per event into a mask: a guard of many of them
 * is then two comparisons. Those that read registers are evaluated per run, when they are asked for.
 */
final class Predicates {
    /** The literal that always holds. */
    static final int TRUE = 0;

    static final int FALSE = 1;

    /** Of a condition that events of any type may satisfy. */
    static final int ANY_TYPE = -1;

    private static final int MAX_BITS = 64;

    private final List<Entry> entries = new ArrayList<>();
    /** In words, for people; empty of what is composed. */
    private final List<String> texts = new ArrayList<>();

    private final Map<Object, Integer> numbers = new LinkedHashMap<>();
    private int bitCount;
    private final List<Object> conditionKeys = new ArrayList<>();
    private final List<Integer> conditionTypeIds = new ArrayList<>();
    private Condition[] conditions = {};
    /** Types that conditions are of, and behind them one place for all others. */
    private int[] typeIds = {};
    /** Conditions that events of a type may satisfy, by the type's place. */
    private int[][] conditionsOfType = {};

    private long[] conditionBits = {};
    /** The bits of conditions that hold for all events of a type, by the type's place. */
    private long[] alwaysOfType = {};

    private Entry[] composites = {};

    /** What all events of a type satisfy. */
    private record OfType(int typeId) implements Condition {
        @Override
        public boolean test(Event event) {
            return event.typeId() == typeId;
        }
    }

    /** @param members literals of which all must hold, null for a leaf */
    private record Entry(
            @Nullable Condition condition,
            @Nullable RunCondition runCondition,
            int @Nullable [] members,
            long bit,
            long must,
            long mustNot) {
        boolean isOfRun() {
            return bit == 0;
        }
    }

    Predicates() {
        entries.add(new Entry(null, null, new int[0], 0, 0, 0));
        texts.add("true");
    }

    static int not(int literal) {
        return literal ^ 1;
    }

    /**
     * {@return the literal of a condition over the event; the same for the same key}
     *
     * @param key that equals those of conditions which test the same, in other patterns too
     * @param text of the condition, for people
     * @param typeId of all events that can satisfy it, or {@link #ANY_TYPE}
     */
    int event(Object key, String text, int typeId, Condition condition) {
        Integer known = numbers.get(key);
        if (known != null) {
            return known;
        }
        conditionKeys.add(key);
        conditionTypeIds.add(typeId);
        return add(key, text, new Entry(condition, null, null, nextBit(), 0, 0));
    }

    /** {@return the literal of an event's type; as {@link #event}} */
    int type(Object key, String text, int typeId) {
        return event(key, text, typeId, new OfType(typeId));
    }

    int run(String text, RunCondition condition) {
        return add(condition, text, new Entry(null, condition, null, 0, 0, 0));
    }

    int and(int... literals) {
        int[] members = Arrays.stream(literals)
                .filter(literal -> literal != TRUE)
                .distinct()
                .sorted()
                .toArray();
        if (members.length == 0) {
            return TRUE;
        }
        if (isContradiction(members)) {
            return FALSE;
        }
        if (members.length == 1) {
            return members[0];
        }
        String key = "and" + Arrays.toString(members);
        Integer known = numbers.get(key);
        return known != null ? known : add(key, "", composite(members));
    }

    int or(int... literals) {
        return not(and(Arrays.stream(literals).map(Predicates::not).toArray()));
    }

    static boolean isContradiction(int[] sorted) {
        for (int i = 0; i < sorted.length; i++) {
            if (sorted[i] == FALSE || (i > 0 && sorted[i] == not(sorted[i - 1]))) {
                return true;
            }
        }
        return false;
    }

    private Entry composite(int[] members) {
        long must = 0;
        long mustNot = 0;
        boolean isOfRun = false;
        for (int member : members) {
            Entry entry = entries.get(member >> 1);
            isOfRun |= entry.isOfRun();
            must |= (member & 1) == 0 ? entry.bit() : 0;
            mustNot |= (member & 1) == 0 ? 0 : entry.bit();
        }
        return new Entry(null, null, members, isOfRun ? 0 : nextBit(), must, mustNot);
    }

    private long nextBit() {
        if (bitCount == MAX_BITS) {
            throw new IllegalArgumentException("cannot build pattern: conditions=" + (MAX_BITS + 1)
                    + " (expected: up to " + MAX_BITS + " distinct ones); split the pattern");
        }
        return 1L << bitCount++;
    }

    private int add(Object key, String text, Entry entry) {
        texts.add(text);
        int literal = 2 * entries.size();
        entries.add(entry);
        numbers.put(key, literal);
        return literal;
    }

    /** Fixes what is there; nothing may be added behind this. */
    void conclude() {
        conditions =
                entries.stream().map(Entry::condition).filter(c -> c != null).toArray(Condition[]::new);
        conditionBits = entries.stream()
                .filter(entry -> entry.condition() != null)
                .mapToLong(Entry::bit)
                .toArray();
        typeIds = conditionTypeIds.stream()
                .filter(typeId -> typeId != ANY_TYPE)
                .mapToInt(Integer::intValue)
                .distinct()
                .toArray();
        conditionsOfType = new int[typeIds.length + 1][];
        alwaysOfType = new long[typeIds.length + 1];
        for (int i = 0; i <= typeIds.length; i++) {
            int wanted = i < typeIds.length ? typeIds[i] : ANY_TYPE;
            int[] possible = IntStream.range(0, conditions.length)
                    .filter(index -> conditionTypeIds.get(index) == ANY_TYPE || conditionTypeIds.get(index) == wanted)
                    .toArray();
            conditionsOfType[i] = Arrays.stream(possible)
                    .filter(index -> !(conditions[index] instanceof OfType))
                    .toArray();
            for (int index : possible) {
                alwaysOfType[i] |= conditions[index] instanceof OfType ? conditionBits[index] : 0;
            }
        }
        composites = entries.stream()
                .filter(entry -> entry.members() != null && entry.bit() != 0)
                .toArray(Entry[]::new);
    }

    /** {@return conditions over the event alone} */
    Condition[] conditions() {
        return conditions;
    }

    Object conditionKey(int index) {
        return conditionKeys.get(index);
    }

    int conditionTypeId(int index) {
        return conditionTypeIds.get(index);
    }

    /** {@return the bits of the conditions over the event that hold} */
    long conditionMask(Event event) {
        int typeId = event.typeId();
        int place = 0;
        while (place < typeIds.length && typeIds[place] != typeId) {
            place++;
        }
        long mask = alwaysOfType[place];
        for (int index : conditionsOfType[place]) {
            mask |= conditions[index].test(event) ? conditionBits[index] : 0;
        }
        return mask;
    }

    /** {@return a mask of conditions with the bits of those composed of them} */
    long completed(long conditionMask) {
        long mask = conditionMask;
        for (Entry composite : composites) {
            boolean holds = (mask & composite.must()) == composite.must() && (mask & composite.mustNot()) == 0;
            mask |= holds ? composite.bit() : 0;
        }
        return mask;
    }

    /** {@return the bit of a condition, by its place in {@link #conditions}} */
    long conditionBit(int index) {
        return conditionBits[index];
    }

    /** {@return whether a literal that depends on the run holds} */
    boolean test(int literal, Event event, long mask, long[] registers, int offset) {
        Entry entry = entries.get(literal >> 1);
        boolean holds;
        if (entry.runCondition() != null) {
            holds = entry.runCondition().test(event, registers, offset);
        } else if (entry.bit() != 0) {
            holds = (mask & entry.bit()) != 0;
        } else {
            holds = testAll(entry, event, mask, registers, offset);
        }
        return holds == ((literal & 1) == 0);
    }

    private boolean testAll(Entry entry, Event event, long mask, long[] registers, int offset) {
        if ((mask & entry.must()) != entry.must() || (mask & entry.mustNot()) != 0) {
            return false;
        }
        int[] members = entry.members();
        for (int i = 0; members != null && i < members.length; i++) {
            if (!test(members[i], event, mask, registers, offset)) {
                return false;
            }
        }
        return true;
    }

    /** {@return the bit of a literal over the event alone, 0 if it depends on the run} */
    long bit(int literal) {
        return entries.get(literal >> 1).bit();
    }

    /** {@return the literals that must all hold for a literal to: itself unless it is composed} */
    int[] conjuncts(int literal) {
        int[] members = entries.get(literal >> 1).members();
        if ((literal & 1) != 0 || members == null) {
            return new int[] {literal};
        }
        return Arrays.stream(members)
                .flatMap(member -> Arrays.stream(conjuncts(member)))
                .toArray();
    }

    /** {@return a literal in words} */
    String text(int literal) {
        int[] members = entries.get(literal >> 1).members();
        String text = members == null || literal >> 1 == 0
                ? texts.get(literal >> 1)
                : Arrays.stream(members).mapToObj(this::text).collect(Collectors.joining(" and "));
        return (literal & 1) == 0 ? text : "not (" + text + ')';
    }

    /** {@return the conditions over the event alone, in words} */
    List<String> eventTexts() {
        return texts(entry -> entry.condition() != null);
    }

    /** {@return the conditions that read registers, in words} */
    List<String> runTexts() {
        return texts(entry -> entry.runCondition() != null);
    }

    private List<String> texts(Predicate<Entry> isWanted) {
        return IntStream.range(1, entries.size())
                .filter(i -> isWanted.test(entries.get(i)))
                .mapToObj(texts::get)
                .toList();
    }

    int count() {
        return entries.size() - 1;
    }
}
