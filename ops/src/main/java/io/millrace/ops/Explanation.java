package io.millrace.ops;

import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.ops.config.Units;
import io.millrace.pattern.FlinkPortability;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.PatternInspector;
import io.millrace.pattern.PatternLimits;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.PatternStage;
import io.millrace.pattern.ThresholdOperator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a pattern is run.
 *
 * @param operator that was chosen, and why
 * @param stages in order, in words
 * @param eventConditions distinct conditions over the event alone: each is evaluated once per event, whatever the runs
 * @param runConditions those that look at earlier events: evaluated per run that asks
 * @param registers what each run keeps of its events
 * @param limits by name
 * @param bytes of heap that the state takes, the same for its whole life
 * @param timers what is due without an event
 * @param notPortable what Flink's CEP library cannot say, or says otherwise
 */
record Explanation(
        String pattern,
        String operator,
        List<String> stages,
        int states,
        int edges,
        List<String> eventConditions,
        List<String> runConditions,
        List<String> registers,
        Map<String, Object> limits,
        long bytes,
        List<String> timers,
        List<String> notPortable) {

    /** @param setLengths bytes of each set */
    static Explanation of(RunConfig config, SequenceSection section, Map<String, Long> setLengths) {
        boolean isOfSet = config.items().isOfSet(section);
        Pattern pattern = section.pattern();
        PatternOperator operator = new PatternOperator(pattern);
        PatternInspector inspector = new PatternInspector(operator);
        return new Explanation(
                section.name(),
                isOfSet
                        ? "PatternSet " + section.set() + ": "
                                + config.items().ofSet(section.set()).size()
                                + " patterns that share conditions, keys and memory"
                        : "PatternOperator: an automaton with live runs per key",
                pattern.stages().stream().map(stage -> stage.toString().strip()).toList(),
                inspector.stateCount(),
                inspector.edgeCount(),
                inspector.eventConditions(),
                inspector.runConditions(),
                inspector.registers(),
                limits(pattern.limits(), inspector),
                isOfSet ? setLengths.getOrDefault(section.set(), 0L) : operator.bytes(),
                timers(pattern),
                FlinkPortability.of(pattern));
    }

    static Explanation of(PatternSection section) {
        List<String> conditions = new ArrayList<>(List.of("is " + section.type().name()));
        if (section.where() != null) {
            conditions.add(section.where().toString());
        }
        List<String> registers = new ArrayList<>(List.of("count >= " + section.countMin()));
        if (section.distinct() != null) {
            registers.add("distinct(" + section.distinct().name() + ") >= " + section.distinctMin());
        }
        Map<String, Object> limits = new LinkedHashMap<>();
        limits.put("maxKeys", section.maxKeys());
        limits.put("maxEvents", section.maxEvents());
        limits.put("maxEventsPerKey", section.maxEventsPerKey());
        return new Explanation(
                section.name(),
                "ThresholdOperator: a sliding count per key, O(1) per event, no runs",
                List.of("threshold " + String.join(" and ", registers) + ", "
                        + section.mode().name().toLowerCase(Locale.ROOT).replace('_', '-')),
                0,
                0,
                conditions,
                List.of(),
                registers,
                limits,
                ThresholdOperator.bytes(Operators.pattern(section)),
                List.of("events leave after " + duration(section.withinNs()) + ", noticed when their key is looked at"),
                List.of());
    }

    private static Map<String, Object> limits(PatternLimits limits, PatternInspector inspector) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("maxKeys", limits.maxKeys());
        all.put("maxRunsPerKey", limits.maxRunsPerKey());
        all.put("maxRuns", limits.maxRuns());
        all.put("maxHeld", limits.maxNodes());
        all.put("maxEventsPerMatch", limits.maxEventsPerMatch());
        all.put("maxMatchLength", limits.maxMatchLength());
        all.put("maxStepsPerEvent", inspector.maxStepsPerEvent());
        all.put("overflow", limits.overflow().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        return all;
    }

    private static List<String> timers(Pattern pattern) {
        List<String> timers = new ArrayList<>();
        if (pattern.withinNs() > 0) {
            timers.add("a run is over " + duration(pattern.withinNs()) + " after its first event");
        }
        addTimers(pattern.stages(), timers);
        return timers;
    }

    private static void addTimers(List<PatternStage> stages, List<String> timers) {
        for (PatternStage stage : stages) {
            if (stage.absentNs() > 0) {
                timers.add("absence of " + stage.name() + " is complete " + duration(stage.absentNs())
                        + " after the stage before");
            }
            if (stage.withinPreviousNs() > 0) {
                timers.add("stage " + stage.name() + " must come less than " + duration(stage.withinPreviousNs())
                        + " after the event before");
            }
            if (stage.quantifier().gapNs() > 0) {
                timers.add("events of stage " + stage.name() + " are less than "
                        + duration(stage.quantifier().gapNs()) + " apart");
            }
            addTimers(stage.parts(), timers);
        }
    }

    private static String duration(long durationNs) {
        return Units.duration(durationNs);
    }
}
