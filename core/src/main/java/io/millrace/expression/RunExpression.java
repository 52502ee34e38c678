package io.millrace.expression;

import io.millrace.event.Condition;
import io.millrace.event.EventType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A condition on an event and on earlier events, in two parts that must both hold: one that asks the event alone,
 * which can be evaluated once for all, and one that reads registers.
 *
 * <pre>
 *   type == 'paid' and amount &gt;= sum(order.amount)
 *   '-- event ---'     '------ registers --------'
 * </pre>
 *
 * <p><b>Threading</b>: immutable. <b>Failure</b>: {@link ExpressionException} with the place of the problem.
 */
public final class RunExpression {
    private final String text;
    private final @Nullable EventType eventType;
    private final List<Node> eventParts = new ArrayList<>();
    private final List<Node> registerParts = new ArrayList<>();

    private RunExpression(String text, @Nullable EventType eventType, Registers registers) {
        this.text = text;
        this.eventType = eventType;
        Node node = Parser.parse(text, eventType, registers);
        if (node.type() != ExpressionType.BOOLEAN) {
            throw new ExpressionException(
                    text, 0, "it is " + node.type() + " (expected: " + ExpressionType.BOOLEAN + ")");
        }
        split(node);
    }

    /**
     * {@return the condition that a text says}
     *
     * @param eventType of the events that can pass; null for any, then only fields of the header are known
     * @param registers of earlier events
     */
    public static RunExpression parse(String text, @Nullable EventType eventType, Registers registers) {
        return new RunExpression(text, eventType, registers);
    }

    private void split(Node node) {
        if (node instanceof Node.And and) {
            split(and.left());
            split(and.right());
        } else {
            (node.readsRegisters() ? registerParts : eventParts).add(node);
        }
    }

    /** {@return the part over the event alone, the test of its type included; null if it passes every event} */
    public @Nullable Condition eventCondition() {
        if (eventParts.isEmpty() && eventType == null) {
            return null;
        }
        Node node = eventParts.isEmpty() ? new Node.BooleanLiteral(true) : joined(eventParts);
        return Compiler.condition(node, eventType);
    }

    /** {@return the same text for event parts that test the same} */
    public String eventText() {
        return (eventType == null ? "" : eventType.id() + ":") + eventParts;
    }

    /** {@return the part that reads registers, for events that passed the other one; null if there is none} */
    public @Nullable RunCondition registerCondition() {
        return registerParts.isEmpty() ? null : Compiler.runCondition(joined(registerParts));
    }

    private static Node joined(List<Node> parts) {
        return parts.stream().reduce(Node.And::new).orElseThrow();
    }

    @Override
    public String toString() {
        return text;
    }
}
