package io.millrace.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What people and recoveries changed in a data directory: {@code audit.log}, a line of JSON for each, with time (UTC),
 * action, user and pid before what the action adds.
 *
 * <pre>
 *   {"time":"2026-01-31T12:00:00Z","action":"sink-reset","user":"ann","pid":71,"sink":"alerts","from":80,"to":0}
 * </pre>
 *
 * <p><b>Threading</b>: any thread of any process; each line is one write at the file's end. <b>Failure</b>:
 * {@link JournalException}; append before the change where the change must not go unseen.
 */
public final class AuditLog {
    public static final String FILE_NAME = "audit.log";

    private AuditLog() {}

    /**
     * Appends a line and forces it to the disk.
     *
     * @param action what was done, in words joined by -
     * @param details by name, in their order: texts, numbers, flags and lists of those
     */
    public static void append(Path dataDirectory, String action, Map<String, ?> details) {
        Path file = dataDirectory.resolve(FILE_NAME);
        String line = line(Instant.now(), action, details);
        try {
            append(dataDirectory, file, line);
        } catch (IOException e) {
            appendAgain(dataDirectory, file, line, e);
        }
    }

    /** A full disk has room that is kept for this. */
    private static void appendAgain(Path dataDirectory, Path file, String line, IOException first) {
        try {
            if (!Ballast.release(dataDirectory)) {
                throw first;
            }
            append(dataDirectory, file, line);
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot append to the audit log: file=" + file, e);
        }
    }

    private static void append(Path dataDirectory, Path file, String line) throws IOException {
        boolean isNew = Files.notExists(file);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap((separator(file) + line).getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            if (isNew) {
                Directories.force(dataDirectory);
            }
        }
    }

    /** {@return the whole lines in order, none if there is no log} */
    public static List<String> lines(Path dataDirectory) {
        Path file = dataDirectory.resolve(FILE_NAME);
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw JournalException.ofSystem("cannot read the audit log: file=" + file, e);
        }
    }

    /** A line that a crash cut short keeps to itself. */
    private static String separator(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            boolean isTorn = channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) != '\n';
            return isTorn ? "\n" : "";
        }
    }

    static String line(Instant time, String action, Map<String, ?> details) {
        StringBuilder line = new StringBuilder("{\"time\":\"").append(time).append("\",\"action\":");
        quote(action, line);
        line.append(",\"user\":");
        quote(System.getProperty("user.name", "unknown"), line);
        line.append(",\"pid\":").append(ProcessHandle.current().pid());
        details.forEach((name, value) -> {
            line.append(',');
            quote(name, line);
            line.append(':');
            value(value, line);
        });
        return line.append("}\n").toString();
    }

    private static void value(Object value, StringBuilder line) {
        if (value instanceof Number || value instanceof Boolean) {
            line.append(value);
        } else if (value instanceof Iterable<?> items) {
            String separator = "[";
            for (Object item : items) {
                line.append(separator);
                value(item, line);
                separator = ",";
            }
            line.append(separator.equals("[") ? "[]" : "]");
        } else {
            quote(value.toString(), line);
        }
    }

    private static void quote(String text, StringBuilder line) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c < ' ') {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }
}
