package io.millrace.journal.outbox;

import io.millrace.journal.JournalException;
import io.millrace.journal.LogKind;
import io.millrace.journal.deadletter.DeadLetterQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link SinkRunner}, with defaults for an outbox of this machine. Setters return this. */
public final class SinkContext {
    private LogKind source = LogKind.OUTBOX;
    private long retryMinNs = TimeUnit.MILLISECONDS.toNanos(1);
    private long retryMaxNs = TimeUnit.SECONDS.toNanos(1);
    private long seed = System.nanoTime();
    private @Nullable DeadLetterQueue deadLetters;
    private int attempts;
    private int maxParkedCount;
    private EpochNanoClock clock = new SystemEpochNanoClock();

    /** The log that it reads: outputs, or accepted events. */
    public SinkContext source(LogKind value) {
        if (value == LogKind.DEAD_LETTERS) {
            throw invalid("source", value, "OUTBOX or JOURNAL");
        }
        source = value;
        return this;
    }

    public LogKind source() {
        return source;
    }

    /**
     * How long it pauses before it calls a sink again that threw: half to all of a span that begins with the first and
     * doubles up to the second, by chance, so that many sinks of one target do not knock together.
     *
     * @param minNs nanoseconds, at least 1
     * @param maxNs nanoseconds, at least {@code minNs}
     */
    public SinkContext retry(long minNs, long maxNs) {
        if (minNs < 1 || maxNs < minNs) {
            throw invalid("retryMinNs", minNs, "1 to retryMaxNs=" + maxNs);
        }
        retryMinNs = minNs;
        retryMaxNs = maxNs;
        return this;
    }

    long retryMinNs() {
        return retryMinNs;
    }

    long retryMaxNs() {
        return retryMaxNs;
    }

    /**
     * Has an output parked that the sink cannot take, as {@code sink/NAME}, so that the next ones come; without, the
     * sink is called with the same output for ever.
     *
     * @param attempts before it is parked, at least 1
     */
    public SinkContext deadLetters(DeadLetterQueue value, int attempts) {
        if (attempts < 1) {
            throw invalid("attempts", attempts, "at least 1");
        }
        deadLetters = value;
        this.attempts = attempts;
        return this;
    }

    /**
     * Has the outputs of a key delivered in order also where one of them is parked: those behind it are parked too.
     *
     * @param maxCount that may be parked, those that wait included, before the sink halts; at least 1
     */
    public SinkContext inOrder(int maxCount) {
        if (maxCount < 1) {
            throw invalid("maxParkedCount", maxCount, "at least 1");
        }
        maxParkedCount = maxCount;
        return this;
    }

    @Nullable
    SinkLetters letters(String sinkName) {
        DeadLetterQueue queue = deadLetters;
        return queue == null ? null : new SinkLetters("sink/" + sinkName, queue, attempts, maxParkedCount);
    }

    /** What the pauses' chance begins with. */
    public SinkContext seed(long value) {
        seed = value;
        return this;
    }

    long seed() {
        return seed;
    }

    /** The clock of checkpoints and ages. */
    public SinkContext clock(EpochNanoClock value) {
        clock = value;
        return this;
    }

    EpochNanoClock clock() {
        return clock;
    }

    private static JournalException invalid(String setting, Object value, String expected) {
        return new JournalException(
                JournalException.EXIT_CONFIG,
                "cannot run sink: " + setting + '=' + value + " (expected: " + expected + "); set " + setting,
                null);
    }
}
