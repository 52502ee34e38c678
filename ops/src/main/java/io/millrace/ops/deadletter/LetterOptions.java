package io.millrace.ops.deadletter;

import io.millrace.journal.deadletter.DeadLetterEntry;
import io.millrace.journal.deadletter.DeadLetterReader;
import io.millrace.ops.command.EventId;
import io.millrace.ops.command.TimeText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which dead letters a command is about: mix it in. Those that are redriven or discarded are left out. */
final class LetterOptions {
    @Parameters(arity = "0..*", paramLabel = "NUMBER", description = "Numbers of dead letters, as `ls` shows them.")
    private List<Long> places = new ArrayList<>();

    @Option(names = "--handler", paramLabel = "NAME", description = "Of this handler; of rows, the file's name.")
    private @Nullable String handler;

    @Option(names = "--error", paramLabel = "TEXT", description = "Whose error class or message contains this.")
    private @Nullable String error;

    @Option(
            names = "--from-time",
            paramLabel = "TIME",
            converter = TimeText.class,
            description = "Parked then or later: " + TimeText.FORMS + ".")
    private long fromTimeNs = Long.MIN_VALUE;

    @Option(
            names = "--to-time",
            paramLabel = "TIME",
            converter = TimeText.class,
            description = "Parked then or before.")
    private long toTimeNs = Long.MAX_VALUE;

    @Option(
            names = "--id",
            paramLabel = "ID",
            converter = EventId.Text.class,
            description = "Id of the event: 32 hex digits, a UUID, or PRODUCER:SEQUENCE.")
    private @Nullable EventId id;

    /** {@return whether anything narrows them down} */
    boolean isNarrowed() {
        return !places.isEmpty()
                || handler != null
                || error != null
                || id != null
                || fromTimeNs != Long.MIN_VALUE
                || toTimeNs != Long.MAX_VALUE;
    }

    /** Gives those that are asked for, in their order. */
    void forEach(Path dataDirectory, boolean isWithClosed, Consumer<DeadLetterEntry> consumer) {
        DeadLetterReader.forEach(dataDirectory, entry -> {
            if ((isWithClosed || entry.state().isOpen()) && isWanted(entry)) {
                consumer.accept(entry);
            }
        });
    }

    private boolean isWanted(DeadLetterEntry entry) {
        long timeNs = entry.letter().timeNs();
        return (places.isEmpty() || places.contains(entry.letter().place()))
                && (handler == null || handler.equals(entry.letter().handler()))
                && (error == null
                        || entry.errorClass().contains(error)
                        || entry.message().contains(error))
                && timeNs >= fromTimeNs
                && timeNs <= toTimeNs
                && (id == null || isOfId(entry, id));
    }

    private static boolean isOfId(DeadLetterEntry entry, EventId wanted) {
        return entry.letter().idHi() == wanted.hi() && entry.letter().idLo() == wanted.lo();
    }

    /** {@return what was asked for, for the audit log} */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        places.forEach(place -> parts.add(Long.toString(place)));
        add(parts, "handler", handler);
        add(parts, "error", error);
        add(parts, "id", id);
        add(parts, "from", fromTimeNs == Long.MIN_VALUE ? null : TimeText.of(fromTimeNs));
        add(parts, "to", toTimeNs == Long.MAX_VALUE ? null : TimeText.of(toTimeNs));
        return parts.isEmpty() ? "all" : String.join(" ", parts);
    }

    private static void add(List<String> parts, String name, @Nullable Object value) {
        if (value != null) {
            parts.add(name + '=' + value);
        }
    }
}
