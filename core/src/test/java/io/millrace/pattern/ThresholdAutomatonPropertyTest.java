package io.millrace.pattern;

import static io.millrace.pattern.EventPattern.count;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.MutableEvent;
import io.millrace.state.Operator;
import io.millrace.workload.Arrival;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A threshold of a count, which skips past the last event, against the same said as a loop of the automaton. */
class ThresholdAutomatonPropertyTest {
    private static final long SEED = TestSeed.of(ThresholdAutomatonPropertyTest.class);
    private static final int CASE_COUNT = Integer.getInteger("millrace.test.seeds", 300);
    private static final int EVENT_COUNT = 200;
    private static final int KEY_COUNT = 4;

    private static List<Arrival> arrivals(Random random) {
        List<Arrival> arrivals = new ArrayList<>();
        long timeNs = 0;
        for (int i = 0; i < EVENT_COUNT; i++) {
            timeNs += random.nextInt(4);
            int typeId = random.nextInt(3) == 0 ? Arrival.OTHER_TYPE.id() : Arrival.TYPE.id();
            arrivals.add(new Arrival(i, typeId, random.nextInt(KEY_COUNT), timeNs, i));
        }
        return arrivals;
    }

    private static Operator threshold(int count, long withinNs) {
        return new ThresholdOperator(EventPattern.named("burst")
                .where(count(Arrival.TYPE).gt(count - 1))
                .within(withinNs, NANOSECONDS)
                .maxKeys(KEY_COUNT)
                .build());
    }

    private static Operator automaton(int count, long withinNs) {
        Pattern pattern = Pattern.begin("a")
                .where(Arrival.TYPE)
                .times(count)
                .within(withinNs, NANOSECONDS)
                .afterMatch(AfterMatch.skipPastLastEvent())
                .named("burst")
                .limits(new PatternLimits(KEY_COUNT, 400, 1_000, 2_000, 64, 400, 1_024, 8, Overflow.HALT))
                .build();
        return new PatternOperator(pattern, true);
    }

    private static List<MutableEvent> run(Operator operator, List<Arrival> arrivals) {
        List<String> records = new ArrayList<>();
        OperatorDriver driver = new OperatorDriver(operator, 0, RecordedOutputs.into(records));
        MutableEvent event = MutableEvent.allocate(0);
        arrivals.forEach(arrival -> driver.onEvent(arrival.to(event)));
        driver.onEnd(EVENT_COUNT);
        return RecordedOutputs.events(records);
    }

    private static List<String> ofThreshold(List<MutableEvent> outputs) {
        Match match = new Match();
        return outputs.stream()
                .map(match::wrap)
                .map(each -> each.firstSequence() + ".." + each.lastSequence() + ", " + each.count())
                .toList();
    }

    private static List<String> ofAutomaton(List<MutableEvent> outputs) {
        PatternMatch match = new PatternMatch();
        return outputs.stream()
                .map(match::wrap)
                .map(each -> each.firstSequence() + ".." + each.lastSequence() + ", " + each.eventCount())
                .toList();
    }

    @Test
    void shouldFindWhatTheAutomatonFinds() {
        int found = 0;
        for (int i = 0; i < CASE_COUNT; i++) {
            Random random = new Random(SEED + i);
            int count = 2 + random.nextInt(6);
            long withinNs = 1 + random.nextInt(60);
            List<Arrival> arrivals = arrivals(random);

            List<String> expected = ofAutomaton(run(automaton(count, withinNs), arrivals));

            assertEquals(
                    expected,
                    ofThreshold(run(threshold(count, withinNs), arrivals)),
                    "seed=" + (SEED + i) + ", count=" + count + ", within=" + withinNs);
            found += expected.size();
        }
        assertTrue(found > CASE_COUNT, "found=" + found);
    }
}
