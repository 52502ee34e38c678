package io.millrace.ring;

import java.util.Map;

/** The data was written with other operators, and nobody said that they may change. Nothing was written. */
public final class ChangedConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String differences;

    ChangedConfigException(OperatorConfig before, OperatorConfig now) {
        super("cannot go on: the operators are not those that the data was written with:" + differences(before, now)
                + "\ngo on with the old configuration, reconfigure (what changed starts empty, what is gone is"
                + " forgotten), or use another data directory");
        differences = differences(before, now);
    }

    /** {@return a line for each operator that changed or is gone, each behind a line break} */
    public String differences() {
        return differences;
    }

    private static String differences(OperatorConfig before, OperatorConfig now) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> entry : before.settings().entrySet()) {
            if (!now.has(entry.getKey(), entry.getValue())) {
                text.append("\n    ").append(entry.getKey()).append(": ");
                text.append(now.settings().getOrDefault(entry.getKey(), "missing"));
                text.append(" (expected: ").append(entry.getValue()).append(')');
            }
        }
        return text.toString();
    }
}
