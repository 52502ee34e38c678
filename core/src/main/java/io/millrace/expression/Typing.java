package io.millrace.expression;

import io.millrace.event.Enumeration;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.HeaderField;
import io.millrace.event.NearestNames;
import io.millrace.event.VarField;
import io.millrace.expression.Node.Arithmetic;
import io.millrace.expression.Node.Comparison;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes nodes whose types are right, or says what is wrong with them. */
final class Typing {
    private static final Map<String, Long> UNIT_NS = units();

    private final String text;
    private final @Nullable EventType eventType;
    private final @Nullable Registers registers;

    Typing(String text, @Nullable EventType eventType, @Nullable Registers registers) {
        this.text = text;
        this.eventType = eventType;
        this.registers = registers;
    }

    /** {@return whether a function with one name in brackets is one of earlier events} */
    boolean isOfRegisters(Token function) {
        return registers != null && Registers.FUNCTIONS.contains(function.text());
    }

    Node register(Token function, Token of) {
        try {
            return new Node.RegisterRead(Objects.requireNonNull(registers).of(function.text(), of.text()));
        } catch (IllegalArgumentException e) {
            throw problem(of, String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, Long> units() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("ns", 1L);
        units.put("us", 1_000L);
        units.put("ms", 1_000_000L);
        units.put("s", 1_000_000_000L);
        units.put("min", 60_000_000_000L);
        units.put("h", 3_600_000_000_000L);
        units.put("d", 86_400_000_000_000L);
        return units;
    }

    Node field(Token token) {
        String name = token.text();
        Field field = eventType == null ? null : eventType.fieldOrNull(name);
        VarField varField = eventType == null ? null : eventType.varFieldOrNull(name);
        if (varField != null) {
            return new Node.VarRead(varField);
        }
        if (field == null) {
            field = HeaderField.named(name);
        }
        if (field == null) {
            throw problem(token, "unknown field " + name + " (expected: " + NearestNames.orAll(name, names()) + ")");
        }
        if (field.type() == FieldType.TEXT && field.isConstant()) {
            throw problem(token, "the text of field " + name + " is fixed by the schema; leave it out");
        }
        return new Node.FieldRead(field);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        if (eventType != null) {
            eventType.fields().forEach(field -> names.add(field.name()));
            eventType.varFields().forEach(field -> names.add(field.name()));
        }
        HeaderField.ALL.forEach(field -> names.add(field.name()));
        return names;
    }

    /** Above 2^63 - 1 a uint64 may be meant. */
    Node integer(Token token) {
        String digits = token.text().replace("_", "");
        try {
            return new Node.LongLiteral(Long.parseLong(digits));
        } catch (NumberFormatException e) {
            try {
                return new Node.UnsignedLiteral(Long.parseUnsignedLong(digits));
            } catch (NumberFormatException unsigned) {
                throw problem(token, token + " is out of range (expected: -2^63 to 2^64 - 1)");
            }
        }
    }

    Node decimal(Token token) {
        return new Node.DoubleLiteral(Double.parseDouble(token.text().replace("_", "")));
    }

    Node duration(Token token) {
        String digits = token.text().replaceFirst("[^0-9_].*", "");
        String unit = token.text().substring(digits.length());
        Long unitNs = UNIT_NS.get(unit);
        if (unitNs == null) {
            throw problem(token, "unknown unit " + unit + " (expected: " + String.join(", ", UNIT_NS.keySet()) + ")");
        }
        try {
            return new Node.LongLiteral(Math.multiplyExact(Long.parseLong(digits.replace("_", "")), unitNs));
        } catch (ArithmeticException | NumberFormatException e) {
            throw problem(token, token + " is out of range (expected: up to 106751d)");
        }
    }

    Node or(Node left, Node right, Token operator) {
        return new Node.Or(requireBoolean(left, operator), requireBoolean(right, operator));
    }

    Node and(Node left, Node right, Token operator) {
        return new Node.And(requireBoolean(left, operator), requireBoolean(right, operator));
    }

    Node not(Node operand, Token operator) {
        return new Node.Not(requireBoolean(operand, operator));
    }

    private Node requireBoolean(Node node, Token operator) {
        if (node.type() != ExpressionType.BOOLEAN) {
            throw problem(operator, operator + " takes conditions, not " + node.type() + "; compare it with something");
        }
        return node;
    }

    Node isNull(Node operand, Token operator) {
        if (operand.type() == ExpressionType.BOOLEAN) {
            throw problem(operator, "a condition is never null; ask its fields");
        }
        return operand.isNullable() ? new Node.IsNull(operand) : new Node.BooleanLiteral(false);
    }

    Node negate(Node operand, Token operator) {
        Node zero = operand.type() == ExpressionType.DOUBLE ? new Node.DoubleLiteral(-0.0) : new Node.LongLiteral(0);
        return arithmetic(zero, operand, operator);
    }

    Node arithmetic(Node left, Node right, Token operator) {
        requireNumber(left, operator);
        requireNumber(right, operator);
        ExpressionType type = common(left, right);
        return new Arithmetic(type, arithmetic(operator), as(type, left), as(type, right));
    }

    private static Arithmetic.Operator arithmetic(Token token) {
        for (Arithmetic.Operator operator : Arithmetic.Operator.values()) {
            if (token.isSymbol(operator.symbol())) {
                return operator;
            }
        }
        throw new AssertionError(token);
    }

    private void requireNumber(Node node, Token operator) {
        if (!node.type().isNumber()) {
            String why = node.type() == ExpressionType.UNSIGNED
                    ? "a uint64, which can be compared only"
                    : node.type().toString();
            throw problem(operator, operator + " takes numbers, not " + why);
        }
    }

    private static ExpressionType common(Node left, Node right) {
        boolean isDouble = left.type() == ExpressionType.DOUBLE || right.type() == ExpressionType.DOUBLE;
        return isDouble ? ExpressionType.DOUBLE : ExpressionType.LONG;
    }

    private static Node as(ExpressionType type, Node node) {
        if (type != ExpressionType.DOUBLE || node.type() == ExpressionType.DOUBLE) {
            return node;
        }
        return node instanceof Node.LongLiteral literal
                ? new Node.DoubleLiteral(literal.value())
                : new Node.Widened(node);
    }

    Node comparison(Comparison.Operator operator, Node left, Node right, Token token) {
        if (left instanceof Node.TextLiteral || (left instanceof Node.LongLiteral && right instanceof Node.FieldRead)) {
            return comparison(swapped(operator), right, left, token);
        }
        Node value = coded(left, right, token);
        if (left.type() == ExpressionType.TEXT || value.type() == ExpressionType.TEXT) {
            return texts(operator, left, value, token);
        }
        if (left.type() == ExpressionType.UNSIGNED || value.type() == ExpressionType.UNSIGNED) {
            return new Comparison(operator, unsigned(left, token), unsigned(value, token));
        }
        requireNumber(left, token);
        requireNumber(value, token);
        ExpressionType type = common(left, value);
        return new Comparison(operator, as(type, left), as(type, value));
    }

    private static Comparison.Operator swapped(Comparison.Operator operator) {
        return switch (operator) {
            case LT -> Comparison.Operator.GT;
            case LE -> Comparison.Operator.GE;
            case GT -> Comparison.Operator.LT;
            case GE -> Comparison.Operator.LE;
            default -> operator;
        };
    }

    private Node unsigned(Node node, Token operator) {
        if (node.type() == ExpressionType.UNSIGNED) {
            return node;
        }
        if (node instanceof Node.LongLiteral literal && literal.value() >= 0) {
            return new Node.UnsignedLiteral(literal.value());
        }
        throw problem(operator, "a uint64 is compared with uint64 or an integer from 0, not with " + node.type());
    }

    /** {@return a text as the code of the enum or char field that it is compared with, else as it is} */
    private Node coded(Node field, Node value, Token operator) {
        if (!(field instanceof Node.FieldRead read) || !(value instanceof Node.TextLiteral literal)) {
            return value;
        }
        Enumeration names = read.field().enumeration();
        if (names != null) {
            Long code = names.code(literal.value());
            if (code == null) {
                throw problem(
                        operator,
                        "unknown value '" + literal.value() + "' of " + names.name() + " (expected: "
                                + NearestNames.orAll(literal.value(), names.names()) + ")");
            }
            return new Node.LongLiteral(code);
        }
        if (read.field().type() != FieldType.CHAR) {
            return value;
        }
        if (literal.value().length() != 1 || literal.value().charAt(0) > 0xFF) {
            throw problem(operator, "'" + literal.value() + "' is no char (expected: one character)");
        }
        return new Node.LongLiteral(literal.value().charAt(0));
    }

    private Node texts(Comparison.Operator operator, Node left, Node right, Token token) {
        if (operator != Comparison.Operator.EQ && operator != Comparison.Operator.NE) {
            throw problem(token, token + " does not compare text (expected: ==, !=, in, startsWith, contains)");
        }
        requireText(left, token);
        requireText(right, token);
        if (left instanceof Node.RegisterRead || right instanceof Node.RegisterRead) {
            return new Comparison(operator, textCode(left, token), textCode(right, token));
        }
        boolean areFields = left instanceof Node.FieldRead && right instanceof Node.FieldRead;
        if (!areFields && !(right instanceof Node.TextLiteral)) {
            throw problem(token, "a text of varying length is compared with 'text' only");
        }
        Node test = new Node.TextComparison(false, requireField(left, token), right);
        return operator == Comparison.Operator.EQ ? test : new Node.Not(test);
    }

    private Node textCode(Node node, Token token) {
        if (node instanceof Node.FieldRead || node instanceof Node.RegisterRead) {
            return new Node.TextCode(node);
        }
        throw problem(token, "a text of earlier events is compared with a text field of fixed length only");
    }

    private void requireText(Node node, Token operator) {
        if (node.type() != ExpressionType.TEXT) {
            throw problem(operator, operator + " compares text with " + node.type() + " (expected: two of one type)");
        }
    }

    private Node requireField(Node node, Token operator) {
        if (node instanceof Node.TextLiteral literal) {
            throw problem(operator, "'" + literal.value() + "' is fixed text (expected: a field)");
        }
        if (node instanceof Node.RegisterRead) {
            throw problem(operator, "a text of earlier events is compared by == and != only");
        }
        return node;
    }

    Node startsWith(Node left, Node right, Token operator) {
        requireText(requireField(left, operator), operator);
        if (!(right instanceof Node.TextLiteral)) {
            throw problem(operator, operator + " takes 'text' on its right");
        }
        return new Node.TextComparison(true, left, right);
    }

    Node contains(Node left, Node right, Token operator) {
        requireText(requireField(left, operator), operator);
        if (left instanceof Node.RegisterRead || !(right instanceof Node.TextLiteral literal)) {
            throw problem(operator, operator + " takes a field on its left and 'text' on its right");
        }
        return new Node.TextContains(left, literal.value());
    }

    Node between(Node operand, Node from, Node to, Token operator) {
        return new Node.And(
                comparison(Comparison.Operator.GE, operand, from, operator),
                comparison(Comparison.Operator.LE, operand, to, operator));
    }

    Node in(Node operand, List<Node> values, Token operator) {
        if (operand.type() == ExpressionType.TEXT) {
            return new Node.TextIn(requireField(operand, operator), textsOf(values, operator));
        }
        if (operand.type() != ExpressionType.LONG && operand.type() != ExpressionType.UNSIGNED) {
            throw problem(operator, operator + " takes an integer or text on its left, not " + operand.type());
        }
        long[] members = new long[values.size()];
        for (int i = 0; i < members.length; i++) {
            members[i] = member(operand, coded(operand, values.get(i), operator), operator);
        }
        return new Node.LongIn(operand, new LongSet(members));
    }

    private long member(Node operand, Node value, Token operator) {
        if (operand.type() == ExpressionType.UNSIGNED
                && unsigned(value, operator) instanceof Node.UnsignedLiteral bits) {
            return bits.bits();
        }
        if (operand.type() == ExpressionType.LONG && value instanceof Node.LongLiteral literal) {
            return literal.value();
        }
        throw problem(
                operator,
                "the list holds " + value.type() + " (expected: fixed values of type " + operand.type() + ")");
    }

    private List<String> textsOf(List<Node> values, Token operator) {
        List<String> texts = new ArrayList<>();
        for (Node value : values) {
            if (!(value instanceof Node.TextLiteral literal)) {
                throw problem(operator, "the list holds " + value.type() + " (expected: 'text')");
            }
            texts.add(literal.value());
        }
        return texts;
    }

    Node call(Token name, List<Node> arguments) {
        if (name.text().equals("length")) {
            return textLength(name, arguments);
        }
        Function function = Function.named(name.text());
        if (function == null) {
            List<String> names = new ArrayList<>(Function.names());
            names.addAll(List.of("length", "if"));
            throw problem(
                    name, "unknown function " + name + " (expected: " + NearestNames.orAll(name.text(), names) + ")");
        }
        requireCount(name, arguments, function.argumentCount());
        arguments.forEach(argument -> requireNumber(argument, name));
        ExpressionType type = common(arguments.get(0), arguments.get(arguments.size() - 1));
        if (!function.isOfArguments() && type != ExpressionType.LONG) {
            throw problem(name, name + " takes integers, not double");
        }
        return new Node.Call(
                function, arguments.stream().map(argument -> as(type, argument)).toList());
    }

    private Node textLength(Token name, List<Node> arguments) {
        requireCount(name, arguments, 1);
        requireText(requireField(arguments.get(0), name), name);
        return new Node.TextLength(arguments.get(0));
    }

    private void requireCount(Token name, List<Node> arguments, int count) {
        if (arguments.size() != count) {
            throw problem(name, name + " has " + arguments.size() + " arguments (expected: " + count + ")");
        }
    }

    Node choice(List<Node> arguments, Token name) {
        requireCount(name, arguments, 3);
        requireBoolean(arguments.get(0), name);
        requireNumber(arguments.get(1), name);
        requireNumber(arguments.get(2), name);
        ExpressionType type = common(arguments.get(1), arguments.get(2));
        return new Node.Choice(arguments.get(0), as(type, arguments.get(1)), as(type, arguments.get(2)));
    }

    private ExpressionException problem(Token token, String problem) {
        return new ExpressionException(text, token.offset(), problem);
    }
}
