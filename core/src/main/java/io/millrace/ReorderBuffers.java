package io.millrace;

import io.millrace.state.Operator;
import io.millrace.window.ReorderBuffer;
import io.millrace.window.ReorderSpec;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Puts operators that need order behind reorder buffers, one of each operator's own, where events may lack it. */
final class ReorderBuffers {
    private final Map<Operator, Operator> buffers = new IdentityHashMap<>();

    /** {@return the operators in their order, a buffer in place of each that needs one} */
    List<Operator> before(List<Operator> operators, PipelineContext context) {
        return operators.stream().map(operator -> before(operator, context)).toList();
    }

    private Operator before(Operator operator, PipelineContext context) {
        return context.outOfOrdernessNs() > 0 && operator.needsOrder()
                ? buffers.computeIfAbsent(operator, inner -> of(inner, context))
                : operator;
    }

    private static Operator of(Operator inner, PipelineContext context) {
        return new ReorderBuffer(inner, ReorderSpec.of(context.reorderCapacity(), context.maxPayloadLength()));
    }
}
