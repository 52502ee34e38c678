package io.millrace.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.tuple.Tuple6;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.triggers.EventTimeTrigger;
import org.apache.flink.streaming.api.windowing.triggers.Trigger;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.streaming.api.windowing.windows.Window;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;

/** Runs windows of Flink's DataStream API over given events, all in one job of a local cluster. */
final class FlinkWindows {
    /** A row: number of the run, key, start and end in ms, count, sum. */
    record Row(int run, long key, long start, long end, long count, long sum) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            return toString().compareTo(other.toString());
        }
    }

    /** How windows come about. */
    enum Kind {
        HOP,
        CUMULATE,
        SESSION,
        COUNT
    }

    /**
     * What one run asks. Times in ms, sizes of count windows in events; events are key, time and value.
     *
     * @param slide of cumulating windows the step
     */
    record Question(
            Kind kind,
            long size,
            long slide,
            long offset,
            long lateness,
            long outOfOrderness,
            List<Tuple3<Long, Long, Long>> events) {
        /**
         * A session takes in an event exactly a gap behind it. Flink closes it one ms too early for that, so there the
         * watermark comes one ms later: as long as lateness is judged by windows alone, this is the only difference.
         */
        private long watermarkLag() {
            return outOfOrderness + (kind == Kind.SESSION ? 1 : 0);
        }
    }

    private FlinkWindows() {}

    @SuppressWarnings("try")
    static List<Row> run(List<Question> questions) throws Exception {
        // A machine that is busy with other things is no reason to give up.
        Configuration patience = Configuration.fromMap(Map.of("heartbeat.timeout", "600000"));
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(1, patience);
        DataStream<Tuple6<Integer, Long, Long, Long, Long, Long>> all = null;
        for (int i = 0; i < questions.size(); i++) {
            DataStream<Tuple6<Integer, Long, Long, Long, Long, Long>> rows = rows(environment, i, questions.get(i));
            all = all == null ? rows : all.union(rows);
        }
        List<Row> rows = new ArrayList<>();
        try (CloseableIterator<Tuple6<Integer, Long, Long, Long, Long, Long>> found = all.executeAndCollect()) {
            found.forEachRemaining(row -> rows.add(new Row(row.f0, row.f1, row.f2, row.f3, row.f4, row.f5)));
        }
        return rows;
    }

    private static DataStream<Tuple6<Integer, Long, Long, Long, Long, Long>> rows(
            StreamExecutionEnvironment environment, int run, Question question) {
        long lag = question.watermarkLag();
        KeyedStream<Tuple3<Long, Long, Long>, Long> events = environment
                .fromData(question.events())
                .assignTimestampsAndWatermarks(
                        WatermarkStrategy.<Tuple3<Long, Long, Long>>forGenerator(context -> new AtEveryEvent(lag))
                                .withTimestampAssigner((event, previous) -> event.f1))
                .keyBy(event -> event.f0);
        Duration size = Duration.ofMillis(question.size());
        return switch (question.kind()) {
            case HOP ->
                ofTime(
                        events,
                        SlidingEventTimeWindows.of(
                                size, Duration.ofMillis(question.slide()), Duration.ofMillis(question.offset())),
                        run,
                        question);
            case CUMULATE ->
                ofTime(
                        events,
                        new CumulatingWindows(question.size(), question.slide(), question.offset()),
                        run,
                        question);
            case SESSION -> ofTime(events, EventTimeSessionWindows.withGap(size), run, question);
            case COUNT ->
                (question.size() == question.slide()
                                ? events.countWindow(question.size())
                                : events.countWindow(question.size(), question.slide()))
                        .process(new Sums<>(run));
        };
    }

    private static DataStream<Tuple6<Integer, Long, Long, Long, Long, Long>> ofTime(
            KeyedStream<Tuple3<Long, Long, Long>, Long> events,
            WindowAssigner<Object, TimeWindow> assigner,
            int run,
            Question question) {
        return events.window(assigner)
                .allowedLateness(Duration.ofMillis(question.lateness()))
                .process(new Sums<>(run));
    }

    /** The windows of CUMULATE in SQL, which the DataStream API does not have: Flink does all but to name them. */
    private static final class CumulatingWindows extends WindowAssigner<Object, TimeWindow> {
        private static final long serialVersionUID = 1;

        private final long size;
        private final long step;
        private final long offset;

        private CumulatingWindows(long size, long step, long offset) {
            this.size = size;
            this.step = step;
            this.offset = offset;
        }

        @Override
        public Collection<TimeWindow> assignWindows(Object element, long timestamp, WindowAssignerContext context) {
            long start = TimeWindow.getWindowStartWithOffset(timestamp, offset, size);
            List<TimeWindow> windows = new ArrayList<>();
            for (long end = start + size; end > timestamp; end -= step) {
                windows.add(new TimeWindow(start, end));
            }
            return windows;
        }

        @Override
        public Trigger<Object, TimeWindow> getDefaultTrigger() {
            return EventTimeTrigger.create();
        }

        @Override
        public TypeSerializer<TimeWindow> getWindowSerializer(ExecutionConfig config) {
            return new TimeWindow.Serializer();
        }

        @Override
        public boolean isEventTime() {
            return true;
        }
    }

    /** A watermark behind each event, as the pipeline has it. */
    private static final class AtEveryEvent implements WatermarkGenerator<Tuple3<Long, Long, Long>> {
        private final long outOfOrderness;
        private long max = Long.MIN_VALUE / 2;

        private AtEveryEvent(long outOfOrderness) {
            this.outOfOrderness = outOfOrderness;
        }

        @Override
        public void onEvent(Tuple3<Long, Long, Long> event, long timestamp, WatermarkOutput output) {
            max = Math.max(max, timestamp);
            output.emitWatermark(new Watermark(max - outOfOrderness - 1));
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {}
    }

    /** Count and sum of a window; start and end of a count window are the times of its first and last event. */
    private static final class Sums<W extends Window>
            extends ProcessWindowFunction<
                    Tuple3<Long, Long, Long>, Tuple6<Integer, Long, Long, Long, Long, Long>, Long, W> {
        private static final long serialVersionUID = 1;

        private final int run;

        private Sums(int run) {
            this.run = run;
        }

        @Override
        public void process(
                Long key,
                Context context,
                Iterable<Tuple3<Long, Long, Long>> events,
                Collector<Tuple6<Integer, Long, Long, Long, Long, Long>> out) {
            long count = 0;
            long sum = 0;
            long start = Long.MAX_VALUE;
            long end = Long.MIN_VALUE;
            for (Tuple3<Long, Long, Long> event : events) {
                count++;
                sum += event.f2;
                start = Math.min(start, event.f1);
                end = Math.max(end, event.f1);
            }
            if (context.window() instanceof TimeWindow window) {
                start = window.getStart();
                end = window.getEnd();
            }
            out.collect(new Tuple6<>(run, key, start, end, count, sum));
        }
    }
}
