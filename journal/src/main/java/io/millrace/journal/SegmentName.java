package io.millrace.journal;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Names of segment files. Chronicle names a file after the hour it believes in; our clock says hour N while segment N
 * is written, so segment 0 is {@code 19700101-00F.cq4} and segment 25 is {@code 19700102-01F.cq4}. Names sort like
 * numbers.
 */
final class SegmentName {
    static final String SUFFIX = ".cq4";
    static final String RESERVED_SUFFIX = ".precreated";
    static final String DISCARDED_SUFFIX = ".discard";

    private static final int SECONDS_PER_SEGMENT = 3600;
    private static final int LENGTH = "19700101-00F.cq4".length();
    private static final int STEM_LENGTH = "19700101-00F".length();
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("yyyyMMdd-HH'F'", Locale.ROOT);

    private SegmentName() {}

    /** {@return the name of a segment's file, without suffix} */
    static String stem(int segment) {
        return LocalDateTime.ofEpochSecond((long) segment * SECONDS_PER_SEGMENT, 0, ZoneOffset.UTC)
                .format(FORMAT);
    }

    /** {@return the number of the segment whose file has that name} */
    static int number(String fileName) {
        LocalDateTime time = LocalDateTime.parse(fileName.substring(0, STEM_LENGTH), FORMAT);
        return (int) (time.toEpochSecond(ZoneOffset.UTC) / SECONDS_PER_SEGMENT);
    }

    static String of(int segment) {
        return stem(segment) + SUFFIX;
    }

    /** {@return whether this can be the name of a segment's file} */
    static boolean isSegment(String fileName) {
        return fileName.length() == LENGTH && fileName.endsWith(SUFFIX);
    }
}
