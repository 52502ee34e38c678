package io.millrace.pattern.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A match or a partial match that timed out.
 *
 * @param stages the numbers of the events accepted, by stage
 * @param atMs when it was completed or timed out
 */
public record Found(Map<String, List<Long>> stages, long atMs) implements Comparable<Found> {
    static Found of(Run run, long atMs) {
        Map<String, List<Long>> stages = new TreeMap<>();
        run.taken().forEach((stage, events) -> stages.put(stage, numbers(events)));
        return new Found(stages, atMs);
    }

    /** {@return what a case has for a match} */
    public static Found of(JsonNode match, long atMs) {
        Map<String, List<Long>> stages = new TreeMap<>();
        match.properties().forEach(stage -> {
            List<Long> numbers = new ArrayList<>();
            stage.getValue().forEach(number -> numbers.add(number.asLong()));
            stages.put(stage.getKey(), numbers);
        });
        return new Found(stages, atMs);
    }

    /** {@return the same without its time, which the cases do not have for matches} */
    public Found untimed() {
        return new Found(stages, 0);
    }

    static List<Long> numbers(List<JsonNode> events) {
        List<Long> numbers = new ArrayList<>();
        events.forEach(event -> numbers.add(event.get("n").asLong()));
        return numbers;
    }

    @Override
    public int compareTo(Found other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return stages + (atMs == 0 ? "" : "@" + atMs);
    }
}
