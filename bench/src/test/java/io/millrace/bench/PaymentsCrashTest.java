package io.millrace.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.Event;
import io.millrace.journal.Failpoint;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills a process strictly inside its run, starts it again on the same input, and compares outputs and state with an
 * unbroken run. Few kills and events by default; {@code -Dcrash.kills=20 -Dcrash.events=600000} for all. The seed is
 * printed; {@code -Dmillrace.test.seed=N} repeats it.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class PaymentsCrashTest {
    private static final int KILL_COUNT = Integer.getInteger("crash.kills", 2);
    private static final int EVENT_COUNT = Integer.getInteger("crash.events", 60_000);
    private static final long SEED = TestSeed.of(PaymentsCrashTest.class);
    private static final Random RANDOM = new Random(SEED);
    private static final long RATE_PER_SECOND = 150_000;

    @TempDir
    private static Path scratch;

    private static Result unbroken;

    /** What a finished run left: a digest of the whole list of outputs, their number, and the hash of all state. */
    private record Result(String outputDigest, long outputCount, String stateHash) {}

    @BeforeAll
    static void runUnbroken() throws Exception {
        System.out.println("crash.kills=" + KILL_COUNT + " crash.events=" + EVENT_COUNT);
        Path directory = scratch.resolve("unbroken");
        String log = finish(directory);
        unbroken = result(directory, log);
        assertTrue(unbroken.outputCount() > EVENT_COUNT / 2, unbroken.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {Failpoint.FRAME_BEFORE, Failpoint.FRAME_AFTER})
    void shouldGiveTheSameOutputsAfterAHaltAtAFrame(String failpoint) throws Exception {
        for (int kill = 0; kill < KILL_COUNT; kill++) {
            haltAndCompare(failpoint, 1 + RANDOM.nextInt(EVENT_COUNT * 9 / 10));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                Failpoint.OUTBOX_BEFORE,
                Failpoint.OUTBOX_AFTER,
                Failpoint.CHECKPOINT_BEFORE,
                Failpoint.CHECKPOINT_AFTER
            })
    void shouldGiveTheSameOutputsAfterAHaltAtAnOutboxFrameOrACheckpoint(String failpoint) throws Exception {
        for (int kill = 0; kill < KILL_COUNT; kill++) {
            haltAndCompare(failpoint, 1 + RANDOM.nextInt((int) unbroken.outputCount() * 9 / 10));
        }
    }

    private static void haltAndCompare(String failpoint, long sequence) throws Exception {
        String what = failpoint + '@' + sequence;
        Path directory = scratch.resolve("halted");
        Process victim = start(directory, 0, "-Dmillrace.failpoint=" + what);
        int status = victim.waitFor();
        String log = Files.readString(logFile(directory));

        assertEquals(Failpoint.EXIT_STATUS, status, () -> what + ": " + log);
        assertFalse(log.contains("done"), what);
        assertRecovers(directory, what);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, RATE_PER_SECOND})
    void shouldGiveTheSameOutputsAfterSigkill(long ratePerSecond) throws Exception {
        for (int kill = 0; kill < KILL_COUNT; kill++) {
            killAndCompare(ratePerSecond);
        }
    }

    /** A kill that comes after the end is not counted but tried again. */
    private static void killAndCompare(long ratePerSecond) throws Exception {
        long spanMs = ratePerSecond == 0 ? 300 + EVENT_COUNT / 600 : 1000L * EVENT_COUNT / ratePerSecond;
        for (boolean wasInside = false; !wasInside; ) {
            Path directory = scratch.resolve("killed");
            long delayMs = RANDOM.nextInt((int) spanMs);
            Process victim = start(directory, ratePerSecond);
            awaitLive(victim, directory);
            victim.waitFor(delayMs, TimeUnit.MILLISECONDS);
            victim.destroyForcibly();
            wasInside = victim.waitFor() == 128 + 9
                    && !Files.readString(logFile(directory)).contains("done");
            if (wasInside) {
                assertRecovers(directory, "SIGKILL after " + delayMs + " ms at " + ratePerSecond + "/s");
            } else {
                delete(directory);
            }
        }
    }

    private static void awaitLive(Process victim, Path directory) throws Exception {
        while (victim.isAlive() && !Files.readString(logFile(directory)).contains("live")) {
            victim.waitFor(1, TimeUnit.MILLISECONDS);
        }
    }

    private static void assertRecovers(Path directory, String what) throws Exception {
        String log = finish(directory);
        Result result = result(directory, log);

        assertEquals(unbroken, result, () -> what + ", seed=" + SEED + ": " + log);
        System.out.println(what + ": the same, " + log.lines().findFirst().orElse(""));
        delete(directory);
    }

    private static String finish(Path directory) throws Exception {
        Process process = start(directory, 0);
        int status = process.waitFor();
        String log = Files.readString(logFile(directory));
        assertEquals(0, status, log);
        return log;
    }

    private static Process start(Path directory, long ratePerSecond, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-") || argument.startsWith("-XX:+Ignore"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CrashVictim.class.getName()));
        command.addAll(List.of(directory.toString(), Integer.toString(EVENT_COUNT), Long.toString(ratePerSecond)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(logFile(directory).toFile())
                .start();
    }

    private static Path logFile(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ".log");
    }

    private static Result result(Path directory, String log) throws NoSuchAlgorithmException, IOException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        List<long[]> identities = new ArrayList<>();
        Event output = new Event();
        byte[] bytes = new byte[1024];
        try (FrameReader reader = FrameReader.open(directory, LogKind.OUTBOX)) {
            while (reader.nextRecord(output)) {
                // The time of publication differs from run to run; it is not a part of an output's identity.
                int length = output.recordLength();
                output.buffer().getBytes(0, bytes, 0, length);
                digest.update(bytes, 0, Event.INGEST_TIME_NS_OFFSET);
                digest.update(bytes, Event.SOURCE_ID_OFFSET, length - Event.SOURCE_ID_OFFSET);
                identities.add(new long[] {output.idHi(), output.idLo()});
            }
        }
        String hash =
                log.lines().filter(line -> line.startsWith("done")).findFirst().orElse("not done");
        assertNotEquals("not done", hash, log);
        long repeated = IdentityFile.verify(CrashVictim.identities(directory), identities);
        System.out.println("sink: " + identities.size() + " outputs, " + repeated + " of them again");
        return new Result(HexFormat.of().formatHex(digest.digest()), identities.size(), hash);
    }

    private static void delete(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
