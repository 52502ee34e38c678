package io.millrace.ops.journal;

import io.millrace.event.Event;
import io.millrace.journal.Frame;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.EventId;
import io.millrace.ops.command.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Holds the journal to a file that says what was acknowledged, in constant memory: both are in the order of sequences.
 * A line is one of
 *
 * <pre>
 *   SEQUENCE                           acknowledged
 *   FIRST-LAST                         acknowledged, all of them
 *   SEQUENCE ID_HI ID_LO               and it has that id (decimal, signed)
 *   SEQUENCE ID_HI ID_LO CRC           and its payload has that CRC-32 (hexadecimal)
 *   # ...                              a note
 * </pre>
 */
final class AckCheck implements AutoCloseable {
    private static final int MAX_PROBLEMS = 20;
    private static final Pattern LINE = Pattern.compile(
            "([0-9]{1,18})(?:-([0-9]{1,18}))?(?: (-?[0-9]{1,19}) (-?[0-9]{1,19})(?: ([0-9a-f]{1,8}))?)?");

    private final Path file;
    private final BufferedReader lines;
    private final Event record = new Event();
    private final List<String> problems = new ArrayList<>();
    private long lineNumber;
    private long ackedCount;
    private long missingCount;
    private long problemCount;
    private long lastSequence = -1;
    private @Nullable Ack ack;

    /** A line of the file. */
    private record Ack(
            long first,
            long last,
            @Nullable EventId id,
            @Nullable Long crc) {}

    AckCheck(Path file) {
        this.file = file;
        try {
            lines = Files.newBufferedReader(file);
        } catch (IOException e) {
            throw unreadable(e);
        }
        ack = next();
    }

    /** Looks at the frames of the journal in order. */
    void onFrame(Frame frame) {
        while (ack != null && frame.next(record)) {
            Ack wanted = ack;
            long place = frame.place();
            while (wanted != null && wanted.last() < place) {
                missing(wanted.first(), wanted.last(), "before sequence=" + place);
                wanted = next();
            }
            if (wanted != null && wanted.first() <= place) {
                compare(wanted, place);
                wanted = wanted.last() > place ? rest(wanted, place) : next();
            }
            ack = wanted;
        }
    }

    /** Takes all that is left for missing. */
    void end(long endPlace) {
        for (Ack left = ack; left != null; left = next()) {
            missing(left.first(), left.last(), "the journal ends at " + endPlace);
        }
        ack = null;
    }

    long ackedCount() {
        return ackedCount;
    }

    long missingCount() {
        return missingCount;
    }

    long problemCount() {
        return problemCount;
    }

    /** {@return the first problems, for people} */
    List<String> problems() {
        return problems;
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static Ack rest(Ack wanted, long place) {
        return new Ack(place + 1, wanted.last(), null, null);
    }

    private void compare(Ack wanted, long place) {
        if (wanted.id() != null
                && (wanted.id().hi() != record.idHi() || wanted.id().lo() != record.idLo())) {
            problem("another id: sequence=" + place + ", id=" + new EventId(record.idHi(), record.idLo())
                    + " (acknowledged: " + wanted.id() + ")");
        } else if (wanted.crc() != null && wanted.crc() != payloadCrc()) {
            problem("another payload: sequence=" + place);
        }
    }

    private long payloadCrc() {
        byte[] payload = new byte[record.payloadLength()];
        record.buffer().getBytes(Event.HEADER_LENGTH, payload);
        CRC32 crc = new CRC32();
        crc.update(payload);
        return crc.getValue();
    }

    private void missing(long first, long last, String where) {
        missingCount += last - first + 1;
        problem("missing: sequence=" + first + (last > first ? " to " + last : "") + ", " + where);
    }

    private void problem(String what) {
        problemCount++;
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(what);
        }
    }

    private @Nullable Ack next() {
        try {
            String line;
            while ((line = lines.readLine()) != null) {
                lineNumber++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    return parse(line.strip());
                }
            }
            return null;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private Ack parse(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new CommandException(
                    ExitCode.NO_INPUT,
                    "cannot read acknowledgements: file=" + file + ", line " + lineNumber + ": " + line
                            + " (expected: SEQUENCE, FIRST-LAST, or SEQUENCE ID_HI ID_LO [CRC])");
        }
        long first = Long.parseLong(parts.group(1));
        long last = parts.group(2) == null ? first : Long.parseLong(parts.group(2));
        if (first <= lastSequence) {
            problem("acknowledged out of order: line " + lineNumber + ", sequence=" + first + " behind "
                    + lastSequence);
        }
        lastSequence = Math.max(last, lastSequence);
        ackedCount += last - first + 1;
        EventId id = parts.group(3) == null
                ? null
                : new EventId(Long.parseLong(parts.group(3)), Long.parseLong(parts.group(4)));
        return new Ack(first, last, id, parts.group(5) == null ? null : (Long) Long.parseLong(parts.group(5), 16));
    }

    private CommandException unreadable(IOException e) {
        String reason = e instanceof NoSuchFileException ? "does not exist" : e.toString();
        return new CommandException(
                ExitCode.NO_INPUT,
                "cannot read acknowledgements: file=" + file + ": " + reason + " (expected: a readable file)",
                e);
    }
}
