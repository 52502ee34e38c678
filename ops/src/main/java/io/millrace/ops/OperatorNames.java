package io.millrace.ops;

import io.millrace.ops.command.RuleFiles;
import io.millrace.ring.OperatorIds;
import io.millrace.rule.RuleStatus;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The names of operators by their ids: those of the configuration, and rules, also when they are gone again. */
final class OperatorNames {
    private final Map<Integer, String> nameById = new HashMap<>();
    private final Supplier<List<RuleStatus>> rules;

    /**
     * Takes what is known now.
     *
     * @param dataDirectory that notes what rules there were
     * @param rules as they are at any time
     */
    OperatorNames(Path dataDirectory, Collection<String> configured, Supplier<List<RuleStatus>> rules) {
        this.rules = rules;
        configured.forEach(this::put);
        new RuleFiles(dataDirectory).rows().forEach(row -> put(row.name()));
    }

    private void put(String name) {
        nameById.put(OperatorIds.idOf(name), name);
    }

    /** {@return the name of an operator, null if it is not known} */
    @Nullable
    String of(int operatorId) {
        String name = nameById.get(operatorId);
        if (name == null) {
            rules.get().forEach(rule -> put(rule.name()));
            name = nameById.get(operatorId);
        }
        return name;
    }
}
