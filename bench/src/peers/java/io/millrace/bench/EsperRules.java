package io.millrace.bench;

import com.espertech.esper.runtime.client.EPStatement;
import io.millrace.bench.ManyRules.Band;
import io.millrace.bench.ManyRules.Rule;
import io.millrace.pattern.PatternMatch;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@link ManyRules} in Esper, a statement each. Bands are ranges, which Esper looks up in an index, as customers. */
public final class EsperRules {
    private static final int RULES_PER_MODULE = 100;

    private EsperRules() {}

    static List<String> modules() {
        List<Rule> rules = ManyRules.rules();
        return IntStream.range(0, rules.size() / RULES_PER_MODULE)
                .mapToObj(i -> rules.subList(i * RULES_PER_MODULE, (i + 1) * RULES_PER_MODULE).stream()
                        .map(EsperRules::epl)
                        .collect(Collectors.joining()))
                .toList();
    }

    private static String epl(Rule rule) {
        List<Band> bands = rule.bands();
        boolean isOfTwo = bands.size() == 2;
        String behind = "b=" + filter(bands.get(1), true) + (isOfTwo ? "" : " -> c=" + filter(bands.get(2), true));
        return "@name('" + rule.name() + "') select a.eventId, b.eventId" + (isOfTwo ? "" : ", c.eventId")
                + " from pattern [every a=" + filter(bands.get(0), false) + " -> (" + behind
                + ") where timer:within(" + ManyRules.WITHIN_MS + " msec)];\n";
    }

    private static String filter(Band band, boolean isOfSameCustomer) {
        return "Payment(type = " + band.type() + ", amountCents in [" + band.least() + ':' + band.limit() + ')'
                + (isOfSameCustomer ? ", customerId = a.customerId" : "") + ')';
    }

    static void subscribe(EPStatement statement, Rows rows) {
        boolean isOfTwo = statement.getEventType().getPropertyNames().length == 2;
        int id = PatternMatch.idOf(statement.getName());
        statement.setSubscriber(isOfTwo ? new OfTwo(id, rows) : new OfThree(id, rows));
    }

    /** Takes the rows of a rule of two events. */
    public static final class OfTwo {
        private final int id;
        private final Rows rows;

        OfTwo(int id, Rows rows) {
            this.id = id;
            this.rows = rows;
        }

        /** A row. */
        public void update(long first, long second) {
            rows.add(id, first, second, 0);
        }
    }

    /** The same of three. */
    public static final class OfThree {
        private final int id;
        private final Rows rows;

        OfThree(int id, Rows rows) {
            this.id = id;
            this.rows = rows;
        }

        /** A row. */
        public void update(long first, long second, long third) {
            rows.add(id, first, second, third);
        }
    }
}
