package io.millrace.window;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.workload.Arrival;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Random windows of a shape, as settings and as what {@link NaiveWindows} makes of them: a judge for each window that
 * shares panes, ranks on top, and for windows that need order a list that is sorted.
 */
public final class NaiveForm {
    /** What windows look like. */
    public enum Shape {
        TUMBLING,
        HOPPING,
        CUMULATING,
        SHARED,
        TOP,
        SESSION,
        COUNT_TUMBLING,
        COUNT_SLIDING,
        SLIDING
    }

    private final Shape shape;
    private final Random random;
    private final List<Window> windows = new ArrayList<>();
    private final List<NaiveWindows> judges = new ArrayList<>();
    private final LatePolicy late;
    private final int sweepBudget;
    private final int topCount;
    /** Events that wait until they are in order. */
    private final List<Arrival> waiting = new ArrayList<>();

    private final List<Arrival> disordered = new ArrayList<>();
    private long watermarkNs = Long.MIN_VALUE;

    public NaiveForm(Shape shape, Random random) {
        this.shape = shape;
        this.random = random;
        boolean isUpdating = !isOrdered() && shape != Shape.TOP && random.nextBoolean();
        long latenessNs = isUpdating ? 1 + random.nextInt(20) : 0;
        LatePolicy policy = isUpdating ? LatePolicy.update(latenessNs, NANOSECONDS) : LatePolicy.DROP;
        this.late = random.nextBoolean() ? policy.withSideOutput() : policy;
        this.sweepBudget = new int[] {1, 2, 5, 64}[random.nextInt(4)];
        this.topCount = shape == Shape.TOP ? 1 + random.nextInt(3) : 0;
        switch (shape) {
            case TUMBLING -> addHopping(1 + random.nextInt(12), 0, latenessNs);
            case HOPPING -> addHopping(1 + random.nextInt(5), random.nextInt(12), latenessNs);
            case CUMULATING -> addCumulating(latenessNs);
            case SHARED -> {
                addHopping(1 + random.nextInt(5), random.nextInt(6), latenessNs);
                addHopping(6 + random.nextInt(5), 1 + random.nextInt(6), latenessNs);
                addCumulating(latenessNs);
            }
            case TOP -> {
                addHopping(1 + random.nextInt(5), random.nextInt(6), 0);
                addHopping(6 + random.nextInt(5), 1 + random.nextInt(6), 0);
            }
            case SESSION -> {
                long gap = 1 + random.nextInt(8);
                add(Window.session(gap, NANOSECONDS), NaiveWindows.Kind.SESSION, gap, 0, 0, latenessNs);
            }
            case COUNT_TUMBLING -> addCount(1 + random.nextInt(4), 0);
            case COUNT_SLIDING -> addCount(1 + random.nextInt(4), 1 + random.nextInt(5));
            case SLIDING -> {
                long size = 1 + random.nextInt(30);
                add(Window.sliding(size, NANOSECONDS), NaiveWindows.Kind.SLIDE, size, 0, 0, 0);
            }
        }
    }

    private void addHopping(int slide, int more, long latenessNs) {
        int size = slide + more;
        int offset = random.nextInt(20) - 10;
        Window window = Window.hopping(size, NANOSECONDS, slide, NANOSECONDS).offset(offset, NANOSECONDS);
        add(window, NaiveWindows.Kind.HOP, size, slide, offset, latenessNs);
    }

    private void addCumulating(long latenessNs) {
        int step = 1 + random.nextInt(5);
        int size = step * (1 + random.nextInt(4));
        int offset = random.nextInt(20) - 10;
        Window window = Window.cumulating(size, NANOSECONDS, step, NANOSECONDS).offset(offset, NANOSECONDS);
        add(window, NaiveWindows.Kind.CUMULATE, size, step, offset, latenessNs);
    }

    private void addCount(int slide, int more) {
        add(Window.count(slide + more, slide), NaiveWindows.Kind.COUNT, slide + more, slide, 0, 0);
    }

    private void add(Window window, NaiveWindows.Kind kind, long size, long slide, long offset, long latenessNs) {
        windows.add(window);
        judges.add(new NaiveWindows(kind, size, slide, offset, latenessNs));
    }

    /** {@return whether rows depend on the order of events} */
    private boolean isOrdered() {
        return isOfCount() || shape == Shape.SLIDING;
    }

    public boolean isOfCount() {
        return shape == Shape.COUNT_TUMBLING || shape == Shape.COUNT_SLIDING;
    }

