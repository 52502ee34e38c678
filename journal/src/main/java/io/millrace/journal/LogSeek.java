package io.millrace.journal;

import io.millrace.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds where in a log to begin to read so that the first record of a place or time is not missed and little is read
 * before it: by start frames the start, by headers of segments the segment, by its footer the part.
 *
 * <p>Headers say how far the log had come before the segment, in places and in greatest times; these only grow, so a
 * binary search goes by them although event times may be out of order. What a later recovery left out is passed over.
 */
final class LogSeek implements AutoCloseable {
    private final Path directory;
    private final LogKind kind;
    private final SegmentReader reader;
    private final ChainCursor chain = new ChainCursor();
    private final Event view = new Event();
    private @Nullable StartFrame first;

    LogSeek(Path directory, LogKind kind) {
        this.directory = directory;
        this.kind = kind;
        reader = new SegmentReader(kind);
    }

    /** {@return where to begin; null for the beginning of the log} */
    @Nullable
    LogPlace find(SeekKey key) {
        try {
            first = StartFrame.readFirst(directory, kind);
            int from = first == null ? 0 : first.start();
            List<Integer> numbers = Directories.starts(directory).stream()
                    .filter(number -> number >= from)
                    .toList();
            StartFrame found = null;
            StartFrame follower = null;
            for (int number : numbers) {
                StartFrame read = StartFrame.read(Directories.start(directory, number), kind, number);
                if (read != null && (found == null || key.isWithin(read))) {
                    found = read;
                    follower = null;
                } else if (read != null && follower == null) {
                    follower = read;
                }
            }
            return found == null ? null : find(key, found, follower);
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.EXIT_IO, "cannot read " + kind.directoryName() + ": directory=" + directory, e);
        }
    }

    @Override
    public void close() {
        reader.close();
    }

    private @Nullable LogPlace find(SeekKey key, StartFrame start, @Nullable StartFrame follower) throws IOException {
        long limit = follower == null ? Long.MAX_VALUE : follower.begin().nextSequence();
        int firstSegment = first != null && first.start() == start.start() ? first.firstSegment() : 0;
        List<Path> files = Directories.segments(Directories.start(directory, start.start())).stream()
                .filter(file -> SegmentName.number(String.valueOf(file.getFileName())) >= firstSegment)
                .toList();
        SegmentHeader header = null;
        int low = 0;
        int high = files.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            SegmentHeader read = header(files.get(middle), start.start());
            if (read != null && read.firstSequence() < limit && key.isWithin(read)) {
                header = read;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        if (header == null) {
            ChainPoint after = first != null && firstSegment > 0 ? first.begin() : start.after();
            return new LogPlace(start.start(), firstSegment, 0, after);
        }
        return findPart(key, header, low - 1, files, limit, follower != null);
    }

    private LogPlace findPart(
            SeekKey key, SegmentHeader header, int index, List<Path> files, long limit, boolean isFollowed) {
        SegmentFooter footer = footer(header, index, files, isFollowed);
        long offset = 0;
        ChainPoint after = new ChainPoint(header.firstSequence(), header.previousCrc());
        if (footer != null) {
            List<SegmentFooter.Part> parts = footer.parts();
            for (int i = 0; i < parts.size() && parts.get(i).firstSequence() < limit; i++) {
                SegmentFooter.Part part = parts.get(i);
                offset = part.offset();
                after = new ChainPoint(part.firstSequence(), part.previousCrc());
                boolean isLast = i + 1 == parts.size();
                if (key.isBeforeEndOf(
                        part, isLast ? footer.endSequence() : parts.get(i + 1).firstSequence())) {
                    break;
                }
            }
        }
        return new LogPlace(header.start(), header.segment(), offset, after);
    }

    private @Nullable SegmentHeader header(Path file, int start) {
        reader.open(file, start);
        return reader.next(chain, true) == SegmentReader.Step.FRAME ? SegmentHeader.of(reader.frame(), view) : null;
    }

    /** The next segment's header says where the footer is; behind the last one of a dead start it is looked for. */
    private @Nullable SegmentFooter footer(SegmentHeader header, int index, List<Path> files, boolean isFollowed) {
        long offset = SegmentDescriptor.NO_OFFSET;
        if (index + 1 < files.size()) {
            SegmentHeader next = header(files.get(index + 1), header.start());
            offset = next == null ? offset : next.previousFooterOffset();
            reader.open(files.get(index), header.start());
        } else if (isFollowed) {
            reader.open(files.get(index), header.start());
            offset = reader.lastFrameOffset();
        }
        boolean isFrame = offset >= 0 && reader.moveTo(offset).next(chain, true) == SegmentReader.Step.FRAME;
        return isFrame ? SegmentFooter.of(reader.frame(), view) : null;
    }
}
