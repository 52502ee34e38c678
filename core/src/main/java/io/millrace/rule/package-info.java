/**
 * Rules: operators that are deployed, replaced, paused and taken away while a pipeline runs, by records of its journal.
 * The entry is {@link io.millrace.rule.RuleSettings}, given to {@code PipelineContext.rules}; see
 * {@code Pipeline.rules} for what changes them.
 *
 * <pre>
 *   text --RuleCompiler--&gt; operator        refused here: nothing is journaled
 *     |                       |
 *     v                       v
 *   CONTROL record S  --&gt;  APPLY  it takes part from the record behind S on
 *     |
 *     '--&gt; replay, recovery, follower: the same text gives the same operator at the same S
 * </pre>
 *
 * <p>A compiler is called on the thread that asks for a change, and in a replay on the thread that applies.
 */
@NullMarked
package io.millrace.rule;

import org.jspecify.annotations.NullMarked;
