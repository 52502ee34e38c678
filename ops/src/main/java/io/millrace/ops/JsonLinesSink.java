package io.millrace.ops;

import io.millrace.event.Event;
import io.millrace.journal.outbox.Delivery;
import io.millrace.journal.outbox.NewestCause;
import io.millrace.journal.outbox.Sink;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.command.RecordText;
import io.millrace.ops.format.EventJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Appends each output as a line of JSON to a file, exactly once: the identities at the file's end tell what a crash
 * between file and checkpoint left, and a torn line is cut off. What could not be written whole is written again in the
 * same place.
 */
final class JsonLinesSink implements Sink {
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f]{16})([0-9a-f]{16})\"");
    private static final String REDRIVEN = "{\"redriven\":true,";
    private static final int TAIL_LENGTH = 1 << 16;
    private static final int OPERATOR_SHIFT = 32;

    private final String name;
    private final Path path;
    private final EventJson json;
    private final OperatorNames operators;
    private final FileChannel file;
    private final NewestCause written = new NewestCause();
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream(TAIL_LENGTH);
    private long position;

    JsonLinesSink(String name, Path path, EventJson json, OperatorNames operators) {
        this.name = name;
        this.path = path;
        this.json = json;
        this.operators = operators;
        try {
            this.file = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            readEnd();
        } catch (IOException e) {
            throw new CommandException(ExitCode.IO, "cannot open sink: name=" + name + ", file=" + path + ": " + e, e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Delivery delivery() {
        return Delivery.EFFECTIVELY_ONCE;
    }

    @Override
    public void onOutput(Event output) throws IOException {
        if (!written.contains(output)) {
            if (lines.size() >= TAIL_LENGTH) {
                write();
            }
            lines.writeBytes(line(output).getBytes(StandardCharsets.UTF_8));
            written.add(output);
        }
    }

    /** Marked, so that it does not count as the file's end: it stands behind outputs of later causes. */
    @Override
    public void onRedelivered(Event output) throws IOException {
        write();
        if (!isInFile("\"id\":\"" + RecordText.id(output.idHi(), output.idLo()) + '"')) {
            lines.writeBytes((REDRIVEN + line(output).substring(1)).getBytes(StandardCharsets.UTF_8));
        }
    }

    private boolean isInFile(String id) throws IOException {
        try (Stream<String> all = Files.lines(path)) {
            return all.anyMatch(line -> line.contains(id));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void flush() throws IOException {
        write();
        file.force(false);
    }

    @Override
    public void close() {
        try (file) {
            write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes what has gathered; after a failure the same bytes go to the same place again. */
    private void write() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(lines.toByteArray());
        while (bytes.hasRemaining()) {
            file.write(bytes, position + bytes.position());
        }
        position += bytes.limit();
        lines.reset();
    }

    private String line(Event output) {
        String operator = operators.of((int) (output.idHi() >>> OPERATOR_SHIFT) & 0xFFFF);
        String text = json.text(output);
        return (operator == null ? text : "{\"operator\":\"" + operator + "\"," + text.substring(1)) + '\n';
    }

    /** Cuts a torn line off, and takes the identities of the newest cause, in a tail that grows until it has them. */
    private void readEnd() throws IOException {
        long length = TAIL_LENGTH;
        while (!readEnd(Math.max(0, file.size() - length))) {
            length *= 2;
        }
        position = file.size();
    }

    /** {@return whether the tail from here on has all identities of the newest cause} */
    private boolean readEnd(long from) throws IOException {
        ByteBuffer tail = ByteBuffer.allocate((int) (file.size() - from));
        while (tail.hasRemaining() && file.read(tail, from + tail.position()) >= 0) {
            // Reads on until the tail is whole.
        }
        String text = new String(tail.array(), StandardCharsets.ISO_8859_1);
        int end = text.lastIndexOf('\n') + 1;
        if (end == 0 && from > 0) {
            return false;
        }
        file.truncate(from + end);
        return takeIdentities(text.substring(0, end)) || from == 0;
    }

    /** {@return whether a line of an earlier cause was met; the first line of a tail may be half a line} */
    private boolean takeIdentities(String text) {
        written.clear();
        String[] all = text.split("\n");
        for (int i = all.length - 1; i >= 0; i--) {
            Matcher id = ID.matcher(all[i]);
            if (!all[i].startsWith(REDRIVEN)
                    && id.find()
                    && !written.addFromEnd(Long.parseUnsignedLong(id.group(1), 16), Long.parseLong(id.group(2), 16))) {
                return true;
            }
        }
        return false;
    }
}
