package io.millrace.ops;

import io.millrace.ops.config.RunConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A setting in which two configurations differ, defaults included.
 *
 * @param key as in the file; an element of a list by its name: {@code patterns[bad-day].where}
 * @param left what the first one says, null if it does not have the key
 * @param right what the second one says, null likewise
 */
record ConfigDifference(
        String key, @Nullable String left, @Nullable String right) {
    /** What decides where events come from and where outputs go, not what they are. */
    private static final Set<String> NOT_COMPARED =
            Set.of("pipeline", "schemas", "input", "journal", "snapshots", "outbox", "sinks", "latency");

    /** {@return what could make the same records give other outputs, in the order of the files} */
    static List<ConfigDifference> between(RunConfig left, RunConfig right) {
        Map<String, String> leftValues = values(left);
        Map<String, String> rightValues = values(right);
        Set<String> keys = new LinkedHashSet<>(leftValues.keySet());
        keys.addAll(rightValues.keySet());
        List<ConfigDifference> differences = new ArrayList<>();
        for (String key : keys) {
            String before = leftValues.get(key);
            String after = rightValues.get(key);
            if (before == null || !before.equals(after)) {
                differences.add(new ConfigDifference(key, before, after));
            }
        }
        return differences;
    }

    private static Map<String, String> values(RunConfig config) {
        Map<String, String> values = new LinkedHashMap<>();
        config.resolved().forEach((section, value) -> {
            if (!NOT_COMPARED.contains(String.valueOf(section))) {
                add(String.valueOf(section), value, values);
            }
        });
        return values;
    }

    private static void add(String key, @Nullable Object value, Map<String, String> values) {
        if (value instanceof Map<?, ?> section) {
            section.forEach((name, inner) -> add(key + '.' + name, inner, values));
        } else if (value instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)) {
            for (int i = 0; i < list.size(); i++) {
                Map<?, ?> element = (Map<?, ?>) list.get(i);
                Object name = element.get("name");
                add(key + '[' + (name == null ? i : name) + ']', element, values);
            }
        } else {
            values.put(key, String.valueOf(value));
        }
    }
}
