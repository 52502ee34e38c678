package io.millrace.pattern;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.pattern.Automaton.Guard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The conditions over events of many patterns, each distinct one once, and which patterns an event is for.
 *
 * <pre>
 *   event --> conditions of its type --> those that hold --+--> patterns that one of them may start
 *                    50                         2          '--> patterns that have it, of which the key has runs
 * </pre>
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction.
 */
final class SharedConditions {
    private static final int TYPE_COUNT = 1 << 16;
    private static final int PAGE = 256;

    private final Condition[] conditions;
    private final boolean[] holds;
    private final int[] held;
    private int heldCount;

    /** Conditions that events of a type may satisfy, by pages of type ids. */
    private final int[][][] conditionsOfType = new int[TYPE_COUNT / PAGE][][];

    private final int[] conditionsOfOtherTypes;

    /** The conditions of each pattern, and their bits in its mask. */
    private final int[][] ofPattern;

    private final long[][] bits;
    /** Of each condition, patterns in words: those that may start where it holds, and those that have it. */
    private final long[][] starters;

    private final long[][] users;
    /** Patterns that may start where no condition holds. */
    private final long[] alwaysStarters;
    /** Patterns to whose runs events matter that satisfy nothing. */
    private final long[] alwaysUsers;

    private final boolean hasAlways;

    SharedConditions(List<Automaton> automata) {
        Numbering numbering = new Numbering(automata);
        int count = numbering.conditions.size();
        int words = (automata.size() + Long.SIZE - 1) / Long.SIZE;
        this.conditions = numbering.conditions.toArray(Condition[]::new);
        this.holds = new boolean[count];
        this.held = new int[count];
        this.ofPattern = numbering.ofPattern;
        this.bits = numbering.bits;
        this.starters = new long[count][words];
        this.users = new long[count][words];
        this.alwaysStarters = new long[words];
        this.alwaysUsers = new long[words];
        for (int pattern = 0; pattern < automata.size(); pattern++) {
            index(automata.get(pattern), pattern);
        }
        this.hasAlways = Arrays.stream(alwaysStarters).anyMatch(word -> word != 0)
                || Arrays.stream(alwaysUsers).anyMatch(word -> word != 0);
        this.conditionsOfOtherTypes = numbering.of(Predicates.ANY_TYPE);
        for (int typeId : numbering.typeIds) {
            if (typeId != Predicates.ANY_TYPE) {
                page(typeId)[typeId % PAGE] = numbering.of(typeId);
            }
        }
    }

    private int[][] page(int typeId) {
        int[][] page = conditionsOfType[typeId / PAGE];
        if (page == null) {
            page = new int[PAGE][];
            Arrays.fill(page, conditionsOfOtherTypes);
            conditionsOfType[typeId / PAGE] = page;
        }
        return page;
    }

    private void index(Automaton automaton, int pattern) {
        for (int condition : ofPattern[pattern]) {
            add(users[condition], pattern);
        }
        if (!automaton.isIdleAtNothing()) {
            add(alwaysUsers, pattern);
        }
        for (int edge = 0; edge < automaton.firstEdge[1]; edge++) {
            if (automaton.edgeKind[edge] == Automaton.TAKE) {
                indexStart(automaton, automaton.edgeGuard[edge], pattern);
            }
        }
    }

    /** Under one condition that must hold; if there is none, under all, or under none if it may hold with none. */
    private void indexStart(Automaton automaton, Guard guard, int pattern) {
        for (int i = bits[pattern].length - 1; i >= 0; i--) {
            if ((guard.must & bits[pattern][i]) != 0) {
                add(starters[ofPattern[pattern][i]], pattern);
                return;
            }
        }
        if (guard.holds(automaton.predicates.completed(0))) {
            add(alwaysStarters, pattern);
        }
        for (int condition : ofPattern[pattern]) {
            add(starters[condition], pattern);
        }
    }

    private static void add(long[] words, int pattern) {
        words[pattern >> 6] |= 1L << pattern;
    }

    int count() {
        return conditions.length;
    }

    /** Evaluates the conditions that are about events of the event's type. */
    void test(Event event) {
        for (int i = 0; i < heldCount; i++) {
            holds[held[i]] = false;
        }
        heldCount = 0;
        int typeId = event.typeId();
        int[][] page = conditionsOfType[typeId / PAGE];
        for (int index : page == null ? conditionsOfOtherTypes : page[typeId % PAGE]) {
            if (conditions[index].test(event)) {
                holds[index] = true;
                held[heldCount++] = index;
            }
        }
    }

    /** {@return whether the tested event is for no pattern} */
    boolean isForNone() {
        return heldCount == 0 && !hasAlways;
    }

    /** {@return 64 patterns that the tested event may start, a bit each} */
    long starters(int word) {
        long found = alwaysStarters[word];
        for (int i = 0; i < heldCount; i++) {
            found |= starters[held[i]][word];
        }
        return found;
    }

    /** {@return 64 patterns to whose runs the tested event may matter, a bit each} */
    long users(int word) {
        long found = alwaysUsers[word];
        for (int i = 0; i < heldCount; i++) {
            found |= users[held[i]][word];
        }
        return found;
    }

    /** {@return the conditions of a pattern that hold, as the bits of its mask} */
    long mask(int pattern) {
        int[] own = ofPattern[pattern];
        long mask = 0;
        for (int i = 0; i < own.length; i++) {
            mask |= holds[own[i]] ? bits[pattern][i] : 0;
        }
        return mask;
    }

    /** Gives each distinct condition a number. */
    private static final class Numbering {
        private final Map<Object, Integer> numbers = new LinkedHashMap<>();
        private final List<Condition> conditions = new ArrayList<>();
        private final List<Integer> typeIds = new ArrayList<>();
        private final int[][] ofPattern;
        private final long[][] bits;

        Numbering(List<Automaton> automata) {
            ofPattern = new int[automata.size()][];
            bits = new long[automata.size()][];
            for (int pattern = 0; pattern < automata.size(); pattern++) {
                Predicates predicates = automata.get(pattern).predicates;
                int count = predicates.conditions().length;
                ofPattern[pattern] = new int[count];
                bits[pattern] = new long[count];
                for (int i = 0; i < count; i++) {
                    ofPattern[pattern][i] = number(predicates, i);
                    bits[pattern][i] = predicates.conditionBit(i);
                }
            }
        }

        private int number(Predicates predicates, int index) {
            int number = numbers.computeIfAbsent(predicates.conditionKey(index), key -> conditions.size());
            if (number == conditions.size()) {
                conditions.add(predicates.conditions()[index]);
                typeIds.add(predicates.conditionTypeId(index));
            }
            return number;
        }

        int[] of(int typeId) {
            List<Integer> found = new ArrayList<>();
            for (int i = 0; i < conditions.size(); i++) {
                if (typeIds.get(i) == Predicates.ANY_TYPE || typeIds.get(i) == typeId) {
                    found.add(i);
                }
            }
            return found.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
