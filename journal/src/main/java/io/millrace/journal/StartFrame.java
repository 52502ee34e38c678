package io.millrace.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.ring.ControlRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the file {@code start.frame} of a start says: where in the log it continues. The file is a frame with one
 * control record: id is that of the journal, {@code key} and {@code ingestTimeNs} are the greatest event time and
 * ingest time so far, {@code timestampNs} is the time of the start, the payload a note for people. It is on the disk
 * before the start writes anything else, so that what an earlier start left behind that place stays dropped.
 *
 * @param kind of the log
 * @param start number of the start
 * @param epoch of output identities from here on
 * @param firstSegment first that is kept, in {@code first.frame}; 0 in {@code start.frame}
 * @param begin what the first frame of the start's segments comes after; the start frame itself stands between
 * @param syncedUpTo last place known to be on the disk, -1 if none is
 * @param journalIdHi random, the same for all logs and starts of a data directory
 * @param journalIdLo see {@code journalIdHi}
 * @param maxTimestampNs greatest event time of all records before, {@code Long.MIN_VALUE} if there are none
 * @param maxIngestTimeNs greatest ingest time of all records before, {@code Long.MIN_VALUE} likewise
 * @param timeNs wall clock in nanoseconds since the epoch
 * @param note what recovery did, for people
 * @param crc of this frame
 */
