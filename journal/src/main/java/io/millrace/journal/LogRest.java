package io.millrace.journal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the files of a start behind the last frame that a {@link LogWalk} has accepted: in that frame's file
 * from its end on, and in all later files.
 */
final class LogRest {
    /** What Chronicle may write behind the last frame of a file that it leaves: the mark that ends it. */
    private static final int MAX_SEAL_LENGTH = Integer.BYTES;

    private final LogKind kind;
    private final int start;
    private final List<Path> files;
    private final ChainCursor chain;
    private final @Nullable Path lastFrameFile;
    private final long lastFrameEnd;
    private final @Nullable Path reading;

    /**
     * @param files of the start, in order
     * @param lastFrameFile null if no frame was accepted
     * @param reading the file that the walk stands in, null if in none
     */
    LogRest(
            LogKind kind,
            int start,
            List<Path> files,
            ChainCursor chain,
            @Nullable Path lastFrameFile,
            long lastFrameEnd,
            @Nullable Path reading) {
        this.kind = kind;
        this.start = start;
        this.files = files;
        this.chain = chain;
        this.lastFrameFile = lastFrameFile;
        this.lastFrameEnd = lastFrameEnd;
        this.reading = reading;
    }

    /** {@return the whole frames} */
    FramesBehind frames() {
        FramesBehind found = new FramesBehind();
        for (Drop rest : rests()) {
            try (SegmentReader reader = new SegmentReader(kind)) {
                reader.open(rest.file(), start);
                reader.collectFrames(rest.offset(), chain, found);
            }
        }
        return found;
    }

    /** {@return the bytes that are not zero, by file} */
    List<Drop> bytes(String reason) {
        List<Drop> found = new ArrayList<>();
        for (Drop rest : rests()) {
            try (SegmentReader reader = new SegmentReader(kind)) {
                reader.open(rest.file(), start);
                long length = reader.endOfBytes(rest.offset()) - rest.offset();
                boolean isLeft =
                        rest.file().equals(lastFrameFile) && !rest.file().equals(reading);
                if (length > (isLeft ? MAX_SEAL_LENGTH : 0)) {
                    found.add(new Drop(rest.file(), rest.offset(), length, reason));
                }
            }
        }
        return found;
    }

    /** What may hold something, by file; the length is not known yet. */
    private List<Drop> rests() {
        List<Drop> rests = new ArrayList<>();
        for (Path file : files) {
            boolean isLast = file.equals(lastFrameFile);
            if (isLast || lastFrameFile == null || file.compareTo(lastFrameFile) > 0) {
                rests.add(new Drop(file, isLast ? lastFrameEnd : 0, 0, ""));
            }
        }
        return rests;
    }
}
