package io.millrace.bench;

import io.millrace.event.Event;
import io.millrace.journal.outbox.Sink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A sink that writes down the identity of each output it takes, 16 bytes each, at least once as any sink. */
final class IdentityFile implements Sink {
    private static final int IDENTITY_LENGTH = 16;

    private final ByteBuffer taken = ByteBuffer.allocate(1 << 22);
    private final FileChannel file;

    IdentityFile(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        file.truncate(file.size() / IDENTITY_LENGTH * IDENTITY_LENGTH);
        file.position(file.size());
    }

    @Override
    public String name() {
        return "identities";
    }

    @Override
    public void onOutput(Event output) throws IOException {
        if (taken.remaining() < IDENTITY_LENGTH) {
            flush();
        }
        taken.putLong(output.idHi()).putLong(output.idLo());
    }

    @Override
    public void flush() throws IOException {
        taken.flip();
        while (taken.hasRemaining()) {
            file.write(taken);
        }
        taken.clear();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * {@return how many outputs came more than once} Each must be there, in order, but for steps back to one that came
     * before.
     */
    static long verify(Path path, List<long[]> expected) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
        int next = 0;
        long repeated = 0;
        while (bytes.remaining() >= IDENTITY_LENGTH) {
            long idHi = bytes.getLong();
            long idLo = bytes.getLong();
            int place = next;
            while (place == expected.size() || !isSame(expected.get(place), idHi, idLo)) {
                place--;
                if (place < 0) {
                    throw new AssertionError("the sink took idHi=" + idHi + ", idLo=" + idLo + " at place " + next
                            + " (expected: the next output or one before it)");
                }
            }
            repeated += next - place;
            next = place + 1;
        }
        if (next != expected.size()) {
            throw new AssertionError("the sink took " + next + " outputs (expected: " + expected.size() + ")");
        }
        return repeated;
    }

    private static boolean isSame(long[] identity, long idHi, long idLo) {
        return identity[0] == idHi && identity[1] == idLo;
    }
}
