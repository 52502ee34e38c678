package io.millrace.window;

import java.util.concurrent.TimeUnit;

/**
 * Which events are aggregated together. Windows of time are {@code [start, end)}, aligned to the epoch and an
 * offset; an
 * event at exactly {@code end} is of the next one. A session takes that in, so it closes just behind its end.
 *
 * <pre>
 *   tumbling 10        |----------|----------|----------|
 *
 *   hopping 10, 5      |----------|----------|
 *                           |----------|----------|
 *
 *   cumulating 15, 5   |----|              |----|
 *                      |---------|         |---------|
 *                      |--------------|    |--------------|
 *
 *   session, gap 4     |x--x-x---)       |x---)      ends 4 behind its last event; 4 apart is one session
 *
 *   count 3            |x  x  x|x  x  x|             by arrival
 *   count 4, 2         |x  x|
 *                      |x  x  x  x|
 *                            |x  x  x  x|
 *
 *   sliding 10               (---------x]            at each event: those less than 10 older, and itself
 * </pre>
 *
 * <p><b>Threading</b>: immutable. <b>Failure</b>: what is out of range is refused by {@link
 * AggregateSpec.Builder#build}.
 */
public final class Window {
    /** How events come together. */
    public enum Kind {
        /** Tumbling, if size and slide are the same. */
        HOPPING,
        CUMULATING,
        SESSION,
        COUNT,
        SLIDING
    }

    private final Kind kind;
    private final long size;
    private final long slide;
    private final long offsetNs;

    private Window(Kind kind, long size, long slide, long offsetNs) {
        this.kind = kind;
        this.size = size;
        this.slide = slide;
        this.offsetNs = offsetNs;
    }

    /** {@return windows that follow each other} */
    public static Window tumbling(long size, TimeUnit unit) {
        return hopping(size, unit, size, unit);
    }

    /** {@return windows of a size, one every slide; slide is at most the size} */
    public static Window hopping(long size, TimeUnit sizeUnit, long slide, TimeUnit slideUnit) {
        return new Window(Kind.HOPPING, sizeUnit.toNanos(size), slideUnit.toNanos(slide), 0);
    }

    /** {@return windows that begin every size and grow by a step up to it; the step divides the size} */
    public static Window cumulating(long size, TimeUnit sizeUnit, long step, TimeUnit stepUnit) {
        return new Window(Kind.CUMULATING, sizeUnit.toNanos(size), stepUnit.toNanos(step), 0);
    }

    /** {@return windows of events that are at most a gap apart, each ending a gap behind its last event} */
    public static Window session(long gap, TimeUnit unit) {
        return new Window(Kind.SESSION, unit.toNanos(gap), unit.toNanos(gap), 0);
    }

    /** {@return windows of so many events, in the order of arrival; a row when there are as many} */
    public static Window count(long size) {
        return count(size, size);
    }

    /** {@return windows of the last {@code size} events, or fewer at first, one every {@code slide} events} */
    public static Window count(long size, long slide) {
        return new Window(Kind.COUNT, size, slide, 0);
    }

    /** {@return at each event the window of those less than {@code size} older than it, and itself} */
    public static Window sliding(long size, TimeUnit unit) {
        return new Window(Kind.SLIDING, unit.toNanos(size), 1, 0);
    }

    /** Moves hopping, tumbling and cumulating windows, which else are aligned to the epoch; any sign. */
    public Window offset(long offset, TimeUnit unit) {
        return new Window(kind, size, slide, unit.toNanos(offset));
    }

    public Kind kind() {
        return kind;
    }

    /** {@return nanoseconds, the gap of a session; events of a count window} */
    public long size() {
        return size;
    }

    /** {@return from one window to the next: nanoseconds, events of a count window} */
    public long slide() {
        return slide;
    }

    public long offsetNs() {
        return offsetNs;
    }

    /** {@return whether the ends of windows are known in advance} */
    boolean isOnGrid() {
        return kind == Kind.HOPPING || kind == Kind.CUMULATING;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case HOPPING -> "hopping(sizeNs=" + size + ", slideNs=" + slide + ", offsetNs=" + offsetNs + ')';
            case CUMULATING -> "cumulating(sizeNs=" + size + ", stepNs=" + slide + ", offsetNs=" + offsetNs + ')';
            case SESSION -> "session(gapNs=" + size + ')';
            case COUNT -> "count(size=" + size + ", slide=" + slide + ')';
            case SLIDING -> "sliding(sizeNs=" + size + ')';
        };
    }
}
