package io.millrace.window;

import io.millrace.workload.Arrival;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Windows of each kind without panes or slots: all events of a window are in its list, and what a row holds is computed
 * from the list. Times in any unit.
 */
final class NaiveWindows {
    /** How windows come about. */
    enum Kind {
        HOP,
        CUMULATE,
        SESSION,
        COUNT,
        SLIDE
    }

    /** A row: the events of a window of a key, by time and arrival. */
    record Row(long key, long start, long end, long revision, List<Arrival> events) {
        long sum() {
            return events.stream().mapToLong(Arrival::value).sum();
        }
    }

    /** A window that holds events; a session's bounds move as they come. */
    private static final class Open {
        private final long key;
        private long start;
        private long end;
        private long rowCount;
        private boolean isOut;
        private final List<Arrival> events = new ArrayList<>();

        private Open(long key, long start, long end) {
            this.key = key;
            this.start = start;
            this.end = end;
        }

        private Row row() {
            List<Arrival> sorted = new ArrayList<>(events);
            sorted.sort(Comparator.comparingLong(Arrival::timestampNs).thenComparingLong(Arrival::sequence));
            return new Row(key, start, end, rowCount++, sorted);
        }
    }

    private final Kind kind;
    private final long size;
    private final long slide;
    private final long offset;
    private final long lateness;
    private final List<Open> opens = new ArrayList<>();
    private final Map<Long, List<Arrival>> byKey = new LinkedHashMap<>();
    private long watermark = Long.MIN_VALUE;

    /** The rows so far, in the order of their causes. */
    final List<Row> rows = new ArrayList<>();

    /** The events that came when all their windows were gone. */
    final List<Arrival> tooLate = new ArrayList<>();

    /**
     * @param size of a window, the gap of a session
     * @param slide from a window to the next, the step of a cumulating one
     * @param lateness for how much longer than the watermark asks a window is kept and put out again
     */
    NaiveWindows(Kind kind, long size, long slide, long offset, long lateness) {
        this.kind = kind;
        this.size = size;
        this.slide = slide;
        this.offset = offset;
        this.lateness = lateness;
    }

    /** Moves time, then takes the event. */
    void add(Arrival event, long newWatermark) {
        advanceTo(newWatermark);
        switch (kind) {
            case HOP, CUMULATE -> addToGrid(event);
            case SESSION -> addToSession(event);
            case COUNT -> addToCount(event);
            case SLIDE -> addToSlide(event);
        }
    }

    /** Gives out what the watermark closes, and forgets what cannot be corrected any more. */
    void advanceTo(long newWatermark) {
        watermark = Math.max(watermark, newWatermark);
        opens.sort(Comparator.comparingLong((Open open) -> open.end));
        for (Open open : opens) {
            if (!open.isOut && isPassed(open.end)) {
                open.isOut = true;
                rows.add(open.row());
            }
        }
        opens.removeIf(open -> isGone(open.end));
    }

    /** {@return whether no event is expected that a window of that end takes: one at the end lengthens a session} */
    private boolean isPassed(long end) {
        return last(end) <= watermark;
    }

    private boolean isGone(long end) {
        return watermark >= 0 ? last(end) <= watermark - lateness : last(end) + lateness <= watermark;
    }

    private long last(long end) {
        return kind == Kind.SESSION ? end : end - 1;
    }

    private void addToGrid(Arrival event) {
        long ts = event.timestampNs();
        boolean isTaken = false;
        if (kind == Kind.HOP) {
            for (long start = aligned(ts, slide); start + size > ts; start -= slide) {
                isTaken |= addTo(event, start, start + size);
            }
        } else {
            long start = aligned(ts, size);
            for (long end = start + slide; end <= start + size; end += slide) {
                isTaken |= addTo(event, start, end);
            }
        }
        if (!isTaken) {
            tooLate.add(event);
        }
    }

    private long aligned(long ts, long period) {
        return Math.floorDiv(ts - offset, period) * period + offset;
    }

    private boolean addTo(Arrival event, long start, long end) {
        if (event.timestampNs() < start || event.timestampNs() >= end || isGone(end)) {
            return false;
        }
        Open open = opens.stream()
                .filter(other -> other.key == event.key() && other.start == start && other.end == end)
                .findFirst()
                .orElseGet(() -> open(event.key(), start, end));
        putInto(open, event);
        return true;
    }

    private Open open(long key, long start, long end) {
        Open open = new Open(key, start, end);
        opens.add(open);
        return open;
    }

    /** A window that is out already comes out again; one that the watermark has passed comes out at once. */
    private void putInto(Open open, Arrival event) {
        open.events.add(event);
        if (open.isOut) {
            rows.add(open.row());
        } else if (isPassed(open.end)) {
            open.isOut = true;
            rows.add(open.row());
        }
    }

    private void addToSession(Arrival event) {
        Open merged = new Open(event.key(), event.timestampNs(), event.timestampNs() + size);
        List<Open> touching = new ArrayList<>(opens);
        touching.removeIf(open -> open.key != merged.key || open.start > merged.end || open.end < merged.start);
        for (Open open : touching) {
            merged.start = Math.min(merged.start, open.start);
            merged.end = Math.max(merged.end, open.end);
            merged.events.addAll(open.events);
            merged.isOut |= open.isOut;
            merged.rowCount = Math.max(merged.rowCount, open.rowCount);
        }
        if (isGone(merged.end)) {
            tooLate.add(event);
            return;
        }
        merged.isOut &= isPassed(merged.end);
        opens.removeAll(touching);
        opens.add(merged);
        putInto(merged, event);
    }

    private void addToCount(Arrival event) {
        List<Arrival> events = byKey.computeIfAbsent(event.key(), key -> new ArrayList<>());
        events.add(event);
        if (events.size() % slide == 0) {
            List<Arrival> last = events.subList((int) Math.max(0, events.size() - size), events.size());
            rows.add(new Row(
                    event.key(),
                    last.get(0).timestampNs(),
                    last.get(last.size() - 1).timestampNs(),
                    0,
                    new ArrayList<>(last)));
        }
    }

    private void addToSlide(Arrival event) {
        List<Arrival> events = byKey.computeIfAbsent(event.key(), key -> new ArrayList<>());
        events.add(event);
        events.removeIf(old -> event.timestampNs() - old.timestampNs() >= size);
        rows.add(new Row(event.key(), event.timestampNs() - size, event.timestampNs(), 0, new ArrayList<>(events)));
    }

    /** {@return windows that hold events and are not out yet} */
    long openCount() {
        return opens.stream().filter(open -> !open.isOut).count();
    }
}
