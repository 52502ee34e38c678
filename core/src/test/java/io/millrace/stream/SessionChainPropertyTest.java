package io.millrace.stream;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.window.Window;
import io.millrace.workload.Arrival;
import io.millrace.workload.RecordedOutputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Sessions counted by windows behind them: each is in the window of its end, whatever the order of arrival. */
class SessionChainPropertyTest {
    private static final long SEED = TestSeed.of(SessionChainPropertyTest.class);
    private static final int CASE_COUNT = 100;
    private static final int EVENT_COUNT = 80;

    @Test
    void shouldCountEachSessionInTheWindowOfItsEnd() {
        int sessionCount = 0;
        for (long seed = SEED; seed < SEED + CASE_COUNT; seed++) {
            Case one = new Case(seed);
            assertEquals(String.join("\n", one.expected()), String.join("\n", one.run()), "seed=" + seed);
            sessionCount += one.sessionCount;
        }
        assertTrue(sessionCount > 10 * CASE_COUNT, "sessions=" + sessionCount);
    }

    private static final class Case {
        private final Random random;
        private final long gapNs;
        private final long sizeNs;
        private final long outOfOrdernessNs;
        private final Map<Long, List<Long>> timesByKey = new TreeMap<>();
        private int sessionCount;

        Case(long seed) {
            random = TestSeed.random(seed);
            gapNs = 1 + random.nextInt(6);
            sizeNs = 1 + random.nextInt(12);
            outOfOrdernessNs = random.nextInt(2) * 4L;
            long timeNs = 1_000;
            for (int i = 0; i < EVENT_COUNT; i++) {
                timeNs += random.nextInt(15) == 0 ? 20 : random.nextInt(3);
                timesByKey
                        .computeIfAbsent((long) random.nextInt(4), key -> new ArrayList<>())
                        .add(timeNs);
            }
        }

        private StreamOperator operator() {
            StreamBuilder builder = StreamBuilder.named("chain");
            builder.from(Arrival.TYPE)
                    .window(Window.session(gapNs, NANOSECONDS))
                    .count("events")
                    .maxKeys(8)
                    .maxPanes(64)
                    .rows()
                    .window(Window.tumbling(sizeNs, NANOSECONDS))
                    .count("sessions")
                    .sum("events", "events")
                    .maxKeys(8)
                    .maxPanes(64)
                    .to("counts");
            return builder.build();
        }

        /** Events in the order of time, but for what may come later. */
        List<String> run() {
            List<long[]> arrivals = new ArrayList<>();
            timesByKey.forEach((key, times) -> times.forEach(time ->
                    arrivals.add(new long[] {time + random.nextInt((int) outOfOrdernessNs + 1), key, time})));
            arrivals.sort((a, b) -> Long.compare(a[0], b[0]));
            StreamRun run = new StreamRun(this::operator, outOfOrdernessNs, random.nextInt(4));
            MutableEvent event = MutableEvent.allocate(0);
            for (int i = 0; i < arrivals.size(); i++) {
                run.onEvent(
                        Arrival.of(i, arrivals.get(i)[1], arrivals.get(i)[2], 0).to(event));
            }
            run.onEnd(arrivals.size());
            EventType type = operator().outputTypes().get(0);
            List<String> found = new ArrayList<>();
            for (MutableEvent row : RecordedOutputs.events(run.records)) {
                found.add(row.timestampNs() + " " + row.key() + ' '
                        + type.field("sessions").getLong(row) + ' '
                        + type.field("events").getLong(row));
            }
            found.sort(null);
            return found;
        }

        List<String> expected() {
            Map<String, long[]> counts = new TreeMap<>();
            timesByKey.forEach((key, times) -> {
                int from = 0;
                for (int i = 1; i <= times.size(); i++) {
                    if (i == times.size() || times.get(i) - times.get(i - 1) > gapNs) {
                        long endNs = (times.get(i - 1) + gapNs) / sizeNs * sizeNs + sizeNs;
                        long[] count = counts.computeIfAbsent(endNs + " " + key, window -> new long[2]);
                        count[0]++;
                        count[1] += i - from;
                        from = i;
                        sessionCount++;
                    }
                }
            });
            List<String> expected = new ArrayList<>();
            counts.forEach((window, count) -> expected.add(window + ' ' + count[0] + ' ' + count[1]));
            expected.sort(null);
            return expected;
        }
    }
}
