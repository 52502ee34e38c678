package io.millrace.ring;

import io.millrace.state.FedOperator;
import io.millrace.state.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which operators take part: those of the configuration, then the rules that are deployed and not paused. In a replay
 * an operator that came later than the first record does nothing before.
 */
final class OperatorRoster {
    private final Operator[] operators;
    private final boolean[] isActive;
    private final List<String> settings;
    private final long[] activeFrom;
    private final RuleBook rules;
    private Operator[] running = {};
    private int[] runningIds = {};
    private @Nullable FedOperator[] fed = {};

    /** @param settings of the operators, in words; empty for one that nobody told */
    OperatorRoster(Operator[] operators, List<String> settings, RuleBook rules) {
        this.operators = operators;
        this.isActive = new boolean[operators.length];
        this.settings = settings;
        this.activeFrom = new long[operators.length];
        this.rules = rules;
        activate(0);
    }

    /** {@return the operators that take part, in their order; another array when they are others} */
    Operator[] running() {
        return running;
    }

    /** {@return their ids in the identities of outputs} */
    int[] runningIds() {
        return runningIds;
    }

    /** {@return by place among those that take part, what is fed by others; empty if nothing is} */
    @Nullable
    FedOperator[] fed() {
        return fed;
    }

    int count() {
        return operators.length;
    }

    Operator operator(int index) {
        return operators[index];
    }

    RuleBook rules() {
        return rules;
    }

    long configHash(int index) {
        return OperatorConfig.hash(settings.get(index));
    }

    /** {@return the settings that the journal should know} */
    OperatorConfig config() {
        Map<String, String> known = new LinkedHashMap<>();
        for (int i = 0; i < operators.length; i++) {
            if (!settings.get(i).isEmpty()) {
                known.put(operators[i].name(), settings.get(i));
            }
        }
        return new OperatorConfig(known);
    }

    /**
     * Lets those take part that a history says were there.
     *
     * @param nextSequence where one begins that the history does not know
     */
    void follow(ChainHistory history, long nextSequence) {
        for (int i = 0; i < operators.length; i++) {
            activeFrom[i] = history.activeFrom(operators[i].name(), settings.get(i), nextSequence);
        }
        activate(0);
    }

    /** Lets an operator that a snapshot does not know begin at the first CONFIG behind it, if there is one. */
    void beginLater(int index, ChainHistory history, long snapshotSequence) {
        if (activeFrom[index] <= snapshotSequence && history.firstConfigSequence() > snapshotSequence) {
            activeFrom[index] = history.firstConfigSequence();
        }
    }

    boolean isActive(int index) {
        return isActive[index];
    }

    /** Lets those take part that do from a sequence on. */
    void activate(long sequence) {
        for (int i = 0; i < operators.length; i++) {
            isActive[i] = activeFrom[i] <= sequence;
        }
        refresh();
    }

    /** All take part from now on. */
    void activateAll() {
        Arrays.fill(activeFrom, 0);
        activate(0);
    }

    /** {@return whether a CONTROL record can be taken now; a rule may not be warmed yet} */
    boolean isReady(ControlRecord control) {
        return control.kind() != ControlRecord.RULE || rules.isReady(control);
    }

    /** Takes a CONTROL record: what it changes holds from the next record on. */
    void take(ControlRecord control) {
        if (control.kind() == ControlRecord.RULE) {
            rules.take(control);
        }
        activate(control.sequence());
    }

    /** Looks again who takes part. */
    void refresh() {
        List<Operator> taking = new ArrayList<>();
        for (int i = 0; i < operators.length; i++) {
            FedOperator fedOperator = fedWithin(operators[i]);
            if (fedOperator != null) {
                fedOperator.listen(isActive[i]);
            }
            if (isActive[i]) {
                taking.add(operators[i]);
            }
        }
        for (Rule rule : rules.rules()) {
            if (!rule.isPaused) {
                taking.add(rule.operator());
            }
        }
        running = taking.toArray(new Operator[0]);
        runningIds = ids(running);
        fed = fed(taking);
    }

    private static @Nullable FedOperator[] fed(List<Operator> operators) {
        @Nullable
        FedOperator[] all = operators.stream().map(OperatorRoster::fedWithin).toArray(FedOperator[]::new);
        return Arrays.stream(all).allMatch(Objects::isNull) ? new FedOperator[0] : all;
    }

    /** {@return what others feed: an operator, or the one that it decorates; null if nobody does} */
    static @Nullable FedOperator fedWithin(Operator operator) {
        if (operator instanceof FedOperator fedOperator) {
            return fedOperator.feeders().isEmpty() ? null : fedOperator;
        }
        return operator.operators().size() == 1 ? fedWithin(operator.operators().get(0)) : null;
    }

    /** Ids come from names, so that adding an operator shifts nothing; two names with one id are refused. */
    private static int[] ids(Operator[] operators) {
        Map<Integer, String> names = new LinkedHashMap<>();
        int[] ids = new int[operators.length];
        for (int i = 0; i < operators.length; i++) {
            ids[i] = OperatorIds.idOf(operators[i].name());
            String other = names.put(ids[i], operators[i].name());
            if (other != null) {
                throw new IllegalArgumentException("cannot build pipeline: operators \"" + other + "\" and \""
                        + operators[i].name() + "\" have operatorId=" + ids[i]
                        + " (expected: one operator each); rename one of them, or undeploy it if it is a rule");
            }
        }
        return ids;
    }
}
