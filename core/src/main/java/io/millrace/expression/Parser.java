package io.millrace.expression;

import io.millrace.event.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads tokens by recursive descent; {@link Typing} makes nodes of them. */
final class Parser {
    /** More would be a program: trees are walked by recursion. */
    private static final int MAX_DEPTH = 100;

    private static final int MAX_TOKENS = 2_000;
    private static final List<String> KEYWORDS =
            List.of("and", "or", "not", "in", "between", "is", "null", "true", "false", "startsWith", "contains", "if");

    private final String text;
    private final List<Token> tokens;
    private final Typing typing;
    private int position;
    private int depth;

    private Parser(String text, @Nullable EventType eventType, @Nullable Registers registers) {
        this.text = text;
        this.tokens = Lexer.tokens(text);
        this.typing = new Typing(text, eventType, registers);
    }

    static Node parse(String text, @Nullable EventType eventType) {
        return parse(text, eventType, Registers.none());
    }

    /** @param registers of earlier events, null if there are none to ask */
    static Node parse(String text, @Nullable EventType eventType, @Nullable Registers registers) {
        Parser parser = new Parser(text, eventType, registers);
        if (parser.tokens.size() > MAX_TOKENS) {
            throw parser.problem(
                    parser.tokens.get(MAX_TOKENS),
                    "it has " + parser.tokens.size() + " words (expected: up to " + MAX_TOKENS + ")");
        }
        Node node = parser.or();
        if (parser.peek().kind() != Token.Kind.END) {
            throw parser.unexpected("an operator or the end");
        }
        return node;
    }

    private Node or() {
        Node left = and();
        while (isKeyword("or")) {
            Token operator = take();
            left = typing.or(left, and(), operator);
        }
        return left;
    }

    private Node and() {
        Node left = not();
        while (isKeyword("and")) {
            Token operator = take();
            left = typing.and(left, not(), operator);
        }
        return left;
    }

    private Node not() {
        if (!isKeyword("not")) {
            return test();
        }
        Token operator = take();
        return typing.not(nested(this::not), operator);
    }

    private Node nested(Supplier<Node> part) {
        if (++depth > MAX_DEPTH) {
            throw problem(
                    peek(), "it is nested more than " + MAX_DEPTH + " deep; put parts into conditions of their own");
        }
        Node node = part.get();
        depth--;
        return node;
    }

    private Node test() {
        Node left = sum();
        Token operator = peek();
        Node.Comparison.Operator comparison = comparison(operator);
        if (comparison != null) {
            take();
            Node test = typing.comparison(comparison, left, sum(), operator);
            if (comparison(peek()) != null) {
                throw problem(peek(), "comparisons do not chain; join two of them with and");
            }
            return test;
        }
        if (isKeyword("is")) {
            return isNull(left, take());
        }
        boolean isNegated = isKeyword("not");
        if (isNegated) {
            operator = tokens.get(position + 1);
            if (!operator.isKeyword("in")
                    && !operator.isKeyword("between")
                    && !operator.isKeyword("startsWith")
                    && !operator.isKeyword("contains")) {
                return left;
            }
            take();
        }
        Node test = wordTest(left, operator);
        return isNegated ? typing.not(test, operator) : test;
    }

    private Node wordTest(Node left, Token operator) {
        if (isKeyword("in")) {
            take();
            return typing.in(left, list(), operator);
        }
        if (isKeyword("startsWith")) {
            take();
            return typing.startsWith(left, sum(), operator);
        }
        if (isKeyword("contains")) {
            take();
            return typing.contains(left, sum(), operator);
        }
        if (isKeyword("between")) {
            take();
            Node from = sum();
            expectKeyword("and");
            return typing.between(left, from, sum(), operator);
        }
        return left;
    }

    private Node isNull(Node operand, Token operator) {
        boolean isNegated = isKeyword("not");
        if (isNegated) {
            take();
        }
        expectKeyword("null");
        Node test = typing.isNull(operand, operator);
        return isNegated ? typing.not(test, operator) : test;
    }

