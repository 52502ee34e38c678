package io.millrace.ops.command;

import io.millrace.rule.RuleChange.Action;

/**
 * A change of rules that a command asks a run for.
 *
 * @param id of the request, in the order of time
 * @param text of the rule, empty where the action needs none
 * @param warmCount how many accepted records before the change a new rule is warmed with, 0 for none
 * @param reason for the audit log, may be empty
 */
public record RuleRequest(
        String id, Action action, String name, String text, boolean isKeepingState, long warmCount, String reason) {}
