package io.millrace.journal.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.TestSeed;
import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.journal.LogKind;
import io.millrace.journal.outbox.SinkReset.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A sink through restarts, kills, failures and resets, drawn by a seed, against a list: what it is given is exactly
 * what a reader of that list would be given who goes back to the last end of a frame that was flushed. The data of a
 * sink that is effectively once shows every output once and in order. {@code -Dsink.runs=N} makes it more.
 */
class SinkModelTest {
    private static final int RUN_COUNT = Integer.getInteger("sink.runs", 3);
    private static final long SEED = TestSeed.of(SinkModelTest.class);
    private static final int STEP_COUNT = 80;

    @TempDir
    Path directory;

    private final List<Long> given = new ArrayList<>();
    private final List<Long> expected = new ArrayList<>();
    private final StringBuilder story = new StringBuilder();
    /** Ends of frames, as ordinals. */
    private final List<Integer> frameEnds = new ArrayList<>(List.of(0));

    private Random random;
    private DataSink sink;
    private SinkRunner runner;
    private int noted;
    private int next;
    private int failures;

    static IntStream runs() {
        return IntStream.range(0, RUN_COUNT);
    }

    @ParameterizedTest
    @MethodSource("runs")
    void shouldGiveEveryOutputAsAListWould(int run) throws IOException {
        random = new Random(SEED + run);
        story.append("-Dmillrace.test.seed=").append(SEED + run).append(" -Dsink.runs=1:");
        System.out.println(story);
        sink = new DataSink();
        Journal journal = open();
        start();
        for (int i = 0; i < STEP_COUNT; i++) {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> append(journal);
                case 4, 5, 6, 7, 8, 9 -> work();
                case 10 -> kill();
                case 11, 12 -> failures = random.nextInt(4);
                case 13 -> sink.isFlushRefused = !sink.isFlushRefused;
                case 14 -> {
                    runner.close();
                    journal.close();
                    journal = open();
                    start();
                }
                default -> {
                    runner.close();
                    journal.close();
                    reset();
                    journal = open();
                    start();
                }
            }
        }
        sink.isFlushRefused = false;
        failures = 0;
        drain();
        runner.close();
        journal.close();

        assertEquals(expected, given, story::toString);
        assertEquals(IntStream.range(0, end()).mapToObj(Long::valueOf).toList(), sink.kept, story::toString);
    }

    private int end() {
        return frameEnds.get(frameEnds.size() - 1);
    }

    /** A frame or a few, whose outputs have one to three of a cause. */
    private void append(Journal journal) {
        for (int frames = 1 + random.nextInt(3); frames > 0; frames--) {
            int count = 1 + random.nextInt(5);
            MutableEvent record = MutableEvent.allocate(0);
            for (int place = end(); place < end() + count; place++) {
                if (place % 3 == 0) {
                    journal.journal().append(record.sequence(place / 3));
                    journal.journal().commit();
                }
                record.sequence(place / 3).id(1L << 32 | place % 3, place / 3);
                journal.outbox().append(record);
            }
            journal.outbox().commit();
            frameEnds.add(end() + count);
            story.append(" frame").append(count);
        }
    }

    /** One call of the runner, and what the list says that it does. */
    private void work() {
        story.append(" work");
        while (next < end()) {
            if (next > noted && frameEnds.contains(next)) {
                break;
            }
            if (failures > 0) {
                failures--;
                sink.failures = 1;
                runner.doWork();
                assertEquals(0, sink.failures, story::toString);
                return;
            }
            expected.add((long) next);
            next++;
            if (frameEnds.contains(next)) {
                break;
            }
        }
        runner.doWork();
        if (frameEnds.contains(next) && !sink.isFlushRefused) {
            noted = next;
        }
        assertEquals(expected, given, story::toString);
    }

    private void drain() {
        while (noted < end()) {
            work();
        }
    }

    /** The process dies: what the sink had not flushed is there in part. */
    private void kill() {
        story.append(" kill");
        sink.die(random);
        runner.close();
        start();
    }

    private void reset() {
        int to = random.nextInt(noted + 1);
        SinkReset.apply(directory, LogKind.OUTBOX, "s", Target.sequence(to / 3), "model", 0);
        int place = to / 3 * 3;
        noted = place;
        next = place;
        story.append(" reset").append(place);
    }

    private void start() {
        sink.reopen();
        next = noted;
        runner = new SinkRunner(directory, sink);
        assertEquals(noted, runner.position(), story::toString);
    }

    private Journal open() {
        story.append(" open");
        return Journal.open(new JournalContext()
                .directory(directory)
                .blockLength(1 << 18)
                .segmentLength(1 << 18)
                .frameLength(8192));
    }

    /** Appends ordinals to data that outlives it, by {@link NewestCause}. */
    private final class DataSink implements Sink {
        private final List<Long> kept = new ArrayList<>();
        private final List<Long> open = new ArrayList<>();
        private final NewestCause newest = new NewestCause();
        private boolean isFlushRefused;
        private int failures;

        void reopen() {
            open.clear();
            newest.clear();
            for (int i = kept.size() - 1; i >= 0; i--) {
                long place = kept.get(i);
                if (!newest.addFromEnd(1L << 32 | place % 3, place / 3)) {
                    return;
                }
            }
        }

        void die(Random chance) {
            int torn = open.isEmpty() ? 0 : chance.nextInt(open.size() + 1);
            kept.addAll(open.subList(0, torn));
            open.clear();
        }

        @Override
        public String name() {
            return "s";
        }

        @Override
        public Delivery delivery() {
            return Delivery.EFFECTIVELY_ONCE;
        }

        @Override
        public void onOutput(Event output) throws IOException {
            if (failures > 0) {
                failures--;
                throw new IOException("refused");
            }
            long place = 3 * output.idLo() + (output.idHi() & 3);
            given.add(place);
            if (!newest.contains(output)) {
                open.add(place);
                newest.add(output);
            }
        }

        @Override
        public void flush() throws IOException {
            if (isFlushRefused) {
                throw new IOException("flush refused");
            }
            kept.addAll(open);
            open.clear();
        }

        /** What is not flushed is lost, as the worst of sinks would. */
        @Override
        public void close() {
            open.clear();
        }
    }
}
