package io.millrace.bench;

import java.util.ArrayList;
import java.util.List;

/** The rows of a query, kind by kind. */
final class QueryRows {
    final Rows kept = new Rows();
    final Rows windows = new Rows();
    final Rows matches = new Rows();
    final Rows sequences = new Rows();

    long count() {
        return kept.count() + windows.count() + matches.count() + sequences.count();
    }

    /** {@return number and checksum of each kind of which there are rows} */
    @Override
    public String toString() {
        List<String> kinds = new ArrayList<>();
        add(kinds, "kept", kept);
        add(kinds, "windows", windows);
        add(kinds, "matches", matches);
        add(kinds, "sequences", sequences);
        return String.join(", ", kinds);
    }

    private static void add(List<String> kinds, String name, Rows rows) {
        if (rows.count() > 0) {
            kinds.add(name + ' ' + rows);
        }
    }
}
