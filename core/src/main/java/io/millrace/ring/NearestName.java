package io.millrace.ring;

import java.util.List;
import java.util.Locale;

/** Guesses which name somebody meant. */
final class NearestName {
    private static final int EDITS_MAX = 2;
    private static final int PART_LENGTH_MIN = 4;

    private NearestName() {}

    /** {@return the candidate that takes the fewest edits, at most two, or has a part in common; else an empty text} */
    static String of(String name, List<String> candidates) {
        String asked = name.toLowerCase(Locale.ROOT).replace('_', '-');
        String nearest = "";
        int least = EDITS_MAX + 1;
        for (String candidate : candidates) {
            int edits = contains(asked, candidate) ? 1 : edits(asked, candidate);
            if (edits < least) {
                least = edits;
                nearest = candidate;
            }
        }
        return nearest;
    }

    private static boolean contains(String asked, String candidate) {
        return asked.length() >= PART_LENGTH_MIN && (asked.contains(candidate) || candidate.contains(asked));
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
