package io.millrace.event;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names that somebody may have meant, for messages about an unknown one. */
public final class NearestNames {
    private static final int MAX_NAMES = 3;
    private static final int PART_LENGTH_MIN = 4;

    private NearestNames() {}

    /** {@return up to three of the names at a small edit distance, nearest first; empty if none is near} */
    public static List<String> of(String wanted, Collection<String> names) {
        int limit = Math.max(2, wanted.length() / 3);
        List<String> nearest = new ArrayList<>();
        for (String name : names) {
            if (distance(wanted, name) <= limit) {
                nearest.add(name);
            }
        }
        nearest.sort(Comparator.comparingInt((String name) -> distance(wanted, name)));
        return nearest.size() > MAX_NAMES ? List.copyOf(nearest.subList(0, MAX_NAMES)) : nearest;
    }

    /** {@return the names near the wanted one if there are any, else all of them, joined by commas} */
    public static String orAll(String wanted, Collection<String> names) {
        List<String> nearest = of(wanted, names);
        return String.join(", ", nearest.isEmpty() ? names : nearest);
    }

    /** Letter case aside, and one if the one holds the other: somebody shortened or bent the name. */
    private static int distance(String left, String right) {
        String source = left.toLowerCase(Locale.ROOT);
        String target = right.toLowerCase(Locale.ROOT);
        boolean isPart = Math.min(source.length(), target.length()) >= PART_LENGTH_MIN
                && (source.contains(target) || target.contains(source));
        return isPart && !source.equals(target) ? 1 : edits(source, target);
    }

    /** Levenshtein's distance, over one row of its table. */
    private static int edits(String source, String target) {
        int[] row = new int[target.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= source.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (source.charAt(i - 1) == target.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[row.length - 1];
    }
}
