package io.millrace.pattern.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** All that may come after an accepted event, found by walking the pattern. */
final class Onward {
    final List<Way> ways = new ArrayList<>();
    /** Whether nothing more is needed: the match is complete. */
    boolean isComplete;

    /** Whether a limit between rounds means what Flink makes of it in its own tests. */
    private final boolean isFlink;

    private Onward(boolean isFlink) {
        this.isFlink = isFlink;
    }

    /** What was met on the walk to a stage. */
    private record Met(List<JsonNode> nots, List<JsonNode> nextNots, List<CaseStage> guards, List<CaseStage> first) {
        static final Met NOTHING = new Met(List.of(), List.of(), List.of(), List.of());

        Met not(JsonNode where) {
            return new Met(with(nots, where), nextNots, guards, first);
        }

        /** Behind a notNext only the first event meets what came before it. */
        Met notNext(JsonNode where) {
            List<CaseStage> all = new ArrayList<>(first);
            all.addAll(guards);
            return new Met(nots, with(nextNots, where), List.of(), all);
        }

        Met guard(CaseStage greedy) {
            return new Met(nots, nextNots, with(guards, greedy), first);
        }

        private static <T> List<T> with(List<T> list, T one) {
            List<T> longer = new ArrayList<>(list);
            longer.add(one);
            return longer;
        }
    }

    static Onward fromStart(List<CaseStage> stages, boolean isFlink) {
        Onward onward = new Onward(isFlink);
        onward.enterSequence(null, stages, 0, null, Met.NOTHING);
        onward.isComplete = false;
        return onward;
    }

    static Onward after(Place last, boolean isFlink) {
        Onward onward = new Onward(isFlink);
        onward.afterRound(last, Met.NOTHING);
        return onward;
    }

    private void afterRound(Place place, Met met) {
        CaseStage stage = place.stage();
        if (place.round() < stage.max) {
            Met between = met;
            for (JsonNode not : notsBehind(place)) {
                between = between.not(not);
            }
            int round = stage.max == CaseStage.UNBOUNDED ? Math.min(place.round(), stage.min) + 1 : place.round() + 1;
            enter(new Place(place.outer(), place.sequence(), place.index(), round), innerOp(stage), between);
        }
        if (place.round() >= stage.min) {
            leave(place, met);
        }
    }

    private void leave(Place place, Met met) {
        Met left = place.stage().isGreedyLoop() ? met.guard(place.stage()) : met;
        enterSequence(place.outer(), place.sequence(), place.index() + 1, null, left);
    }

    /** Negations behind a loop hold between its rounds too. */
    private static List<JsonNode> notsBehind(Place place) {
        List<JsonNode> nots = new ArrayList<>();
        int next = place.index() + 1;
        while (next < place.sequence().size() && place.sequence().get(next).op.equals("notFollowedBy")) {
            nots.add(place.sequence().get(next++).where);
        }
        if (next == place.sequence().size() && nots.isEmpty() && place.outer() != null) {
            return notsBehind(place.outer());
        }
        return nots;
    }

    private static String innerOp(CaseStage stage) {
        return switch (stage.inner) {
            case "consecutive" -> "next";
            case "allowCombinations" -> "followedByAny";
            default -> "followedBy";
        };
    }

    /** @param headOp contiguity of a group, which holds for its first stage; null for the stages' own */
    private void enterSequence(Place outer, List<CaseStage> sequence, int index, String headOp, Met met) {
        if (index == sequence.size()) {
            if (outer == null) {
                complete(sequence, met);
            } else {
                afterRound(outer, met);
            }
            return;
        }
        CaseStage stage = sequence.get(index);
        switch (stage.op) {
            case "notFollowedBy" -> enterSequence(outer, sequence, index + 1, headOp, met.not(stage.where));
            case "notNext" -> enterSequence(outer, sequence, index + 1, headOp, met.notNext(stage.where));
            default -> enterStage(outer, sequence, index, headOp, met);
        }
    }

    private void enterStage(Place outer, List<CaseStage> sequence, int index, String headOp, Met met) {
        CaseStage stage = sequence.get(index);
        enter(new Place(outer, sequence, index, 1), headOp == null ? stage.op : headOp, met);
        if (stage.isOptional) {
            Met skipped = stage.isGreedyLoop() ? met.guard(stage) : met;
            enterSequence(outer, sequence, index + 1, null, skipped);
        }
    }

    private void enter(Place place, String op, Met met) {
        CaseStage stage = place.stage();
        if (!stage.group.isEmpty()) {
            enterSequence(place, stage.group, 0, op, met);
            return;
        }
        if (stage.op.equals("absentFor")) {
            add(Way.Kind.ABSENCE, place, op, met, stage.forMs);
        } else {
            add(Way.Kind.STAGE, place, op, met, limitMs(place));
        }
    }

    /** In Flink the limit holds for rounds that must come, and for the way to the first of them. */
    private long limitMs(Place place) {
        CaseStage stage = place.stage();
        if (place.round() > 1) {
            return isFlink && place.round() > stage.min ? 0 : stage.timesWithinMs;
        }
        boolean isLimited = isFlink && stage.withinPrevMs == 0 && !stage.isOptional;
        return isLimited ? stage.timesWithinMs : stage.withinPrevMs;
    }

    /** The end of the pattern: reached, or held up by negations. */
    private void complete(List<CaseStage> sequence, Met met) {
        CaseStage last = sequence.get(sequence.size() - 1);
        if (!met.nextNots.isEmpty()) {
            add(Way.Kind.ANY_EVENT, null, "next", met, 0);
        } else if (last.op.equals("notFollowedBy")) {
            add(Way.Kind.DEADLINE, null, "followedByAny", met, last.withinPrevMs);
        } else {
            isComplete = true;
        }
    }

    private void add(Way.Kind kind, Place to, String op, Met met, long limitMs) {
        ways.add(new Way(kind, to, op, met.nots, met.nextNots, met.guards, met.first, limitMs, Set.of()));
    }
}
