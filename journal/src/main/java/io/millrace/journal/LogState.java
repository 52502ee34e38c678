package io.millrace.journal;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What recovery found in a log.
 *
 * @param end where the next start continues
 * @param recordCount that are kept
 * @param frameCount that are kept, wholly or in part
 * @param newestFrameStart number of the newest start that wrote a frame, 0 if none did
 * @param lastStart start frame of the newest start that has one
 * @param syncedUpTo last place known to be on the disk, -1 if none is
 * @param unforced files that hold kept records behind {@code syncedUpTo}
 * @param drops what is left out
 * @param lastFile that was written and may still have its reserved room, null if there is none
 * @param lastFileEnd behind the last byte of it that is not zero
 * @param lostCauseCount outputs left out because the journal does not hold their cause
 * @param maxTimestampNs greatest event time so far, {@code Long.MIN_VALUE} if there are no records
 * @param maxIngestTimeNs greatest ingest time so far, {@code Long.MIN_VALUE} likewise
 * @param droppedRecordCount whole records left out that the log itself lost, or rather never had on the disk
 * @param evidence what vouched for the log
 * @param lastIdHi of the last record kept; meaningful if {@code recordCount} is not 0
 * @param lastIdLo see {@code lastIdHi}
 */
record LogState(
        LogKind kind,
        ChainPoint end,
        long recordCount,
        long frameCount,
        int newestFrameStart,
        @Nullable StartFrame lastStart,
        long syncedUpTo,
        List<Path> unforced,
        List<Drop> drops,
        @Nullable Path lastFile,
        long lastFileEnd,
        long lostCauseCount,
        long maxTimestampNs,
        long maxIngestTimeNs,
        long droppedRecordCount,
        Evidence evidence,
        long lastIdHi,
        long lastIdLo) {
    /**
     * {@return whether records may have been lost without a trace: written before a power cut and not forced, with
     * outputs that have left}
     */
    boolean isLossPossible() {
        return lastStart != null && !evidence.isClosed() && evidence.boot() != Boot.SAME;
    }

    int epoch() {
        return lastStart == null ? 0 : lastStart.epoch();
    }
}
