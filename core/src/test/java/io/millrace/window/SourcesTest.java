package io.millrace.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import io.millrace.TestSeed;
import io.millrace.state.BufferStateWriter;
import io.millrace.state.StateException;
import io.millrace.workload.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Event time over several sources. */
class SourcesTest {
    private static final int A = 3;
    private static final int B = -7;
    private static final int C = 12;

    private Watermark watermark = new Watermark(10, false, 2);

    private long event(int sourceId, long timestampNs) {
        return watermark.onEvent(sourceId, timestampNs, 1_000 + timestampNs);
    }

    @Test
    void shouldWaitForTheSourceThatIsFurthestBehind() {
        assertEquals(89, event(A, 100));
        assertEquals(89, event(B, 50));
        assertEquals(89, event(A, 200));
        assertEquals(B, watermark.holdingSourceId());
        assertEquals(1_050, watermark.holdingSinceNs());
        assertEquals(2, watermark.activeSourceCount());

        assertEquals(169, event(B, 180));
        assertEquals(189, event(B, 300));
        assertEquals(A, watermark.holdingSourceId());
        assertEquals(1, watermark.lateCount());
    }

    @Test
    void shouldNotWaitForAnIdleSource() {
        event(A, 100);
        event(B, 95);
        event(A, 200);

        assertEquals(189, watermark.onIdle(B));
        assertEquals(1, watermark.idleSourceCount());
        assertEquals(239, event(A, 250));

        assertEquals(239, event(B, 245));
        assertEquals(0, watermark.idleSourceCount());
        assertEquals(B, watermark.holdingSourceId());
        assertEquals(239, event(A, 400));
    }

    @Test
    void shouldFollowTheNewestEventWhileAllAreIdle() {
        event(A, 100);
        event(B, 300);

        assertEquals(89, watermark.onIdle(B));
        assertEquals(289, watermark.onIdle(A));
        assertFalse(watermark.isHeld());
    }

    @Test
    void shouldWaitForASourceThatIsDeclared() {
        assertEquals(Watermark.NONE, watermark.onActive(B, 7));
        assertEquals(Watermark.NONE, event(A, 100));
        assertEquals(B, watermark.holdingSourceId());
        assertEquals(7, watermark.holdingSinceNs());

        assertEquals(69, event(B, 80));
    }

    @Test
    void shouldCountEventsOfTooManySources() {
        event(A, 100);
        event(B, 100);

        assertEquals(89, event(C, 500));
        assertEquals(1, watermark.untrackedCount());
        assertEquals(500, watermark.maxTimestampNs());

        watermark.onIdle(A);
        assertEquals(89, event(C, 500));
        assertEquals(1, watermark.untrackedCount());
        assertEquals(189, event(B, 200));
        assertEquals(489, event(B, 600));
        assertEquals(C, watermark.holdingSourceId());
    }

    @Test
    void shouldFollowTheClockOnATickThatMay() {
        watermark = new Watermark(10, true, 2);
        event(A, 100);
        event(B, 50);

        assertEquals(489, watermark.onTick(500));
        assertEquals(489, event(A, 400));
        assertEquals(489, event(B, 490));
        assertEquals(Watermark.END, watermark.onEnd());
    }

    @Test
    void shouldIgnoreSourcesThatAreNotToldApart() {
        watermark = new Watermark(10, false);

        assertEquals(89, event(A, 100));
        assertEquals(89, watermark.onIdle(A));
        assertEquals(189, event(B, 200));
        assertFalse(watermark.isHeld());
        assertEquals(0, watermark.untrackedCount());
    }

    /** Against what a list of sources says, restored now and then. */
    @Test
    void shouldAgreeWithAList() {
        Random random = new Random(TestSeed.of(SourcesTest.class));
        watermark = new Watermark(10, false, 5);
        List<Source> sources = new ArrayList<>();
        long newestNs = Long.MIN_VALUE;
        long expectedNs = Watermark.NONE;
        long untrackedCount = 0;
        for (int i = 0; i < 20_000; i++) {
            int id = random.nextInt(7);
            Source known = sources.stream()
                    .filter(source -> source.id == id)
                    .findFirst()
                    .orElse(null);
            if (random.nextInt(20) == 0) {
                watermark.onIdle(id);
                if (known != null) {
                    known.isActive = false;
                }
            } else {
                long timestampNs = i + random.nextInt(60);
                newestNs = Math.max(newestNs, timestampNs);
                event(id, timestampNs);
                if (known == null && sources.size() == 5) {
                    sources.stream()
                            .filter(source -> !source.isActive)
                            .findFirst()
                            .ifPresent(Source::forget);
                    known = sources.stream()
                            .filter(source -> source.id < 0)
                            .findFirst()
                            .orElse(null);
                    untrackedCount += known == null ? 1 : 0;
                } else if (known == null) {
                    known = new Source();
                    sources.add(known);
                }
                if (known != null) {
                    known.id = id;
                    known.isActive = true;
                    known.newestNs = Math.max(known.newestNs, timestampNs);
                }
            }
            long allNs = newestNs;
            long heldNs = sources.stream()
                    .filter(source -> source.isActive)
                    .mapToLong(source -> source.newestNs)
                    .min()
                    .orElse(allNs);
            expectedNs = heldNs == Long.MIN_VALUE ? expectedNs : Math.max(expectedNs, heldNs - 11);
            assertEquals(expectedNs, watermark.watermarkNs(), "at " + i);
            assertEquals(untrackedCount, watermark.untrackedCount(), "at " + i);
            if (random.nextInt(50) == 0) {
                watermark = Snapshots.copy(watermark, new Watermark(10, false, 5));
            }
        }
        assertTrue(untrackedCount > 0);
    }

    private static final class Source {
        private int id;
        private boolean isActive;
        private long newestNs = Long.MIN_VALUE;

        void forget() {
            id = -1;
            newestNs = Long.MIN_VALUE;
        }
    }

    @Test
    void shouldAllocateNothing() {
        watermark = new Watermark(10, false, 64);

        assertEquals(0, AllocatedBytes.of(() -> {
            for (int i = 0; i < 100_000; i++) {
                watermark.onEvent(i * 7 % 64, 31L * i, i);
            }
        }));
    }

    @Test
    void shouldRefuseOtherSettings() {
        assertEquals(
                "cannot build watermark: maxSources=0 (expected: 1 to 65536); set how many sources are told apart",
                assertThrows(IllegalArgumentException.class, () -> new Watermark(10, false, 0))
                        .getMessage());
        BufferStateWriter saved = new BufferStateWriter(64);
        watermark.save(saved);
        assertEquals(
                "cannot load watermark: saved maxSources=2 (expected: 1, as configured); configure what it was saved"
                        + " under, or start on an empty data directory",
                assertThrows(StateException.class, () -> new Watermark(10, false).load(saved.reader()))
                        .getMessage());
    }
}
