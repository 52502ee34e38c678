package io.millrace.rule;

/**
 * What rules a pipeline takes while it runs. The bounds hold for what is asked for; a replay takes what the journal
 * has.
 *
 * @param compiler of their texts
 * @param maxCount rules that there may be at a time, paused ones included; 1 to 1024
 * @param maxLength bytes of memory that the state of all of them may take, more than 0
 */
public record RuleSettings(RuleCompiler compiler, int maxCount, long maxLength) {
    private static final int COUNT_MAX = 1024;

    /** Checks the bounds. */
    public RuleSettings {
        if (maxCount < 1 || maxCount > COUNT_MAX || maxLength < 1) {
            throw new IllegalArgumentException("cannot take rules: maxCount=" + maxCount + ", maxLength=" + maxLength
                    + " (expected: 1 to " + COUNT_MAX + ", more than 0 bytes); set both in that range");
        }
    }
}
