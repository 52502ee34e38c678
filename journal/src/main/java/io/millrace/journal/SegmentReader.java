package io.millrace.journal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Walks the documents of one segment file and verifies the frames among them.
 *
 * <pre>
 *   document   header (4 bytes, little endian)                       then
 *   data       length (30 bits)                                      a frame of ours
 *   metadata   length | 0x4000_0000                                  Chronicle's header or index
 *   sealed     0xC000_0000                                           nothing: writing went on in the next file
 *   none yet   0                                                     what a write under way has copied so far
 * </pre>
 *
 * <p>Each document begins at a multiple of 4. A frame vouches for itself by its CRC and its place in the chain, so a
 * document header that does not announce it is forgiven: it was never written (the process died right before) or is
 * damaged. That does not hold while somebody writes: then a header of zero is the end.
 */
final class SegmentReader implements AutoCloseable {
    /** What was found at a place. */
    enum Step {
        /** A whole frame; it may not be the next one in the chain. */
        FRAME,
        /** Nothing more was written. */
        END,
        /** Writing went on in the next file. */
        SEALED,
        /** Something that is no frame and should be one. */
        BAD
    }

    /** Chronicle's header and index come before the first frame. */
    private static final long MIN_FILE_LENGTH = 1 << 16;

    private static final int DOCUMENT_HEADER_LENGTH = 4;
    private static final int DOCUMENT_ALIGNMENT = 4;
    private static final int NOT_COMPLETE = 1 << 31;
    private static final int METADATA = 1 << 30;
    private static final int SEALED_HEADER = NOT_COMPLETE | METADATA;
    private static final int MAX_METADATA_LENGTH = 1 << 16;
    private static final int WIRE_FIELD_NAME = 0xB9;
    private static final int LENGTH_MASK = METADATA - 1;

    private final ReadBuffer bytes = new ReadBuffer();
    private final FrameVerifier verifier = new FrameVerifier(bytes);
    private final Frame frame = new Frame();
    private final LogKind kind;
    private Path file = Path.of("");
    private int start;
    private long documentOffset;
    private long position;
    private long endOfFrames;
    private String problem = "";

    SegmentReader(LogKind kind) {
        this.kind = kind;
    }

