package io.millrace.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the register of what an expression says about earlier events, as {@code sum(order.amount)}. */
public interface Registers {
    /** The functions: {@code count} takes a stage, the others a field of one. */
    List<String> FUNCTIONS = List.of("first", "last", "count", "sum", "avg", "min", "max", "distinct");

    /**
     * {@return the register}
     *
     * @param function one of {@link #FUNCTIONS}
     * @param of what it is taken of, as written: {@code stage} or {@code stage.field}
     * @throws IllegalArgumentException if there is no such stage or field, or the function does not take it
     */
    Register of(String function, String of);

    /** {@return registers for expressions that may not look at earlier events} */
    static @Nullable Registers none() {
        return null;
    }
}
