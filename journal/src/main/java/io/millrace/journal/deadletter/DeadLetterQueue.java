package io.millrace.journal.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.event.Event;
import io.millrace.journal.FrameLog;
import io.millrace.journal.FrameReader;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalException;
import io.millrace.journal.LogKind;
import io.millrace.journal.RetentionFloor;
import io.millrace.ring.DeadLetters;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what could not be processed in a log of its own, readable while it is written, and what becomes of it: a dead
 * letter is open until its handler has taken it or people have given it up. It is in the page cache when {@code park}
 * returns, and forced to the disk by {@link #sync}.
 *
 * <p>An event that is open for a handler already is not parked for it a second time.
 *
 * <p><b>Threading</b>: any thread. <b>Allocation</b>: per dead letter; some 300 bytes stay for each open one.
 * <b>Failure</b>: {@link JournalException} if one cannot be kept, as a handler has too many or the log cannot be
 * written; nothing is dropped and the caller has to stop.
 */
public final class DeadLetterQueue implements DeadLetters {
    /** How many dead letters may be open for each handler unless another number is set. */
    public static final int MAX_OPEN_COUNT_DEFAULT = 100_000;

    private final Path dataDirectory;
    private final FrameLog log;
    private final LongSupplier clockNs;
    private final OpenLetters open = new OpenLetters();
    private int maxOpenCount = MAX_OPEN_COUNT_DEFAULT;

    /**
     * Recovers the queue of a data directory and goes on behind its last dead letter. The journal closes it.
     *
     * @param journal that owns the directory
     * @param clockNs wall clock in nanoseconds since the epoch
     */
    public DeadLetterQueue(Journal journal, LongSupplier clockNs) {
        this.dataDirectory = journal.context().directory();
        this.log = journal.deadLetters();
        this.clockNs = clockNs;
        DeadLetterReader.scan(dataDirectory, letter -> open.add(OpenLetter.of(letter)), open::apply);
        journal.lettersNeeded(this::retentionFloor);
    }

    private synchronized RetentionFloor retentionFloor() {
        return open.retentionFloor();
    }

    /** Sets how many dead letters may be open for each handler, at least 1. */
    public synchronized DeadLetterQueue maxOpenCount(int value) {
        if (value < 1) {
            throw new JournalException(
                    JournalException.EXIT_CONFIG,
                    "cannot keep dead letters: maxOpenCount=" + value + " (expected: at least 1); set maxOpenCount",
                    null);
        }
        maxOpenCount = value;
        return this;
    }

    @Override
    public synchronized void park(Event event, String handler, Throwable error, int attempts) {
        byte[] bytes = new byte[event.recordLength()];
        event.buffer().getBytes(0, bytes);
        String message = error.getMessage();
        DeadLetter letter = new DeadLetter(
                log.nextSequence(),
                clockNs.getAsLong(),
                event.idHi(),
                event.idLo(),
                handler,
                error.getClass().getName(),
                message == null ? "" : message,
                attempts,
                0,
                bytes);
        if (!open.contains(handler, event.sequence(), event.idHi(), event.idLo())) {
            append(letter, event.key(), event.timestampNs());
        }
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

    @Override
    public synchronized void redriven(long place) {
        mark(new DeadLetterMark(place, DeadLetterMark.Kind.REDRIVEN, clockNs.getAsLong(), 0, "", ""));
    }

    @Override
    public synchronized void failedAgain(long place, Throwable error, int attempts) {
        String message = error.getMessage();
        failedAgain(place, error.getClass().getName(), message == null ? "" : message, attempts);
    }

    /** As the other, for what is no exception, such as a row that is still bad. */
    public synchronized void failedAgain(long place, String errorClass, String message, int attempts) {
        mark(new DeadLetterMark(
                place, DeadLetterMark.Kind.FAILED_AGAIN, clockNs.getAsLong(), attempts, errorClass, message));
    }

    /** Gives a dead letter up for good. */
    public synchronized void discard(long place, String reason) {
        mark(new DeadLetterMark(place, DeadLetterMark.Kind.DISCARDED, clockNs.getAsLong(), 0, "", reason));
    }

    /** Of one that is not open there is nothing to note: what was handled once stays so. */
    private void mark(DeadLetterMark mark) {
        OpenLetter letter = open.get(mark.place());
        if (letter != null) {
            if (!log.appendControl(DeadLetterDescriptor.encode(mark, letter))) {
                throw notAppended(mark.place());
            }
            log.commit();
            open.apply(mark);
            notifyAll();
        }
    }

    @Override
    public synchronized void forEachParkedKey(String handler, LongConsumer consumer) {
        open.forEachKey(handler, consumer);
    }

    /** {@return whether an event is parked for a handler and open} */
    public synchronized boolean isOpen(String handler, Event event) {
        return open.count(handler) > 0 && open.contains(handler, event.sequence(), event.idHi(), event.idLo());
    }

    /** {@return an open dead letter, null if that one is not open} */
    synchronized @Nullable OpenLetter open(long place) {
        return open.get(place);
    }

    /** {@return the first open one with the handler and key of a letter, null if there is none} */
    synchronized @Nullable OpenLetter first(OpenLetter ofLine) {
        return open.first(ofLine);
    }

    /** {@return those that wait although nothing before them is open any more} */
    synchronized List<OpenLetter> firstsThatWait() {
        return open.firstsThatWait();
    }

    /**
     * Waits for what becomes of a dead letter that was handed to its handler.
     *
     * @param before as it was
     * @return whether anything has
     */
    synchronized boolean awaitOutcome(OpenLetter before, long timeoutMs) throws InterruptedException {
        if (before.equals(open.get(before.place()))) {
            wait(timeoutMs);
        }
        return !before.equals(open.get(before.place()));
    }

    /** {@return how many dead letters are open} */
    public synchronized int openCount() {
        return open.count();
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
        if (open.count(letter.handler()) >= maxOpenCount) {
            throw new JournalException(
                    JournalException.EXIT_STORAGE_FULL,
                    "dead letters are full: handler=" + letter.handler() + ", open=" + open.count(letter.handler())
                            + " (expected: less than " + maxOpenCount
                            + "); redrive or discard them, see `millrace dlq`",
                    null);
        }
        if (!log.append(DeadLetterDescriptor.encode(letter, key, timestampNs))) {
            throw notAppended(letter.place());
        }
        log.commit();
        open.add(OpenLetter.of(letter));
    }

    private static JournalException notAppended(long place) {
        return new JournalException(
                JournalException.EXIT_INTERNAL,
                "cannot park: place=" + place + ", the frame holds what a failed call left",
                null);
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
