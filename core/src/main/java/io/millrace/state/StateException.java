package io.millrace.state;

/** Saved state does not fit the instance that loads it, or is damaged. */
public final class StateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StateException(String message) {
        super(message);
    }
}
