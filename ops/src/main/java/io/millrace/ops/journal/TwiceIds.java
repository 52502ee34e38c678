package io.millrace.ops.journal;

import io.millrace.event.Event;
import io.millrace.event.SystemTypes;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Counts events of the journal whose id an earlier one has, exactly and in bounded memory: every pass over the journal
 * looks at the ids of one class by their hash. Dedup keeps such events out as far back as it remembers.
 */
final class TwiceIds {
    /** Ids that one pass can hold. */
    static final long MAX_PER_PASS = 1 << 22;

    private static final int SLOT_COUNT = 1 << 23;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final long[] his = new long[SLOT_COUNT];
    private final long[] los = new long[SLOT_COUNT];
    private long zeroCount;

    private TwiceIds() {}

    /** {@return how many events have the id of an earlier one} */
    static long count(Path dataDirectory, long recordCount) {
        // Half as many again: classes are not of the same size.
        int passCount = (int) (1 + recordCount * 3 / 2 / MAX_PER_PASS);
        TwiceIds ids = new TwiceIds();
        long count = 0;
        for (int pass = 0; pass < passCount; pass++) {
            ids.clear();
            count += ids.countClass(dataDirectory, recordCount, pass, passCount);
        }
        return count;
    }

    private long countClass(Path dataDirectory, long recordCount, int pass, int passCount) {
        Event event = new Event();
        long count = 0;
        try (FrameReader reader = FrameReader.open(dataDirectory, LogKind.JOURNAL)) {
            for (long i = 0; i < recordCount && reader.nextRecord(event); i++) {
                long hash = hash(event.idHi(), event.idLo());
                boolean isLookedAt =
                        event.typeId() < SystemTypes.ID_MIN && Long.remainderUnsigned(hash >>> 24, passCount) == pass;
                if (isLookedAt && !add(event.idHi(), event.idLo(), hash)) {
                    count++;
                }
            }
        }
        return count;
    }

    /** {@return whether the id was not there} The id 0 marks a free slot and is counted apart. */
    private boolean add(long hi, long lo, long hash) {
        if (hi == 0 && lo == 0) {
            return zeroCount++ == 0;
        }
        int slot = (int) hash & (SLOT_COUNT - 1);
        while (his[slot] != 0 || los[slot] != 0) {
            if (his[slot] == hi && los[slot] == lo) {
                return false;
            }
            slot = (slot + 1) & (SLOT_COUNT - 1);
        }
        his[slot] = hi;
        los[slot] = lo;
        return true;
    }

    private void clear() {
        Arrays.fill(his, 0);
        Arrays.fill(los, 0);
        zeroCount = 0;
    }

    private static long hash(long hi, long lo) {
        long mixed = (hi ^ Long.rotateLeft(lo, 32)) * MIX;
        return (mixed ^ mixed >>> 29) * MIX ^ mixed >>> 32;
    }
}
