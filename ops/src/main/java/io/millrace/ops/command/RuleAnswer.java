package io.millrace.ops.command;

/**
 * What became of a request.
 *
 * @param sequence of the change, -1 if there is none
 * @param message why it was refused, empty if it was not
 */
public record RuleAnswer(long sequence, String message) {}
