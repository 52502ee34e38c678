package io.millrace.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * One call of the command in this process, for commands that only look.
 *
 * @param exitCode it ended with
 * @param out what it printed to standard output
 * @param err what it printed to standard error
 */
public record CommandCall(int exitCode, String out, String err) {
    /** Calls to the end. */
    public static CommandCall of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = MillraceCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
        return new CommandCall(exitCode, out.toString(), err.toString());
    }

    List<String> lines() {
        return out.lines().toList();
    }

    /** {@return the whole output as one value} */
    JsonNode json() {
        return parse(out);
    }

    /** {@return a value per line} */
    List<JsonNode> jsonLines() {
        return lines().stream().map(CommandCall::parse).toList();
    }

    private static JsonNode parse(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }
}
