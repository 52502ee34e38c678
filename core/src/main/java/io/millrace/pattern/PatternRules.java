package io.millrace.pattern;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a pattern must keep to: checked when it is built, before anything is compiled. */
final class PatternRules {
    private final Pattern pattern;
    private final Set<String> names = new LinkedHashSet<>();

    private PatternRules(Pattern pattern) {
        this.pattern = pattern;
    }

    /** @param isCapSet whether {@code maxRunsPerKey} was said */
    static void check(Pattern pattern, boolean isCapSet) {
        PatternRules rules = new PatternRules(pattern);
        rules.checkName();
        rules.checkChain(pattern.stages(), true);
        rules.checkTimes(isCapSet);
        rules.checkAfterMatch();
        rules.checkLate();
        rules.checkLimits();
    }

    static IllegalArgumentException refuseStage(String stage, String setting, String expected, String remedy) {
        return new IllegalArgumentException(
                "cannot build stage " + stage + ": " + setting + " (expected: " + expected + "); " + remedy);
    }

    private IllegalArgumentException refuse(String setting, String expected, String remedy) {
        return new IllegalArgumentException(
                "cannot build pattern " + pattern.name() + ": " + setting + " (expected: " + expected + "); " + remedy);
    }

    private IllegalArgumentException refuse(PatternStage stage, String setting, String expected, String remedy) {
        return refuse("stage=" + stage.name() + ", " + setting, expected, remedy);
    }

    private void checkName() {
        if (pattern.name().isBlank()) {
            throw refuse("name=" + pattern.name(), "not blank", "call named(name)");
        }
    }

    private void checkChain(List<PatternStage> stages, boolean isTop) {
        for (int i = 0; i < stages.size(); i++) {
            PatternStage stage = stages.get(i);
            checkStage(stage);
            if (i > 0) {
                checkFollows(stages.get(i - 1), stage);
            } else if (stage.operator() != StageOperator.BEGIN) {
                throw refuse(stage, "operator=" + stage.operator(), "BEGIN", "let a stage that takes an event begin");
            }
            if (i > 0 && stage.operator() == StageOperator.BEGIN) {
                throw refuse(stage, "operator=BEGIN", "only for the first stage", "use next or followedBy");
            }
        }
        PatternStage last = stages.get(stages.size() - 1);
        if (!isTop && last.operator().isNegation()) {
            throw refuse(
                    last,
                    "operator=" + last.operator(),
                    "a stage that takes an event at the end of a group",
                    "put it behind the group");
        }
        if (isTop && last.isNotFollowedBy() && pattern.withinNs() <= 0 && last.withinPreviousNs() <= 0) {
            throw refuse(
                    last,
                    "notFollowedBy as the last stage without a time",
                    "within or withinPrevious",
                    "say for how long it must not come, or use absentFor");
        }
    }

    private void checkFollows(PatternStage before, PatternStage stage) {
        if (stage.operator().isNegation() && before.isOptional()) {
            throw refuse(
                    stage,
                    "operator=" + stage.operator() + " behind the optional stage " + before.name(),
                    "a stage before it that is not optional",
                    "put the negation before the optional stage");
        }
        if (stage.operator() == StageOperator.ABSENT_FOR && before.operator() == StageOperator.NOT_NEXT) {
            throw refuse(stage, "absentFor behind notNext", "a stage that takes an event", "leave notNext out");
        }
        if (stage.operator() == StageOperator.ABSENT_FOR
                && endsGreedy(before)
                && lastOf(before).until() != null) {
            throw refuse(
                    stage,
                    "absentFor behind the greedy stage " + lastOf(before).name() + " with until",
                    "one of them",
                    "leave greedy or until out");
        }
        if (stage.isOptional() && endsGreedy(before)) {
            throw refuse(
                    stage,
                    "optional behind the greedy stage " + before.name(),
                    "a stage that is not optional",
                    "leave greedy or optional out");
        }
        if (before.quantifier().isGreedy()
                && stage.combination() == Combination.SINGLE
                && before.condition().equals(stage.condition())
                && before.until() == null) {
            throw refuse(
                    stage,
                    "condition=" + stage.condition() + ", the same as of the greedy stage " + before.name(),
                    "a condition that the loop does not imply",
                    "the loop takes every such event; let the conditions differ");
        }
    }

