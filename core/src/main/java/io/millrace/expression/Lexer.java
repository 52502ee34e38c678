package io.millrace.expression;

import java.util.ArrayList;
import java.util.List;

/** Cuts the text of an expression into tokens. */
final class Lexer {
    private static final String[] SYMBOLS = {"==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "(", ")", ","};

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    /** {@return the tokens, an END last} */
    static List<Token> tokens(String text) {
        Lexer lexer = new Lexer(text);
        while (lexer.skipSpace()) {
            lexer.next();
        }
        lexer.tokens.add(new Token(Token.Kind.END, "", text.length()));
        return lexer.tokens;
    }

    private boolean skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length();
    }

    private void next() {
        char c = text.charAt(at);
        if (c == '\'') {
            quoted(Token.Kind.TEXT, c);
        } else if (c == '`') {
            quoted(Token.Kind.QUOTED_NAME, c);
        } else if (isDigit(c)) {
            number();
        } else if (Character.isLetter(c) || c == '_') {
            word();
        } else {
            symbol();
        }
    }

    /** A quote within stands twice. */
    private void quoted(Token.Kind kind, char quote) {
        StringBuilder content = new StringBuilder();
        int from = at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != quote) {
                content.append(c);
            } else if (at < text.length() && text.charAt(at) == quote) {
                content.append(c);
                at++;
            } else {
                tokens.add(new Token(kind, content.toString(), from));
                return;
            }
        }
        throw new ExpressionException(text, from, "this quote has no end; close it with " + quote);
    }

    private void number() {
        int from = at;
        skipDigits();
        boolean isDecimal = at + 1 < text.length() && text.charAt(at) == '.' && isDigit(text.charAt(at + 1));
        if (isDecimal) {
            at++;
            skipDigits();
        }
        int digitsEnd = at;
        while (at < text.length() && isOfName(text.charAt(at))) {
            at++;
        }
        boolean hasUnit = at > digitsEnd;
        if (hasUnit && isDecimal) {
            throw new ExpressionException(
                    text,
                    from,
                    text.substring(from, at) + " is no number (a duration is an integer and a unit: 1500ms)");
        }
        Token.Kind kind = isDecimal ? Token.Kind.DECIMAL : hasUnit ? Token.Kind.DURATION : Token.Kind.INTEGER;
        tokens.add(new Token(kind, text.substring(from, at), from));
    }

    private void skipDigits() {
        while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
    }

    private void word() {
        int from = at;
        while (at < text.length() && (isOfName(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        tokens.add(new Token(Token.Kind.NAME, text.substring(from, at), from));
    }

    private void symbol() {
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, at)) {
                tokens.add(new Token(Token.Kind.SYMBOL, symbol, at));
                at += symbol.length();
                return;
            }
        }
        boolean isArrow = text.startsWith("=>", at);
        throw new ExpressionException(text, at, isArrow ? "=> is no operator; write >=" : hint(text.charAt(at)));
    }

    private static String hint(char c) {
        return switch (c) {
            case '=' -> "= is no operator; equality is ==";
            case '!' -> "! is no operator; write not";
            case '&' -> "& is no operator; write and";
            case '|' -> "| is no operator; write or";
            case '"' -> "\" does not quote; text stands in single quotes: 'JFK'";
            default -> c + " has no meaning here";
        };
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isOfName(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }
}
