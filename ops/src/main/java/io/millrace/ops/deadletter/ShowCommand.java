package io.millrace.ops.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.journal.deadletter.DeadLetter;
import io.millrace.journal.deadletter.DeadLetterEntry;
import io.millrace.journal.deadletter.DeadLetterReader;
import io.millrace.journal.deadletter.DeadLetterRequest;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.CommonOptions;
import io.millrace.ops.command.DataDirectory;
import io.millrace.ops.command.DataOptions;
import io.millrace.ops.command.Escapes;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.Json;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.format.EventJson;
import io.millrace.ops.format.KeyNames;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace dlq show}. */
@Command(
        name = "show",
        description = "Print all of one dead letter: what it is, who gave it up, why, and what has become of it.",
        footer = {"", "Example:", "  millrace dlq show 17 --json"})
final class ShowCommand implements Callable<Integer> {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private DataOptions dataOptions = new DataOptions();

    @Parameters(paramLabel = "NUMBER", description = "Number of the dead letter, as `ls` shows it.")
    private long place;

    /**
     * What is printed.
     *
     * @param row text of a row, null of an event
     * @param event null of a row
     */
    record Letter(
            LetterRow letter,
            @Nullable String row,
            @Nullable JsonNode event) {}

    @Override
    public Integer call() throws ConfigException {
        DataDirectory data = dataOptions.open();
        DeadLetterEntry[] found = new DeadLetterEntry[1];
        DeadLetterReader.forEach(data.path(), entry -> {
            if (entry.letter().place() == place) {
                found[0] = entry;
            }
        });
        if (found[0] == null) {
            throw new CommandException(
                    ExitCode.NO_INPUT,
                    "no such dead letter: number=" + place + " (expected: one that `millrace dlq ls --all` shows)");
        }
        boolean isRequested = DeadLetterRequest.pending(data.path()).stream()
                .anyMatch(request -> request.places().contains(place));
        Letter letter = letter(data, found[0], isRequested);
        if (options.isJson()) {
            Json.print(spec, letter);
        } else {
            print(spec.commandLine().getOut(), letter);
        }
        return ExitCode.OK;
    }

    private static Letter letter(DataDirectory data, DeadLetterEntry entry, boolean isRequested) {
        LetterRow row = LetterRow.of(entry, isRequested);
        DeadLetter letter = entry.letter();
        if (letter.isRow()) {
            return new Letter(row, new String(letter.bytes(), StandardCharsets.UTF_8), null);
        }
        try {
            String event = new EventJson(data.types(), new KeyNames()).text(letter.event());
            return new Letter(row, null, MAPPER.readTree(event));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what we write can be read", e);
        }
    }

    private static void print(PrintWriter out, Letter letter) {
        LetterRow row = letter.letter();
        out.println("number    " + row.number());
        out.println("state     " + row.state() + (row.isRequested() ? ", a request on it is not carried out yet" : ""));
        out.println("handler   " + Escapes.text(row.handler()) + (row.line() > 0 ? ", line " + row.line() : ""));
        out.println("id        " + row.id());
        out.println("parked    " + row.first());
        out.println("last      " + row.last());
        out.println("attempts  " + row.attempts());
        out.println("error     " + row.errorClass());
        out.println("message   " + Escapes.text(row.message()));
        out.println(
                letter.row() == null
                        ? "event     " + letter.event()
                        : "row       " + Escapes.text(String.valueOf(letter.row())));
    }
}