    void open(Path segmentFile, int startNumber) {
        try {
            file = segmentFile;
            start = startNumber;
            position = 0;
            endOfFrames = 0;
            documentOffset = 0;
            bytes.open(segmentFile);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Goes to a document. */
    SegmentReader moveTo(long offset) {
        position = offset;
        endOfFrames = offset;
        return this;
    }

    /**
     * {@return where the document of the last frame begins, -1 if there is none; looked for from the end of the file,
     * and only as far back as a segment's footer may reach}
     */
    long lastFrameOffset() {
        try {
            long end = bytes.endOfBytesBackward();
            long from = Math.max(0, end - SegmentDescriptor.footerFrameLength(SegmentDescriptor.MAX_PART_COUNT + 1));
            long last = SegmentDescriptor.NO_OFFSET;
            long offset = from / DOCUMENT_ALIGNMENT * DOCUMENT_ALIGNMENT;
            while ((offset = bytes.indexOf(FrameDescriptor.MAGIC, offset)) >= 0) {
                if (verifier.problem(offset, kind, start) == null) {
                    last = offset - DOCUMENT_HEADER_LENGTH;
                    offset += verifier.length(offset);
                } else {
                    offset += DOCUMENT_ALIGNMENT;
                }
            }
            return last;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** {@return the position behind the last byte of the file that is not zero} */
    long writtenLength() {
        try {
            return bytes.endOfBytesBackward();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void close() {
        try {
            bytes.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Moves to the next frame.
     *
     * @param expected where in the chain the next frame should stand
     * @param isLive whether somebody may be writing the file
     */
    Step next(ChainCursor expected, boolean isLive) {
        try {
            boolean isFresh = bytes.isForgotten();
            Step step = search(expected, isLive);
            if (step == Step.END || step == Step.SEALED) {
                bytes.forget();
                if (isLive && !isFresh) {
                    // What was read before may have been overtaken by the writer.
                    return next(expected, true);
                }
            }
            return step;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Says that the frame found last is the next one in the chain. */
    void accept() {
        endOfFrames = position;
    }

    /** {@return where the document behind the last accepted frame begins, 0 if none was accepted in this file} */
    long endOfFrames() {
        return endOfFrames;
    }

    /**
     * Collects the whole frames that stand anywhere from a position on and are at the expected sequence or behind it;
     * also where a damaged length of Chronicle's own documents led past them.
     */
    void collectFrames(long from, ChainCursor expected, FramesBehind found) {
        try {
            long next = from;
            long offset;
            while ((offset = bytes.indexOf(FrameDescriptor.MAGIC, next)) >= 0) {
                next = offset + DOCUMENT_ALIGNMENT;
                if (verifier.problem(offset, kind, start) == null) {
                    bytes.wrap(frame, offset, verifier.length(offset));
                    next = offset + frame.length();
                    if (frame.firstSequence() >= expected.nextSequence()) {
                        found.add(frame);
                    }
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** {@return the frame found last, valid until the next call} */
    Frame frame() {
        return frame;
    }

    Path file() {
        return file;
    }

    /** {@return where the document found last begins, in bytes} */
    long documentOffset() {
        return documentOffset;
    }

    /** {@return where the document behind the frame found last begins, in bytes} */
    long endOfDocument() {
        return position;
    }

    /** {@return whether the bad place found last is the end of a file that is shorter than Chronicle's header} */
    boolean isCutOff() {
        return bytes.fileLength() < MIN_FILE_LENGTH;
    }

    /** {@return the position behind the last byte that is not zero, at least {@code from}} */
    long endOfBytes(long from) {
        try {
            return bytes.endOfBytes(from);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** {@return what is wrong at {@link #documentOffset} after {@link Step#BAD}} */
    String problem() {
        return problem;
    }

    private Step search(ChainCursor expected, boolean isLive) throws IOException {
        while (true) {
            documentOffset = position;
            if (!bytes.load(position, DOCUMENT_HEADER_LENGTH)) {
                problem = "file is cut off: fileLength=" + bytes.fileLength();
                return isLive ? Step.END : Step.BAD;
            }
            int header = bytes.getInt(position);
            if (header == SEALED_HEADER) {
                return Step.SEALED;
            }
            if (isLive && (header == 0 || (header & NOT_COMPLETE) != 0)) {
                return Step.END;
            }
            if (!isOtherMetadata(header)) {
                return frameOrNot(header, expected);
            }
            position += documentLength(header & LENGTH_MASK);
        }
    }

    /*
     * Whether this is a header or an index of Chronicle's: short, and a field with a name. A damaged length must not
     * lead past our frames.
     */
    private boolean isOtherMetadata(int header) throws IOException {
        int length = header & LENGTH_MASK;
        return (header & SEALED_HEADER) == METADATA
                && length > Integer.BYTES
                && length <= MAX_METADATA_LENGTH
                && bytes.load(position, DOCUMENT_HEADER_LENGTH + length)
                && bytes.getByte(position + DOCUMENT_HEADER_LENGTH) == WIRE_FIELD_NAME;
    }

    private Step frameOrNot(int header, ChainCursor expected) throws IOException {
        long frameOffset = position + DOCUMENT_HEADER_LENGTH;
        String found = verifier.problem(frameOffset, kind, start);
        if (found == null) {
            int length = verifier.length(frameOffset);
            bytes.wrap(frame, frameOffset, length);
            if (header == length || expected.isNext(frame)) {
                position += documentLength(length);
                return Step.FRAME;
            }
            found = "document header is damaged: header=0x" + Integer.toHexString(header) + " (expected: 0x"
                    + Integer.toHexString(length) + ")";
        }
        problem = found;
        return header == 0 || header == NOT_COMPLETE ? Step.END : Step.BAD;
    }

    private static long documentLength(int length) {
        return DOCUMENT_HEADER_LENGTH
                + ((long) length + DOCUMENT_ALIGNMENT - 1) / DOCUMENT_ALIGNMENT * DOCUMENT_ALIGNMENT;
    }

    private JournalException unreadable(IOException e) {
        return new JournalException(
                JournalException.EXIT_IO, "cannot read segment: file=" + file + ", offset=" + position, e);
    }
}
