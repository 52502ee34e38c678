package io.millrace.journal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Other JVMs with the flags and class path of this one. */
final class Forks {
    private Forks() {}

    static Process java(Class<?> main, String... arguments) throws IOException {
        return java(List.of(), main, arguments);
    }

    static Process java(List<String> options, Class<?> main, String... arguments) throws IOException {
        return start(flags(), options, main, arguments);
    }

    /** A JVM under a command that runs another. */
    static Process javaUnder(List<String> command, Class<?> main, String... arguments) throws IOException {
        return start(command, flags(), List.of(), main, arguments);
    }

    static Process javaWithoutFlags(Class<?> main, String... arguments) throws IOException {
        return start(List.of(), List.of(), main, arguments);
    }

    /** Reads what a process prints until a line begins so; fails if it ends before. */
    static String awaitLine(Process process, String begin) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder all = new StringBuilder();
        String line;
        while ((line = output.readLine()) != null) {
            if (line.startsWith(begin)) {
                return line;
            }
            all.append(line).append('\n');
        }
        throw new AssertionError("process ended without " + begin + ": " + all);
    }

    static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Process start(List<String> flags, List<String> options, Class<?> main, String... arguments)
            throws IOException {
        return start(List.of(), flags, options, main, arguments);
    }

    private static Process start(
            List<String> under, List<String> flags, List<String> options, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(under);
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(flags);
        command.addAll(options);
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static List<String> flags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--") || argument.startsWith("-XX:+Ignore"))
                .toList();
    }
}
