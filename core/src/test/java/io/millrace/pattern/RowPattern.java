package io.millrace.pattern;

import io.millrace.pattern.StateGraph.Kind;
import io.millrace.pattern.StateGraph.State;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A row pattern of ISO SQL, said in the states and edges of this package: edges stand in the order of preference, and
 * a match is an edge too, which passes over the row behind it.
 *
 * <pre>
 *   A* B    s: A -> s, B -> done        A*? B   s: B -> done, A -> s        done: (any row) -> FINAL
 * </pre>
 *
 * <p>Each part is made with two states behind it, for when nothing was taken in the round at hand and for when
 * something was: so a round that takes nothing leaves its loop, and no edges go in a circle.
 */
final class RowPattern {
    /** What a variable takes. @param guard literals that must hold */
    record Variable(int label, int... guard) {}

    /** What variables and anchors are made of. */
    interface Symbols {
        Variable variable(String name, boolean isExcluded);

        /** {@return the literal of {@code ^} or {@code $}} */
        int anchor(char anchor);
    }

    private interface Node {
        State before(State ifEmpty, State ifTaken);
    }

    private static final Node NOTHING = (ifEmpty, ifTaken) -> ifEmpty;

    private final String text;
    private final Symbols symbols;
    private int at;
    private int exclusions;

    private RowPattern(String text, Symbols symbols) {
        this.text = text;
        this.symbols = symbols;
    }

    /** {@return the state in which such a match begins} */
    static State parse(String text, Symbols symbols, State done) {
        return new RowPattern(text, symbols).alternatives().before(done, done);
    }

    private static State inOrder(List<State> targets) {
        State state = new State(Kind.NORMAL, 0);
        targets.forEach(state::proceed);
        return state;
    }

    private char next() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean accept(String token) {
        next();
        if (!text.startsWith(token, at)) {
            return false;
        }
        at += token.length();
        return true;
    }

    private void require(String token) {
        if (!accept(token)) {
            throw new IllegalArgumentException("no " + token + " at " + at + " of " + text);
        }
    }

    private Node alternatives() {
        List<Node> nodes = new ArrayList<>(List.of(sequence()));
        while (accept("|")) {
            nodes.add(sequence());
        }
        return nodes.size() == 1 ? nodes.get(0) : anyOf(nodes);
    }

    private static Node anyOf(List<Node> nodes) {
        return (ifEmpty, ifTaken) -> inOrder(
                nodes.stream().map(node -> node.before(ifEmpty, ifTaken)).toList());
    }

    private Node sequence() {
        Node sequence = NOTHING;
        for (char next = next(); next != 0 && ")|,".indexOf(next) < 0 && !text.startsWith("-}", at); next = next()) {
            sequence = then(sequence, repeated());
        }
        return sequence;
    }

    private static Node then(Node first, Node second) {
        return (ifEmpty, ifTaken) -> {
            State behind = second.before(ifTaken, ifTaken);
            return first.before(ifEmpty == ifTaken ? behind : second.before(ifEmpty, ifTaken), behind);
        };
    }

    private Node repeated() {
        Node node = primary();
        if (accept("*")) {
            return loop(node, 0, -1);
        }
        if (accept("+")) {
            return loop(node, 1, -1);
        }
        if (accept("?")) {
            return loop(node, 0, 1);
        }
        if (next() == '{' && text.charAt(at + 1) != '-') {
            String[] range = text.substring(at + 1, text.indexOf('}', at)).split(",", -1);
            at = text.indexOf('}', at) + 1;
            int min = range[0].isBlank() ? 0 : Integer.parseInt(range[0].trim());
            String max = range[range.length - 1].trim();
            return loop(node, min, max.isEmpty() ? -1 : Integer.parseInt(max));
        }
        return node;
    }

    private Node loop(Node node, int min, int max) {
        boolean isReluctant = accept("?");
        Node loop = max < 0 ? unbounded(node, isReluctant) : NOTHING;
        for (int round = min; round < max; round++) {
            loop = optional(then(node, loop), isReluctant);
        }
        for (int round = 0; round < min; round++) {
            loop = then(node, loop);
        }
        return loop;
    }

    private static Node optional(Node node, boolean isReluctant) {
        return (ifEmpty, ifTaken) -> choice(node.before(ifEmpty, ifTaken), ifEmpty, isReluctant);
    }

    private static Node unbounded(Node node, boolean isReluctant) {
        return (ifEmpty, ifTaken) -> {
            State again = new State(Kind.NORMAL, 0);
            State round = node.before(ifTaken, again);
            again.proceed(isReluctant ? ifTaken : round);
            again.proceed(isReluctant ? round : ifTaken);
            return choice(node.before(ifEmpty, again), ifEmpty, isReluctant);
        };
    }

    private static State choice(State round, State exit, boolean isReluctant) {
        return inOrder(isReluctant ? List.of(exit, round) : List.of(round, exit));
    }

    private Node primary() {
        if (accept("(")) {
            Node node = alternatives();
            require(")");
            return node;
        }
        if (accept("{-")) {
            exclusions++;
            Node node = alternatives();
            require("-}");
            exclusions--;
            return node;
        }
        if (next() == '^' || next() == '$') {
            int literal = symbols.anchor(text.charAt(at++));
            return (ifEmpty, ifTaken) -> anchor(literal, ifEmpty);
        }
        return accept("PERMUTE(") ? permute() : variable();
    }

    private static State anchor(int literal, State target) {
        State state = new State(Kind.NORMAL, 0);
        state.proceed(target, literal);
        return state;
    }

    private Node variable() {
        int from = at;
        while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
            at++;
        }
        if (from == at) {
            throw new IllegalArgumentException("no variable at " + at + " of " + text);
        }
        Variable variable = symbols.variable(text.substring(from, at), exclusions > 0);
        return (ifEmpty, ifTaken) -> {
            State state = new State(Kind.NORMAL, 0);
            state.take(ifTaken, variable.label(), variable.guard());
            return state;
        };
    }

    /** All orders of the parts, the first part first. */
    private Node permute() {
        List<Node> parts = new ArrayList<>(List.of(alternatives()));
        while (accept(",")) {
            parts.add(alternatives());
        }
        require(")");
        List<Node> orders = new ArrayList<>();
        addOrders(NOTHING, parts, orders::add);
        return anyOf(orders);
    }

    private static void addOrders(Node begin, List<Node> rest, Consumer<Node> found) {
        if (rest.isEmpty()) {
            found.accept(begin);
        }
        for (Node each : rest) {
            List<Node> others = new ArrayList<>(rest);
            others.remove(each);
            addOrders(then(begin, each), others, found);
        }
    }
}
