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

/**
 * Random patterns of up to four stages over random streams: the oracle and the operator find what Flink finds, matches
 * and the partial matches that time out. A timeout is stamped with its deadline; so it is in Flink, but where a limit
 * is between two events: there Flink has no timer, and only what timed out is compared.
 */
class FlinkPatternTest {
    private static final long FIRST_SEED = TestSeed.of(FlinkPatternTest.class);
    private static final int SEED_COUNT = Integer.getInteger("millrace.test.seeds", 2_000);

    private static final int REPORT_COUNT = 10;
    private static final long END_MS = 1_000_000;

    private int seedCount;
    private long matchCount;
    private long timeoutCount;
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
                compare(seed, pattern, input, oracle.matches(), oracle.timeouts());
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
                PatternRun run = new PatternRun(pattern, semantics)
                        .run(PatternRun.onArrival(input, 1), -1)
                        .end();
                compare(seed, pattern, input, run.matches(1), run.timeouts(1));
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

    private void compare(
            long seed, JsonNode pattern, ArrayNode input, List<Found> otherMatches, List<Found> otherTimeouts)
            throws Exception {
        seedCount++;
        FlinkMatcher flink = new FlinkMatcher(pattern).run(input, END_MS);
        matchCount += flink.matches.size();
        timeoutCount += flink.timeouts.size();
        List<Found> timeouts = comparable(pattern, flink.timeouts);
        List<Found> others = comparable(pattern, otherTimeouts);
        if (!flink.matches.equals(otherMatches) || !timeouts.equals(others)) {
            differentCount++;
            if (differentCount <= REPORT_COUNT) {
                reports.append(report(seed, pattern, input))
                        .append(difference("matches ", flink.matches, otherMatches))
                        .append(difference("timeouts", timeouts, others));
            }
        }
    }

    /** Flink times a run out by the state of a loop that it stands in: where loops have limits only matches count. */
    private static List<Found> comparable(JsonNode pattern, List<Found> timeouts) {
        if (!pattern.findValues("timesWithinMs").isEmpty()) {
            return List.of();
        }
        boolean hasGaps = !pattern.findValues("withinPrevMs").isEmpty();
        return hasGaps ? timeouts.stream().map(Found::untimed).sorted().toList() : timeouts;
    }

    private void conclude() {
        System.out.println("seeds=" + seedCount + ", matches=" + matchCount + ", timeouts=" + timeoutCount
                + ", different=" + differentCount);
        assertEquals("", reports.toString(), differentCount + " of " + seedCount);
        assertTrue(matchCount > seedCount && seedCount > SEED_COUNT * 8 / 10, "matches=" + matchCount);
        assertTrue(timeoutCount > seedCount, "timeouts=" + timeoutCount);
    }

    private static boolean isRefused(JsonNode pattern) {
        try {
            CasePatterns.of(pattern, Semantics.MILLRACE).build();
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static CaseFeed oracle(JsonNode pattern, JsonNode input, boolean isFlink) {
        CaseFeed feed = new CaseFeed(pattern, isFlink).runOnArrival(input);
        if (!feed.isTooMuch()) {
            feed.onWatermark(END_MS);
        }
        return feed;
    }

    private static String report(long seed, JsonNode pattern, JsonNode input) {
        StringBuilder events = new StringBuilder();
        input.forEach(event -> events.append("\n    ").append(event));
        return "\nseed=" + seed + "\n  " + pattern + events;
    }

    private static String difference(String what, List<Found> flink, List<Found> others) {
        return "\n  " + what + " only Flink " + without(flink, others) + ", only others " + without(others, flink);
    }

    private static List<Found> without(List<Found> all, List<Found> others) {
        List<Found> rest = new ArrayList<>(all);
        others.forEach(rest::remove);
        return rest;
    }
}