    private static boolean endsGreedy(PatternStage stage) {
        return lastOf(stage).quantifier().isGreedy();
    }

    private static PatternStage lastOf(PatternStage stage) {
        return stage.combination() == Combination.GROUP
                ? lastOf(stage.parts().get(stage.parts().size() - 1))
                : stage;
    }

    private void checkStage(PatternStage stage) {
        if (stage.combination() == Combination.SINGLE) {
            if (stage.name().isBlank() || !names.add(stage.name())) {
                throw refuse("stage=" + stage.name(), "a name of its own", "rename the stage");
            }
        } else if (stage.parts().isEmpty()) {
            throw refuse(stage, "parts=0", "1 or more", "give the group stages");
        }
        checkRange(stage, "withinPreviousNs", stage.withinPreviousNs(), 0, Pattern.MAX_WITHIN_NS);
        checkRange(stage, "gapNs", stage.quantifier().gapNs(), 0, Pattern.MAX_WITHIN_NS);
        if (stage.operator().isNegation()) {
            checkNegation(stage);
        } else {
            checkQuantifier(stage);
            checkParts(stage);
        }
    }

    private void checkNegation(PatternStage stage) {
        if (!stage.quantifier().equals(Quantifier.ONCE) || stage.until() != null) {
            throw refuse(
                    stage,
                    "quantifier=" + stage.quantifier() + " of " + stage.operator(),
                    "none: it takes no event",
                    "leave times, optional, greedy and until out");
        }
        if (stage.operator() == StageOperator.ABSENT_FOR) {
            checkRange(stage, "absentNs", stage.absentNs(), 1, Pattern.MAX_WITHIN_NS);
        }
    }

    private void checkQuantifier(PatternStage stage) {
        Quantifier quantifier = stage.quantifier();
        if (stage.until() != null && !quantifier.isUnbounded()) {
            throw refuse(stage, "until without an unbounded loop", "oneOrMore or timesOrMore", "say it before until");
        }
        if (quantifier.preference() == Preference.RELUCTANT && pattern.semantics() != Semantics.ISO) {
            throw refuse(stage, "preference=RELUCTANT", "EVERY or GREEDY", "the shortest length is among every length");
        }
        if (quantifier.isGreedy() && stage.combination() != Combination.SINGLE) {
            throw refuse(stage, "greedy of a group", "a single stage", "leave greedy out");
        }
        if (quantifier.isGreedy() && quantifier.inner() == Contiguity.ANY) {
            throw refuse(stage, "greedy with allowCombinations", "one of them", "leave one of them out");
        }
        if (quantifier.isGreedy() && !quantifier.isLoop()) {
            throw refuse(
                    stage, "greedy of a stage that matches once", "a loop", "say times or oneOrMore, or leave it out");
        }
    }

    private void checkParts(PatternStage stage) {
        if (stage.combination() == Combination.GROUP) {
            checkChain(stage.parts(), false);
            return;
        }
        if (stage.combination() == Combination.ALL_OF
                && (stage.quantifier().isLoop() || stage.parts().size() > 8)) {
            throw refuse(
                    stage,
                    "allOf of " + stage.parts().size() + " with quantifier=" + stage.quantifier(),
                    "up to 8 conditions, no loop",
                    "put allOf into a group to repeat it");
        }
        for (PatternStage part : stage.parts()) {
            checkStage(part);
            if (part.combination() != Combination.SINGLE
                    || part.operator() != StageOperator.BEGIN
                    || !part.quantifier().equals(Quantifier.ONCE)) {
                throw refuse(
                        part,
                        "part=" + part,
                        "a single stage without quantifier",
                        "use Pattern.begin(name).where(...)");
            }
        }
    }

