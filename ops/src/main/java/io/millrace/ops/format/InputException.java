package io.millrace.ops.format;

import java.io.IOException;

/** Input that cannot be read at all, such as a header row without a column that is needed. */
public final class InputException extends IOException {
    private static final long serialVersionUID = 1L;

    InputException(String message) {
        super(message);
    }
}
