package io.millrace.state;

import io.millrace.event.Outputs;
import java.util.List;

/**
 * An operator that also takes what other operators put out. These stand before it; what they give it waits in it until
 * APPLY calls {@link #takeFed}, which it does before any other call, so that nothing waits between two records.
 *
 * <pre>
 *   of one record   A.advanceTo --rows--&gt; [ ] --&gt; B.takeFed   B.advanceTo
 *                   A.onEvent   --rows--&gt; [ ] --&gt; B.takeFed   B.onEvent
 * </pre>
 *
 * <p><b>Threading</b>: one thread, the same as that of the operators before it.
 */
public interface FedOperator extends Operator {
    /** {@return the names of the operators that it takes something from; they come before it} */
    List<String> feeders();

    /** {@return whether something waits to be taken} */
    boolean isFed();

    /**
     * Takes what waits, or as much as there is room for; at least {@link #maxOutputsPerStep} places are free, and with
     * that many free it takes something.
     */
    void takeFed(Outputs outputs);

    /** Has it keep what it is given from now on, or pass that over: an operator that came later was not there yet. */
    void listen(boolean isListening);
}
