package io.millrace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.event.Event;
import io.millrace.ring.Replayer;
import io.millrace.ring.Snapshot;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/** A replay of what a live pipeline left in its store, with a restore from a snapshot each so many records. */
final class RestoredReplay {
    private final Supplier<PipelineContext> context;
    private final MemoryStore store;
    private final int restoreInterval;
    private final List<String> outputs = new ArrayList<>();
    private Replayer replayer;

    /**
     * @param context of the same operators, each time new ones
     * @param restoreInterval records between two restores, 0 for none
     */
    RestoredReplay(Supplier<PipelineContext> context, MemoryStore store, int restoreInterval) {
        this.context = context;
        this.store = store;
        this.restoreInterval = restoreInterval;
        this.replayer = newReplayer();
    }

    private Replayer newReplayer() {
        return Pipeline.replayer(context.get(), output -> outputs.add(hex(output)));
    }

    private static String hex(Event output) {
        byte[] bytes = new byte[output.recordLength()];
        output.buffer().getBytes(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Runs it and compares each byte of the outputs, and the state at the end. */
    void assertSame(long stateHash) {
        store.replay(0, this::take);
        replayer.flush();
        List<String> expected =
                store.outbox.records.stream().map(RestoredReplay::hex).toList();
        for (int i = 0; i < Math.min(expected.size(), outputs.size()); i++) {
            assertEquals(expected.get(i), outputs.get(i), "output " + i);
        }
        assertEquals(expected.size(), outputs.size());
        assertEquals(stateHash, replayer.stateHash());
    }

    private void take(Event record, int epoch) {
        if (restoreInterval > 0 && record.sequence() > 0 && record.sequence() % restoreInterval == 0) {
            Snapshot snapshot = replayer.snapshot();
            replayer = newReplayer();
            replayer.load(snapshot);
        }
        replayer.take(record, epoch);
    }
}
