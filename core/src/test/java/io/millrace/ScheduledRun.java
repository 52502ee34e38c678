package io.millrace;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.ring.Fault;
import io.millrace.ring.Level;
import io.millrace.ring.Outcome;
import io.millrace.ring.StagePoller;
import io.millrace.ring.ThreadPlan;
import io.millrace.rule.RuleException;
import io.millrace.status.Counters;
import io.millrace.status.ErrorLog;
import io.millrace.status.PipelineCounter;
import io.millrace.workload.Corridor;
import io.millrace.workload.CorridorRules;
import io.millrace.workload.Payments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One seed's run: a publisher that publishes, aborts, batches, repeats and ends, stages polled in any order, and now
 * and then a crash that loses the tails of journal and outbox.
 */
final class ScheduledRun {
    private static final int EVENT_COUNT = 120;
    private static final int DEDUP_CAPACITY = 256;
    private static final String END = "END";
    /** Records that the writer makes of requests. */
    private static final int OF_NOBODY = Event.TICK | Event.SNAPSHOT | Event.CONTROL;

    private static final Counters COUNTERS = Counters.allocate();
    private static final ErrorLog ERRORS = ErrorLog.allocate(COUNTERS.counter(PipelineCounter.ERRORS));

    private final SplittableRandom random;
    private final List<MutableEvent> events = Corridor.events(EVENT_COUNT);
    private final MemoryStore store = new MemoryStore();
    private final Map<String, Integer> lastIds = new LinkedHashMap<>();
    private final List<String> accepted = new ArrayList<>();
    private final List<String> expectedOutcomes = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();

    private Pipeline pipeline;
    private Publisher publisher;
    private StagePoller stages;
    private int next;
    private boolean isEnded;
    private long firstUnanswered;
    private int crashCount;
    private int snapshotStartCount;
    private boolean isJournalLost;
    private final boolean isWithRules;
    private int ruleChangeCount;
    private long nowNs = Payments.START_MS * 1_000_000;

    ScheduledRun(long seed) {
        this(seed, false);
    }

    /** @param isWithRules whether rules come, change and go meanwhile */
    ScheduledRun(long seed, boolean isWithRules) {
        this.isWithRules = isWithRules;
        random = new SplittableRandom(seed);
        events.get(random.nextInt(EVENT_COUNT)).key(1_040);
        if (random.nextInt(4) > 0) {
            store.withSnapshots();
        }
    }

    static PipelineContext context() {
        return Corridor.operators(new PipelineContext())
                .operator(new SumOperator("sum"))
                .idleAdvance(true)
                .threadPlan(ThreadPlan.INVOKED)
                .ringCapacity(16)
                .outputRingCapacity(16)
                .rules(CorridorRules.SETTINGS)
                .counters(COUNTERS)
                .errorLog(ERRORS);
    }

    void run() {
        start();
        int stepCount = 0;
        while (next < EVENT_COUNT && pipeline.fault() == null) {
            step();
            answer();
            if (++stepCount % 64 == 0 && random.nextInt(6) == 0) {
                crash();
            }
        }
        drain();
        pipeline.close();
    }

    private void start() {
        Level gate = Level.values()[random.nextInt(Level.values().length)];
        pipeline = Pipeline.create(
                context().gate(gate).maxBatchCount(1 + random.nextInt(20)).store(store));
        pipeline.start();
        publisher = pipeline.publisher();
        stages = new StagePoller(pipeline.chain());
        firstUnanswered = 0;
        if (store.snapshots != null && pipeline.snapshotSequence() != newestSnapshot()) {
            throw new AssertionError("began from snapshot=" + pipeline.snapshotSequence() + " (expected: "
                    + newestSnapshot() + ", the newest that counted)");
        }
        snapshotStartCount += newestSnapshot() >= 0 ? 1 : 0;
    }

    private long newestSnapshot() {
        return store.snapshots == null || store.snapshots.written.isEmpty() ? -1 : store.snapshots.written.lastKey();
    }

    private void step() {
        int draw = random.nextInt(20);
        if (draw < 14) {
            stages.poll(random.nextInt(stages.stageCount()));
        } else if (draw < 17) {
            publishNext();
        } else {
            publishOther(random.nextInt(isWithRules ? 13 : 9));
        }
    }

    private void publishOther(int draw) {
        switch (draw) {
            case 0 -> publishEnd();
            case 1 -> publisher.onIdle(nowNs += 1_000_000);
            case 2 -> publishAndAbort();
            case 3, 4 -> publishAgain();
            case 5 -> pipeline.requestSnapshot();
            case 9, 10, 11, 12 -> changeRules();
            default -> publishBatch(2 + random.nextInt(6));
        }
    }

    private void changeRules() {
        try {
            ruleChangeCount += CorridorRules.change(
                            pipeline.rules(), random, pipeline.admitted().sequence())
                    ? 1
                    : 0;
        } catch (RuleException e) {
            // One is under way, or it does not fit.
        }
    }

