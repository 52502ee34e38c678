package io.millrace;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.MutableEvent;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.PatternBuilder;
import io.millrace.pattern.PatternLimits;
import io.millrace.pattern.PatternMatch;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.PatternSet;
import io.millrace.ring.ThreadPlan;
import io.millrace.state.Operator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An event that completes hundreds of matches goes through an output ring of eight, and all of them are its own. */
class PatternStallTest {
    private static final int ROUNDS = 30;
    private static final int STEP = 8;

    private static final PatternLimits LIMITS = PatternLimits.defaults()
            .maxRuns(2_000)
            .maxRunsPerKey(1_000)
            .maxNodes(4_000)
            .maxWaitingMatches(2_000)
            .maxOutputsPerStep(STEP);

    private static Pattern chain(String name) {
        PatternBuilder builder = Pattern.begin("a")
                .where("sourceId == 0")
                .followedByAny("b")
                .where("sourceId == 1")
                .followedByAny("c")
                .where("sourceId == 2");
        return builder.within(1_000_000, NANOSECONDS).limits(LIMITS).named(name).build();
    }

    static Stream<Arguments> plansAndOperators() {
        return Stream.of(ThreadPlan.FUSED, ThreadPlan.SPLIT, ThreadPlan.PIPELINED)
                .flatMap(plan -> Stream.of(false, true).map(isSet -> Arguments.of(plan, isSet)));
    }

    @ParameterizedTest
    @MethodSource("plansAndOperators")
    void shouldPutOutAllThatAnEventCompletesBeforeTheNext(ThreadPlan plan, boolean isSet) {
        Operator operator = isSet
                ? new PatternSet("chains", List.of(chain("p"), chain("q")), LIMITS)
                : new PatternOperator(chain("p"));
        AtomicLong found = new AtomicLong();
        AtomicLong ofOthers = new AtomicLong();
        PatternMatch match = new PatternMatch();
        PipelineContext context = new PipelineContext()
                .threadPlan(plan)
                .force(true)
                .ringCapacity(64)
                .outputRingCapacity(STEP)
                .operator(operator);
        try (Pipeline pipeline = Pipeline.create(context)) {
            pipeline.subscribe(PatternMatch.TYPE_ID, "matches", output -> {
                found.incrementAndGet();
                ofOthers.addAndGet(match.wrap(output).lastSequence() == output.idLo() ? 0 : 1);
            });
            pipeline.start();
            for (int i = 0; i < 3 * ROUNDS; i++) {
                MutableEvent event = PipelineTest.event(i, 7).sourceId(i % 3);
                assertTrue(pipeline.publisher().publish(event, ClaimPolicy.yield(PipelineTest.TIMEOUT_NS)) >= 0);
            }
            assertTrue(pipeline.awaitDrained(PipelineTest.TIMEOUT_NS), () -> String.valueOf(pipeline.fault()));
        }

        long each = ways(ROUNDS);
        assertEquals(isSet ? 2 * each : each, found.get());
        assertEquals(0, ofOthers.get());
    }

    /** {@return in how many ways an a, a later b and a later c lie in rounds of abc} */
    private static long ways(int rounds) {
        long ways = 0;
        for (int c = 1; c <= rounds; c++) {
            ways += (long) c * (c + 1) / 2;
        }
        return ways;
    }
}
