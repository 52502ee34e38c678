package io.millrace.rule;

import io.millrace.state.Operator;

/**
 * What became of the text of a rule.
 *
 * @param operator that has the rule's name and that nobody else uses
 * @param length bytes of memory that its state takes at most
 */
public record CompiledRule(Operator operator, long length) {}
