package io.millrace.event;

/** A schema, or a set of schemas, that cannot be used; the message says which part and what is expected. */
public final class SchemaException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public SchemaException(String message) {
        super(message);
    }

    public SchemaException(String message, Throwable cause) {
        super(message, cause);
    }
}
