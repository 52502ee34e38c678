package io.millrace.workload;

import static io.millrace.pattern.EventPattern.count;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.millrace.SumOperator;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.MatchMode;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.ring.Rules;
import io.millrace.rule.CompiledRule;
import io.millrace.rule.RuleException;
import io.millrace.rule.RuleSettings;
import io.millrace.state.Operator;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowSpec;
import java.util.SplittableRandom;

/** Rules over payments: {@code sum}, {@code window SIZE_MS}, {@code fraud COUNT}; what stands behind a # is ignored. */
public final class CorridorRules {
    /** Bytes that each rule says it takes. */
    public static final long RULE_LENGTH = 100;

    public static final RuleSettings SETTINGS = new RuleSettings(CorridorRules::compile, 4, 4 * RULE_LENGTH);

    private static final String PADDING = " # a comment that makes this text longer than a slot takes".repeat(6);

    private CorridorRules() {}

    private static CompiledRule compile(String name, String text) {
        String[] words = text.replaceAll(" *#.*", "").split(" ");
        return new CompiledRule(operator(name, words), RULE_LENGTH);
    }

    private static Operator operator(String name, String[] words) {
        return switch (words[0]) {
            case "sum" -> new SumOperator(name);
            case "window" ->
                new WindowOperator(WindowSpec.named(name)
                        .over(PaymentsFeed.ORDER_PLACED)
                        .value(PaymentsFeed.AMOUNT_CENTS)
                        .maxKeys(64)
                        .sweepBudget(3)
                        .size(Integer.parseInt(words[1]), MILLISECONDS)
                        .build());
            case "fraud" ->
                new ThresholdOperator(EventPattern.named(name)
                        .where(count(PaymentsFeed.PAYMENT_ATTEMPTED).ge(Integer.parseInt(words[1])))
                        .within(20, MILLISECONDS)
                        .mode(MatchMode.EVERY_EVENT)
                        .maxKeys(64)
                        .maxEvents(1 << 12)
                        .build());
            default ->
                throw new RuleException(
                        "cannot compile rule: name=" + name + ", text=" + words[0] + " (expected: sum, window, fraud)");
        };
    }

    /**
     * Asks for a change that a generator draws.
     *
     * @param lastSequence accepted so far, from which one can be warmed
     * @return whether it was asked for
     */
    public static boolean change(Rules rules, SplittableRandom random, long lastSequence) {
        String name = "rule-" + random.nextInt(5);
        switch (random.nextInt(7)) {
            case 0, 1 -> rules.deploy(name, text(random));
            case 2 -> rules.deploy(name, text(random), Math.max(0, lastSequence - random.nextInt(40)));
            case 3 -> rules.undeploy(name);
            case 4 -> rules.replace(name, text(random), random.nextBoolean());
            case 5 -> rules.pause(name);
            default -> rules.resume(name);
        }
        return true;
    }

    private static String text(SplittableRandom random) {
        String text = switch (random.nextInt(3)) {
            case 0 -> "sum";
            case 1 -> "window " + (5 + random.nextInt(3));
            default -> "fraud " + (1 + random.nextInt(3));
        };
        return random.nextInt(3) == 0 ? text + PADDING : text;
    }
}
