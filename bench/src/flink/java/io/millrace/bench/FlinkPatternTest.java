package io.millrace.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.TestSeed;
import io.millrace.pattern.Semantics;
import io.millrace.pattern.oracle.CaseFeed;
import io.millrace.pattern.oracle.CasePatterns;
import io.millrace.pattern.oracle.Found;
import io.millrace.pattern.oracle.PatternGenerator;
import io.millrace.pattern.oracle.PatternRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random patterns of up to four stages over random streams: the oracle and the operator find what Flink finds. */
class FlinkPatternTest {
    private static final long FIRST_SEED = TestSeed.of(FlinkPatternTest.class);
    private static final int SEED_COUNT = Integer.getInteger("millrace.test.seeds", 2_000);

    private static final int REPORT_COUNT = 10;
    private static final long END_MS = 1_000_000;

    private int seedCount;
    private long matchCount;
    private int differentCount;
    private final StringBuilder reports = new StringBuilder();

    @Test
    void shouldHaveAnOracleThatAgreesWithFlink() throws Exception {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEED_COUNT; seed++) {
            PatternGenerator generator = new PatternGenerator(new Random(seed), PatternGenerator.Breadth.FLINK);
            ObjectNode pattern = generator.pattern();
            ArrayNode input = generator.input();
            CaseFeed oracle = oracle(pattern, input, true);
            if (!oracle.isTooMuch() && !oracle.hadTie()) {
                compare(seed, pattern, input, oracle.matches());
            }
        }
        conclude();
    }

    @Test
    void shouldMatchByTheRulesOfThisProjectWhatFlinkMatches() throws Exception {
        check(PatternGenerator.Breadth.FLINK, Semantics.MILLRACE);
    }

    @Test
    void shouldMatchToTheLetterWhatFlinkMatches() throws Exception {
        check(PatternGenerator.Breadth.ALL, Semantics.FLINK_EXACT);
    }

    private void check(PatternGenerator.Breadth breadth, Semantics semantics) throws Exception {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEED_COUNT; seed++) {
            PatternGenerator generator = new PatternGenerator(new Random(seed), breadth);
            ObjectNode pattern = generator.pattern();
            ArrayNode input = generator.input();
            CaseFeed oracle = oracle(pattern, input, false);
            if (!oracle.isTooMuch() && !isRefused(pattern) && isDecided(pattern, input, semantics, oracle)) {
                compare(seed, pattern, input, matches(pattern, input, semantics));
            }
        }
        conclude();
    }

    /** Whether both must agree: in Flink an event may complete a match that it is forbidden in, and ties are open. */
    private static boolean isDecided(JsonNode pattern, JsonNode input, Semantics semantics, CaseFeed oracle) {
        CaseFeed flink = oracle(pattern, input, true);
        boolean isSame = semantics == Semantics.FLINK_EXACT || oracle.matches().equals(flink.matches());
        return isSame && !oracle.hadTie() && !flink.hadTie();
    }

    private void compare(long seed, JsonNode pattern, ArrayNode input, List<Found> others) throws Exception {
        seedCount++;
        FlinkMatcher flink = new FlinkMatcher(pattern).run(input, END_MS);
        matchCount += flink.matches.size();
        if (!flink.matches.equals(others)) {
            differentCount++;
            if (differentCount <= REPORT_COUNT) {
                reports.append(report(seed, pattern, input, flink.matches, others));
            }
        }
    }

    private void conclude() {
        System.out.println("seeds=" + seedCount + ", matches=" + matchCount + ", different=" + differentCount);
        assertEquals("", reports.toString(), differentCount + " of " + seedCount);
        assertTrue(matchCount > seedCount && seedCount > SEED_COUNT * 8 / 10, "matches=" + matchCount);
    }

    private static boolean isRefused(JsonNode pattern) {
        try {
            CasePatterns.of(pattern, Semantics.MILLRACE).build();
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static List<Found> matches(JsonNode pattern, JsonNode input, Semantics semantics) {
        return new PatternRun(pattern, semantics)
                .run(PatternRun.onArrival(input, 1), -1)
                .end()
                .matches(1);
    }

    private static CaseFeed oracle(JsonNode pattern, JsonNode input, boolean isFlink) {
        CaseFeed feed = new CaseFeed(pattern, isFlink).runOnArrival(input);
        if (!feed.isTooMuch()) {
            feed.onWatermark(END_MS);
        }
        return feed;
    }

    private static String report(
            long seed, JsonNode pattern, JsonNode input, List<Found> flink, List<Found> others) {
        StringBuilder events = new StringBuilder();
        input.forEach(event -> events.append("\n    ").append(event));
        return "\nseed=" + seed + "\n  " + pattern + events + "\n  only Flink  " + without(flink, others)
                + "\n  only others " + without(others, flink);
    }

    private static List<Found> without(List<Found> all, List<Found> others) {
        List<Found> rest = new ArrayList<>(all);
        others.forEach(rest::remove);
        return rest;
    }
}
