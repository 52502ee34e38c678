package io.millrace.bench.planted.dedup;

import com.lmax.disruptor.Sequence;
import io.millrace.bench.planted.journal.PlantedJournal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import net.openhft.chronicle.bytes.Bytes;

/** Breaks on purpose every rule for a package of core, so that the rules are seen to find it. */
public final class PlantedStage {
    final Sequence cursor = new Sequence();
    final Map<Path, PlantedJournal> journals = new HashMap<>();

    /** Reads a clock. */
    public long nowNs(final Bytes<?> bytes) {
        return System.nanoTime() + bytes.readPosition();
    }
}
