package io.millrace.window;

import io.millrace.workload.Arrival;
import java.util.ArrayList;
import java.util.List;

/** Windows without panes: every value in the list of every window that it belongs to. */
final class WindowOracle {
    /** What one key has in one window. */
    record Row(long endNs, long key, long count, long sum, long min, long max) {}

    private record Placed(long endNs, long key, long value) {}

    private final long sizeNs;
    private final long slideNs;
    private final long offsetNs;
    private final List<Placed> placed = new ArrayList<>();
    long tooLateCount;

    WindowOracle(long sizeNs, long slideNs, long offsetNs) {
        this.sizeNs = sizeNs;
        this.slideNs = slideNs;
        this.offsetNs = offsetNs;
    }

    /** Takes an event that comes when the watermark is already at W. */
    void add(Arrival event, long watermarkNs) {
        boolean isPlaced = false;
        for (long startNs = newestStart(event.timestampNs());
                startNs + sizeNs > event.timestampNs();
                startNs -= slideNs) {
            long endNs = startNs + sizeNs;
            if (watermarkNs < endNs - 1) {
                placed.add(new Placed(endNs, event.key(), event.value()));
                isPlaced = true;
            }
        }
        tooLateCount += isPlaced ? 0 : 1;
    }

    private long newestStart(long timestampNs) {
        long startNs = (timestampNs - offsetNs) / slideNs * slideNs + offsetNs;
        while (startNs > timestampNs) {
            startNs -= slideNs;
        }
        return startNs;
    }

    /** {@return the rows of the windows that end within {@code (fromNs, toNs]}, in any order} */
    List<Row> rows(long fromNs, long toNs) {
        List<Row> rows = new ArrayList<>();
        List<Placed> rest = new ArrayList<>(placed);
        while (!rest.isEmpty()) {
            Placed one = rest.get(0);
            List<Placed> same = new ArrayList<>(rest);
            same.removeIf(other -> other.endNs != one.endNs || other.key != one.key);
            rest.removeAll(same);
            if (one.endNs > fromNs && one.endNs <= toNs) {
                rows.add(row(one, same));
            }
        }
        return rows;
    }

    private static Row row(Placed one, List<Placed> same) {
        return new Row(
                one.endNs,
                one.key,
                same.size(),
                same.stream().mapToLong(Placed::value).sum(),
                same.stream().mapToLong(Placed::value).min().orElseThrow(),
                same.stream().mapToLong(Placed::value).max().orElseThrow());
    }
}
