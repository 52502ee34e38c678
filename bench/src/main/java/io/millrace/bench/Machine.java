package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What /proc says of the machine. */
final class Machine {
    private static final long NS_PER_TICK = 10_000_000;
    /** Of "cpu user nice system idle iowait irq softirq steal": all that is not idle. */
    private static final int[] BUSY_COLUMNS = {1, 2, 3, 6, 7, 8};

    private static final int STOLEN_COLUMN = 8;

    private Machine() {}

    static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** {@return busy and stolen time of all CPUs in nanoseconds; 0 where there is no /proc/stat} */
    static long busyNs() {
        String[] columns = firstLine("/proc/stat").split(" +");
        long ticks = 0;
        for (int column : BUSY_COLUMNS) {
            ticks += column < columns.length ? Long.parseLong(columns[column]) : 0;
        }
        return ticks * NS_PER_TICK;
    }

    /** {@return time in nanoseconds that the host took from the CPUs of this machine} */
    static long stolenNs() {
        String[] columns = firstLine("/proc/stat").split(" +");
        return STOLEN_COLUMN < columns.length ? Long.parseLong(columns[STOLEN_COLUMN]) * NS_PER_TICK : 0;
    }

    private static String firstLine(String file) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.findFirst().orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    /** {@return the line that stands over every table: whose figures these are} */
    static String describe() {
        return "%d cores, %s, JDK %s, Linux %s, load %s"
                .formatted(
                        cores(),
                        model(),
                        System.getProperty("java.runtime.version"),
                        System.getProperty("os.version"),
                        firstLine("/proc/loadavg").replaceAll(" \\d+/.*", ""));
    }

    private static String model() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown CPU");
        } catch (IOException e) {
            return "unknown CPU";
        }
    }
}
