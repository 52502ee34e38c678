package io.millrace.ops.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.rule.RuleChange.Action;
import io.millrace.rule.RuleStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What commands and runs tell each other of rules, in the data directory.
 *
 * <pre>
 *   rules/rules.json          the rules as the last run had them, and names of those that are gone
 *         ID.request          what a command asks for; the run that has the directory, or the next, makes it
 *         ID.answer           what became of it; the command that waits for it removes it
 * </pre>
 *
 * <p>All are JSON, written whole or not at all. The journal alone decides which rules there are.
 */
public final class RuleFiles {
    static final String DIRECTORY_NAME = "rules";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LIST_NAME = "rules.json";
    private static final String REQUEST_SUFFIX = ".request";
    private static final String ANSWER_SUFFIX = ".answer";
    private static final String TEMPORARY_SUFFIX = ".tmp";

    private final Path directory;

    /** @param dataDirectory that is there */
    public RuleFiles(Path dataDirectory) {
        directory = dataDirectory.resolve(DIRECTORY_NAME);
    }

    /** Leaves a request; it is on the disk when this returns. */
    public RuleRequest submit(
            Action action, String name, String text, boolean isKeepingState, long warmCount, String reason) {
        Instant now = Instant.now();
        String id = String.format(
                Locale.ROOT,
                "%010d%09d-%d",
                now.getEpochSecond(),
                now.getNano(),
                ProcessHandle.current().pid());
        RuleRequest request = new RuleRequest(id, action, name, text, isKeepingState, warmCount, reason);
        write(id + REQUEST_SUFFIX, request);
        return request;
    }

    /** Takes a request back. {@return whether it was still there} */
    public boolean withdraw(RuleRequest request) {
        return delete(request.id() + REQUEST_SUFFIX);
    }

    /** {@return what nobody has answered yet, in the order in which it was asked for} */
    public List<RuleRequest> pending() {
        List<RuleRequest> requests = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.filter(file -> file.toString().endsWith(REQUEST_SUFFIX))
                        .sorted()
                        .toList()) {
                    RuleRequest request = read(file, RuleRequest.class);
                    if (request != null) {
                        requests.add(request);
                    }
                }
            } catch (IOException e) {
                throw failed("read", directory, e);
            }
        }
        return requests;
    }

    /** Answers a request. */
    public void answer(RuleRequest request, RuleAnswer answer) {
        write(request.id() + ANSWER_SUFFIX, answer);
        delete(request.id() + REQUEST_SUFFIX);
    }

    /** {@return the answer to a request, which is gone then; null if there is none yet} */
    public @Nullable RuleAnswer takeAnswer(RuleRequest request) {
        String name = request.id() + ANSWER_SUFFIX;
        RuleAnswer answer = read(directory.resolve(name), RuleAnswer.class);
        if (answer != null) {
            delete(name);
        }
        return answer;
    }

    /** Notes the rules that there are; one that was there before and is not any more is noted as such. */
    public void note(List<RuleStatus> rules) {
        List<RuleRow> before = rows();
        List<RuleRow> rows = new ArrayList<>(rules.stream().map(RuleRow::of).toList());
        before.stream()
                .filter(row -> rules.stream().noneMatch(rule -> rule.name().equals(row.name())))
                .forEach(row -> rows.add(row.undeployed()));
        if (!rows.equals(before)) {
            write(LIST_NAME, rows.toArray(new RuleRow[0]));
        }
    }

    /** {@return the rules as the last run had them, those that are gone behind them} */
    public List<RuleRow> rows() {
        RuleRow[] rows = read(directory.resolve(LIST_NAME), RuleRow[].class);
        return rows == null ? List.of() : List.of(rows);
    }

    private void write(String name, Object content) {
        Path file = directory.resolve(name);
        Path temporary = directory.resolve(name + TEMPORARY_SUFFIX);
        try {
            Files.createDirectories(directory);
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer bytes =
                        ByteBuffer.wrap(JSON.writeValueAsString(content).getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    private static <T> @Nullable T read(Path file, Class<T> type) {
        try {
            return JSON.readValue(Files.readString(file), type);
        } catch (NoSuchFileException e) {
            return null;
        } catch (JsonProcessingException e) {
            throw new CommandException(
                    ExitCode.DATA_DAMAGED,
                    "cannot read rules: file=" + file + " (expected: JSON as `millrace rule` writes it);"
                            + " remove the file and ask again",
                    e);
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    private boolean delete(String name) {
        try {
            return Files.deleteIfExists(directory.resolve(name));
        } catch (IOException e) {
            throw failed("remove", directory.resolve(name), e);
        }
    }

    private static CommandException failed(String what, Path file, IOException e) {
        return new CommandException(
                ExitCode.IO, "cannot " + what + " rules: file=" + file + ": " + Refusal.reason(e), e);
    }
}
