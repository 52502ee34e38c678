package io.millrace.pattern.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Patterns without cleverness, for one key: every run is a list of the events that it has accepted and of the ways on,
 * which are found by walking the pattern as the case writes it. No automaton, no sharing, nothing preallocated.
 *
 * <pre>
 *   start     one run more for each event that some first stage accepts
 *   event     each way of each run: take it (a longer run), wait (the same run), or neither
 *   time      runs out of time go; those that end in a negation are matches then
 *   skip      matches wait for runs that started before, and take others with them
 * </pre>
 */
public final class PatternOracle {
    private final List<CaseStage> stages;
    private final List<String> stageNames;
    private final String skip;
    private final long withinMs;
    private final boolean isFlink;
    private final boolean isEvery;

    private final Map<JsonNode, Long> positions = new IdentityHashMap<>();
    private final List<Completed> completed = new ArrayList<>();
    private List<Run> runs = new ArrayList<>();
    private long stepCount;
    private boolean wasStarted;
    private boolean hadTie;

    /** The matches so far, in the order of emission. */
    public final List<Found> matches = new ArrayList<>();

    /** The partial matches that timed out so far. */
    public final List<Found> timeouts = new ArrayList<>();

    private record Completed(Run run, long atMs, long step) {}

    /**
     * @param pattern as in the cases
     * @param isFlink whether an event that is forbidden and completes the match completes it, and limits between the
     *     rounds of a loop are as in Flink
     */
    public PatternOracle(JsonNode pattern, boolean isFlink) {
        this.stages = CaseStage.listOf(pattern.get("stages"));
        this.stageNames = CasePatterns.stageNames(pattern.get("stages"));
        this.skip = pattern.path("skip").asText("NO_SKIP");
        this.withinMs = pattern.path("withinMs").asLong();
        this.isEvery = pattern.path("every").asBoolean(true);
        this.isFlink = isFlink;
    }

    /** {@return the runs that are live} */
    public int runCount() {
        return runs.size();
    }

    /** {@return the matches held back until earlier runs are gone} */
    public int heldCount() {
        return completed.size();
    }

    /**
     * {@return whether two matches with one start were there at a time and one might remove the other} Flink leaves
     * open which of them goes first.
     */
    boolean hadTie() {
        return hadTie;
    }

    /** Takes the next event; time must have been moved to it. */
    public void onEvent(JsonNode event) {
        stepCount++;
        positions.put(event, stepCount);
        List<Run> before = runs;
        runs = new ArrayList<>();
        for (Run run : before) {
            new Step(run, event).go();
        }
        if (isEvery || !wasStarted) {
            int runCount = runs.size() + completed.size() + matches.size();
            new Step(Run.NONE.on(Onward.fromStart(stages, isFlink).ways), event).go();
            wasStarted |= runs.size() + completed.size() + matches.size() > runCount;
        }
        emit();
    }

    /** Moves time on and does what is due, deadline by deadline. */
    public void advanceTo(long nowMs) {
        for (long dueMs = nextDeadlineMs(); dueMs <= nowMs; dueMs = nextDeadlineMs()) {
            stepCount++;
            List<Run> before = runs;
            runs = new ArrayList<>();
            for (Run run : before) {
                expire(run, dueMs);
            }
            emit();
        }
    }

    private long nextDeadlineMs() {
        long dueMs = Long.MAX_VALUE;
        for (Run run : runs) {
            for (Way way : run.ways()) {
                dueMs = Math.min(dueMs, Math.min(endMs(run), closingMs(run, way)));
            }
        }
        return dueMs;
    }

    private long endMs(Run run) {
        return withinMs > 0 ? run.startMs() + withinMs : Long.MAX_VALUE;
    }

    private static long closingMs(Run run, Way way) {
        return way.limitMs() > 0 ? run.lastMs() + way.limitMs() : Long.MAX_VALUE;
    }

    private void expire(Run run, long dueMs) {
        if (endMs(run) == dueMs) {
            end(run, run.ways(), dueMs);
            return;
        }
        List<Way> closed = new ArrayList<>(run.ways());
        closed.removeIf(way -> closingMs(run, way) != dueMs);
        Run rest = run.without(closed);
        if (!rest.ways().isEmpty()) {
            runs.add(rest);
        }
        List<Way> passed = new ArrayList<>(closed);
        passed.removeIf(way -> way.kind() != Way.Kind.ABSENCE);
        for (Way way : passed) {
            pass(run, way, dueMs);
        }
        if (passed.isEmpty() && (rest.ways().isEmpty() || hasDeadline(closed))) {
            end(run, closed, dueMs);
        }
    }

