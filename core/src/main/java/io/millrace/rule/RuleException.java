package io.millrace.rule;

/** A change of rules that is refused, with the reason; nothing has changed. */
public final class RuleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RuleException(String message) {
        super(message);
    }
}
