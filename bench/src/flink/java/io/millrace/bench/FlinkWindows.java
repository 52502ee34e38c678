package io.millrace.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.tuple.Tuple6;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
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

    /** What one run asks: a session if slide is 0. Times in ms; events are key, time and value. */
    record Question(
            long size,
            long slide,
            long offset,
            long lateness,
            long outOfOrderness,
            List<Tuple3<Long, Long, Long>> events) {
        WindowAssigner<Object, TimeWindow> assigner() {
            return slide == 0
                    ? EventTimeSessionWindows.withGap(Duration.ofMillis(size))
                    : SlidingEventTimeWindows.of(
                            Duration.ofMillis(size), Duration.ofMillis(slide), Duration.ofMillis(offset));
        }
    }

    private FlinkWindows() {}

    @SuppressWarnings("try")
    static List<Row> run(List<Question> questions) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(1);
        DataStream<Tuple6<Integer, Long, Long, Long, Long, Long>> all = null;
        for (int i = 0; i < questions.size(); i++) {
            Question question = questions.get(i);
            long outOfOrderness = question.outOfOrderness();
            KeyedStream<Tuple3<Long, Long, Long>, Long> events = environment
                    .fromData(question.events())
                    .assignTimestampsAndWatermarks(WatermarkStrategy.<Tuple3<Long, Long, Long>>forGenerator(
                                    context -> new AtEveryEvent(outOfOrderness))
                            .withTimestampAssigner((event, previous) -> event.f1))
                    .keyBy(event -> event.f0);
            DataStream<Tuple6<Integer, Long, Long, Long, Long, Long>> rows = events.window(question.assigner())
                    .allowedLateness(Duration.ofMillis(question.lateness()))
                    .process(new Sums(i));
            all = all == null ? rows : all.union(rows);
        }
        List<Row> rows = new ArrayList<>();
        try (CloseableIterator<Tuple6<Integer, Long, Long, Long, Long, Long>> found = all.executeAndCollect()) {
            found.forEachRemaining(row -> rows.add(new Row(row.f0, row.f1, row.f2, row.f3, row.f4, row.f5)));
        }
        return rows;
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

    /** Count and sum of a window. */
    private static final class Sums
            extends ProcessWindowFunction<
                    Tuple3<Long, Long, Long>, Tuple6<Integer, Long, Long, Long, Long, Long>, Long, TimeWindow> {
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
            for (Tuple3<Long, Long, Long> event : events) {
                count++;
                sum += event.f2;
            }
            TimeWindow window = context.window();
            out.collect(new Tuple6<>(run, key, window.getStart(), window.getEnd(), count, sum));
        }
    }
}