    /** A negation at the end is a match when time is over. */
    private void end(Run run, List<Way> ways, long dueMs) {
        if (hasDeadline(ways)) {
            completed.add(new Completed(run, dueMs, stepCount));
        } else {
            timeouts.add(Found.of(run, dueMs));
        }
    }

    private static boolean hasDeadline(List<Way> ways) {
        return ways.stream().anyMatch(way -> way.kind() == Way.Kind.DEADLINE);
    }

    /** Nothing forbidden came for as long as it had to stay away. */
    private void pass(Run run, Way way, long dueMs) {
        Onward onward = Onward.after(way.to(), isFlink);
        for (List<Way> ways : apart(onward.ways)) {
            runs.add(run.onFrom(ways, dueMs));
        }
        if (onward.isComplete) {
            completed.add(new Completed(run, dueMs, stepCount));
        }
    }

    /** {@return the ways by runs} A run that waits for an absence is one of its own. */
    private static List<List<Way>> apart(List<Way> ways) {
        Map<Boolean, List<Way>> apart =
                ways.stream().collect(Collectors.partitioningBy(way -> way.kind() == Way.Kind.ABSENCE));
        return apart.values().stream().filter(part -> !part.isEmpty()).toList();
    }

    /** Gives out what no earlier run holds back, the earliest first; each takes others with it. */
    private void emit() {
        completed.sort(
                Comparator.<Completed>comparingLong(one -> skip.equals("NO_SKIP") ? 0 : position(one.run.first()))
                        .thenComparingLong(Completed::step)
                        .thenComparing(Completed::run, this::compare));
        for (int i = 1; i < completed.size(); i++) {
            hadTie |= !skip.equals("NO_SKIP")
                    && completed.get(i).run.first() == completed.get(i - 1).run.first();
        }
        while (!completed.isEmpty() && !isHeldBack(completed.get(0))) {
            Completed one = completed.remove(0);
            matches.add(Found.of(one.run, one.atMs));
            prune(one.run);
        }
    }

    private boolean isHeldBack(Completed one) {
        return !skip.equals("NO_SKIP")
                && runs.stream().anyMatch(run -> position(run.first()) < position(one.run.first()));
    }

    private void prune(Run match) {
        long limit = pruneLimit(match);
        runs.removeIf(run -> position(run.first()) < limit);
        completed.removeIf(one -> position(one.run.first()) < limit);
    }

    /** {@return where a run must start, or later, to live on beside the match} */
    private long pruneLimit(Run match) {
        if (skip.equals("NO_SKIP")) {
            return Long.MIN_VALUE;
        }
        if (skip.equals("SKIP_TO_NEXT")) {
            return position(match.first()) + 1;
        }
        if (skip.equals("SKIP_PAST_LAST_EVENT")) {
            return position(match.order().get(match.order().size() - 1)) + 1;
        }
        List<JsonNode> target = match.taken().get(skip.substring(skip.indexOf(':') + 1));
        if (target == null) {
            return Long.MIN_VALUE;
        }
        return position(target.get(skip.startsWith("SKIP_TO_FIRST") ? 0 : target.size() - 1));
    }

    /** {@return the how manieth event of its key it is, in the order of processing} */
    private long position(JsonNode event) {
        return positions.get(event);
    }

    /** By the events, those that are a beginning of the others first, then by the stages that took them. */
    private int compare(Run left, Run right) {
        List<Long> numbers = distinct(left);
        List<Long> others = distinct(right);
        for (int i = 0; i < Math.min(numbers.size(), others.size()); i++) {
            int difference = numbers.get(i).compareTo(others.get(i));
            if (difference != 0) {
                return difference;
            }
        }
        int difference = Integer.compare(numbers.size(), others.size());
        for (int i = 0; i < numbers.size() && difference == 0; i++) {
            difference = Integer.compare(rank(left, numbers.get(i)), rank(right, numbers.get(i)));
        }
        return difference;
    }

    private static List<Long> distinct(Run run) {
        return Found.numbers(run.order()).stream().distinct().toList();
    }

    /** {@return the place of the stage that took an event; what several conditions of allOf took comes behind} */
    private int rank(Run run, long number) {
        List<String> names = run.taken().entrySet().stream()
                .filter(taken -> Found.numbers(taken.getValue()).contains(number))
                .map(Map.Entry::getKey)
                .toList();
        return names.size() == 1 ? stageNames.indexOf(names.get(0)) : stageNames.size();
    }

