package io.millrace.stream;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import java.util.List;

/** Gives each event to the first of its targets whose condition holds, else to the last, which has none. */
final class SplitStep extends Step {
    private final Condition[] conditions;

    SplitStep(List<Condition> conditions) {
        this.conditions = conditions.toArray(new Condition[0]);
        for (int i = 0; i <= conditions.size(); i++) {
            add(new Entry());
        }
    }

    @Override
    void onEvent(Event event) {
        int i = 0;
        while (i < conditions.length && !conditions[i].test(event)) {
            i++;
        }
        targets()[i].onEvent(event);
    }
}
