package io.millrace.pattern;

import org.jspecify.annotations.Nullable;

/**
 * What a match removes: runs of the key, and other matches that wait, which started before some event.
 *
 * <pre>
 *   a b c d e      match: b c d
 *     '---'
 *   NO_SKIP          nothing
 *   TO_NEXT          what started at b or before
 *   PAST_LAST_EVENT  what started at d or before
 *   TO_FIRST(stage)  what started before the first event of the stage
 *   TO_LAST(stage)   what started before the last event of the stage
 * </pre>
 *
 * @param kind which events
 * @param stage of TO_FIRST and TO_LAST
 * @param isThrowing whether the pipeline halts at a match in which the stage has no event; else nothing is removed
 */
public record AfterMatch(Kind kind, @Nullable String stage, boolean isThrowing) {
    /** The event up to which what started is removed. */
    public enum Kind {
        NO_SKIP,
        TO_NEXT,
        PAST_LAST_EVENT,
        TO_FIRST,
        TO_LAST
    }

    /** {@return the strategy that emits everything} */
    public static AfterMatch noSkip() {
        return new AfterMatch(Kind.NO_SKIP, null, false);
    }

    /** {@return the strategy that emits one match per start} */
    public static AfterMatch skipToNext() {
        return new AfterMatch(Kind.TO_NEXT, null, false);
    }

    /** {@return the strategy that emits matches which do not overlap} */
    public static AfterMatch skipPastLastEvent() {
        return new AfterMatch(Kind.PAST_LAST_EVENT, null, false);
    }

    /** {@return the strategy that removes what started before the first event of a stage} */
    public static AfterMatch skipToFirst(String stage) {
        return new AfterMatch(Kind.TO_FIRST, stage, false);
    }

    /** {@return the strategy that removes what started before the last event of a stage} */
    public static AfterMatch skipToLast(String stage) {
        return new AfterMatch(Kind.TO_LAST, stage, false);
    }

    /** {@return this strategy, which halts at a match in which the stage has no event} */
    public AfterMatch throwOnMiss() {
        return new AfterMatch(kind, stage, true);
    }

    boolean isSkip() {
        return kind != Kind.NO_SKIP;
    }

    @Override
    public String toString() {
        return stage == null ? kind.toString() : kind + ":" + stage;
    }
}
