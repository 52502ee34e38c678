package io.millrace.pattern;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.event.MutableEvent;
import io.millrace.workload.OperatorDriver;
import io.millrace.workload.RecordedOutputs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens at the very instant at which an absence has lasted. */
class AbsenceTest {
    private static final long ABSENT_NS = 5;

    private final List<String> found = new ArrayList<>();
    private final PatternMatch match = new PatternMatch();
    private final RecordedOutputs outputs = new RecordedOutputs(
            output -> found.add((match.wrap(output).kind() == PatternMatch.MATCH ? "match " : "timeout ")
                    + match.stages()
                    + '@'
                    + output.timestampNs()));

    private static PatternBuilder pattern() {
        return Pattern.begin("a")
                .where("sourceId == 1")
                .absentFor("n", ABSENT_NS, NANOSECONDS)
                .where("sourceId == 2")
                .named("absence")
                .maxRunsPerKey(8)
                .timeouts();
    }

    /** Sources and times of events, by turns. */
    private void run(PatternBuilder pattern, int... sourcesAndTimes) {
        OperatorDriver driver = new OperatorDriver(new PatternOperator(pattern.build()), 0, outputs);
        MutableEvent event = MutableEvent.allocate(0);
        for (int i = 0; i < sourcesAndTimes.length; i += 2) {
            driver.onEvent(event.clearHeader()
                    .sequence(i / 2)
                    .sourceId(sourcesAndTimes[i])
                    .timestampNs(sourcesAndTimes[i + 1]));
        }
        driver.onEnd(sourcesAndTimes.length / 2);
    }

    @Test
    void shouldCompleteWhenTheTimeIsOver() {
        run(pattern(), 1, 10);

        assertEquals(List.of("match a=0@15"), found);
    }

    @Test
    void shouldNotCompleteWhenOneComesBefore() {
        run(pattern(), 1, 10, 2, 14);

        assertEquals(List.of(), found);
    }

    @Test
    void shouldCompleteBeforeAnEventOfTheSameTime() {
        run(pattern(), 1, 10, 2, 15);

        assertEquals(List.of("match a=0@15"), found);
    }

    @Test
    void shouldTimeOutWhereBothTimesAreOver() {
        run(pattern().followedBy("b").where("sourceId == 3").within(10, NANOSECONDS), 1, 10, 3, 15);
        run(
                Pattern.begin("start")
                        .where("sourceId == 4")
                        .followedBy("a")
                        .where("sourceId == 1")
                        .absentFor("n", ABSENT_NS, NANOSECONDS)
                        .where("sourceId == 2")
                        .within(10, NANOSECONDS)
                        .named("both")
                        .timeouts(),
                4,
                10,
                1,
                14,
                4,
                30,
                1,
                35);

        assertEquals(List.of("match a=0 b=1@15", "match start=0 a=1@19", "timeout start=2 a=3@40"), found);
    }
}