    private void publishNext() {
        MutableEvent event = events.get(next);
        if (publisher.publish(event) >= 0) {
            next++;
            expect(event);
        }
    }

    private void publishAgain() {
        if (next > 0) {
            MutableEvent event = events.get(random.nextInt(next));
            if (publisher.publish(event) >= 0) {
                expect(event);
            }
        }
    }

    private void publishBatch(int maxCount) {
        int count = Math.min(maxCount, EVENT_COUNT - next);
        if (count > 0 && publisher.claim(count) >= 0) {
            for (int i = 0; i < count; i++) {
                MutableEvent event = events.get(next++);
                publisher.event(i).copyFrom(event);
                expect(event);
            }
            publisher.commit();
        }
    }

    private void publishAndAbort() {
        if (publisher.claim(1) >= 0) {
            publisher.event().copyFrom(events.get(0));
            publisher.abort();
            expectedOutcomes.add("ABORTED");
        }
    }

    private void publishEnd() {
        if (publisher.end() >= 0) {
            expectedOutcomes.add(isEnded ? "DUPLICATE" : "ACCEPTED");
            if (!isEnded) {
                accepted.add(END);
            }
            isEnded = true;
        }
    }

    private static String id(Event event) {
        return event.idHi() + ":" + event.idLo();
    }

    private void expect(Event event) {
        String id = id(event);
        if (lastIds.containsKey(id)) {
            expectedOutcomes.add("DUPLICATE");
            return;
        }
        expectedOutcomes.add("ACCEPTED");
        isEnded = false;
        lastIds.put(id, next);
        accepted.add(id);
        if (lastIds.size() > DEDUP_CAPACITY) {
            lastIds.remove(lastIds.keySet().iterator().next());
        }
    }

    /** Takes the outcomes while the ring still has them; nobody expects those of TICK, SNAPSHOT and CONTROL. */
    private void answer() {
        while (firstUnanswered <= pipeline.admitted().ticket()) {
            Event slot = pipeline.chain().ring().slot(firstUnanswered);
            if (!slot.hasAny(OF_NOBODY)) {
                String outcome = Outcome.describe(pipeline.awaitLevel(firstUnanswered, Level.PUBLISHED, 0));
                outcomes.add(outcome.replaceFirst("\\(.*", ""));
            }
            firstUnanswered++;
        }
    }

    private void drain() {
        while (pipeline.fault() == null && pipeline.emitted().ticket() < pipeline.published()) {
            stages.poll(random.nextInt(stages.stageCount()));
            answer();
        }
        while (pipeline.fault() == null && pipeline.journaled().ticket() < pipeline.published()) {
            stages.poll(random.nextInt(stages.stageCount()));
        }
    }

    /** The process is gone; what the journal lost its client publishes again, in order. */
    private void crash() {
        crashCount++;
        stages.kill();
        int journaled = store.journal.records.size();
        int journalKept = random.nextInt(3) > 0 ? journaled : kept(store.journal);
        isJournalLost |= journalKept < journaled;
        store.loseTail(journalKept, kept(store.outbox));
        rewind(journaledInput().size());
        start();
    }

    /** What was synced stays. */
    private int kept(MemoryStore.MemoryLog log) {
        return log.durableCount + random.nextInt(log.records.size() - log.durableCount + 1);
    }

    private void rewind(int keptCount) {
        while (expectedOutcomes.size() > outcomes.size()) {
            expectedOutcomes.remove(expectedOutcomes.size() - 1);
        }
        while (accepted.size() > keptCount) {
            String lost = accepted.remove(accepted.size() - 1);
            if (!lost.equals(END)) {
                lastIds.remove(lost);
            }
        }
        next = 0;
        while (next < EVENT_COUNT && lastIds.containsKey(id(events.get(next)))) {
            next++;
        }
        isEnded = !accepted.isEmpty() && accepted.get(accepted.size() - 1).equals(END);
    }

    @Nullable
    Fault fault() {
        return pipeline.fault();
    }

    int ruleChangeCount() {
        return ruleChangeCount;
    }

    int crashCount() {
        return crashCount;
    }

    int snapshotStartCount() {
        return snapshotStartCount;
    }

    boolean isEpochKept() {
        return !isJournalLost;
    }

    List<String> expectedOutcomes() {
        return expectedOutcomes;
    }

    List<String> outcomes() {
        return outcomes;
    }

    List<String> acceptedByModel() {
        return accepted;
    }

    List<Event> journal() {
        return store.journal.records;
    }

    /** {@return what the journal holds but for TICKs, SNAPSHOTs and CONTROLs} */
    List<String> journaledInput() {
        return store.journal.records.stream()
                .filter(record -> !record.hasAny(OF_NOBODY))
                .map(record -> record.hasAny(Event.END) ? END : id(record))
                .toList();
    }

    List<String> outputs() {
        return store.outbox.records.stream()
                .map(isEpochKept() ? Corridor::describe : Corridor::describeWithoutEpoch)
                .toList();
    }

    long stateHash() {
        return pipeline.stateHash();
    }
}
