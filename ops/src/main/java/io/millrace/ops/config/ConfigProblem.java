package io.millrace.ops.config;

/**
 * One thing that is wrong with a configuration file.
 *
 * @param file as the user named it
 * @param line from 1
 * @param column from 1
 * @param key path of the key, such as {@code windows[0].size}
 * @param text what is wrong, and what is allowed or nearest
 */
public record ConfigProblem(String file, int line, int column, String key, String text) {
    /** {@return the line that users see: {@code file:line:col  key: text}} */
    @Override
    public String toString() {
        return file + ':' + line + ':' + column + "  " + key + ": " + text;
    }
}
