package io.millrace.pattern.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A partial match.
 *
 * @param taken the events accepted, by stage
 * @param order the same, in the order of acceptance
 * @param ways where it may go on
 * @param isFresh whether no event came since the one accepted last
 * @param lastMs when the last stage was completed
 */
record Run(Map<String, List<JsonNode>> taken, List<JsonNode> order, List<Way> ways, boolean isFresh, long lastMs) {
    static final Run NONE = new Run(Map.of(), List.of(), List.of(), true, 0);

    JsonNode first() {
        return order.get(0);
    }

    long startMs() {
        return first().get("ts").asLong();
    }

    Run accept(String stage, JsonNode event) {
        Map<String, List<JsonNode>> longer = new LinkedHashMap<>(taken);
        longer.put(stage, appended(taken.getOrDefault(stage, List.of()), event));
        return new Run(
                longer, appended(order, event), List.of(), true, event.get("ts").asLong());
    }

    Run on(List<Way> others) {
        return new Run(taken, order, others, true, lastMs);
    }

    Run waiting(Way way) {
        return new Run(taken, order, List.of(way), false, lastMs);
    }

    Run without(List<Way> closed) {
        List<Way> rest = new ArrayList<>(ways);
        rest.removeAll(closed);
        return new Run(taken, order, rest, isFresh, lastMs);
    }

    Run onFrom(List<Way> others, long atMs) {
        return new Run(taken, order, others, true, atMs);
    }

    private static List<JsonNode> appended(List<JsonNode> list, JsonNode one) {
        List<JsonNode> longer = new ArrayList<>(list);
        longer.add(one);
        return longer;
    }
}
