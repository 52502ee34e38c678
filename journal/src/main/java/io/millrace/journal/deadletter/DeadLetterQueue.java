package io.millrace.journal.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.event.Event;
import io.millrace.journal.FrameLog;
import io.millrace.journal.FrameReader;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalException;
import io.millrace.journal.LogKind;
import io.millrace.ring.DeadLetters;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Keeps what could not be processed in a log of its own, readable while it is written. A dead letter is in the page
 * cache when {@code park} returns, and forced to the disk by {@link #sync}.
 *
 * <p><b>Threading</b>: any thread may park. <b>Failure</b>: {@link JournalException} if it cannot be kept; nothing is
 * dropped and the caller has to stop.
 */
public final class DeadLetterQueue implements DeadLetters {
    private final FrameLog log;
    private final LongSupplier clockNs;

    /**
     * Recovers the queue of a data directory and goes on behind its last dead letter. The journal closes it.
     *
     * @param journal that owns the directory
     * @param clockNs wall clock in nanoseconds since the epoch
     */
    public DeadLetterQueue(Journal journal, LongSupplier clockNs) {
        this.log = journal.deadLetters();
        this.clockNs = clockNs;
    }

    @Override
    public synchronized void park(Event event, String handler, Throwable error, int attempts) {
        byte[] bytes = new byte[event.recordLength()];
        event.buffer().getBytes(0, bytes);
        String message = error.getMessage();
        append(
                new DeadLetter(
                        log.nextSequence(),
                        clockNs.getAsLong(),
                        event.idHi(),
                        event.idLo(),
                        handler,
                        error.getClass().getName(),
                        message == null ? "" : message,
                        attempts,
                        0,
                        bytes),
                event.key(),
                event.timestampNs());
    }

    /**
     * Parks a row of input that is no event. Its id follows from file, line and bytes, so the same row has the same id.
     *
     * @param file it came from
     * @param line in the file, from 1
     * @param bytes as they were read; cut if they are longer than a record may be
     * @param reason what is wrong with them
     */
    public synchronized void park(String file, long line, byte[] bytes, String reason) {
        ByteBuffer hash = ByteBuffer.wrap(hash(file, line, bytes));
        int room = log.maxRecordLength() - Journal.MAX_DEAD_LETTER_OVERHEAD;
        append(
                new DeadLetter(
                        log.nextSequence(),
                        clockNs.getAsLong(),
                        hash.getLong(),
                        hash.getLong(),
                        file,
                        "",
                        reason,
                        0,
                        line,
                        bytes.length <= room ? bytes : Arrays.copyOf(bytes, room)),
                0,
                0);
    }

    /** Forces everything parked so far to the disk. */
    public void sync() {
        log.sync();
    }

    /** {@return how many dead letters there are} */
    public long count() {
        return log.nextSequence();
    }

    /** Gives all dead letters of a data directory in order; it may be open or not. */
    public static void read(Path dataDirectory, Consumer<DeadLetter> consumer) {
        Event record = new Event();
        try (FrameReader reader = FrameReader.open(dataDirectory, LogKind.DEAD_LETTERS)) {
            while (reader.nextRecord(record)) {
                consumer.accept(DeadLetterDescriptor.decode(record));
            }
        }
    }

    /** {@return all dead letters of a data directory in order; it may be open or not} */
    public static List<DeadLetter> list(Path dataDirectory) {
        List<DeadLetter> letters = new ArrayList<>();
        read(dataDirectory, letters::add);
        return letters;
    }

    /** {@return the dead letter that a record of the log is, in memory of its own} */
    public static DeadLetter decode(Event record) {
        return DeadLetterDescriptor.decode(record);
    }

    private void append(DeadLetter letter, long key, long timestampNs) {
        if (!log.append(DeadLetterDescriptor.encode(letter, key, timestampNs))) {
            throw new JournalException(
                    JournalException.EXIT_INTERNAL,
                    "cannot park: place=" + letter.place() + ", the frame holds what a failed call left",
                    null);
        }
        log.commit();
    }

    private static byte[] hash(String file, long line, byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(file.getBytes(UTF_8));
            digest.update(ByteBuffer.allocate(Long.BYTES + 1).putLong(1, line).array());
            return digest.digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
