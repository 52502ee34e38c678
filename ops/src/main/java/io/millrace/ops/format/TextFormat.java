package io.millrace.ops.format;

/** How rows are written. Both are UTF-8; a byte order mark in front is skipped, and so are empty lines. */
public enum TextFormat {
    /** RFC 4180. An empty cell without quotes is null. */
    CSV,
    /** One object per line; nested objects and arrays are columns such as {@code price.mantissa} and {@code uuid.0}. */
    JSON_LINES
}
