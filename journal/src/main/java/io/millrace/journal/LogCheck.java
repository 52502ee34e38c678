package io.millrace.journal;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link LogVerifier} found in a log.
 *
 * @param frameCount frames that continue one another from the first on
 * @param recordCount records with a place in those frames
 * @param controlCount records without one
 * @param frameLength bytes of those frames
 * @param firstPlace of the first record, -1 if there is none
 * @param endPlace behind the last record before the damage, if there is any
 * @param tornTail what a crash left behind the last frame and the next start leaves out, null if nothing
 * @param damage that ends the chain, null if there is none
 */
public record LogCheck(
        LogKind kind,
        long frameCount,
        long recordCount,
        long controlCount,
        long frameLength,
        long firstPlace,
        long endPlace,
        @Nullable TornTail tornTail,
        @Nullable Damage damage) {
    /**
     * Bytes behind the last frame that are no frame.
     *
     * @param offset in the file
     * @param length in bytes
     * @param reason why they are none
     */
    public record TornTail(Path file, long offset, long length, String reason) {}

    /**
     * The first place at which the log cannot be read on, and what is still whole behind it.
     *
     * @param message with file, offset and place
     * @param file or directory
     * @param offset in the file
     * @param place of the first record that cannot be read
     * @param wholeFrameCount frames behind that are whole by themselves
     * @param wholeRecordCount records in them
     * @param missing ranges of places that no whole frame has, as far as frames behind tell, in order; the first few
     */
    public record Damage(
            String message,
            String file,
            long offset,
            long place,
            long wholeFrameCount,
            long wholeRecordCount,
            List<Range> missing) {}

    /**
     * Places in a row.
     *
     * @param first included
     * @param last included
     */
    public record Range(long first, long last) {}
}
