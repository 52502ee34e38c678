package io.millrace.pattern;

import io.millrace.event.EventType;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One stage of a pattern.
 *
 * @param name under which a match tells its events; for a group, only for messages
 * @param operator how it follows the stage before it
 * @param combination whether it is one condition or is made of parts
 * @param condition of a single stage or negation
 * @param parts of a group, in order; of anyOf and allOf the alternatives, each single
 * @param type of events that its expressions are about, null for the pattern's
 * @param until what ends its loop, null if nothing does
 * @param withinPreviousNs time that must not pass between the event before and its first one, 0 for any
 * @param absentNs for how long an absence lasts
 */
public record PatternStage(
        String name,
        StageOperator operator,
        Combination combination,
        StageCondition condition,
        List<PatternStage> parts,
        @Nullable EventType type,
        Quantifier quantifier,
        @Nullable StageCondition until,
        long withinPreviousNs,
        long absentNs) {

    /** {@return whether it can be left out} */
    public boolean isOptional() {
        return quantifier.isOptional();
    }

    boolean isNotFollowedBy() {
        return operator == StageOperator.NOT_FOLLOWED_BY;
    }

    @Override
    public String toString() {
        String link = switch (operator) {
            case BEGIN -> "";
            case NEXT -> ", ";
            case FOLLOWED_BY -> " -> ";
            case FOLLOWED_BY_ANY -> " ~> ";
            case NOT_NEXT -> " ,! ";
            case NOT_FOLLOWED_BY -> " ->! ";
            case ABSENT_FOR -> " ->absent ";
        };
        return link
                + body()
                + quantifier
                + (until == null ? "" : " until(" + until + ")")
                + (quantifier.gapNs() > 0 ? " each-within " + quantifier.gapNs() + "ns" : "")
                + (withinPreviousNs > 0 ? " prev-within " + withinPreviousNs + "ns" : "")
                + (absentNs > 0 ? " for " + absentNs + "ns" : "");
    }

    private String body() {
        return switch (combination) {
            case SINGLE -> name + "[" + condition + "]";
            case GROUP -> parts.stream().map(PatternStage::toString).collect(Collectors.joining("", "(", ")"));
            case ANY_OF -> parts.stream().map(PatternStage::toString).collect(Collectors.joining(" | ", "(", ")"));
            case ALL_OF -> parts.stream().map(PatternStage::toString).collect(Collectors.joining(" & ", "(", ")"));
        };
    }
}
