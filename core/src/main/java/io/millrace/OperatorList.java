package io.millrace;

import io.millrace.state.Operator;
import io.millrace.window.AggregateOperator;
import io.millrace.window.LatePolicy;
import io.millrace.window.ReorderBuffer;
import io.millrace.window.ReorderSpec;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The operators of a context with their settings. Where events may lack order, those that need it are put behind
 * reorder buffers, each behind one of its own.
 */
final class OperatorList {
    private final List<Operator> operators = new ArrayList<>();
    private final List<String> settings = new ArrayList<>();
    private final Map<Operator, Operator> buffers = new IdentityHashMap<>();

    void add(Operator operator, String settingsInWords) {
        operators.add(operator);
        settings.add(settingsInWords);
    }

    List<String> settings() {
        return List.copyOf(settings);
    }

    /** {@return the operators in their order, a buffer in place of each that needs one} */
    List<Operator> inOrder(PipelineContext context) {
        return operators.stream().map(operator -> inOrder(operator, context)).toList();
    }

    private Operator inOrder(Operator operator, PipelineContext context) {
        return isBuffered(operator, context)
                ? buffers.computeIfAbsent(operator, inner -> buffer(inner, context))
                : operator;
    }

    /** {@return an operator that comes later, behind a buffer if it needs one} */
    static Operator ordered(Operator operator, PipelineContext context) {
        return isBuffered(operator, context) ? buffer(operator, context) : operator;
    }

    private static boolean isBuffered(Operator operator, PipelineContext context) {
        return mayLackOrder(context) && operator.needsOrder();
    }

    private static boolean mayLackOrder(PipelineContext context) {
        return context.outOfOrdernessNs() > 0 || context.maxSources() > 1;
    }

    private static Operator buffer(Operator inner, PipelineContext context) {
        LatePolicy late =
                inner instanceof AggregateOperator windows ? windows.spec().late() : LatePolicy.DROP;
        return new ReorderBuffer(inner, new ReorderSpec(context.reorderCapacity(), context.maxPayloadLength(), late));
    }
}