    public String name() {
        return shape.name().toLowerCase(Locale.ROOT);
    }

    public Window[] windows() {
        return windows.toArray(new Window[0]);
    }

    public LatePolicy late() {
        return late;
    }

    public int sweepBudget() {
        return sweepBudget;
    }

    public int topCount() {
        return topCount;
    }

    /** Moves time, the event's own included, then takes the event. */
    public void add(Arrival arrival, long newWatermarkNs) {
        watermarkNs = newWatermarkNs;
        if (!isOrdered()) {
            judges.forEach(judge -> judge.add(arrival, newWatermarkNs));
        } else if (arrival.timestampNs() <= newWatermarkNs) {
            disordered.add(arrival);
        } else {
            waiting.add(arrival);
        }
    }

    /** {@return the rows in words, sorted} */
    public List<String> rows(boolean isEnded) {
        if (isEnded) {
            judges.forEach(judge -> judge.advanceTo(Long.MAX_VALUE / 2));
        }
        if (isOrdered()) {
            waiting.sort(Comparator.comparingLong(Arrival::timestampNs).thenComparingLong(Arrival::sequence));
            waiting.removeIf(arrival -> !isEnded && arrival.timestampNs() > watermarkNs + 1);
            waiting.forEach(arrival -> judges.get(0).add(arrival, Long.MIN_VALUE));
            waiting.clear();
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < judges.size(); i++) {
            for (NaiveWindows.Row row : judges.get(i).rows) {
                int rank = topCount == 0 ? 0 : rank(row, judges.get(i).rows);
                if (rank <= topCount) {
                    texts.add(text(i, rank, row));
                }
            }
        }
        texts.sort(null);
        return texts;
    }

    /** {@return the place of a row among those of its window: greatest sum first, of equal ones the lower key} */
    private static int rank(NaiveWindows.Row row, List<NaiveWindows.Row> all) {
        return 1
                + (int) all.stream()
                        .filter(other -> other.start() == row.start() && other.end() == row.end())
                        .filter(other ->
                                other.sum() > row.sum() || (other.sum() == row.sum() && other.key() < row.key()))
                        .count();
    }

    /** {@return how many rows corrected one before} */
    public int revisionCount() {
        return (int) judges.stream()
                .flatMap(judge -> judge.rows.stream())
                .filter(row -> row.revision() > 0)
                .count();
    }

    /** {@return events that came too late for all windows} */
    public List<Arrival> tooLate() {
        List<Arrival> all = new ArrayList<>(isOrdered() ? disordered : judges.get(0).tooLate);
        judges.forEach(judge -> {
            if (!isOrdered()) {
                all.retainAll(judge.tooLate);
            }
        });
        return all;
    }

    private String text(int window, int rank, NaiveWindows.Row row) {
        List<Arrival> events = row.events();
        boolean isSliding = shape == Shape.SLIDING;
        long start = isOfCount() || isSliding ? row.start() + (isSliding ? 1 : 0) : row.start();
        long end = isOfCount() || isSliding ? row.end() + 1 : row.end();
        return text(
                window,
                rank,
                row.key(),
                start,
                end,
                row.revision(),
                events.size(),
                row.sum(),
                events.get(0).value(),
                events.get(events.size() - 1).value());
    }

    /** {@return the rows of these windows among outputs, in words, sorted} */
    public List<String> rowsOf(List<? extends Event> outputs, EventType type) {
        List<String> texts = new ArrayList<>();
        for (Event output : outputs) {
            if (output.typeId() == type.id()) {
                texts.add(text(
                        windows.size() == 1 ? 0 : (int) type.field("window").getLong(output),
                        topCount == 0 ? 0 : (int) type.field("rank").getLong(output),
                        output.key(),
                        type.field("startNs").getLong(output),
                        type.field("endNs").getLong(output),
                        type.field("revision").getLong(output),
                        type.field("n").getLong(output),
                        type.field("sum").getLong(output),
                        type.field("first").getLong(output),
                        type.field("last").getLong(output)));
            }
        }
        texts.sort(null);
        return texts;
    }

    private static String text(int window, int rank, long key, long start, long end, long revision, long... values) {
        StringBuilder text = new StringBuilder("window " + window + " rank " + rank + " key " + key + " [" + start
                + ", " + end + ") revision " + revision + ":");
        for (long value : values) {
            text.append(' ').append(value);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return windows + ", late=" + late + ", sweepBudget=" + sweepBudget + ", topCount=" + topCount;
    }
}
