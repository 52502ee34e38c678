package io.millrace.pattern;

/** What a threshold pattern does at a counted event after which its conditions hold. */
public enum MatchMode {
    /** A match; the key's counted events are then forgotten, so that each event is in one match at most. */
    SKIP_PAST_LAST,
    /** A match, and nothing is forgotten: the next event that finds the conditions true is a match too. */
    EVERY_EVENT,
    /** A match if the conditions did not hold just before the event, when what is too old had been forgotten. */
    RISING_EDGE
}
