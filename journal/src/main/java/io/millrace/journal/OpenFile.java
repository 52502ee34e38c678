package io.millrace.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code open} of a data directory: who opened it last, in which boot, and whether each log was closed with
 * everything on the disk. Replaced and forced as a whole when a start has begun and when it has ended cleanly.
 *
 * <pre>
 *   format=1
 *   journalId=6b1c...                        random, the same in all start frames
 *   start=4                                  number of the start
 *   pid=4711                                 of its process, for people
 *   startTime=2026-11-23T09:00:00Z           for people
 *   journal=open start=4 sequence=1000 crc=9f00aa11 bootId=0c6a...
 *   outbox=closed start=4 sequence=310 crc=00bb1122 bootId=0c6a...       (a log that was never begun has no line)
 *   crc=1a2b3c4d                             CRC32C of all bytes before this line
 * </pre>
 *
 * <p>{@code open}: the start began at that place behind that frame. {@code closed}: the log ends there, on the disk.
 */
record OpenFile(UUID journalId, int start, long pid, Instant startTime, Map<LogKind, LogEnd> ends) {
    static final String FILE_NAME = "open";

    private static final int MAX_LENGTH = 4096;
    private static final String VERSION = "1";
    private static final Pattern FORMAT = Pattern.compile("format=([0-9]{1,9})\n");
    private static final Pattern LAST_LINE = Pattern.compile("(?s)(.*\n)crc=([0-9a-f]{8})\n");
    private static final Pattern HEAD = Pattern.compile("(?s)format=1\njournalId=([0-9a-f-]{36})\nstart=([0-9]{1,9})\n"
            + "pid=([0-9]{1,18})\nstartTime=([0-9TZ:.-]{1,40})\n(.*)");
    private static final Pattern LINE = Pattern.compile("(journal|outbox|deadletters)=(open|closed) "
            + "start=([0-9]{1,9}) sequence=([0-9]{1,18}) crc=([0-9a-f]{8}) bootId=([A-Za-z0-9-]{1,64})");

    /** {@return what this process, which begins a start now, knows of no log yet} */
    static OpenFile begin(UUID journalId, int start) {
        return new OpenFile(journalId, start, ProcessHandle.current().pid(), Instant.now(), Map.of());
    }

    /** {@return this with another end of one log} */
    OpenFile with(LogKind kind, LogEnd end) {
        Map<LogKind, LogEnd> changed = new EnumMap<>(LogKind.class);
        changed.putAll(ends);
        changed.put(kind, end);
        return new OpenFile(journalId, start, pid, startTime, changed);
    }

    @Nullable
    LogEnd end(LogKind kind) {
        return ends.get(kind);
    }

    /** {@return what the file says, null if there is none} */
    static @Nullable OpenFile read(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            return null;
        }
        if (Files.size(file) > MAX_LENGTH) {
            throw damaged(file, "fileLength=" + Files.size(file) + " (expected: up to " + MAX_LENGTH + ")");
        }
        return parse(file, new String(Files.readAllBytes(file), UTF_8));
    }

    /** Writes the file so that it is there whole or as it was. */
    void write(Path dataDirectory) throws IOException {
        String body = text();
        Directories.replace(dataDirectory.resolve(FILE_NAME), (body + "crc=" + crc(body) + '\n').getBytes(UTF_8));
    }

    private String text() {
        StringBuilder text = new StringBuilder("format=1\njournalId=" + journalId + "\nstart=" + start + "\npid=" + pid
                + "\nstartTime=" + startTime + '\n');
        for (LogKind kind : LogKind.values()) {
            LogEnd end = ends.get(kind);
            if (end != null) {
                text.append(kind.directoryName())
                        .append(String.format(
                                Locale.ROOT,
                                "=%s start=%d sequence=%d crc=%08x bootId=%s\n",
                                end.isClosed() ? "closed" : "open",
                                end.start(),
                                end.point().nextSequence(),
                                end.point().previousCrc(),
                                end.bootId()));
            }
        }
        return text.toString();
    }

    private static OpenFile parse(Path file, String text) {
        Matcher whole = LAST_LINE.matcher(text);
        if (!whole.matches() || !crc(whole.group(1)).equals(whole.group(2))) {
            throw damaged(file, "its crc does not match");
        }
        Matcher format = FORMAT.matcher(whole.group(1));
        if (format.lookingAt() && !format.group(1).equals(VERSION)) {
            throw JournalException.ofLaterFormat(file, format.group(1));
        }
        Matcher head = HEAD.matcher(whole.group(1));
        if (!head.matches()) {
            throw damaged(file, "its first lines are unknown");
        }
        Map<LogKind, LogEnd> ends = new EnumMap<>(LogKind.class);
        head.group(5).lines().forEach(line -> parseEnd(file, line, ends));
        return new OpenFile(
                UUID.fromString(head.group(1)),
                Integer.parseInt(head.group(2)),
                Long.parseLong(head.group(3)),
                Instant.parse(head.group(4)),
                ends);
    }

    private static void parseEnd(Path file, String text, Map<LogKind, LogEnd> ends) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            throw damaged(file, "line is unknown: " + text);
        }
        ChainPoint point = new ChainPoint(Long.parseLong(line.group(4)), Integer.parseUnsignedInt(line.group(5), 16));
        LogEnd end = new LogEnd(line.group(2).equals("closed"), Integer.parseInt(line.group(3)), point, line.group(6));
        ends.put(LogKind.ofDirectory(line.group(1)), end);
    }

    private static String crc(String text) {
        CRC32C crc32c = new CRC32C();
        crc32c.update(text.getBytes(UTF_8));
        return String.format(Locale.ROOT, "%08x", (int) crc32c.getValue());
    }

    private static CorruptJournalException damaged(Path file, String what) {
        return new CorruptJournalException(file, 0, FrameDescriptor.NO_SEQUENCE, "file is damaged: " + what);
    }
}
