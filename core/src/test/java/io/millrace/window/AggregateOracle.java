package io.millrace.window;

import io.millrace.workload.Arrival;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Windows as one would write them without a thought for speed: lists of events per window, searched through and
 * added up
 * anew each time. Knows nothing of panes. Rows are texts.
 */
abstract class AggregateOracle {
    final List<String> rows = new ArrayList<>();
    long tooLateCount;
    final long latenessNs;

    AggregateOracle(long latenessNs) {
        this.latenessNs = latenessNs;
    }

    /** Moves time to that watermark, the event's own included, then takes the event. */
    abstract void add(Arrival arrival, long watermarkNs);

    abstract void advanceTo(long watermarkNs);

    abstract long openCount();

    void putOut(int window, long startNs, long endNs, long key, List<Arrival> events, int revision) {
        rows.add(row(window, startNs, endNs, key, events, revision));
    }

    /** {@return a row in words} */
    static String row(int window, long startNs, long endNs, long key, List<Arrival> events, int revision) {
        List<Arrival> inOrder = new ArrayList<>(events);
        inOrder.sort(Comparator.comparingLong(Arrival::timestampNs).thenComparingLong(Arrival::sequence));
        long sum = 0;
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        List<Long> sorted = new ArrayList<>();
        for (Arrival event : events) {
            sum += event.value();
            min = Math.min(min, event.value());
            max = Math.max(max, event.value());
            sorted.add(event.value());
        }
        sorted.sort(null);
        int count = events.size();
        double squares = 0;
        for (long value : sorted) {
            squares += (value - (double) sum / count) * (value - (double) sum / count);
        }
        double deviation = count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1));
        long median = sorted.get(Math.max(1, (int) Math.ceil(0.5 * count)) - 1);
        long distinct = new HashSet<>(sorted).size();
        return text(window, startNs, endNs, key, revision)
                + text(count, sum, min, max, (double) sum / count)
                + text(inOrder.get(0).value(), inOrder.get(count - 1).value(), deviation, distinct, median);
    }

    static String text(int window, long startNs, long endNs, long key, int revision) {
        return "[" + startNs + ", " + endNs + ") of " + window + " key " + key + " revision " + revision;
    }

    static String text(long count, long sum, long min, long max, double avg) {
        return ": " + count + " " + sum + " " + min + " " + max + " " + String.format(Locale.ROOT, "%.6f", avg);
    }

    static String text(long first, long last, double deviation, long distinct, long median) {
        return " " + first + " " + last + " " + String.format(Locale.ROOT, "%.6f", deviation) + " " + distinct + " "
                + median;
    }

    private static final class Rows {
        final List<Arrival> events = new ArrayList<>();
        int rowCount;
    }

    /** Hopping, tumbling, cumulating. */
    static final class OnGrid extends AggregateOracle {
        private final List<long[]> windows;
        private final Map<List<Long>, Rows> held = new LinkedHashMap<>();

        /** @param windows size, slide, offset, 1 if cumulating */
        OnGrid(List<long[]> windows, long latenessNs) {
            super(latenessNs);
            this.windows = windows;
        }

        @Override
        void add(Arrival arrival, long watermarkNs) {
            advanceTo(watermarkNs);
            boolean isTaken = false;
            for (int i = 0; i < windows.size(); i++) {
                for (long[] range : rangesOf(windows.get(i), arrival.timestampNs())) {
                    if (range[1] - 1 + latenessNs > watermarkNs) {
                        isTaken = true;
                        Rows window = held.computeIfAbsent(
                                List.of((long) i, range[0], range[1], arrival.key()), key -> new Rows());
                        window.events.add(arrival);
                        if (range[1] - 1 <= watermarkNs) {
                            putOut(i, range[0], range[1], arrival.key(), window.events, window.rowCount++);
                        }
                    }
                }
            }
            tooLateCount += isTaken ? 0 : 1;
        }

        private static List<long[]> rangesOf(long[] window, long timeNs) {
            List<long[]> ranges = new ArrayList<>();
            long size = window[0];
            long slide = window[1];
            long base = Math.floorDiv(timeNs - window[2], size) * size + window[2];
            if (window[3] == 1) {
                for (long end = base + slide; end <= base + size; end += slide) {
                    if (end > timeNs) {
                        ranges.add(new long[] {base, end});
                    }
                }
                return ranges;
            }
            long start = Math.floorDiv(timeNs - window[2], slide) * slide + window[2];
            for (; start + size > timeNs; start -= slide) {
                ranges.add(0, new long[] {start, start + size});
            }
            return ranges;
        }

        @Override
        void advanceTo(long watermarkNs) {
            held.forEach((key, window) -> {
                if (window.rowCount == 0 && key.get(2) - 1 <= watermarkNs) {
                    putOut(key.get(0).intValue(), key.get(1), key.get(2), key.get(3), window.events, window.rowCount++);
                }
            });
        }

        @Override
        long openCount() {
            return held.values().stream().filter(window -> window.rowCount == 0).count();
        }
    }

    /** Sessions: an event at the very end of one lengthens it, so they close when no such event is expected. */
    static final class Sessions extends AggregateOracle {
        private static final class Session {
            long key;
            long firstNs;
            long lastNs;
            int rowCount;
            boolean isClosed;
            final List<Arrival> events = new ArrayList<>();
        }

        private final long gapNs;
        private final List<Session> held = new ArrayList<>();

        Sessions(long gapNs, long latenessNs) {
            super(latenessNs);
            this.gapNs = gapNs;
        }

        @Override
        void add(Arrival arrival, long watermarkNs) {
            advanceTo(watermarkNs);
            Session joined = new Session();
            joined.key = arrival.key();
            joined.firstNs = arrival.timestampNs();
            joined.lastNs = arrival.timestampNs();
            joined.events.add(arrival);
            List<Session> parts = new ArrayList<>();
            for (Session session : held) {
                if (session.key == arrival.key()
                        && session.firstNs - gapNs <= arrival.timestampNs()
                        && session.lastNs + gapNs >= arrival.timestampNs()) {
                    parts.add(session);
                }
            }
            for (Session part : parts) {
                joined.firstNs = Math.min(joined.firstNs, part.firstNs);
                joined.lastNs = Math.max(joined.lastNs, part.lastNs);
                joined.rowCount = Math.max(joined.rowCount, part.rowCount);
                joined.events.addAll(part.events);
            }
            if (joined.lastNs + gapNs + latenessNs <= watermarkNs) {
                tooLateCount++;
                return;
            }
            held.removeAll(parts);
            held.add(joined);
            close(joined, watermarkNs);
        }

        private void close(Session session, long watermarkNs) {
            if (!session.isClosed && session.lastNs + gapNs <= watermarkNs) {
                session.isClosed = true;
                putOut(0, session.firstNs, session.lastNs + gapNs, session.key, session.events, session.rowCount++);
            }
        }

        @Override
        void advanceTo(long watermarkNs) {
            held.forEach(session -> close(session, watermarkNs));
            held.removeIf(session -> session.isClosed
                    && (watermarkNs == Long.MAX_VALUE || session.lastNs + gapNs + latenessNs <= watermarkNs));
        }

        @Override
        long openCount() {
            return held.stream().filter(session -> !session.isClosed).count();
        }
    }

    /** So many events. */
    static final class Counts extends AggregateOracle {
        private final int size;
        private final int slide;
        private final Map<Long, List<Arrival>> held = new TreeMap<>();

        Counts(int size, int slide) {
            super(0);
            this.size = size;
            this.slide = slide;
        }

        @Override
        void add(Arrival arrival, long watermarkNs) {
            if (arrival.timestampNs() <= watermarkNs) {
                tooLateCount++;
                return;
            }
            List<Arrival> events = held.computeIfAbsent(arrival.key(), key -> new ArrayList<>());
            events.add(arrival);
            if (events.size() % slide == 0) {
                List<Arrival> last = events.subList(Math.max(0, events.size() - size), events.size());
                long firstNs =
                        last.stream().mapToLong(Arrival::timestampNs).min().orElseThrow();
                long lastNs =
                        last.stream().mapToLong(Arrival::timestampNs).max().orElseThrow();
                putOut(0, firstNs, lastNs + 1, arrival.key(), last, 0);
            }
        }

        @Override
        void advanceTo(long watermarkNs) {}

        @Override
        long openCount() {
            return held.values().stream()
                    .filter(events -> events.size() % slide != 0)
                    .count();
        }
    }

    /** The last so long, at each event. */
    static final class Sliding extends AggregateOracle {
        private final long sizeNs;
        private final List<Arrival> held = new ArrayList<>();
        private long newestNs = Long.MIN_VALUE;

        Sliding(long sizeNs) {
            super(0);
            this.sizeNs = sizeNs;
        }

        @Override
        void add(Arrival arrival, long watermarkNs) {
            long timeNs = arrival.timestampNs();
            if (timeNs <= watermarkNs || timeNs < newestNs) {
                tooLateCount++;
                return;
            }
            newestNs = timeNs;
            held.add(arrival);
            List<Arrival> last = held.stream()
                    .filter(event -> event.key() == arrival.key() && timeNs - event.timestampNs() < sizeNs)
                    .toList();
            putOut(0, timeNs - sizeNs + 1, timeNs + 1, arrival.key(), last, 0);
        }

        @Override
        void advanceTo(long watermarkNs) {}

        @Override
        long openCount() {
            return 0;
        }
    }
}
