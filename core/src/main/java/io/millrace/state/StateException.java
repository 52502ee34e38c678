package io.millrace.state;

/** Saved state does not fit the instance that loads it, or is damaged. */
public final class StateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StateException(String message) {
        super(message);
    }

    /** Checks that a setting is what it was when the state was saved. */
    public static void requireSame(String what, String name, long saved, long configured) {
        if (saved != configured) {
            throw new StateException("cannot load " + what + ": saved " + name + "=" + saved + " (expected: "
                    + configured + ", as configured); configure what it was saved under, or start on an empty data"
                    + " directory");
        }
    }

    /** Checks that a loaded value can be true. */
    public static void requireRange(String what, String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw damaged(what, name, value, min + " to " + max);
        }
    }

    /** {@return what to throw when a loaded value cannot be true} */
    public static StateException damaged(String what, String name, long value, String expected) {
        return new StateException("cannot load " + what + ": " + name + "=" + value + " (expected: " + expected
                + "); the saved state is damaged, use another snapshot");
    }
}
