package io.millrace.thread;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.StringJoiner;

/**
 * Binds threads to cores without a native library: on Linux {@code /proc/thread-self} tells the kernel's id of the
 * thread that asks, and the program {@code taskset} of util-linux pins that id.
 *
 * <p>The kernel grants the cores within the cpuset of this process and says nothing of the others, so what was
 * granted is read back and compared.
 *
 * <p><b>Threading</b>: any thread, for itself alone. <b>Allocation</b>: per call; it starts a child process. A pinned
 * thread's children inherit its cores: start others first.
 */
public final class CorePinning {
    private static final String ALLOWED = "Cpus_allowed_list:";
    private static final CorePinning SYSTEM =
            new CorePinning(Path.of("/proc"), "taskset", System.getProperty("os.name", ""));

    private final Path proc;
    private final String taskset;
    private final String osName;

    CorePinning(Path proc, String taskset, String osName) {
        this.proc = proc;
        this.taskset = taskset;
        this.osName = osName;
    }

    /**
     * {@return cores this process may use, as the JVM counts them: control group and affinity are taken into account}
     */
    public static int availableCores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /**
     * Pins the calling thread to the given cores and no others.
     *
     * @param cores as the kernel numbers them, from 0; at least one
     * @throws IllegalStateException if that is not possible here; the thread may run where it might before
     */
    public static void pinCurrentThread(int... cores) {
        SYSTEM.pin(cores);
    }

    /**
     * {@return the cores on which this process was started, in the kernel's list form such as {@code 0-3,8}; empty if
     * this is not Linux}
     */
    public static String allowedCores() {
        return SYSTEM.allowed("self");
    }

    /**
     * {@return the cores on which the calling thread may run, in the kernel's list form; empty if this is not Linux}
     */
    public static String currentThreadCores() {
        return SYSTEM.allowed("thread-self");
    }

    void pin(int... cores) {
        BitSet wanted = setOf(cores);
        String list = listOf(wanted);
        if (!osName.equals("Linux")) {
            throw new IllegalStateException(
                    "cannot pin thread: os=" + osName + " (expected: Linux); remove cores=[" + list + "]");
        }
        String before = allowed("thread-self");
        String said = taskset(list);
        if (!parse(allowed("thread-self")).equals(wanted)) {
            taskset(before);
            throw new IllegalStateException("cannot pin thread: cores=[" + list + "] (expected: within "
                    + allowed("self") + ", this process's cpuset); choose other cores or widen the cpuset"
                    + (said.isEmpty() ? "" : " [" + said + "]"));
        }
    }

    /** {@return what taskset complained about, empty if nothing} */
    private String taskset(String list) {
        try {
            Process process =
                    ChildProcess.start(new ProcessBuilder(taskset, "-pc", list, threadId()).redirectErrorStream(true));
            String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
            return process.waitFor() == 0 ? "" : said;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot pin thread: program=" + taskset
                            + " (expected: on the PATH); install util-linux, or remove cores=[" + list + "]",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("cannot pin thread: interrupted=true (expected: false); start again", e);
        }
    }

    /** {@return the kernel's id of the calling thread} */
    private String threadId() throws IOException {
        return Files.readSymbolicLink(proc.resolve("thread-self")).getFileName().toString();
    }

    private String allowed(String task) {
        try {
            for (String line : Files.readAllLines(proc.resolve(task).resolve("status"))) {
                if (line.startsWith(ALLOWED)) {
                    return line.substring(ALLOWED.length()).strip();
                }
            }
            return "";
        } catch (IOException e) {
            return "";
        }
    }

    private static BitSet setOf(int... cores) {
        BitSet set = new BitSet();
        for (int core : cores) {
            if (core < 0) {
                throw new IllegalStateException(
                        "cannot pin thread: core=" + core + " (expected: 0 or more); number cores as lscpu does");
            }
            set.set(core);
        }
        if (set.isEmpty()) {
            throw new IllegalStateException("cannot pin thread: cores=[] (expected: at least one); name a core");
        }
        return set;
    }

    /** {@return the set in the kernel's list form, runs as ranges} */
    static String listOf(BitSet set) {
        StringJoiner list = new StringJoiner(",");
        for (int first = set.nextSetBit(0); first >= 0; ) {
            int end = set.nextClearBit(first);
            list.add(end - first == 1 ? Integer.toString(first) : first + "-" + (end - 1));
            first = set.nextSetBit(end);
        }
        return list.toString();
    }

    /** {@return the set that a list such as {@code 0-3,8} names} */
    static BitSet parse(String list) {
        BitSet set = new BitSet();
        for (String range : list.isEmpty() ? List.<String>of() : List.of(list.split(","))) {
            int dash = range.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
            set.set(first, last + 1);
        }
        return set;
    }
}
