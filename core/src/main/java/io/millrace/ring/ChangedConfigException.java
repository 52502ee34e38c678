package io.millrace.ring;

import java.util.ArrayList;
import java.util.List;
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
                String is = now.settings().get(entry.getKey());
                text.append(is == null ? "missing" : others(is, entry.getValue()));
                text.append(" (expected: ")
                        .append(is == null ? entry.getValue() : others(entry.getValue(), is))
                        .append(')');
            }
        }
        return text.toString();
    }

    /** {@return what a text of settings has and another one has not} */
    private static String others(String settings, String than) {
        List<String> parts = parts(settings);
        parts.removeAll(parts(than));
        return parts.isEmpty() ? "nothing more" : String.join(", ", parts);
    }

    /** {@return the settings of a text, which stand behind commas that are in no brackets} */
    private static List<String> parts(String settings) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < settings.length(); i++) {
            char at = settings.charAt(i);
            depth += "([{".indexOf(at) >= 0 ? 1 : ")]}".indexOf(at) >= 0 ? -1 : 0;
            if (depth == 0 && settings.startsWith(", ", i)) {
                parts.add(settings.substring(from, i));
                from = i + 2;
            }
        }
        parts.add(settings.substring(from));
        return parts;
    }
}
