package io.millrace.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorePinningTest {
    private static final Path PROC = Path.of("/proc");

    @Test
    void shouldPinTheCallingThreadAndNoOther() throws Exception {
        assumeTrue(isPossible());
        String before = CorePinning.currentThreadCores();
        int core = CorePinning.parse(CorePinning.allowedCores()).nextSetBit(0);

        String pinned = onNewThread(() -> {
            CorePinning.pinCurrentThread(core);
            return CorePinning.currentThreadCores();
        });

        assertEquals(Integer.toString(core), pinned);
        assertEquals(before, CorePinning.currentThreadCores());
    }

    @Test
    void shouldPinToSeveralCores() throws Exception {
        assumeTrue(isPossible());
        BitSet allowed = CorePinning.parse(CorePinning.allowedCores());

        String pinned = onNewThread(() -> {
            CorePinning.pinCurrentThread(allowed.stream().toArray());
            return CorePinning.currentThreadCores();
        });

        assertEquals(CorePinning.allowedCores(), pinned);
    }

    @Test
    void shouldNameTheCpusetWhenItForbidsTheCore() throws Exception {
        assumeTrue(isPossible());
        int forbidden = CorePinning.parse(CorePinning.allowedCores()).length() + 4_000;

        String message = onNewThread(() -> messageOf(() -> CorePinning.pinCurrentThread(forbidden)));

        assertTrue(
                message.startsWith("cannot pin thread: cores=[" + forbidden + "] (expected: within "
                        + CorePinning.allowedCores()
                        + ", this process's cpuset); choose other cores or widen the cpuset"),
                message);
    }

    @Test
    void shouldRefuseAndLeaveTheThreadAloneWhenOneOfTheCoresIsForbidden() throws Exception {
        assumeTrue(isPossible());
        BitSet allowed = CorePinning.parse(CorePinning.allowedCores());
        int[] cores = {allowed.nextSetBit(0), allowed.length() + 1};

        String after = onNewThread(() -> {
            assertThrows(IllegalStateException.class, () -> CorePinning.pinCurrentThread(cores));
            return CorePinning.currentThreadCores();
        });

        assertEquals(CorePinning.allowedCores(), after);
    }

    @Test
    void shouldNameTheProgramWhenItIsMissing() {
        CorePinning pinning = new CorePinning(PROC, "taskset-that-is-missing", "Linux");

        assertEquals(
                "cannot pin thread: program=taskset-that-is-missing (expected: on the PATH); install util-linux, "
                        + "or remove cores=[0]",
                messageOf(() -> pinning.pin(0)));
    }

    @Test
    void shouldNameTheSystemWhenItIsNotLinux() {
        CorePinning pinning = new CorePinning(PROC, "taskset", "Mac OS X");

        assertEquals(
                "cannot pin thread: os=Mac OS X (expected: Linux); remove cores=[1-2]",
                messageOf(() -> pinning.pin(2, 1)));
    }

    @Test
    void shouldRefuseNoCores() {
        assertEquals(
                "cannot pin thread: cores=[] (expected: at least one); name a core",
                messageOf(CorePinning::pinCurrentThread));
    }

    @Test
    void shouldRefuseANegativeCore() {
        assertEquals(
                "cannot pin thread: core=-1 (expected: 0 or more); number cores as lscpu does",
                messageOf(() -> CorePinning.pinCurrentThread(-1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0-1", "0-3,8", "1,3,5-7,63-65"})
    void shouldReadAndWriteTheKernelsLists(String list) {
        assertEquals(list, CorePinning.listOf(CorePinning.parse(list)));
    }

    @Test
    void shouldCountTheCoresOfThisProcess() {
        assertEquals(Runtime.getRuntime().availableProcessors(), CorePinning.availableCores());
    }

    private static boolean isPossible() {
        return System.getProperty("os.name").equals("Linux") && Files.isExecutable(Path.of("/usr/bin/taskset"));
    }

    private static String messageOf(Runnable pinning) {
        return assertThrows(IllegalStateException.class, pinning::run).getMessage();
    }

    private static String onNewThread(Callable<String> work) throws Exception {
        FutureTask<String> task = new FutureTask<>(work);
        new Thread(task).start();
        return task.get();
    }
}