    private void checkTimes(boolean isCapSet) {
        if (pattern.withinNs() != 0) {
            checkRange("withinNs", pattern.withinNs(), 1, Pattern.MAX_WITHIN_NS, "set within to a positive duration");
        }
        for (PatternStage stage : all(pattern.stages(), new ArrayList<>())) {
            long longest = Math.max(stage.withinPreviousNs(), stage.quantifier().gapNs());
            if (pattern.withinNs() > 0 && longest > pattern.withinNs()) {
                throw refuse(
                        stage,
                        "withinPreviousNs=" + longest,
                        "up to withinNs=" + pattern.withinNs(),
                        "a gap cannot be longer than the whole match");
            }
            if (pattern.withinNs() > 0 && stage.absentNs() >= pattern.withinNs()) {
                throw refuse(
                        stage,
                        "absentNs=" + stage.absentNs(),
                        "less than withinNs=" + pattern.withinNs(),
                        "within would end every run before; let it be longer, or the absence shorter");
            }
            boolean isBounded = pattern.withinNs() > 0 || isCapSet;
            if (stage.quantifier().inner() == Contiguity.ANY
                    && stage.quantifier().isLoop()
                    && !isBounded) {
                throw refuse(
                        stage,
                        "allowCombinations without within",
                        "within, or maxRunsPerKey",
                        "n events have 2^n combinations; bound them");
            }
        }
        boolean isOneEvent = pattern.stages().size() == 1
                && pattern.stages().get(0).combination() != Combination.GROUP
                && !pattern.stages().get(0).quantifier().isLoop();
        if (pattern.withinNs() == 0 && !isCapSet && !isOneEvent) {
            throw refuse(
                    "withinNs=0 without maxRunsPerKey",
                    "a time or a cap: runs may wait for ever",
                    "call within, or maxRunsPerKey to say how many may wait");
        }
        if (pattern.withinNs() == 0
                && pattern.afterMatch().isSkip()
                && !isOneEvent
                && pattern.limits().overflow() != Overflow.EVICT_OLDEST) {
            throw refuse(
                    "afterMatch=" + pattern.afterMatch() + " without within",
                    "within, or maxRunsPerKey with onOverflow(EVICT_OLDEST)",
                    "a run that waits for ever holds back every match after it");
        }
    }

    private static List<PatternStage> all(List<PatternStage> stages, List<PatternStage> found) {
        for (PatternStage stage : stages) {
            found.add(stage);
            all(stage.parts(), found);
        }
        return found;
    }

    private void checkLate() {
        if (pattern.late().isUpdate()) {
            throw refuse(
                    "late=" + pattern.late(),
                    "no update",
                    "a match cannot be taken back; drop late events, or put them out");
        }
    }

    private void checkAfterMatch() {
        String stage = pattern.afterMatch().stage();
        if (stage != null) {
            boolean isKnown = all(pattern.stages(), new ArrayList<>()).stream()
                    .anyMatch(each -> each.combination() == Combination.SINGLE
                            && !each.operator().isNegation()
                            && each.name().equals(stage));
            if (!isKnown) {
                throw refuse("afterMatch=" + pattern.afterMatch(), "one of " + names, "name a stage that takes events");
            }
        }
    }

    private void checkLimits() {
        PatternLimits limits = pattern.limits();
        int max = PatternLimits.MAX_LIMIT;
        checkRange("maxKeys", limits.maxKeys(), 1, max, "set how many keys may be live at a time");
        checkRange("maxRuns", limits.maxRuns(), 1, max, "set how many runs may be live at a time");
        checkRange("maxRunsPerKey", limits.maxRunsPerKey(), 1, limits.maxRuns(), "let it be no more than maxRuns");
        checkRange("maxNodes", limits.maxNodes(), 1, max, "set how many events may be held");
        checkRange("maxEventsPerMatch", limits.maxEventsPerMatch(), 1, 1 << 20, "set how long a match may be");
        checkRange("maxWaitingMatches", limits.maxWaitingMatches(), 1, max, "set how many matches may wait");
        checkRange(
                "maxMatchLength", limits.maxMatchLength(), PatternMatch.MIN_LENGTH, 1 << 24, "let a match have room");
        checkRange("maxOutputsPerStep", limits.maxOutputsPerStep(), 1, 1 << 16, "let a step put out something");
    }

    private void checkRange(PatternStage stage, String setting, long value, long min, long max) {
        checkRange("stage=" + stage.name() + ", " + setting, value, min, max, "set it to a duration in this range");
    }

    private void checkRange(String setting, long value, long min, long max, String remedy) {
        if (value < min || value > max) {
            throw refuse(setting + '=' + value, min + " to " + max, remedy);
        }
    }
}
