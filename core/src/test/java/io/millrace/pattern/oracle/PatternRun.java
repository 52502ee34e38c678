package io.millrace.pattern.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.MutableEvent;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.PatternMatch;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.Semantics;
import io.millrace.workload.CepCases;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import io.millrace.workload.Snapshots;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs a pattern of the cases on the operator, on arrival or by event time, and reads what comes out. */
public final class PatternRun {
    /** An event of one of several copies of a case; the keys of each are its own. */
    public record Item(JsonNode event, int copy) {
        public long key() {
            return copy * 1_000_003L + CepCases.keyOf(event.get("key"));
        }

        public boolean isWatermark() {
            return event.has("wm");
        }

        public long ms() {
            return event.get(isWatermark() ? "wm" : "ts").asLong();
        }
    }

    private final Pattern pattern;
    private final List<String> stageNames;
    private final RecordedOutputs outputs;
    private final MutableEvent event = CaseEvents.allocate();
    private final List<JsonNode> eventBySequence = new ArrayList<>();
    private final Map<Long, Integer> copyByKey = new HashMap<>();
    private long watermarkNs = Long.MIN_VALUE;
    private PatternOperator operator;
    private OperatorDriver driver;

    /** The bytes of what came out, in hex. */
    public final List<String> records = new ArrayList<>();

    /** @throws IllegalArgumentException if the pattern is refused */
    public PatternRun(JsonNode pattern, Semantics semantics) {
        this.pattern = CasePatterns.of(pattern, semantics).build();
        this.stageNames = CasePatterns.stageNames(pattern.get("stages"));
        this.outputs = RecordedOutputs.into(records);
        this.operator = new PatternOperator(this.pattern);
        this.driver = new OperatorDriver(operator, 0, outputs);
    }

    /** {@return the operator, the one restored last} */
    public PatternOperator operator() {
        return operator;
    }

    /** Takes the items as they are, restored from a snapshot before one of them, -1 for never. */
    public PatternRun run(List<Item> items, int restoreAt) {
        for (int i = 0; i < items.size(); i++) {
            if (i == restoreAt) {
                restore();
            }
            take(items.get(i));
        }
        flush();
        return this;
    }

    /** Time does not pass, but what did not fit into the last step comes out. */
    private void flush() {
        eventBySequence.add(null);
        driver.onTick(eventBySequence.size() - 1, watermarkNs);
    }

    void restore() {
        operator = Snapshots.copy(operator, new PatternOperator(pattern));
        driver = new OperatorDriver(operator, 0, outputs);
    }

    private void take(Item item) {
        long sequence = eventBySequence.size();
        eventBySequence.add(item.event);
        if (item.isWatermark()) {
            watermarkNs = CepCases.watermarkNs(item.ms());
            driver.onTick(sequence, watermarkNs);
        } else {
            copyByKey.put(item.key(), item.copy);
            driver.onEvent(CaseEvents.encode(item.event, item.key(), sequence, event));
            watermarkNs = Math.max(watermarkNs, item.ms() * CepCases.NS_PER_MS - 1);
        }
    }

    /** Moves time on to the end of all. */
    public PatternRun end() {
        long sequence = eventBySequence.size();
        eventBySequence.add(null);
        driver.onTick(sequence, Long.MAX_VALUE / 2);
        return this;
    }

    /** {@return what a reorder buffer makes of the input of a case: events in the order of time, none that is late} */
    public static List<Item> byEventTime(JsonNode input, int copy) {
        List<Item> ordered = new ArrayList<>();
        List<Item> buffered = new ArrayList<>();
        long watermarkMs = Long.MIN_VALUE;
        for (JsonNode node : input) {
            Item item = new Item(node, copy);
            if (!item.isWatermark()) {
                if (item.ms() > watermarkMs) {
                    buffered.add(item);
                }
                continue;
            }
            watermarkMs = Math.max(watermarkMs, item.ms());
            long dueMs = watermarkMs;
            List<Item> due = new ArrayList<>(buffered);
            due.removeIf(other -> other.ms() > dueMs);
            buffered.removeAll(due);
            due.sort(Comparator.comparingLong(Item::ms));
            ordered.addAll(due);
            ordered.add(item);
        }
        return ordered;
    }

    /** {@return the input of a case as it is} */
    public static List<Item> onArrival(JsonNode input, int copy) {
        List<Item> items = new ArrayList<>();
        input.forEach(node -> items.add(new Item(node, copy)));
        return items;
    }

    /** {@return the matches of a copy, in a defined order} */
    public List<Found> matches(int copy) {
        return found(copy, PatternMatch.MATCH).stream()
                .map(Found::untimed)
                .sorted()
                .toList();
    }

    /** {@return the same with the times at which they were complete} */
    public List<Found> timedMatches(int copy) {
        return found(copy, PatternMatch.MATCH);
    }

    /** {@return the partial matches of a copy that timed out, in a defined order} */
    public List<Found> timeouts(int copy) {
        return found(copy, PatternMatch.TIMEOUT);
    }

    private List<Found> found(int copy, int kind) {
        List<Found> all = new ArrayList<>();
        PatternMatch match = new PatternMatch();
        for (MutableEvent output : RecordedOutputs.events(records)) {
            match.wrap(output);
            if (copyByKey.get(output.key()) == copy && match.kind() == kind) {
                all.add(new Found(stages(match), output.timestampNs() / CepCases.NS_PER_MS));
            }
        }
        all.sort(null);
        return all;
    }

    private Map<String, List<Long>> stages(PatternMatch match) {
        Map<String, List<Long>> stages = new TreeMap<>();
        for (int i = 0; i < match.listedCount(); i++) {
            JsonNode taken = eventBySequence.get((int) match.sequence(i));
            stages.computeIfAbsent(stageNames.get(match.stage(i)), name -> new ArrayList<>())
                    .add(taken.get("n").asLong());
        }
        return stages;
    }
}
