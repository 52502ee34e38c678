package io.millrace.journal;

import io.millrace.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A segment file of a start, by what its first and its last frame say.
 *
 * @param file of the segment
 * @param start number of its start
 * @param fileLength in bytes, what was reserved included
 * @param writtenLength in bytes, up to the last one that is not zero
 * @param header null if the first frame is none, or is not whole
 * @param footer null if nothing ended the segment: it is being written, or its writer died
 */
public record LogSegment(
        Path file,
        int start,
        long fileLength,
        long writtenLength,
        @Nullable SegmentHeader header,
        @Nullable SegmentFooter footer) {
    static List<LogSegment> list(List<Path> files, LogKind kind, int start) throws IOException {
        List<LogSegment> found = new ArrayList<>();
        Event view = new Event();
        try (SegmentReader reader = new SegmentReader(kind)) {
            for (Path file : files) {
                long fileLength = Files.size(file);
                reader.open(file, start);
                ChainCursor chain = new ChainCursor();
                SegmentHeader header = isFrame(reader, chain) ? SegmentHeader.of(reader.frame(), view) : null;
                long last = reader.lastFrameOffset();
                boolean hasLast = last >= 0 && isFrame(reader.moveTo(last), chain);
                SegmentFooter footer = hasLast ? SegmentFooter.of(reader.frame(), view) : null;
                found.add(new LogSegment(file, start, fileLength, reader.writtenLength(), header, footer));
            }
        }
        return found;
    }

    private static boolean isFrame(SegmentReader reader, ChainCursor chain) {
        return reader.next(chain, true) == SegmentReader.Step.FRAME;
    }
}
