package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ops.command.Signals;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first signal is for the program to see, the second ends a process that does not come to its end. */
class SignalsSystemTest {
    @ParameterizedTest
    @CsvSource({"INT, SIGINT 130, 130", "TERM, SIGTERM 0, 143"})
    void shouldEndAtOnceAtTheSecondSignal(String signal, String said, int exitCode) throws Exception {
        CommandRun run = CommandRun.start(List.of(
                "env",
                "--default-signal=INT,TERM",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Endless.class.getName()));
        await(run, "ready");

        run.signal(signal);
        await(run, said);
        assertTrue(run.process().isAlive());
        run.signal(signal);

        assertEquals(exitCode, run.exitCode(), run::err);
    }

    private static void await(CommandRun run, String line) throws InterruptedException {
        while (run.out().lines().noneMatch(line::equals)) {
            assertTrue(run.process().isAlive(), run::err);
            Thread.sleep(10);
        }
    }

    /** Sees a signal, and goes on. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] arguments) throws InterruptedException {
            Signals signals = Signals.install();
            System.out.println("ready");
            while (!signals.isStopping()) {
                Thread.sleep(1);
            }
            System.out.println(signals.name() + ' ' + signals.exitCode());
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
