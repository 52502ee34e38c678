package io.millrace.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.TestSeed;
import io.millrace.pattern.oracle.CaseFeed;
import io.millrace.pattern.oracle.Found;
import io.millrace.pattern.oracle.PatternGenerator;
import io.millrace.pattern.oracle.PatternRun;
import io.millrace.pattern.oracle.PatternRun.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random patterns of up to four stages over random streams: the operator finds what the oracle finds, also when it is
 * restored on the way. A difference is printed in the notation of the cases, made as small as it gets.
 */
class PatternPropertyTest {
    private static final long FIRST_SEED = TestSeed.of(PatternPropertyTest.class);
    private static final int SEED_COUNT = Integer.getInteger("millrace.test.seeds", 1_500);
    private static final int REPORT_COUNT = 8;
    private static final long END_MS = 1_000_000;

    @Test
    void shouldFindWhatTheOracleFinds() {
        int seedCount = 0;
        long matchCount = 0;
        long timeoutCount = 0;
        int differentCount = 0;
        StringBuilder reports = new StringBuilder();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEED_COUNT; seed++) {
            PatternGenerator generator = new PatternGenerator(new Random(seed), PatternGenerator.Breadth.OURS);
            ObjectNode pattern = generator.pattern();
            ArrayNode input = generator.input();
            CaseFeed oracle = oracle(pattern, input);
            if (oracle.isTooMuch() || isRefused(pattern)) {
                continue;
            }
            seedCount++;
            matchCount += oracle.matches().size();
            timeoutCount += oracle.timeouts().size();
            if (!isSame(pattern, input)) {
                differentCount++;
                if (differentCount <= REPORT_COUNT) {
                    reports.append(report(seed, pattern, smallest(pattern, input)));
                }
            }
        }
        System.out.println("seeds=" + seedCount + ", matches=" + matchCount + ", timeouts=" + timeoutCount
                + ", different=" + differentCount);
        assertEquals("", reports.toString(), differentCount + " of " + seedCount + " differ");
        assertTrue(matchCount > seedCount && seedCount > SEED_COUNT * 9 / 10, "matches=" + matchCount);
        assertTrue(timeoutCount > seedCount, "timeouts=" + timeoutCount);
    }

    @Test
    void shouldPutOutTheSameWhenRestoredOnTheWay() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEED_COUNT / 4; seed++) {
            PatternGenerator generator = new PatternGenerator(new Random(seed), PatternGenerator.Breadth.OURS);
            ObjectNode pattern = generator.pattern();
            ArrayNode input = generator.input();
            List<Item> items = items(input);
            if (oracle(pattern, input).isTooMuch() || isRefused(pattern)) {
                continue;
            }
            PatternRun straight =
                    new PatternRun(pattern, Semantics.MILLRACE).run(items, -1).end();
            int at = Math.floorMod(seed, items.size());
            PatternRun restored =
                    new PatternRun(pattern, Semantics.MILLRACE).run(items, at).end();
            assertEquals(straight.records, restored.records, "seed=" + seed + ", restored at " + at);
        }
    }

    /** Few are: the generator does not know all rules of the builder. */
    private static boolean isRefused(JsonNode pattern) {
        try {
            new PatternRun(pattern, Semantics.MILLRACE);
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static CaseFeed oracle(JsonNode pattern, JsonNode input) {
        CaseFeed feed = new CaseFeed(pattern, false).runOnArrival(input);
        if (!feed.isTooMuch()) {
            feed.onWatermark(END_MS);
        }
        return feed;
    }

    private static List<Item> items(JsonNode input) {
        List<Item> items = new ArrayList<>();
        input.forEach(event -> items.add(new Item(event, 1)));
        return items;
    }

    private static PatternRun operator(JsonNode pattern, JsonNode input) {
        return new PatternRun(pattern, Semantics.MILLRACE).run(items(input), -1).end();
    }

    private static boolean isSame(JsonNode pattern, JsonNode input) {
        CaseFeed oracle = oracle(pattern, input);
        PatternRun operator = operator(pattern, input);
        return matches(pattern, oracle).equals(matches(pattern, operator))
                && oracle.timeouts().equals(operator.timeouts(1));
    }

    /** With their times, but where a match may be held back: it bears the time at which it is let go then. */
    private static List<Found> matches(JsonNode pattern, CaseFeed oracle) {
        return isSkip(pattern) ? oracle.matches() : oracle.timedMatches();
    }

    private static List<Found> matches(JsonNode pattern, PatternRun operator) {
        return isSkip(pattern) ? operator.matches(1) : operator.timedMatches(1);
    }

    private static boolean isSkip(JsonNode pattern) {
        return !pattern.get("skip").asText().equals("NO_SKIP");
    }

    /** Leaves out events for as long as there is a difference. */
    private static ArrayNode smallest(JsonNode pattern, ArrayNode input) {
        ArrayNode small = input.deepCopy();
        for (int i = small.size() - 1; i >= 0; i--) {
            ArrayNode smaller = small.deepCopy();
            smaller.remove(i);
            if (!isSame(pattern, smaller)) {
                small = smaller;
            }
        }
        return small;
    }

    private static String report(long seed, JsonNode pattern, JsonNode input) {
        StringBuilder events = new StringBuilder();
        input.forEach(event -> events.append("\n    ").append(event));
        CaseFeed oracle = oracle(pattern, input);
        PatternRun operator = operator(pattern, input);
        return "\nseed=" + seed + "\n  " + pattern + events
                + "\n  expected " + matches(pattern, oracle) + " and of timeouts " + oracle.timeouts()
                + "\n  actual   " + matches(pattern, operator) + " and of timeouts " + operator.timeouts(1);
    }
}
