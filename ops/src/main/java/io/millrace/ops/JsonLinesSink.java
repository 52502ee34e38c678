package io.millrace.ops;

import io.millrace.event.Event;
import io.millrace.journal.outbox.Sink;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.format.EventJson;
import io.millrace.ring.OperatorIds;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Appends each output as a line of JSON to a file, exactly once: the identity of the last whole line tells what a crash
 * between file and checkpoint left, and a torn line is cut off.
 *
 * <pre>
 *   outputs   ... | checkpoint |  in the file already  | new ...
 *                               ^ given again: skipped  ^ appended
 * </pre>
 *
 * <p>Outputs of one epoch come in the order of their causes, so what lies before the last line's cause is skipped, and
 * of its own cause what the file's end names. A higher epoch is new.
 */
final class JsonLinesSink implements Sink {
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f]{16})([0-9a-f]{16})\"");
    private static final int TAIL_LENGTH = 1 << 16;
    private static final int EPOCH_SHIFT = 48;
    private static final int OPERATOR_SHIFT = 32;

    private final String name;
    private final EventJson json;
    private final Map<Integer, String> nameByOperatorId = new HashMap<>();
    private final FileChannel file;
    private final OutputStream lines;
    /** Identities of the last cause in the file. */
    private final Set<Long> lastIdHis = new HashSet<>();

    private long lastIdLo = -1;
    private long lastEpoch = -1;

    JsonLinesSink(String name, Path path, EventJson json, Collection<String> operatorNames) {
        this.name = name;
        this.json = json;
        operatorNames.forEach(operator -> nameByOperatorId.put(OperatorIds.idOf(operator), operator));
        try {
            this.file = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            readEnd();
        } catch (IOException e) {
            throw new CommandException(ExitCode.IO, "cannot open sink: name=" + name + ", file=" + path + ": " + e, e);
        }
        this.lines = new BufferedOutputStream(Channels.newOutputStream(file), TAIL_LENGTH);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void onOutput(Event output) throws IOException {
        if (!isWritten(output)) {
            lines.write(line(output).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void flush() throws IOException {
        lines.flush();
        file.force(false);
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String line(Event output) {
        String operator = nameByOperatorId.get((int) (output.idHi() >>> OPERATOR_SHIFT) & 0xFFFF);
        String text = json.text(output);
        return (operator == null ? text : "{\"operator\":\"" + operator + "\"," + text.substring(1)) + '\n';
    }

    private boolean isWritten(Event output) {
        long epoch = output.idHi() >>> EPOCH_SHIFT;
        if (epoch != lastEpoch) {
            return epoch < lastEpoch;
        }
        return output.idLo() < lastIdLo || (output.idLo() == lastIdLo && lastIdHis.contains(output.idHi()));
    }

    /** Cuts a torn line off, and takes the identities of the last cause, in a tail that grows until it has them all. */
    private void readEnd() throws IOException {
        long length = TAIL_LENGTH;
        while (!readEnd(Math.max(0, file.size() - length))) {
            length *= 2;
        }
        file.position(file.size());
    }

    /** {@return whether the tail from here on has all identities of the last cause} */
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
        lastIdHis.clear();
        lastIdLo = -1;
        String[] all = text.split("\n");
        for (int i = all.length - 1; i >= 0; i--) {
            Matcher id = ID.matcher(all[i]);
            if (id.find() && !takeIdentity(Long.parseUnsignedLong(id.group(1), 16), Long.parseLong(id.group(2), 16))) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether the identity is of the last cause} */
    private boolean takeIdentity(long idHi, long idLo) {
        if (lastIdLo < 0) {
            lastIdLo = idLo;
            lastEpoch = idHi >>> EPOCH_SHIFT;
        }
        return idLo == lastIdLo && lastIdHis.add(idHi);
    }
}
