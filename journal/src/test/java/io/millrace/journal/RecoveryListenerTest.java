package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.event.MutableEvent;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryListenerTest {
    private static final int EVENT_COUNT = 200_000;
    private static final int EVENTS_PER_FRAME = 20;

    @TempDir
    private Path directory;

    private final Map<RecoveryListener.Step, Long> counts = new EnumMap<>(RecoveryListener.Step.class);
    private RecoveryListener.Step last = RecoveryListener.Step.VERIFY_JOURNAL;
    private long lastSequence;
    private double lastShare;

    private JournalContext context() {
        return new JournalContext()
                .directory(directory)
                .segmentLength(4 << 20)
                .blockLength(1 << 20)
                .frameLength(1 << 16);
    }

    @Test
    void shouldTellHowFarVerifyingAndReplayAre() {
        write();

        try (Journal journal = Journal.open(context().recoveryListener(this::onProgress))) {
            journal.replay((event, epoch) -> {});
        }

        assertEquals(EVENT_COUNT / EVENTS_PER_FRAME / 1024, counts.get(RecoveryListener.Step.VERIFY_JOURNAL));
        assertEquals(EVENT_COUNT / EVENTS_PER_FRAME / 1024, counts.get(RecoveryListener.Step.VERIFY_OUTBOX));
        assertEquals(1 + (EVENT_COUNT - 1) / 65_536, counts.get(RecoveryListener.Step.REPLAY));
        assertTrue(lastShare > 0.9, "share=" + lastShare);
    }

    private void write() {
        MutableEvent event = MutableEvent.allocate(8).typeId(7);
        try (Journal journal = Journal.open(context())) {
            journal.journal().start();
            journal.outbox().start();
            for (int i = 0; i < EVENT_COUNT; i++) {
                event.sequence(i).id(1, i);
                journal.journal().append(event);
                journal.outbox().append(event.id(1L << 32, i));
                if ((i + 1) % EVENTS_PER_FRAME == 0) {
                    journal.journal().commit();
                    journal.outbox().commit();
                }
            }
        }
    }

    private void onProgress(RecoveryListener.Step step, long sequence, double share) {
        boolean isSame = step == last;
        assertTrue(step.compareTo(last) >= 0, step + " behind " + last);
        assertTrue(
                !isSame || (share >= lastShare && sequence >= lastSequence), "share=" + share + " behind " + lastShare);
        assertTrue(share >= 0 && share <= 1, "share=" + share);
        counts.merge(step, 1L, Long::sum);
        last = step;
        lastSequence = sequence;
        lastShare = share;
    }
}
