package io.millrace.ring;

import java.util.List;
import java.util.Locale;

/** Guesses which name somebody meant. */
final class NearestName {
    private NearestName() {}

    /**
     * {@return the candidate that takes the fewest edits, or an empty text if that is more than a third of its length}
     */
    static String of(String name, List<String> candidates) {
        String nearest = "";
        int least = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int edits = edits(name.toLowerCase(Locale.ROOT).replace('_', '-'), candidate);
            if (edits < least && edits <= Math.max(1, candidate.length() / 3)) {
                least = edits;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** {@return insertions, deletions and replacements between two texts} Wagner and Fischer, one row. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
