package io.millrace.journal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.journal.replay.ReplayRange.Unit;
import io.millrace.ring.OperatorIds;
import io.millrace.ring.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two configurations over the same records: what only one of them gives, and what has other values. */
final class WhatIfTest {
    private static final int SUM = OperatorIds.idOf("sum");

    @TempDir
    private static Path directory;

    @BeforeAll
    static void runLive() {
        Steps.run(directory, Steps.context(5), 0, 300);
    }

    @Test
    void shouldFindNothingUnderTheSameConfiguration() {
        WhatIf same = WhatIf.run(directory, Steps.context(5), Steps.context(5), ReplayRange.ALL, 100);

        assertTrue(same.isSame());
        assertEquals(300, same.recordCount());
        assertEquals(List.of(new OutputCounts(SUM, Steps.OUTPUT_TYPE, 150, 0, 0, 0)), same.counts());
    }

    @Test
    void shouldTellOutputsThatOnlyOneGives() {
        WhatIf less = WhatIf.run(
                directory, Steps.context(5), Steps.context(8), new ReplayRange(Unit.SEQUENCE, 100, 109), 100);

        assertEquals(10, less.recordCount());
        assertEquals(List.of(new OutputCounts(SUM, Steps.OUTPUT_TYPE, 2, 0, 3, 0)), less.counts());
        assertEquals(
                List.of(105L, 106L, 107L),
                less.differences().stream()
                        .map(difference -> difference.any().idLo())
                        .toList());
        assertTrue(less.differences().stream().allMatch(difference -> difference.right() == null));
    }

    @Test
    void shouldTellRecordsThatOnlyOneWouldRefuse() {
        WhatIf strict = WhatIf.run(
                directory,
                Steps.context(5),
                Steps.context(5).validator(event -> event.key() != 3),
                new ReplayRange(Unit.SEQUENCE, 0, 9),
                100);

        OutputCounts refused = strict.counts().get(0);
        OutputDifference difference = strict.differences().get(0);

        assertEquals(new OutputCounts(OutputCounts.DEAD_LETTERS, 0, 0, 0, 0, 1), refused);
        assertEquals(3, difference.any().sequence());
        assertEquals(Outcome.INVALID, difference.reason());
        assertFalse(strict.isSame());
    }

    @Test
    void shouldKeepNoMoreDifferencesThanAskedForAndCountAll() {
        WhatIf none = WhatIf.run(directory, Steps.context(5), Steps.context(10), ReplayRange.ALL, 7);

        assertEquals(7, none.differences().size());
        assertEquals(150, none.differenceCount());
    }
}
