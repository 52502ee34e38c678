/**
 * {@code millrace rule}: operators that are deployed, replaced, paused and taken away while a pipeline runs. Begin with
 * {@link io.millrace.ops.rule.RuleCommand}; what a command asks for lies in {@link io.millrace.ops.command.RuleFiles}.
 */
@NullMarked
package io.millrace.ops.rule;

import org.jspecify.annotations.NullMarked;
