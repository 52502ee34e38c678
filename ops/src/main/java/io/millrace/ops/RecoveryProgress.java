package io.millrace.ops;

import io.millrace.journal.RecoveryListener;
import java.io.PrintWriter;
import java.util.Locale;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Says how far a recovery is: on a terminal a line that stays up to date, elsewhere a line every few seconds, so that
 * a log shows that a long start moves.
 */
final class RecoveryProgress implements RecoveryListener {
    private static final long TERMINAL_INTERVAL_NS = 200_000_000;
    private static final long LOG_INTERVAL_NS = 5_000_000_000L;
    private static final int LINE_LENGTH = 100;

    private final PrintWriter err;
    private final NanoClock clock;
    private final boolean isTerminal;
    private @Nullable Step current;
    private long beganNs;
    private long saidNs;
    private long firstSequence;
    private boolean isLineOpen;

    RecoveryProgress(PrintWriter err, NanoClock clock, boolean isTerminal) {
        this.err = err;
        this.clock = clock;
        this.isTerminal = isTerminal;
    }

    @Override
    public void onProgress(Step step, long sequence, double share) {
        long nowNs = clock.nanoTime();
        if (step != current) {
            current = step;
            beganNs = nowNs;
            saidNs = nowNs;
            firstSequence = sequence;
        } else if (nowNs - saidNs >= (isTerminal ? TERMINAL_INTERVAL_NS : LOG_INTERVAL_NS)) {
            saidNs = nowNs;
            say(line(step, sequence, share, nowNs - beganNs));
        }
    }

    private String line(Step step, long sequence, double share, long elapsedNs) {
        double rate = (sequence - firstSequence) * 1e9 / elapsedNs;
        double leftS = share > 0 ? elapsedNs / 1e9 * (1 - share) / share : 0;
        return String.format(
                Locale.ROOT,
                "%s: at %,d, %.0f %%, %,.0f/s, %.0f s left",
                name(step),
                sequence,
                share * 100,
                rate,
                leftS);
    }

    private static String name(Step step) {
        return switch (step) {
            case VERIFY_JOURNAL -> "verifying the journal";
            case VERIFY_OUTBOX -> "verifying the outbox";
            case REPLAY -> "replaying";
        };
    }

    private void say(String line) {
        if (isTerminal) {
            err.print('\r' + line + " ".repeat(Math.max(0, LINE_LENGTH - line.length())));
        } else {
            err.println("millrace: " + line);
        }
        isLineOpen = isTerminal;
        err.flush();
    }

    /** Takes the line away. */
    void end() {
        if (isLineOpen) {
            err.print('\r' + " ".repeat(LINE_LENGTH) + '\r');
            err.flush();
            isLineOpen = false;
        }
    }
}
