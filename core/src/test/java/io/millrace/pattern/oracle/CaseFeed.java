package io.millrace.pattern.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Feeds events to an oracle per key, on arrival or in the order of event time as watermarks come. */
public final class CaseFeed {
    private static final int RUN_COUNT_MAX = 300;

    private final JsonNode pattern;
    private final boolean isFlink;
    private final Map<String, PatternOracle> oracles = new LinkedHashMap<>();
    private final List<JsonNode> buffered = new ArrayList<>();
    private long watermarkMs = Long.MIN_VALUE;

    /** The numbers of the events that came too late. */
    public final List<Long> late = new ArrayList<>();

    public CaseFeed(JsonNode pattern, boolean isFlink) {
        this.pattern = pattern;
        this.isFlink = isFlink;
    }

    /** Takes the input as it is, each event on arrival; stops where runs get too many to be worth it. */
    public CaseFeed runOnArrival(JsonNode input) {
        for (JsonNode item : input) {
            onArrival(item);
            if (isTooMuch()) {
                return this;
            }
        }
        return this;
    }

    /** {@return whether a key has more runs than a judge needs to look at} */
    public boolean isTooMuch() {
        return oracles.values().stream().anyMatch(oracle -> oracle.runCount() + oracle.heldCount() > RUN_COUNT_MAX);
    }

    /** Takes the input by event time; what is left at the end is not seen. */
    public CaseFeed runByEventTime(JsonNode input) {
        for (JsonNode item : input) {
            if (item.has("wm")) {
                onWatermark(item.get("wm").asLong());
            } else if (item.get("ts").asLong() <= watermarkMs) {
                late.add(item.get("n").asLong());
            } else {
                buffered.add(item);
            }
        }
        return this;
    }

    /** Moves time, of all keys. */
    public void onWatermark(long newMs) {
        watermarkMs = Math.max(watermarkMs, newMs);
        List<JsonNode> due = new ArrayList<>(buffered);
        due.removeIf(event -> event.get("ts").asLong() > watermarkMs);
        buffered.removeAll(due);
        due.sort(Comparator.comparingLong(event -> event.get("ts").asLong()));
        due.forEach(this::onArrival);
        oracles.values().forEach(oracle -> oracle.advanceTo(watermarkMs));
    }

    private void onArrival(JsonNode event) {
        PatternOracle oracle =
                oracles.computeIfAbsent(event.path("key").asText(""), key -> new PatternOracle(pattern, isFlink));
        oracle.advanceTo(event.get("ts").asLong());
        oracle.onEvent(event);
    }

    /** {@return whether Flink leaves open which of two matches it puts out} */
    public boolean hadTie() {
        return oracles.values().stream().anyMatch(PatternOracle::hadTie);
    }

    /** {@return all matches, in a defined order} */
    public List<Found> matches() {
        List<Found> all = new ArrayList<>();
        oracles.values().forEach(oracle -> oracle.matches.forEach(match -> all.add(match.untimed())));
        all.sort(null);
        return all;
    }

    /** {@return all matches with the times at which they were complete, in a defined order} */
    public List<Found> timedMatches() {
        List<Found> all = new ArrayList<>();
        oracles.values().forEach(oracle -> all.addAll(oracle.matches));
        all.sort(null);
        return all;
    }

    /** {@return all partial matches that timed out, in a defined order} */
    public List<Found> timeouts() {
        List<Found> all = new ArrayList<>();
        oracles.values().forEach(oracle -> all.addAll(oracle.timeouts));
        all.sort(null);
        return all;
    }

    /** {@return partial matches that are live, of all keys} */
    public int runCount() {
        return oracles.values().stream().mapToInt(PatternOracle::runCount).sum();
    }
}
