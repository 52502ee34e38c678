package io.millrace.expression;

/** An expression that cannot be read: says what is wrong, where, and what could stand there. */
public final class ExpressionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final int offset;
    private final String problem;

    /**
     * Says what is wrong with a text.
     *
     * @param offset of the character at which it went wrong, from 0
     * @param problem without text and place
     */
    public ExpressionException(String text, int offset, String problem) {
        super("cannot read expression: \"" + text + "\", at character " + (offset + 1) + ": " + problem);
        this.offset = offset;
        this.problem = problem;
    }

    /** {@return the character of the text at which it went wrong, from 0} */
    public int offset() {
        return offset;
    }

    /** {@return what is wrong, without text and place} */
    public String problem() {
        return problem;
    }
}
