package io.millrace.ops.command;

import io.millrace.ops.config.Units;
import java.io.PrintWriter;
import java.util.Locale;

/** A line on a terminal that says how far a command has read and how long it will take; elsewhere nothing. */
public final class ByteProgress {
    private static final long INTERVAL_NS = 200_000_000;
    private static final double NS_PER_SECOND = 1e9;

    private final PrintWriter err;
    private final String what;
    private final long totalLength;
    private final boolean isShown = Boolean.getBoolean("millrace.terminal");
    private final long beginNs = System.nanoTime();
    private long nextNs = beginNs + INTERVAL_NS;
    private long length;

    /**
     * @param what is read
     * @param totalLength in bytes
     */
    public ByteProgress(PrintWriter err, String what, long totalLength) {
        this.err = err;
        this.what = what;
        this.totalLength = totalLength;
    }

    /** Notes bytes that were read. */
    public void add(long readLength) {
        length += readLength;
        if (isShown && System.nanoTime() - nextNs >= 0) {
            show(System.nanoTime());
        }
    }

    /** {@return bytes read so far} */
    public long length() {
        return length;
    }

    /** Takes the line away. */
    public void end() {
        if (isShown) {
            err.print("\r" + " ".repeat(70) + "\r");
            err.flush();
        }
    }

    private void show(long nowNs) {
        nextNs = nowNs + INTERVAL_NS;
        double perSecond = length * NS_PER_SECOND / Math.max(1, nowNs - beginNs);
        err.printf(
                Locale.ROOT,
                "\r%-12s %10s of %s, %s/s, %.0f s left   ",
                what,
                Units.size(length),
                Units.size(totalLength),
                Units.size((long) perSecond),
                Math.max(0, totalLength - length) / Math.max(1, perSecond));
        err.flush();
    }
}
