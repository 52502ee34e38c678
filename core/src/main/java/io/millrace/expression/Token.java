package io.millrace.expression;

import java.util.Locale;

/**
 * A word of an expression.
 *
 * @param text of a text or quoted name without its quotes
 * @param offset of its first character
 */
record Token(Kind kind, String text, int offset) {
    enum Kind {
        NAME,
        /** A name in backticks, which is never a keyword. */
        QUOTED_NAME,
        INTEGER,
        DECIMAL,
        /** An integer with a unit behind it. */
        DURATION,
        TEXT,
        SYMBOL,
        END
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isKeyword(String keyword) {
        return kind == Kind.NAME && text.toLowerCase(Locale.ROOT).equals(keyword.toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return kind == Kind.END ? "the end" : kind == Kind.TEXT ? '\'' + text + '\'' : text;
    }
}
