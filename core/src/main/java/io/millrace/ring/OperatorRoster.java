package io.millrace.ring;

import io.millrace.event.Event;
import io.millrace.event.Outputs;
import io.millrace.state.Operator;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which operators take part in a replay: one that came later than the first record does nothing before. Live all do.
 */
final class OperatorRoster {
    private final Operator[] operators;
    private final Operator[] active;
    private final List<String> settings;
    private final long[] activeFrom;

    /** @param settings of the operators, in words; empty for one that nobody told */
    OperatorRoster(Operator[] operators, List<String> settings) {
        this.operators = operators;
        this.active = operators.clone();
        this.settings = settings;
        this.activeFrom = new long[operators.length];
    }

    /** {@return the operators that take part, in their order, with one that does nothing for each that does not} */
    Operator[] active() {
        return active;
    }

    int count() {
        return operators.length;
    }

    Operator operator(int index) {
        return operators[index];
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
        return active[index] == operators[index];
    }

    /** Lets those take part that do from a sequence on. */
    void activate(long sequence) {
        for (int i = 0; i < operators.length; i++) {
            active[i] = activeFrom[i] <= sequence ? operators[i] : Dormant.INSTANCE;
        }
    }

    /** All take part from now on. */
    void activateAll() {
        Arrays.fill(activeFrom, 0);
        activate(0);
    }

    /** Stands for an operator that is not there yet. */
    private static final class Dormant implements Operator {
        static final Dormant INSTANCE = new Dormant();

        @Override
        public String name() {
            return "";
        }

        @Override
        public int maxOutputsPerStep() {
            return 0;
        }

        @Override
        public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
            return true;
        }

        @Override
        public void onEvent(Event event, Outputs outputs) {}

        @Override
        public long nextDeadlineNs() {
            return Long.MAX_VALUE;
        }

        @Override
        public void save(StateWriter writer) {}

        @Override
        public void load(StateReader reader) {}
    }
}
