package io.millrace.ops.command;

import io.millrace.rule.RuleStatus;

/**
 * A rule as a list shows it.
 *
 * @param state {@code running}, {@code paused} or {@code undeployed}
 * @param sequence of the record that deployed or replaced it
 * @param bytes of memory that its state takes at most
 */
public record RuleRow(String name, String state, long sequence, long bytes, String text) {
    /** The state of one that is gone. */
    public static final String UNDEPLOYED = "undeployed";

    /** {@return the row of a rule that is there} */
    public static RuleRow of(RuleStatus rule) {
        return new RuleRow(
                rule.name(), rule.isPaused() ? "paused" : "running", rule.sequence(), rule.length(), rule.text());
    }

    RuleRow undeployed() {
        return new RuleRow(name, UNDEPLOYED, sequence, 0, text);
    }
}