    private static Node.Comparison.@Nullable Operator comparison(Token token) {
        for (Node.Comparison.Operator operator : Node.Comparison.Operator.values()) {
            if (token.isSymbol(operator.symbol())) {
                return operator;
            }
        }
        return null;
    }

    private Node sum() {
        Node left = product();
        while (peek().isSymbol("+") || peek().isSymbol("-")) {
            Token operator = take();
            left = typing.arithmetic(left, product(), operator);
        }
        return left;
    }

    private Node product() {
        Node left = unary();
        while (peek().isSymbol("*") || peek().isSymbol("/") || peek().isSymbol("%")) {
            Token operator = take();
            left = typing.arithmetic(left, unary(), operator);
        }
        return left;
    }

    private Node unary() {
        if (!peek().isSymbol("-")) {
            return primary();
        }
        Token operator = take();
        if (peek().kind() == Token.Kind.INTEGER) {
            Token digits = take();
            return typing.integer(new Token(Token.Kind.INTEGER, '-' + digits.text(), operator.offset()));
        }
        return typing.negate(nested(this::unary), operator);
    }

    private Node primary() {
        Token token = take();
        switch (token.kind()) {
            case INTEGER:
                return typing.integer(token);
            case DECIMAL:
                return typing.decimal(token);
            case DURATION:
                return typing.duration(token);
            case TEXT:
                return new Node.TextLiteral(token.text());
            case QUOTED_NAME:
                return typing.field(token);
            case NAME:
                return named(token);
            default:
                break;
        }
        if (!token.isSymbol("(")) {
            throw notAnOperand(token);
        }
        Node node = nested(this::or);
        expect(")");
        return node;
    }

    private Node named(Token token) {
        if (token.isKeyword("true") || token.isKeyword("false")) {
            return new Node.BooleanLiteral(token.isKeyword("true"));
        }
        if (peek().isSymbol("(")
                && typing.isOfRegisters(token)
                && tokens.get(position + 2).isSymbol(")")) {
            take();
            Node register = typing.register(token, take());
            expect(")");
            return register;
        }
        if (peek().isSymbol("(") && !isKeyword(token)) {
            return typing.call(token, arguments());
        }
        if (token.isKeyword("if")) {
            return typing.choice(arguments(), token);
        }
        if (token.isKeyword("null")) {
            throw problem(token, "nothing equals null; ask: is null, is not null");
        }
        if (isKeyword(token)) {
            throw notAnOperand(token);
        }
        return typing.field(token);
    }

    private static boolean isKeyword(Token token) {
        return KEYWORDS.stream().anyMatch(token::isKeyword);
    }

    private List<Node> arguments() {
        expect("(");
        List<Node> arguments = new ArrayList<>();
        do {
            arguments.add(nested(this::or));
        } while (takeIf(","));
        expect(")");
        return arguments;
    }

    private List<Node> list() {
        expect("(");
        List<Node> values = new ArrayList<>();
        do {
            values.add(unary());
        } while (takeIf(","));
        expect(")");
        return values;
    }

    private Token peek() {
        return tokens.get(position);
    }

    private Token take() {
        Token token = tokens.get(position);
        if (token.kind() != Token.Kind.END) {
            position++;
        }
        return token;
    }

    private boolean takeIf(String symbol) {
        boolean isThere = peek().isSymbol(symbol);
        if (isThere) {
            take();
        }
        return isThere;
    }

    private void expect(String symbol) {
        if (!takeIf(symbol)) {
            throw unexpected(symbol);
        }
    }

    private boolean isKeyword(String keyword) {
        return peek().isKeyword(keyword);
    }

    private void expectKeyword(String keyword) {
        if (!isKeyword(keyword)) {
            throw unexpected(keyword);
        }
        take();
    }

    private ExpressionException notAnOperand(Token token) {
        return unexpected(token, "a field, a number, 'text' or (");
    }

    private ExpressionException unexpected(String expected) {
        return unexpected(peek(), expected);
    }

    private ExpressionException unexpected(Token token, String expected) {
        return problem(token, token + " stands here (expected: " + expected + ")");
    }

    private ExpressionException problem(Token token, String problem) {
        return new ExpressionException(text, token.offset(), problem);
    }
}
