package io.millrace.pattern.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/**
 * One way on for a run.
 *
 * @param kind what ends the waiting
 * @param to the place whose event is awaited; for {@link Kind#ABSENCE} that of the absent stage
 * @param contiguity next, followedBy or followedByAny
 * @param nots events that kill the run for as long as it waits
 * @param nextNots events that kill the run if they come first
 * @param guards greedy loops whose events shut this way for as long as it is waited on
 * @param firstGuards greedy loops whose events shut this way if they come first
 * @param limitMs how long it stays open after the event accepted last, 0 for ever
 * @param done what of an allOf was accepted already
 */
record Way(
        Kind kind,
        Place to,
        String contiguity,
        List<JsonNode> nots,
        List<JsonNode> nextNots,
        List<CaseStage> guards,
        List<CaseStage> firstGuards,
        long limitMs,
        Set<Integer> done) {
    enum Kind {
        /** An event of the stage. */
        STAGE,
        /** The event after the last one, whatever it is: a pattern that ends in notNext. */
        ANY_EVENT,
        /** The end of within: a pattern that ends in notFollowedBy. */
        DEADLINE,
        /** A time without such an event. */
        ABSENCE
    }

    boolean isRepeat() {
        return to.round() > 1;
    }

    Way guardedBy(List<CaseStage> others) {
        return new Way(kind, to, contiguity, nots, nextNots, others, firstGuards, limitMs, done);
    }

    /** {@return the way to what is still missing: what was met before the stage is over with its first event} */
    Way doneWith(Set<Integer> accepted) {
        return new Way(kind, to, "followedBy", List.of(), List.of(), List.of(), List.of(), 0, accepted);
    }
}
