package io.millrace.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** Results for programs. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Json() {}

    /** Prints one object to the standard output of a command. */
    static void print(CommandSpec command, Map<String, ?> object) {
        try {
            command.commandLine().getOut().println(MAPPER.writeValueAsString(object));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists, texts and numbers can always be written", e);
        }
    }
}
