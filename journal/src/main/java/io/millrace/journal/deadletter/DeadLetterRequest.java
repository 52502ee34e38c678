package io.millrace.journal.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.journal.JournalException;
import io.millrace.journal.LogKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * What is to be done with some dead letters: a file in {@code deadletters/requests}, which the process that has the
 * directory carries out and removes, now or when it next runs. To carry one out twice is to do it once.
 *
 * <pre>
 *   millrace dead letter request 1
 *   action=redrive
 *   ratePerSecond=100
 *   reason=target is back
 *   place=17
 *   place=18
 *   end
 * </pre>
 *
 * @param id the file's name, ordered by the time of the request
 * @param ratePerSecond how many at most, 0 for any number
 * @param reason one line, may be empty
 * @param places of the dead letters, ascending
 */
public record DeadLetterRequest(String id, Action action, long ratePerSecond, String reason, List<Long> places) {
    static final String DIRECTORY_NAME = "requests";

    private static final String SUFFIX = ".request";
    private static final String HEAD = "millrace dead letter request 1";
    private static final String END = "end";
    private static final AtomicLong LAST_ID_NS = new AtomicLong();

    /** What to do. */
    public enum Action {
        REDRIVE,
        DISCARD
    }

    /**
     * Leaves a request; it is on the disk when this returns.
     *
     * @param places in any order
     */
    public static DeadLetterRequest submit(
            Path dataDirectory, Action action, long ratePerSecond, String reason, List<Long> places) {
        String id = String.format(
                Locale.ROOT,
                "%019d-%d" + SUFFIX,
                nextIdNs(),
                ProcessHandle.current().pid());
        DeadLetterRequest request = new DeadLetterRequest(
                id,
                action,
                ratePerSecond,
                reason.replaceAll("\\R", " "),
                places.stream().sorted().distinct().toList());
        Path directory = directory(dataDirectory);
        try {
            Files.createDirectories(directory);
            Path temporary = directory.resolve(id + ".tmp");
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(request.text().getBytes(UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, directory.resolve(id), StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
            return request;
        } catch (IOException e) {
            throw failed("cannot leave a request", directory, e);
        }
    }

    /** {@return wall clock in nanoseconds, later than the one before} */
    private static long nextIdNs() {
        Instant now = Instant.now();
        long nowNs = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        return LAST_ID_NS.updateAndGet(last -> Math.max(last + 1, nowNs));
    }

    /** {@return the requests that are not carried out yet, in their order} */
    public static List<DeadLetterRequest> pending(Path dataDirectory) {
        Path directory = directory(dataDirectory);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<DeadLetterRequest> requests = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()) {
                // It may be carried out at this moment.
                if (Files.exists(file)) {
                    requests.add(parse(file));
                }
            }
            return requests;
        } catch (IOException | UncheckedIOException e) {
            throw failed("cannot read requests", directory, e);
        }
    }

    void remove(Path dataDirectory) {
        try {
            Files.deleteIfExists(directory(dataDirectory).resolve(id));
        } catch (IOException e) {
            throw failed("cannot remove a request that is done", directory(dataDirectory), e);
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder(HEAD)
                .append("\naction=")
                .append(action.name().toLowerCase(Locale.ROOT))
                .append("\nratePerSecond=")
                .append(ratePerSecond)
                .append("\nreason=")
                .append(reason)
                .append('\n');
        places.forEach(place -> text.append("place=").append(place).append('\n'));
        return text.append(END).append('\n').toString();
    }

    private static DeadLetterRequest parse(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        try {
            if (!lines.get(0).equals(HEAD) || !lines.get(lines.size() - 1).equals(END)) {
                throw new IllegalArgumentException("no request");
            }
            List<Long> places = new ArrayList<>();
            for (String line : lines.subList(4, lines.size() - 1)) {
                places.add(Long.parseLong(value(line, "place")));
            }
            return new DeadLetterRequest(
                    file.getFileName().toString(),
                    Action.valueOf(value(lines.get(1), "action").toUpperCase(Locale.ROOT)),
                    Long.parseLong(value(lines.get(2), "ratePerSecond")),
                    value(lines.get(3), "reason"),
                    places);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new JournalException(
                    JournalException.EXIT_INTERNAL,
                    "cannot read request: file=" + file + " (expected: lines as `millrace dlq` writes them);"
                            + " remove the file and ask again",
                    e);
        }
    }

    private static String value(String line, String name) {
        if (!line.startsWith(name + '=')) {
            throw new IllegalArgumentException(line);
        }
        return line.substring(name.length() + 1);
    }

    private static Path directory(Path dataDirectory) {
        return dataDirectory.resolve(LogKind.DEAD_LETTERS.directoryName()).resolve(DIRECTORY_NAME);
    }

    private static JournalException failed(String what, Path directory, Exception e) {
        return new JournalException(
                JournalException.EXIT_IO, what + ": directory=" + directory + ": " + e.getMessage(), e);
    }
}
