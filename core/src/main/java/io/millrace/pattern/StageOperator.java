package io.millrace.pattern;

/** How a stage follows the one before it. */
public enum StageOperator {
    /** The first stage: any event may start a run. */
    BEGIN,
    /** The very next event of the key must match, else the run ends. */
    NEXT,
    /** Events that do not match are passed over; the first that does is taken. */
    FOLLOWED_BY,
    /** Events that do not match are passed over, and so is, in a copy of the run, each that does. */
    FOLLOWED_BY_ANY,
    /** The very next event must not match. */
    NOT_NEXT,
    /** No event may match before one of the next stage is taken; as the last stage: before the time is over. */
    NOT_FOLLOWED_BY,
    /** No event may match for a time; the stage is complete when the time is over. */
    ABSENT_FOR;

    /** {@return whether the stage says what must not come, so that it takes no event} */
    public boolean isNegation() {
        return this == NOT_NEXT || this == NOT_FOLLOWED_BY || this == ABSENT_FOR;
    }
}
