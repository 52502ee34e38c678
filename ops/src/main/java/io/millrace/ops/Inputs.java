package io.millrace.ops;

import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.config.RunConfig.IdSection;
import io.millrace.ops.config.RunConfig.InputSection;
import io.millrace.ops.config.RunConfig.KeySection;
import io.millrace.ops.format.EventMapping;
import io.millrace.ops.format.IdRule;
import io.millrace.ops.format.InputException;
import io.millrace.ops.format.KeyNames;
import io.millrace.ops.format.KeyRule;
import io.millrace.ops.format.RowReader;
import io.millrace.ops.format.TextFormat;
import io.millrace.ops.format.TimeRule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens the input of a run and maps its rows as the configuration says. */
final class Inputs {
    private static final String REMEDY = "; name another with --input";

    private Inputs() {}

    /**
     * {@return a reader of the input's rows}
     *
     * @param watch is asked and told while waiting for an input that is no regular file
     * @throws CommandException if the input cannot be read or does not have the columns
     */
    static RowReader open(InputSection input, EventMapping mapping, StoppableInput.Watch watch) {
        try {
            return RowReader.open(stream(input, watch), name(input), mapping);
        } catch (InputException e) {
            throw CommandException.of(ExitCode.NO_INPUT, e);
        } catch (IOException e) {
            throw unreadable(input.file(), e);
        }
    }

    /** {@return the failure of an input, for its user} */
    static CommandException unreadable(String name, IOException e) {
        String reason = e instanceof NoSuchFileException
                ? "does not exist"
                : e instanceof AccessDeniedException ? "access denied" : String.valueOf(e.getMessage());
        return new CommandException(
                ExitCode.NO_INPUT,
                "cannot read input: file=" + name + ": " + reason
                        + " (expected: a readable file, or - for standard input)" + REMEDY,
                e);
    }

    /** {@return what messages call the input} */
    static String name(InputSection input) {
        Path fileName = Path.of(input.file()).getFileName();
        return input.isStandardInput() || fileName == null ? "-" : fileName.toString();
    }

    static EventMapping mapping(InputSection input) {
        return builder(input).build();
    }

    /** {@return the same mapping of a row that stands alone, without a header before it} */
    static EventMapping rowMapping(InputSection input, List<String> columns, KeyNames keyNames) {
        return builder(input).header(false).columns(columns).keyNames(keyNames).build();
    }

    private static EventMapping.Builder builder(InputSection input) {
        return EventMapping.of(input.type())
                .format(TextFormat.valueOf(input.format().name()))
                .header(input.hasHeader())
                .columns(input.columns())
                .fields(input.fields())
                .time(TimeRule.of(
                        input.time().column(),
                        input.time().pattern(),
                        input.time().zone()))
                .id(id(input.id()))
                .key(key(input.key()))
                .source(input.sourceColumn());
    }

    private static InputStream stream(InputSection input, StoppableInput.Watch watch) throws IOException {
        if (input.isStandardInput()) {
            return new StoppableInput(System.in, watch);
        }
        if (input.file().isEmpty()) {
            throw new CommandException(
                    ExitCode.CONFIG, "no input: input.file=none (expected: a file, or - for standard input)" + REMEDY);
        }
        Path file = Path.of(input.file());
        if (Files.isDirectory(file)) {
            throw new IOException("is a directory");
        }
        InputStream stream = Files.newInputStream(file);
        return Files.isRegularFile(file) ? stream : new StoppableInput(stream, watch);
    }

    private static IdRule id(IdSection id) {
        return switch (id.kind()) {
            case HASH -> IdRule.hash(id.columns());
            case UUID -> IdRule.uuid(id.columns().get(0));
            case PRODUCER -> IdRule.producer(id.columns().get(0), id.columns().get(1));
        };
    }

    private static @Nullable KeyRule key(@Nullable KeySection key) {
        if (key == null) {
            return null;
        }
        return switch (key.kind()) {
            case TEXT -> KeyRule.text(key.column());
            case INTEGER -> KeyRule.integer(key.column());
            case HASH -> KeyRule.hash(key.column());
        };
    }
}
