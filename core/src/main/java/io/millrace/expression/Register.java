package io.millrace.expression;

/**
 * Where a value over earlier events is found.
 *
 * @param index of the register, from 0
 * @param type of the value: LONG, where {@link LongExpression#NULL} stands for null, DOUBLE, as the bits of a double,
 *     or TEXT, as the long that stands for it
 */
public record Register(int index, ExpressionType type) {}
