package io.millrace.ops;

import java.io.PrintWriter;
import java.util.Locale;
import org.agrona.concurrent.NanoClock;

/** A line on a terminal that says how far a run is; elsewhere nothing. */
final class Progress {
    private static final long INTERVAL_NS = 200_000_000;
    private static final int CHECK_MASK = 0xFF;

    private final PrintWriter err;
    private final NanoClock clock;
    private final boolean isTerminal;
    private final long startNs;
    private long nextNs;

    Progress(PrintWriter err, NanoClock clock, boolean isTerminal) {
        this.err = err;
        this.clock = clock;
        this.isTerminal = isTerminal;
        this.startNs = clock.nanoTime();
        this.nextNs = startNs + INTERVAL_NS;
    }

    void onRow(long rowCount) {
        if (isTerminal && (rowCount & CHECK_MASK) == 0 && clock.nanoTime() - nextNs >= 0) {
            long nowNs = clock.nanoTime();
            nextNs = nowNs + INTERVAL_NS;
            err.printf(Locale.ROOT, "\r%,15d rows %,12.0f rows/s", rowCount, rowCount * 1e9 / (nowNs - startNs));
            err.flush();
        }
    }

    /** Takes the line away. */
    void end() {
        if (isTerminal) {
            err.print("\r" + " ".repeat(50) + "\r");
            err.flush();
        }
    }
}
