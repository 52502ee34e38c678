package io.millrace.state;

import java.util.Map;
import java.util.TreeMap;

/** Collects what {@link Operator#losses} tells: reasons that never were are left out. */
public final class Losses {
    private final Map<String, Long> counts = new TreeMap<>();

    /** Adds a reason, if it was ever one. */
    public Losses add(String reason, long count) {
        if (count > 0) {
            counts.put(reason, count);
        }
        return this;
    }

    /** {@return how often each reason was one, by reason} */
    public Map<String, Long> counts() {
        return counts;
    }
}
