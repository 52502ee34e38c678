package io.millrace.bench;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.millrace.event.EventType;
import io.millrace.pattern.Overflow;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.PatternBuilder;
import io.millrace.pattern.PatternLimits;
import io.millrace.pattern.PatternSet;
import java.util.ArrayList;
import java.util.List;

/**
 * A thousand rules over fifty conditions of the payments workload: per customer, an event that satisfies one condition,
 * then one that satisfies another, and in every third rule one more, less than 10 s after the first.
 *
 * <p>A condition is a type and a band of amounts. No event satisfies two of them, and one in five satisfies one: it is
 * then the first of 20 rules, the second of 20 and the third of about 7.
 */
final class ManyRules {
    static final int RULE_COUNT = 1_000;
    static final int CONDITION_COUNT = 50;
    static final long WITHIN_MS = 10_000;

    private static final int CONDITIONS_PER_TYPE = 20;
    private static final int CHEAPEST = 100;
    private static final int BAND_DISTANCE = 4_995;
    private static final int BAND_WIDTH = 1_000;
    private static final int RULES_WITH_THIRD = 3;
    private static final int THIRD_BEHIND_SECOND = 7;

    private static final PatternLimits LIMITS =
            PatternLimits.defaults().maxKeys(100_000).maxRuns(1 << 19).maxNodes(1 << 20);

    private ManyRules() {}

    /** A type of the workload and amounts from {@code least} to less than {@code limit}. */
    record Band(int type, long least, long limit) {
        String expression() {
            return "amountCents >= " + least + " and amountCents < " + limit;
        }
    }

    /** @param bands of its two or three events */
    record Rule(String name, List<Band> bands) {}

    private static Band band(int condition) {
        int type = condition / CONDITIONS_PER_TYPE;
        long least = CHEAPEST + (long) BAND_DISTANCE * (condition % CONDITIONS_PER_TYPE);
        return new Band(type, least, least + BAND_WIDTH);
    }

    static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < RULE_COUNT; i++) {
            int first = i % CONDITION_COUNT;
            int second = (first + 1 + i / CONDITION_COUNT) % CONDITION_COUNT;
            List<Band> bands = new ArrayList<>(List.of(band(first), band(second)));
            if (i % RULES_WITH_THIRD == 0) {
                bands.add(band((second + THIRD_BEHIND_SECOND) % CONDITION_COUNT));
            }
            rules.add(new Rule("rule-" + i, bands));
        }
        return rules;
    }

    static PatternSet set(PaymentTypes types) {
        EventType[] byType = {types.attempted, types.placed, types.completed};
        List<Pattern> patterns =
                rules().stream().map(rule -> pattern(rule, byType)).toList();
        return new PatternSet("rules", patterns, LIMITS);
    }

    private static Pattern pattern(Rule rule, EventType[] byType) {
        PatternBuilder builder = Pattern.begin("a");
        for (int i = 0; i < rule.bands().size(); i++) {
            Band band = rule.bands().get(i);
            builder = i == 0 ? builder : builder.followedBy(i == 1 ? "b" : "c");
            builder.where(byType[band.type()], band.expression());
        }
        return builder.within(WITHIN_MS, MILLISECONDS)
                .named(rule.name())
                .maxRunsPerKey(64)
                .onOverflow(Overflow.HALT)
                .build();
    }
}
