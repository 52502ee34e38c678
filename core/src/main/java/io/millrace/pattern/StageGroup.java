package io.millrace.pattern;

import java.util.List;

/**
 * Stages that are used as one: {@link Pattern#group}, {@link Pattern#anyOf}, {@link Pattern#allOf}.
 *
 * @param combination of them
 * @param stages one behind the other, or alternatives
 */
public record StageGroup(Combination combination, List<PatternStage> stages) {}
