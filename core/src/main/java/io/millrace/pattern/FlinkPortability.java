package io.millrace.pattern;

import java.util.ArrayList;
import java.util.List;

/** What of a pattern Flink's CEP library cannot say, or says otherwise. */
public final class FlinkPortability {
    private FlinkPortability() {}

    /** {@return what is not portable, in words; empty if the same pattern gives the same matches there} */
    public static List<String> of(Pattern pattern) {
        List<String> found = new ArrayList<>();
        collect(pattern.stages(), true, found);
        if (pattern.isOnce()) {
            found.add("once: Flink starts a run at each event that can begin one");
        }
        if (pattern.semantics() == Semantics.MILLRACE && hasNegation(pattern.stages())) {
            found.add("semantics millrace: an event that completes a match and is forbidden ends the run, Flink puts"
                    + " out the match; flink-exact does too");
        }
        if (pattern.hasTimeouts() && hasGap(pattern.stages()) && pattern.withinNs() == 0) {
            found.add("timeouts of withinPrevious alone: Flink notices them at the key's next event only");
        }
        return found;
    }

    private static void collect(List<PatternStage> stages, boolean isTop, List<String> found) {
        for (int i = 0; i < stages.size(); i++) {
            PatternStage stage = stages.get(i);
            boolean isLast = isTop && i == stages.size() - 1;
            if (stage.operator() == StageOperator.ABSENT_FOR) {
                found.add("absentFor of stage " + stage.name()
                        + (isLast
                                ? ": Flink says it as notFollowedBy with within(PREVIOUS_AND_CURRENT)"
                                : ": Flink has no absence that lasts a time before another stage"));
            }
            if (stage.combination() == Combination.ALL_OF || stage.combination() == Combination.ANY_OF) {
                found.add((stage.combination() == Combination.ALL_OF ? "allOf" : "anyOf") + " of stages " + stage.name()
                        + ": Flink has conditions that are or-ed, without a name for each");
            }
            if (stage.quantifier().preference() == Preference.GREEDY_STOP_AT_MAX) {
                found.add("greedy stop-at-max of stage " + stage.name()
                        + ": in Flink further events of the loop end the run");
            }
            collect(stage.parts(), false, found);
        }
    }

    private static boolean hasNegation(List<PatternStage> stages) {
        return stages.stream().anyMatch(stage -> stage.operator().isNegation() || hasNegation(stage.parts()));
    }

    private static boolean hasGap(List<PatternStage> stages) {
        return stages.stream().anyMatch(stage -> stage.withinPreviousNs() > 0 || hasGap(stage.parts()));
    }
}
