package io.millrace.ops.command;

import java.util.Locale;

/**
 * Text of others made fit for a terminal and for a line: control characters, line ends of any kind, marks that turn the
 * direction of writing and halves of pairs are shown by their code, so that a payload cannot move the cursor, hide what
 * follows or look like another line.
 */
public final class Escapes {
    private Escapes() {}

    /** {@return the text, in quotes if it has blanks, quotes or anything that was escaped, or is empty} */
    public static String word(String text) {
        String escaped = text(text);
        boolean isPlain =
                !text.isEmpty() && escaped.equals(text) && text.chars().noneMatch(c -> " =,".indexOf(c) >= 0);
        return isPlain ? text : '"' + escaped + '"';
    }

    /** {@return the text without anything that would act on a terminal; quotes and backslashes are escaped too} */
    public static String text(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> append(escaped, c));
        return escaped.toString();
    }

    private static void append(StringBuilder text, int c) {
        switch (c) {
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            case '"', '\\' -> text.append('\\').appendCodePoint(c);
            default -> {
                if (isShown(c)) {
                    text.appendCodePoint(c);
                } else if (c <= 0xFFFF) {
                    text.append(String.format(Locale.ROOT, "\\u%04x", c));
                } else {
                    text.append(String.format(Locale.ROOT, "\\U%06x", c));
                }
            }
        }
    }

    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> false;
            default -> true;
        };
    }
}
