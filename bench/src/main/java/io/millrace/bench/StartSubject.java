package io.millrace.bench;

import io.millrace.PipelineContext;
import io.millrace.journal.Journal;
import io.millrace.ring.ThreadPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The time from the start of a JVM until its pipeline (Q1 + Q2 + Q3, journal, outbox) takes events: on an empty data
 * directory, or on a journal of a given number of events, all of which are verified and replayed.
 */
final class StartSubject implements Subject {
    private static final String READY = "ready recovered=";

    private final Map<String, String> options;
    private final @Nullable BenchDirectory filled;

    StartSubject(Map<String, String> options, long eventCount) throws IOException {
        this(options, eventCount, eventCount);
    }

    /** @param tailCount events behind a snapshot, {@code eventCount} for no snapshot */
    StartSubject(Map<String, String> options, long eventCount, long tailCount) throws IOException {
        this.options = options;
        this.filled = eventCount == 0 ? null : fill(options, eventCount, tailCount);
    }

    /** {@return one with as many events as the option {@code events} says} */
    static StartSubject recovery(Map<String, String> options, boolean hasSnapshot) throws IOException {
        long eventCount = Long.parseLong(options.getOrDefault("events", "10000000"));
        long tailCount = Long.parseLong(options.getOrDefault("tail", "200000"));
        return new StartSubject(options, eventCount, hasSnapshot ? tailCount : eventCount);
    }

    private static BenchDirectory fill(Map<String, String> options, long eventCount, long tailCount)
            throws IOException {
        BenchDirectory directory = BenchDirectory.create(options);
        try (Journal journal = QuerySubject.openJournal(directory.path(), options);
                PaymentsPipeline pipeline = new PaymentsPipeline(
                        Query.Q123,
                        new PipelineContext().threadPlan(ThreadPlan.FUSED).store(journal))) {
            for (long i = 0; i < eventCount; i++) {
                if (i > 0 && i == eventCount - tailCount) {
                    pipeline.snapshot();
                }
                pipeline.publishNext();
            }
            pipeline.drain();
        }
        return directory;
    }

    /** The JVM that is started; its first argument is the data directory. */
    public static void main(String[] args) {
        try (Journal journal = QuerySubject.openJournal(Path.of(args[0]), SubjectProcess.options(args, 1));
                PaymentsPipeline pipeline = new PaymentsPipeline(Query.Q123, new PipelineContext().store(journal))) {
            System.out.println(READY + pipeline.pipeline().recoveredCount());
        }
    }

    @Override
    public void measure(long durationNs, Meter meter) throws IOException {
        if (filled != null) {
            start(filled.path(), meter);
        } else {
            try (BenchDirectory empty = BenchDirectory.create(options)) {
                start(empty.path(), meter);
            }
        }
    }

    private void start(Path directory, Meter meter) throws IOException {
        meter.begin();
        Process process = new ProcessBuilder(commandLine(directory))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
            String answer = String.valueOf(answers.readLine());
            if (!answer.startsWith(READY)) {
                throw new IOException("start answered: " + answer + " (expected: " + READY + "...)");
            }
            meter.childCpuNs(
                    process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos());
            meter.end(Long.parseLong(answer.substring(READY.length())));
        } finally {
            process.onExit().join();
        }
    }

    private List<String> commandLine(Path directory) {
        List<String> line = new ArrayList<>();
        line.add(System.getProperty("java.home") + "/bin/java");
        line.addAll(List.of("@ops/bin/jvm.flags", "-Xms256m", "-Xmx1g", "-XX:+UseSerialGC"));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), StartSubject.class.getName()));
        line.add(directory.toString());
        options.forEach((name, value) -> line.add(name + '=' + value));
        return line;
    }

    @Override
    public void close() throws IOException {
        if (filled != null) {
            filled.close();
        }
    }
}
