package io.millrace.pattern;

/**
 * What a pattern may hold, so that its memory is known: {@link PatternOperator#bytes}.
 *
 * <pre>{@code
 *   PatternLimits.defaults().maxKeys(1_000_000).maxRuns(1_000_000).overflow(Overflow.EVICT_OLDEST)
 * }</pre>
 *
 * @param maxKeys that have live runs or waiting matches at a time
 * @param maxRunsPerKey live runs of a key
 * @param maxRuns live runs of all keys
 * @param maxNodes events held in runs and waiting matches, those that copies share once
 * @param maxEventsPerMatch events in a run
 * @param maxWaitingMatches matches found that are not put out yet
 * @param maxMatchLength bytes of the payload of a match, at most the pipeline's {@code maxOutputPayloadLength}; what
 *     does not fit is left out of it and counted, see {@link PatternMatch#isTruncated}
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
    /** Bytes: about nine events with their ids. */
    public static final int MAX_MATCH_LENGTH_DEFAULT = 448;
    /** Most keys, runs and nodes. */
    public static final int MAX_LIMIT = 1 << 27;

    private static final PatternLimits DEFAULTS = new PatternLimits(
            1 << 16,
            MAX_RUNS_PER_KEY_DEFAULT,
            1 << 16,
            1 << 17,
            4_096,
            1 << 14,
            MAX_MATCH_LENGTH_DEFAULT,
            16,
            Overflow.REJECT_START);

    /** {@return the limits that hold where none are set} */
    public static PatternLimits defaults() {
        return DEFAULTS;
    }

    /** {@return these limits with another number of keys} */
    public PatternLimits maxKeys(int keys) {
        return new PatternLimits(
                keys,
                maxRunsPerKey,
                maxRuns,
                maxNodes,
                maxEventsPerMatch,
                maxWaitingMatches,
                maxMatchLength,
                maxOutputsPerStep,
                overflow);
    }

    /** {@return these limits with another number of live runs per key} */
    public PatternLimits maxRunsPerKey(int runs) {
        return new PatternLimits(
                maxKeys,
                runs,
                maxRuns,
                maxNodes,
                maxEventsPerMatch,
                maxWaitingMatches,
                maxMatchLength,
                maxOutputsPerStep,
                overflow);
    }

    /** {@return these limits with another number of live runs} */
    public PatternLimits maxRuns(int runs) {
        return new PatternLimits(
                maxKeys,
                maxRunsPerKey,
                runs,
                maxNodes,
                maxEventsPerMatch,
                maxWaitingMatches,
                maxMatchLength,
                maxOutputsPerStep,
                overflow);
    }

    /** {@return these limits with another number of events held} */
    public PatternLimits maxNodes(int nodes) {
        return new PatternLimits(
                maxKeys,
                maxRunsPerKey,
                maxRuns,
                nodes,
                maxEventsPerMatch,
                maxWaitingMatches,
                maxMatchLength,
                maxOutputsPerStep,
                overflow);
    }

    /** {@return these limits with another number of events in a run} */
    public PatternLimits maxEventsPerMatch(int events) {
        return new PatternLimits(
                maxKeys,
                maxRunsPerKey,
                maxRuns,
                maxNodes,
                events,
                maxWaitingMatches,
                maxMatchLength,
                maxOutputsPerStep,
                overflow);
    }

    /** {@return these limits with another number of matches that wait} */
    public PatternLimits maxWaitingMatches(int matches) {
        return new PatternLimits(
                maxKeys,
                maxRunsPerKey,
                maxRuns,
                maxNodes,
                maxEventsPerMatch,
                matches,
                maxMatchLength,
                maxOutputsPerStep,
                overflow);
    }

    /** {@return these limits with another length of a match, in bytes} */
    public PatternLimits maxMatchLength(int length) {
        return new PatternLimits(
                maxKeys,
                maxRunsPerKey,
                maxRuns,
                maxNodes,
                maxEventsPerMatch,
                maxWaitingMatches,
                length,
                maxOutputsPerStep,
                overflow);
    }

    /** {@return these limits with another number of matches put out in a step} */
    public PatternLimits maxOutputsPerStep(int outputs) {
        return new PatternLimits(
                maxKeys,
                maxRunsPerKey,
                maxRuns,
                maxNodes,
                maxEventsPerMatch,
                maxWaitingMatches,
                maxMatchLength,
                outputs,
                overflow);
    }

    /** {@return these limits with another policy at a bound} */
    public PatternLimits overflow(Overflow policy) {
        return new PatternLimits(
                maxKeys,
                maxRunsPerKey,
                maxRuns,
                maxNodes,
                maxEventsPerMatch,
                maxWaitingMatches,
                maxMatchLength,
                maxOutputsPerStep,
                policy);
    }
}
