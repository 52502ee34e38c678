/**
 * Typed expressions over the fields of an event: conditions and values that a configuration writes as text.
 *
 * <pre>
 *   "delay &gt;= 20 and destination in ('JFK', 'LAX')"
 *        | {@link io.millrace.expression.Lexer}      tokens with their offsets
 *        | {@link io.millrace.expression.Parser}     precedence; {@link io.millrace.expression.Typing} gives each part
 * its type
 *        v
 *      {@link io.millrace.expression.Node}           a typed tree
 *        | {@link io.millrace.expression.Compiler}   one hidden class
 *        v
 *      {@link io.millrace.event.Condition}, {@link io.millrace.expression.LongExpression}, {@link
 * io.millrace.expression.DoubleExpression}
 * </pre>
 *
 * <p>From loosest to tightest: {@code or}; {@code and}; {@code not}; {@code == != < <= > >=}, {@code in},
 * {@code between}, {@code startsWith}, {@code contains}, {@code is null}; {@code + -}; {@code * / %}; unary minus. A
 * name is a field of the event type, or else of the header. Numbers are integers, decimals or durations ({@code 30s},
 * {@code 5min}: in nanoseconds). Text stands in single quotes; it is also how the names of an enum and a char are
 * written. Where earlier events are known, {@code first last sum avg min max distinct} of {@code stage.field} and
 * {@code count(stage)} are values too: {@link io.millrace.expression.RunExpression}.
 *
 * <p><b>Null</b>: a comparison with null is neither true nor false, as in SQL, and neither is its negation; arithmetic
 * with null is null. So are an overflow, a division of integers by zero, -2^63 and NaN. A condition passes only what is
 * true.
 *
 * <p>An expression can do nothing but read the event: there are no class names, no methods and no loops in it.
 */
@NullMarked
package io.millrace.expression;

import org.jspecify.annotations.NullMarked;
