package io.millrace.ops.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import picocli.CommandLine.Model.CommandSpec;

/** Results for programs. */
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static final ObjectMapper LINES = new ObjectMapper();

    private Json() {}

    /** Prints one object to the standard output of a command. */
    public static void print(CommandSpec command, Object object) {
        print(command, MAPPER, object);
    }

    /** Prints one object as one line, for lists. */
    public static void line(CommandSpec command, Object object) {
        print(command, LINES, object);
    }

    private static void print(CommandSpec command, ObjectMapper mapper, Object object) {
        try {
            command.commandLine().getOut().println(mapper.writeValueAsString(object));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what we print is made of records, lists, texts and numbers", e);
        }
    }
}
