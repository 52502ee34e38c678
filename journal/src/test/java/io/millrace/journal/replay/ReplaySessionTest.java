package io.millrace.journal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.Event;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import io.millrace.journal.replay.ReplayRange.Unit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any range of a journal, at any pace, gives what live gave there. */
final class ReplaySessionTest {
    private static final long EVENT_COUNT = 1_000;

    @TempDir
    private static Path directory;

    private static long stateHash;
    private static List<String> live;

    private final List<String> outputs = new ArrayList<>();

    @BeforeAll
    static void runLive() {
        Steps.run(directory, Steps.context(5), 0, EVENT_COUNT / 2);
        stateHash = Steps.run(directory, Steps.context(5), EVENT_COUNT / 2, EVENT_COUNT);
        live = outbox();
        assertEquals(EVENT_COUNT / 2, live.size());
    }

    private static List<String> outbox() {
        List<String> found = new ArrayList<>();
        Event output = new Event();
        try (FrameReader reader = FrameReader.open(directory, LogKind.OUTBOX)) {
            while (reader.nextRecord(output)) {
                found.add(Steps.describe(output));
            }
        }
        return found;
    }

    private ReplaySession open(ReplayRange range) {
        return ReplaySession.open(directory, Steps.context(5), range, output -> outputs.add(Steps.describe(output)));
    }

    @Test
    void shouldGiveAllOutputsAndTheStateOfLive() {
        try (ReplaySession session = open(ReplayRange.ALL)) {
            long count = session.run(ReplayPace.max());

            assertEquals(EVENT_COUNT, count);
            assertEquals(live, outputs);
            assertEquals(stateHash, session.stateHash());
            assertEquals(live.size(), session.outputCount());
        }
    }

    @Test
    void shouldGiveTheOutputsOfARangeOnly() {
        try (ReplaySession session = open(new ReplayRange(Unit.SEQUENCE, 490, 509))) {
            assertEquals(20, session.run(ReplayPace.max()));
            assertEquals(509, session.sequence());
        }

        assertEquals(live.subList(245, 255), outputs);
    }

    @Test
    void shouldFindARangeByEventTimeAndByIngestTime() {
        for (Unit unit : List.of(Unit.EVENT_TIME, Unit.INGEST_TIME)) {
            outputs.clear();
            long fromNs = 100 * Steps.INGEST_STEP_NS;
            long toNs = 119 * Steps.INGEST_STEP_NS;
            try (ReplaySession session = open(new ReplayRange(unit, fromNs - 1, toNs))) {
                session.run(ReplayPace.max());
            }

            assertEquals(live.subList(50, 60), outputs, unit.name());
        }
    }

    @Test
    void shouldGiveNothingWhereTheRangeIsBehindTheJournal() {
        try (ReplaySession session = open(new ReplayRange(Unit.EVENT_TIME, Long.MAX_VALUE - 1, Long.MAX_VALUE))) {
            assertEquals(0, session.run(ReplayPace.max()));
        }

        assertEquals(List.of(), outputs);
    }

    @Test
    void shouldStepRecordByRecord() {
        try (ReplaySession session = open(new ReplayRange(Unit.SEQUENCE, 503, 506))) {
            List<String> steps = new ArrayList<>();
            while (session.step()) {
                steps.add(session.record().sequence() + ":" + outputs.size());
            }

            assertEquals(List.of("503:0", "504:0", "505:1", "506:2"), steps);
            assertFalse(session.step());
        }
    }

    @Test
    void shouldGoSoManyTimesAsFastAsRecordsWerePublished() {
        long[] nowNs = {0};
        ReplayPace pace = ReplayPace.times(4, () -> nowNs[0]);

        assertEquals(0, pace.dueInNs(1_000));
        assertEquals(250, pace.dueInNs(2_000));
        nowNs[0] = 400;
        assertEquals(-150, pace.dueInNs(2_000));
        assertEquals("x4", pace.toString());
    }

    @Test
    void shouldTakeAsLongAsTheRecordsDidWhenPaced() {
        long beganNs = System.nanoTime();
        try (ReplaySession session = open(new ReplayRange(Unit.SEQUENCE, 600, 799))) {
            session.run(ReplayPace.times(10));
        }

        assertEquals(live.subList(300, 400), outputs);
        assertTrue(System.nanoTime() - beganNs >= 199 * Steps.INGEST_STEP_NS / 10);
    }

    @Test
    void shouldRefuseARangeThatEndsBeforeItBegins() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new ReplayRange(Unit.SEQUENCE, 5, 4));

        assertEquals(
                "cannot replay: from=5, to=4 by sequence (expected: from at most to, at least 0);"
                        + " name the earlier one first",
                e.getMessage());
    }
}
