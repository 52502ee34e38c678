package io.millrace.ops.config;

import io.millrace.event.NearestNames;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The second half of a message about a wrong name. */
final class ConfigHint {
    private static final int MAX_LISTED_COUNT = 12;

    private ConfigHint() {}

    /** {@return {@code Nearest: a or b.} where names are like the wrong one, else {@code Allowed: a, b, c.}} */
    static String of(String wrong, Collection<String> names) {
        List<String> near = NearestNames.of(wrong, names);
        if (!near.isEmpty()) {
            return "Nearest: " + String.join(" or ", near) + '.';
        }
        return names.isEmpty() ? "Allowed: none." : "Allowed: " + listed(names) + '.';
    }

    private static String listed(Collection<String> names) {
        String some = names.stream().limit(MAX_LISTED_COUNT).collect(Collectors.joining(", "));
        return names.size() <= MAX_LISTED_COUNT ? some : some + " and " + (names.size() - MAX_LISTED_COUNT) + " more";
    }
}
