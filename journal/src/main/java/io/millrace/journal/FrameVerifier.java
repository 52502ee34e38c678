package io.millrace.journal;

import static io.millrace.journal.FrameDescriptor.HEADER_LENGTH;

import io.millrace.event.Event;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Checks the bytes at a place of a file for being a whole frame; every length is bounded before it is used. */
final class FrameVerifier {
    /** No frame is longer; a damaged length never makes us ask for more memory than this. */
    static final int MAX_FRAME_LENGTH = 1 << 26;

    private final ReadBuffer bytes;

    FrameVerifier(ReadBuffer bytes) {
        this.bytes = bytes;
    }

    /** {@return whether the bytes there could begin a frame} */
    boolean hasMagic(long position) throws IOException {
        return bytes.load(position, Integer.BYTES) && bytes.getInt(position) == FrameDescriptor.MAGIC;
    }

    /**
     * {@return what is wrong with the frame at a position, null if nothing is; the frame is then loaded}
     *
     * @param kind that the frame has to be of
     * @param start that the frame has to be of
     */
    @Nullable
    String problem(long position, LogKind kind, int start) throws IOException {
        if (!bytes.load(position, HEADER_LENGTH)) {
            return "file ends inside a frame's header: fileLength=" + bytes.fileLength();
        }
        String problem = headerProblem(position, kind, start);
        if (problem != null) {
            return problem;
        }
        int length = length(position);
        if (!bytes.load(position, length)) {
            return "file ends inside a frame: frameLength=" + length + ", fileLength=" + bytes.fileLength();
        }
        int crc = bytes.getInt(position + FrameDescriptor.CRC_OFFSET);
        int computed = bytes.frameCrc(position, length);
        if (crc != computed) {
            return "frame is damaged: crc=0x" + Integer.toHexString(crc) + " (expected: 0x"
                    + Integer.toHexString(computed) + ")";
        }
        return recordProblem(position, length);
    }

    /** {@return the number of the start there, 0 if there is nothing} */
    int start(long position) throws IOException {
        boolean isThere = bytes.load(position, HEADER_LENGTH);
        return isThere ? bytes.getInt(position + FrameDescriptor.START_OFFSET) : 0;
    }

    /**
     * {@return the format version of a whole frame of a later release, 0 if there is none} Every version has magic,
     * version, length and CRC in the places that they have in this one.
     */
    int laterVersion(long position) throws IOException {
        if (!bytes.load(position, HEADER_LENGTH)
                || bytes.getInt(position + FrameDescriptor.MAGIC_OFFSET) != FrameDescriptor.MAGIC) {
            return 0;
        }
        int version = bytes.getByte(position + FrameDescriptor.VERSION_OFFSET);
        int length = length(position);
        boolean isWhole = version > FrameDescriptor.VERSION
                && length >= HEADER_LENGTH
                && length <= MAX_FRAME_LENGTH
                && bytes.load(position, length)
                && bytes.getInt(position + FrameDescriptor.CRC_OFFSET) == bytes.frameCrc(position, length);
        return isWhole ? version : 0;
    }

    int length(long position) {
        return bytes.getInt(position + FrameDescriptor.LENGTH_OFFSET);
    }

    private @Nullable String headerProblem(long position, LogKind kind, int start) {
        int magic = bytes.getInt(position + FrameDescriptor.MAGIC_OFFSET);
        if (magic != FrameDescriptor.MAGIC) {
            return differs("magic", magic, FrameDescriptor.MAGIC);
        }
        int version = bytes.getByte(position + FrameDescriptor.VERSION_OFFSET);
        if (version != FrameDescriptor.VERSION) {
            return differs("format version", version, FrameDescriptor.VERSION);
        }
        int code = bytes.getByte(position + FrameDescriptor.KIND_OFFSET);
        if (code != kind.code()) {
            return differs("kind", code, kind.code());
        }
        int length = length(position);
        if (length < HEADER_LENGTH || length > MAX_FRAME_LENGTH || length % FrameDescriptor.RECORD_ALIGNMENT != 0) {
            return "frame is damaged: length=" + length + " (expected: 64 to " + MAX_FRAME_LENGTH
                    + ", a multiple of 8)";
        }
        int frameStart = bytes.getInt(position + FrameDescriptor.START_OFFSET);
        return frameStart == start ? null : differs("start", frameStart, start);
    }

    /** A right CRC vouches for the records; this vouches for the program that wrote them. */
    private @Nullable String recordProblem(long position, int length) {
        long end = position + length;
        long offset = position + HEADER_LENGTH;
        int count = 0;
        int controlCount = 0;
        while (offset < end) {
            int payloadLength =
                    end - offset < Event.HEADER_LENGTH ? -1 : bytes.getInt(offset + Event.PAYLOAD_LENGTH_OFFSET);
            if (payloadLength < 0 || payloadLength > end - offset - Event.HEADER_LENGTH) {
                return "record is longer than its frame: payloadLength=" + payloadLength + ", offsetInFrame="
                        + (offset - position);
            }
            if (bytes.getLong(offset + Event.SEQUENCE_OFFSET) == FrameDescriptor.NO_SEQUENCE) {
                controlCount++;
            } else {
                count++;
            }
            offset += FrameDescriptor.alignedRecordLength(payloadLength);
        }
        int headerCount = bytes.getInt(position + FrameDescriptor.COUNT_OFFSET);
        int headerControlCount = bytes.getInt(position + FrameDescriptor.CONTROL_COUNT_OFFSET - 2) >>> 16;
        return count == headerCount && controlCount == headerControlCount
                ? null
                : "records do not add up: count=" + headerCount + " (expected: " + count + "), controlCount="
                        + headerControlCount + " (expected: " + controlCount + ")";
    }

    private static String differs(String what, int found, int expected) {
        return "frame is damaged: " + what + "=" + found + " (expected: " + expected + ")";
    }
}
