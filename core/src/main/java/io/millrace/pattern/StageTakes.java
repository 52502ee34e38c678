package io.millrace.pattern;

import io.millrace.event.Condition;
import io.millrace.event.EventType;
import io.millrace.expression.RunCondition;
import io.millrace.expression.RunExpression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What each stage takes: its conditions as literals of {@link Predicates}, its registers and its labels. */
final class StageTakes {
    /**
     * What a stage takes.
     *
     * @param literal holds for an event that it takes
     * @param takes for each alternative the literal and the label
     */
    record Take(int literal, int[][] takes) {}

    private final Pattern pattern;
    private final Predicates predicates;
    private final List<String> stageNames = new ArrayList<>();
    private final List<@Nullable EventType> stageTypes = new ArrayList<>();
    private final List<int[]> labels = new ArrayList<>();
    private final RunRegisters registers;
    private final Map<PatternStage, Take> takeByStage = new LinkedHashMap<>();
    private final Map<PatternStage, Integer> untilByStage = new LinkedHashMap<>();

    StageTakes(Pattern pattern, Predicates predicates) {
        this.pattern = pattern;
        this.predicates = predicates;
        collect(pattern.stages());
        this.registers = new RunRegisters(stageNames, stageTypes);
        IntStream.range(0, stageNames.size()).forEach(stage -> labels.add(new int[] {stage}));
    }

    RunRegisters registers() {
        return registers;
    }

    /** {@return the stages that take events, groups taken apart, in order} */
    List<String> stageNames() {
        return stageNames;
    }

    /** {@return the stages of each label} */
    List<int[]> labels() {
        return labels;
    }

    /** {@return the number of a stage that takes events} */
    int stage(PatternStage stage) {
        return stageNames.indexOf(stage.name());
    }

    /** {@return the label of several stages} */
    int label(int[] stages) {
        for (int label = 0; label < labels.size(); label++) {
            if (Arrays.equals(labels.get(label), stages)) {
                return label;
            }
        }
        labels.add(stages);
        return labels.size() - 1;
    }

    /** {@return the literal of what ends a stage's loop, {@link Predicates#FALSE} if nothing does} */
    int until(PatternStage stage) {
        StageCondition until = stage.until();
        if (until == null) {
            return Predicates.FALSE;
        }
        Integer known = untilByStage.get(stage);
        if (known == null) {
            known = literal(until, stage);
            untilByStage.put(stage, known);
        }
        return known;
    }

    private void collect(List<PatternStage> stages) {
        for (PatternStage stage : stages) {
            if (stage.combination() != Combination.SINGLE) {
                collect(stage.parts());
            } else if (!stage.operator().isNegation()) {
                stageNames.add(stage.name());
                stageTypes.add(typeOf(stage));
            }
        }
    }

    private @Nullable EventType typeOf(PatternStage stage) {
        EventType said = stage.type() == null ? typeOf(stage.condition()) : stage.type();
        return said == null ? pattern.type() : said;
    }

    private static @Nullable EventType typeOf(StageCondition condition) {
        if (condition instanceof StageCondition.Text text) {
            return text.type();
        }
        if (condition instanceof StageCondition.OfType type) {
            return type.type();
        }
        if (condition instanceof StageCondition.All all) {
            return all.parts().stream()
                    .map(StageTakes::typeOf)
                    .filter(type -> type != null)
                    .findFirst()
                    .orElse(null);
        }
        return null;
    }

    Take take(PatternStage stage) {
        Take known = takeByStage.get(stage);
        if (known == null) {
            known = newTake(stage);
            takeByStage.put(stage, known);
        }
        return known;
    }

    private Take newTake(PatternStage stage) {
        if (stage.combination() == Combination.SINGLE) {
            int literal = literal(stage.condition(), stage);
            return new Take(literal, new int[][] {{literal, stage(stage)}});
        }
        List<PatternStage> parts = stage.parts();
        int[] literals = parts.stream().mapToInt(part -> take(part).literal()).toArray();
        int[][] takes = new int[parts.size()][];
        int[] notBefore = {};
        for (int i = 0; i < takes.length; i++) {
            int[] all = Arrays.copyOf(notBefore, i + 1);
            all[i] = literals[i];
            takes[i] = new int[] {predicates.and(all), stage(parts.get(i))};
            all[i] = Predicates.not(literals[i]);
            notBefore = all;
        }
        return new Take(predicates.or(literals), takes);
    }

    private int literal(StageCondition condition, PatternStage stage) {
        if (condition instanceof StageCondition.All all) {
            return predicates.and(
                    all.parts().stream().mapToInt(part -> literal(part, stage)).toArray());
        }
        if (condition instanceof StageCondition.Any any) {
            return predicates.or(
                    any.parts().stream().mapToInt(part -> literal(part, stage)).toArray());
        }
        if (condition instanceof StageCondition.OfType type) {
            int id = type.type().id();
            return predicates.type("type " + id, type.toString(), id);
        }
        if (condition instanceof StageCondition.Code code) {
            return predicates.event(code.condition(), code.toString(), Predicates.ANY_TYPE, code.condition());
        }
        return literal((StageCondition.Text) condition, stage);
    }

    private int literal(StageCondition.Text text, PatternStage stage) {
        EventType type = text.type() != null ? text.type() : stage.type() != null ? stage.type() : pattern.type();
        RunExpression expression = RunExpression.parse(text.text(), type, registers);
        Condition ofEvent = expression.eventCondition();
        RunCondition ofRun = expression.registerCondition();
        int typeId = type == null ? Predicates.ANY_TYPE : type.id();
        String ofEventText = ofRun == null ? text.text() : "of the event in `" + text.text() + '`';
        int literal = ofEvent == null
                ? Predicates.TRUE
                : predicates.event(expression.eventText(), ofEventText, typeId, ofEvent);
        return ofRun == null ? literal : predicates.and(literal, predicates.run(text.text(), ofRun));
    }
}