record StartFrame(
        LogKind kind,
        int start,
        int epoch,
        int firstSegment,
        ChainPoint begin,
        long syncedUpTo,
        long journalIdHi,
        long journalIdLo,
        long maxTimestampNs,
        long maxIngestTimeNs,
        long timeNs,
        String note,
        int crc) {
    static final String FILE_NAME = "start.frame";
    /** In the directory of a log that was pruned: where it begins now. */
    static final String FIRST_FILE_NAME = "first.frame";
    /** Type of the control record. */
    static final int TYPE_ID = 60201;

    private static final int MAX_NOTE_LENGTH = 512;
    private static final int ANY_START = 0;

    UUID journalId() {
        return new UUID(journalIdHi, journalIdLo);
    }

    /** {@return where the first frame of the start's segments stands} */
    ChainPoint after() {
        return new ChainPoint(begin.nextSequence(), crc);
    }

    /** Writes the file of a start so that it is there whole or not at all. */
    static StartFrame write(Path directory, StartFrame wanted) throws IOException {
        return writeFile(directory.resolve(FILE_NAME), wanted, null);
    }

    /**
     * Writes where a log begins from now on so that the file is there whole or not at all.
     *
     * @param carried control record from before that what follows is still under, null if there is none
     */
    static void writeFirst(Path logDirectory, StartFrame wanted, @Nullable MutableEvent carried) throws IOException {
        writeFile(logDirectory.resolve(FIRST_FILE_NAME), wanted, carried);
    }

    /** {@return the numbers of the starts that a log has and that retention has left, ascending} */
    static List<Integer> keptStarts(Path logDirectory, LogKind kind) throws IOException {
        StartFrame first = readFirst(logDirectory, kind);
        int from = first == null ? 0 : first.start();
        return Directories.starts(logDirectory).stream()
                .filter(number -> number >= from)
                .toList();
    }

    /** {@return the segment files of a start that retention has left, in order} */
    static List<Path> keptSegments(Path logDirectory, LogKind kind, int start) throws IOException {
        StartFrame first = readFirst(logDirectory, kind);
        int from = first != null && first.start() == start ? first.firstSegment() : 0;
        return Directories.segments(Directories.start(logDirectory, start)).stream()
                .filter(file -> SegmentName.number(String.valueOf(file.getFileName())) >= from)
                .toList();
    }

    /** {@return the control records of {@code first.frame} behind the first, none without that file} */
    static List<ControlRecord> carried(Path logDirectory, LogKind kind) throws IOException {
        List<ControlRecord> found = new ArrayList<>();
        readFile(logDirectory.resolve(FIRST_FILE_NAME), kind, ANY_START, record -> {
            ControlRecord control = ControlRecord.of(record);
            if (control != null) {
                found.add(control);
            }
        });
        return found;
    }

    private static StartFrame writeFile(Path file, StartFrame wanted, @Nullable MutableEvent carried)
            throws IOException {
        byte[] note = wanted.note().getBytes(UTF_8);
        int noteLength = Math.min(note.length, MAX_NOTE_LENGTH);
        MutableEvent record = MutableEvent.allocate(noteLength)
                .sequence(FrameDescriptor.NO_SEQUENCE)
                .id(wanted.journalIdHi(), wanted.journalIdLo())
                .key(wanted.maxTimestampNs())
                .ingestTimeNs(wanted.maxIngestTimeNs())
                .sourceId(wanted.firstSegment())
                .typeId(TYPE_ID)
                .timestampNs(wanted.timeNs())
                .payload(new UnsafeBuffer(note), 0, noteLength);
        FrameBuilder builder = new FrameBuilder(
                wanted.kind(),
                wanted.start(),
                wanted.epoch(),
                FrameDescriptor.HEADER_LENGTH
                        + FrameDescriptor.alignedRecordLength(MAX_NOTE_LENGTH)
                        + (carried == null ? 0 : FrameDescriptor.alignedRecordLength(carried.payloadLength())));
        builder.appendControl(record);
        if (carried != null) {
            builder.appendControl(carried);
        }
        int crc = builder.finish(
                FrameDescriptor.IS_START,
                wanted.begin().nextSequence(),
                wanted.syncedUpTo(),
                wanted.begin().previousCrc());
        writeAtomically(file, builder.bytes());
        return wanted.withCrc(crc);
    }

    /** {@return what the start's file says, null if there is none} */
    static @Nullable StartFrame read(Path directory, LogKind kind, int start) throws IOException {
        return readFile(directory.resolve(FILE_NAME), kind, start, more -> {});
    }

    /** {@return where a log begins that was pruned, null if it was not} */
    static @Nullable StartFrame readFirst(Path logDirectory, LogKind kind) throws IOException {
        return readFile(logDirectory.resolve(FIRST_FILE_NAME), kind, ANY_START, more -> {});
    }

    private static @Nullable StartFrame readFile(Path file, LogKind kind, int start, Consumer<Event> more)
            throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        try (ReadBuffer bytes = new ReadBuffer()) {
            bytes.open(file);
            FrameVerifier verifier = new FrameVerifier(bytes);
            String problem = verifier.problem(0, kind, start == ANY_START ? verifier.start(0) : start);
            int laterVersion = problem == null ? 0 : verifier.laterVersion(0);
            if (laterVersion > 0) {
                throw JournalException.ofLaterFormat(file, Integer.toString(laterVersion));
            }
            if (problem != null) {
                throw new CorruptJournalException(file, 0, FrameDescriptor.NO_SEQUENCE, problem);
            }
            Frame frame = new Frame();
            bytes.wrap(frame, 0, verifier.length(0));
            Event record = new Event();
            if ((frame.flags() & FrameDescriptor.IS_START) == 0 || !frame.nextControl(record)) {
                throw new CorruptJournalException(file, 0, FrameDescriptor.NO_SEQUENCE, "not a start frame");
            }
            StartFrame read = of(kind, frame, record);
            while (frame.nextControl(record)) {
                more.accept(record);
            }
            return read;
        }
    }

    private static StartFrame of(LogKind kind, Frame frame, Event record) {
        byte[] note = new byte[record.payloadLength()];
        record.buffer().getBytes(Event.HEADER_LENGTH, note);
        return new StartFrame(
                kind,
                frame.start(),
                frame.epoch(),
                record.sourceId(),
                new ChainPoint(frame.firstSequence(), frame.previousCrc()),
                frame.syncedUpTo(),
                record.idHi(),
                record.idLo(),
                record.key(),
                record.ingestTimeNs(),
                record.timestampNs(),
                new String(note, UTF_8),
                frame.crc());
    }

    private StartFrame withCrc(int newCrc) {
        return new StartFrame(
                kind,
                start,
                epoch,
                firstSegment,
                begin,
                syncedUpTo,
                journalIdHi,
                journalIdLo,
                maxTimestampNs,
                maxIngestTimeNs,
                timeNs,
                note,
                newCrc);
    }

    private static void writeAtomically(Path file, ByteBuffer bytes) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        Path directory = file.getParent();
        if (directory != null) {
            Directories.force(directory);
        }
    }
}
