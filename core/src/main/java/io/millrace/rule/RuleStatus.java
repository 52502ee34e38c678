package io.millrace.rule;

/**
 * A rule as it is.
 *
 * @param sequence of the record that deployed or replaced it
 * @param length bytes of memory that its state takes at most
 */
public record RuleStatus(String name, String text, boolean isPaused, long sequence, long length) {}