    /** One event at one run. */
    private final class Step {
        private final Run run;
        private final JsonNode event;
        private final List<Run> waiting = new ArrayList<>();
        private final List<Run> grown = new ArrayList<>();
        private final List<Run> complete = new ArrayList<>();

        Step(Run run, JsonNode event) {
            this.run = run;
            this.event = event;
        }

        void go() {
            boolean isKilled = false;
            for (Way way : run.ways()) {
                Way open = run.isFresh() ? opened(way) : way;
                isKilled |= kills(way);
                if (open != null && !isGuarded(open)) {
                    tryWay(open);
                }
            }
            if (!isKilled) {
                runs.addAll(grown);
                runs.addAll(waiting);
            }
            if (!isKilled || isFlink) {
                complete.forEach(
                        one -> completed.add(new Completed(one, event.get("ts").asLong(), stepCount)));
            }
        }

        private boolean holds(JsonNode condition) {
            return condition == null || CaseCondition.test(condition, event, run.taken());
        }

        private boolean kills(Way way) {
            boolean isFirst = run.isFresh() && way.firstGuards().stream().noneMatch(this::isShutBy);
            return way.nots().stream().anyMatch(this::holds)
                    || isFirst && way.nextNots().stream().anyMatch(this::holds);
        }

        /** {@return the way past what only the first event meets, null if it is shut} */
        private Way opened(Way way) {
            if (way.firstGuards().stream().anyMatch(this::isShutBy)
                    || way.nextNots().stream().anyMatch(this::holds)) {
                return null;
            }
            List<CaseStage> guards = new ArrayList<>(way.guards());
            guards.removeIf(guard -> guard.until != null && holds(guard.until));
            return way.guardedBy(guards);
        }

        private boolean isShutBy(CaseStage guard) {
            return holds(guard.where) && (guard.until == null || !holds(guard.until));
        }

        private boolean isGuarded(Way way) {
            return way.guards().stream().anyMatch(guard -> holds(guard.where));
        }

        private void tryWay(Way way) {
            switch (way.kind()) {
                case ANY_EVENT -> complete.add(run);
                case DEADLINE -> waiting.add(run.waiting(way));
                case ABSENCE -> {
                    if (!holds(way.to().stage().where)) {
                        waiting.add(run.waiting(way));
                    }
                }
                case STAGE -> {
                    if (way.to().stage().alternatives.isEmpty()) {
                        tryStage(way);
                    } else {
                        tryAlternatives(way);
                    }
                }
            }
        }

        private void tryStage(Way way) {
            CaseStage stage = way.to().stage();
            boolean isMatching = holds(stage.where);
            boolean isUntil = stage.until != null && holds(stage.until);
            if (isMatching && !isUntil) {
                take(run.accept(stage.name, event), way.to());
            }
            tryWaiting(way, isMatching, isUntil);
        }

        private void tryWaiting(Way way, boolean isMatching, boolean isUntil) {
            boolean canWait =
                    way.contiguity().equals("followedByAny") || way.contiguity().equals("followedBy") && !isMatching;
            if (canWait && !run.order().isEmpty() && !(way.isRepeat() && isUntil)) {
                waiting.add(run.waiting(way));
            }
        }

        /** Of anyOf the first that holds takes the event, of allOf all that hold and are still missing. */
        private void tryAlternatives(Way way) {
            CaseStage stage = way.to().stage();
            Set<Integer> done = new TreeSet<>(way.done());
            Run longer = run;
            for (int i = 0; i < stage.alternatives.size(); i++) {
                CaseStage alternative = stage.alternatives.get(i);
                boolean isEnough = !stage.isAllOf && !done.isEmpty();
                if (!isEnough && !done.contains(i) && holds(alternative.where)) {
                    longer = longer.accept(alternative.name, event);
                    done.add(i);
                }
            }
            boolean isMatching = done.size() > way.done().size();
            tryWaiting(way, isMatching, false);
            if (isMatching && (!stage.isAllOf || done.size() == stage.alternatives.size())) {
                take(longer, way.to());
            } else if (isMatching) {
                grown.add(longer.on(List.of(way.doneWith(done))));
            }
        }

        private void take(Run longer, Place place) {
            Onward onward = Onward.after(place, isFlink);
            for (List<Way> ways : apart(onward.ways)) {
                grown.add(longer.on(ways));
            }
            if (onward.isComplete) {
                complete.add(longer);
            }
        }
    }
}
