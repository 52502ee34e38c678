package io.millrace.ops;

import static io.millrace.pattern.EventPattern.count;
import static io.millrace.pattern.EventPattern.distinct;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.journal.replay.ReplayComparison;
import io.millrace.journal.replay.ReplayRange;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.MatchMode;
import io.millrace.pattern.Overflow;
import io.millrace.pattern.PatternBuilder;
import io.millrace.pattern.PatternLimits;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.Semantics;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.pattern.oracle.CaseEvents;
import io.millrace.pattern.oracle.CasePatterns;
import io.millrace.pattern.oracle.PatternRun.Item;
import io.millrace.ring.SnapshotPolicy;
import io.millrace.ring.ThreadPlan;
import io.millrace.workload.Arrival;
import io.millrace.workload.CepCases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The patterns of all conformance cases in one pipeline with a journal of files, their events together in the order of
 * time, each case on keys of its own: a replay, whole and behind snapshots, puts out the same bytes.
 */
class CasesReplayTest {
    private static final long TIMEOUT_NS = 20_000_000_000L;
    private static final int GROUP_COUNT = 48;
    private static final PatternLimits SMALL =
            new PatternLimits(256, 512, 512, 1_024, 64, 256, 512, 16, Overflow.EVICT_OLDEST);

    @TempDir
    private Path directory;

    private static List<JsonNode> staged() {
        List<JsonNode> cases = new ArrayList<>(CepCases.of("flink-cep"));
        CepCases.of("siddhi").stream().filter(one -> one.has("neutral")).forEach(cases::add);
        return cases;
    }

    private static PatternOperator operator(JsonNode one) {
        JsonNode pattern = one.has("neutral") ? one.get("neutral") : one.get("pattern");
        PatternBuilder builder = CasePatterns.of(pattern, Semantics.MILLRACE);
        return new PatternOperator(
                builder.named(one.get("id").asText()).limits(SMALL).build());
    }

    private static ThresholdOperator threshold(JsonNode one, MatchMode mode) {
        JsonNode pattern = one.get("pattern");
        return new ThresholdOperator(EventPattern.named(one.get("id").asText() + mode)
                .where(count(Arrival.TYPE).gt(pattern.get("countGreaterThan").asLong()))
                .where(distinct(Arrival.VALUE)
                        .gt(pattern.get("distinctGreaterThan").asLong()))
                .within(pattern.get("windowMs").asLong(), MILLISECONDS)
                .mode(mode)
                .maxKeys(256)
                .maxEvents(1_024)
                .build());
    }

    /** One of the groups, each of which fits into one pipeline. */
    private static PipelineContext live(List<JsonNode> cases) {
        PipelineContext context = new PipelineContext()
                .threadPlan(ThreadPlan.INVOKED)
                .maxOutputPayloadLength(4_096)
                .snapshots(new SnapshotPolicy(100, 0, 0))
                .hashIntervalCount(16);
        for (JsonNode one : cases) {
            if (one.get("dialect").asText().equals("threshold")) {
                for (MatchMode mode : MatchMode.values()) {
                    context.operator(threshold(one, mode));
                }
            } else {
                context.operator(operator(one));
            }
        }
        return context;
    }

    private static JournalContext journal(Path data) {
        return new JournalContext()
                .directory(data)
                .segmentLength(1 << 20)
                .blockLength(1 << 18)
                .frameLength(1 << 14);
    }

    /** {@return the events of the cases, in the order of time} */
    private static List<MutableEvent> events(List<JsonNode> cases) {
        List<MutableEvent> events = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            JsonNode one = cases.get(i);
            List<JsonNode> input = new ArrayList<>();
            one.get("input").forEach(input::add);
            input.removeIf(item -> item.has("wm"));
            input.sort(Comparator.comparingLong(item -> item.get("ts").asLong()));
            for (JsonNode node : input) {
                events.add(event(one, new Item(node, i + 1), events.size()));
            }
        }
        events.sort(Comparator.comparingLong(Event::timestampNs));
        return events;
    }

    private static MutableEvent event(JsonNode one, Item item, long number) {
        JsonNode pattern = one.get("pattern");
        if (!one.get("dialect").asText().equals("threshold")) {
            return CaseEvents.encode(item.event(), item.key(), number, CaseEvents.allocate());
        }
        boolean isCounted = item.event().get("type").equals(pattern.get("type"));
        return new Arrival(
                        number,
                        isCounted ? Arrival.TYPE.id() : Arrival.OTHER_TYPE.id(),
                        item.key()
                                + CepCases.keyOf(
                                        item.event().get(pattern.get("key").asText())),
                        item.ms() * CepCases.NS_PER_MS,
                        CepCases.keyOf(item.event().get(pattern.get("distinct").asText())))
                .to(MutableEvent.allocate(0));
    }

    @Test
    void shouldPutOutTheSameBytesWhenReplayed() {
        List<JsonNode> cases = staged();
        cases.addAll(CepCases.of("threshold"));
        int outputs = 0;
        for (int from = 0; from < cases.size(); from += GROUP_COUNT) {
            List<JsonNode> group = cases.subList(from, Math.min(cases.size(), from + GROUP_COUNT));
            outputs += replay(group, directory.resolve("from" + from));
        }
        assertTrue(outputs > 2 * cases.size(), "outputs=" + outputs);
    }

    private static int replay(List<JsonNode> cases, Path data) {
        long stateHash;
        try (Journal journal = Journal.open(journal(data));
                Pipeline pipeline = Pipeline.create(live(cases).store(journal).epochClock(() -> 0))) {
            pipeline.start();
            for (MutableEvent event : events(cases)) {
                assertTrue(pipeline.publisher().publish(event) >= 0);
                while (pipeline.doWork() > 0) {
                    // Ends the batch.
                }
            }
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
            assertTrue(pipeline.snapshotSequence() >= 0);
            stateHash = pipeline.stateHash();
        }
        ReplayComparison compared = ReplayComparison.run(data, () -> live(cases), ReplayRange.ALL);
        assertNull(compared.divergence(), () -> String.valueOf(compared.divergence()));
        assertTrue(compared.stateCount() > 0);
        assertEquals(0, compared.unknownCount(), "outputs that the outbox does not hold");
        assertEquals(stateHash, compared.stateHash());
        return Math.toIntExact(compared.outputCount());
    }
}
