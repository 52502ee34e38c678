package io.millrace.pattern;

/**
 * What a pattern may hold, so that its memory is known: {@link PatternOperator#bytes}.
 *
 * @param maxKeys that have live runs or waiting matches at a time
 * @param maxRunsPerKey live runs of a key
 * @param maxRuns live runs of all keys
 * @param maxNodes events held in runs and waiting matches, those that copies share once
 * @param maxEventsPerMatch events in a run
 * @param maxWaitingMatches matches found that are not put out yet
 * @param maxMatchLength bytes of the payload of a match, at most the pipeline's {@code maxOutputPayloadLength}
 * @param maxOutputsPerStep matches put out in a step
 * @param overflow what happens at a bound
 */
public record PatternLimits(
        int maxKeys,
        int maxRunsPerKey,
        int maxRuns,
        int maxNodes,
        int maxEventsPerMatch,
        int maxWaitingMatches,
        int maxMatchLength,
        int maxOutputsPerStep,
        Overflow overflow) {
    public static final int MAX_RUNS_PER_KEY_DEFAULT = 1_024;
    /** Most keys, runs and nodes. */
    public static final int MAX_LIMIT = 1 << 27;

    static final PatternLimits DEFAULT = new PatternLimits(
            1 << 16, MAX_RUNS_PER_KEY_DEFAULT, 1 << 16, 1 << 17, 4_096, 1 << 14, 192, 16, Overflow.REJECT_START);
}
