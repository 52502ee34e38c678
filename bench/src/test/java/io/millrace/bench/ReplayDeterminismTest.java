package io.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.PipelineContext;
import io.millrace.event.Event;
import io.millrace.journal.FrameReader;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.journal.LogKind;
import io.millrace.journal.replay.ReplayPace;
import io.millrace.journal.replay.ReplayRange;
import io.millrace.journal.replay.ReplaySession;
import io.millrace.ring.ThreadPlan;
import io.millrace.state.Xxh64;
import io.millrace.thread.ChildProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another collector, locale, time zone, hash of objects, compiler or number of cores: the same outputs and state. */
final class ReplayDeterminismTest {
    private static final int EVENT_COUNT = Integer.getInteger("determinism.events", 20_000);
    private static final Path TASKSET = Path.of("/usr/bin/taskset");

    @TempDir
    private static Path directory;

    private static String expected;

    @BeforeAll
    static void runLive() {
        long stateHash = live();
        expected = describe(outboxHash(), stateHash);
    }

    private static PipelineContext context() {
        return PaymentsPipeline.configure(Query.Q123, new PipelineContext(), new PaymentTypes());
    }

    private static long live() {
        PipelineContext context = new PipelineContext().threadPlan(ThreadPlan.FUSED);
        try (Journal journal = Journal.open(new JournalContext().directory(directory));
                PaymentsPipeline pipeline = new PaymentsPipeline(Query.Q123, context.store(journal))) {
            for (int i = 0; i < EVENT_COUNT; i++) {
                pipeline.publishNext();
            }
            pipeline.drain();
            pipeline.pipeline().publisher().end();
            pipeline.drain();
            return pipeline.pipeline().stateHash();
        }
    }

    private static long outboxHash() {
        long hash = 0;
        long count = 0;
        Event output = new Event();
        try (FrameReader reader = FrameReader.open(directory, LogKind.OUTBOX)) {
            while (reader.nextRecord(output)) {
                hash = Xxh64.hash(output.buffer(), 0, output.recordLength(), hash);
                count++;
            }
        }
        long outputCount = count;
        assertTrue(outputCount > EVENT_COUNT / 10, () -> "outputs=" + outputCount);
        return hash;
    }

    private static String describe(long outputs, long state) {
        return "outputs=" + Long.toHexString(outputs) + " state=" + Long.toHexString(state);
    }

    /** The child: replays a data directory and says what came out. */
    public static void main(String[] args) {
        long[] hash = {0};
        try (ReplaySession session = ReplaySession.open(
                Path.of(args[0]),
                context(),
                ReplayRange.ALL,
                output -> hash[0] = Xxh64.hash(output.buffer(), 0, output.recordLength(), hash[0]))) {
            session.run(ReplayPace.max());
            System.out.println(describe(hash[0], session.stateHash()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:+UseSerialGC",
                "-XX:+UseParallelGC -Duser.language=tr -Duser.country=TR -Duser.timezone=Asia/Kathmandu",
                "-XX:+UnlockExperimentalVMOptions -XX:hashCode=2 -Duser.timezone=Pacific/Apia",
                "-XX:+UnlockExperimentalVMOptions -XX:hashCode=0 -Xint",
                "-XX:ActiveProcessorCount=1 -Dfile.encoding=ISO-8859-1"
            })
    void shouldGiveTheSameUnderAnotherJvm(String flags) throws Exception {
        assertEquals(expected, replay(List.of(), flags));
    }

    @Test
    void shouldGiveTheSameOnOneCore() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(TASKSET), "needs " + TASKSET);

        assertEquals(expected, replay(List.of(TASKSET.toString(), "-c", "0"), "-XX:+UseSerialGC"));
    }

    @Test
    void shouldTellWhenOutputsDiffer() {
        assertNotEquals(expected, describe(outboxHash() + 1, 0));
    }

    private static String replay(List<String> before, String flags) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(before);
        line.add(System.getProperty("java.home") + "/bin/java");
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-"))
                .forEach(line::add);
        line.addAll(Arrays.asList(flags.split(" ")));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), ReplayDeterminismTest.class.getName()));
        line.add(directory.toString());
        Process process = ChildProcess.start(new ProcessBuilder(line).redirectErrorStream(true));
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertEquals(0, process.waitFor(), said);
        return said;
    }
}
