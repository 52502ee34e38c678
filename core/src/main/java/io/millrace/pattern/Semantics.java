package io.millrace.pattern;

/** Whose rules a pattern follows where engines differ. */
public enum Semantics {
    /**
     * Flink's where Flink does as documented. Different are:
     *
     * <ul>
     *   <li>an event that a negation forbids never completes a match;
     *   <li>notFollowedBy is over with the first event of the stage behind it, also if that is a loop;
     *   <li>notFollowedBy behind a loop is looked for between all its rounds; as the last stage it lets the longest run
     *       match too when the time is over, not only those that passed over an event;
     *   <li>notNext is asked of the next event also when all stages behind it are optional, not of the one before;
     *   <li>a group that may go on or be left gives each match once, and a stage behind it by next stays strict;
     *   <li>a negation before a group holds until the first event of the group, also if that may be left out;
     *   <li>between the rounds of a loop that begins a group its own contiguity holds, not that of the group;
     *   <li>limits between the rounds of a loop hold for all rounds, and only between them.
     * </ul>
     */
    MILLRACE,
    /** Flink's to the letter: an event that both completes a match and is forbidden completes it. */
    FLINK_EXACT,
    /** Matches in the order of preference of ISO SQL; reserved for another surface. */
    ISO
}
