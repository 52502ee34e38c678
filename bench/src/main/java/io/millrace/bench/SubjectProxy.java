package io.millrace.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A subject's JVM as the harness sees it. Between its turns the process is stopped (SIGSTOP), so that its threads take
 * nothing from whoever has the turn, however they wait.
 */
final class SubjectProxy implements AutoCloseable {
    private static final long LEAD_IN_NS = 400_000_000L;
    private static final long CLOSE_TIMEOUT_S = 10;

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;
    private final Thread killer;

    private SubjectProxy(String name, Process process) {
        this.name = name;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        this.killer = new Thread(process::destroyForcibly, "kill-" + name);
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Starts a subject; returns when it is warm and stopped. */
    static SubjectProxy start(String name, List<String> commandLine) throws IOException {
        Process process = new ProcessBuilder(commandLine)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        SubjectProxy proxy = new SubjectProxy(name, process);
        String answer = proxy.answer();
        if (!answer.equals(SubjectProcess.READY)) {
            throw new IOException("subject " + name + " answered: " + answer + " (expected: ready)");
        }
        proxy.signal("STOP");
        return proxy;
    }

    String name() {
        return name;
    }

    /** Gives it a turn: a short one that does not count, if there is a duration, then one that does. */
    Sample measure(long durationNs, boolean hasLeadIn) throws IOException {
        signal("CONT");
        if (hasLeadIn) {
            measure(LEAD_IN_NS);
        }
        Sample sample = measure(durationNs);
        signal("STOP");
        return sample;
    }

    private Sample measure(long durationNs) throws IOException {
        send(SubjectProcess.MEASURE + durationNs);
        String answer = answer();
        if (!answer.startsWith(SubjectProcess.SAMPLE)) {
            throw new IOException("subject " + name + " answered: " + answer + " (expected: a sample)");
        }
        return Sample.parse(answer.substring(SubjectProcess.SAMPLE.length()));
    }

    private void send(String command) throws IOException {
        commands.write(command + '\n');
        commands.flush();
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("subject " + name + " ended; what it said is above");
        }
        return line;
    }

    private void signal(String signal) throws IOException {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        signal("CONT");
        try {
            send(SubjectProcess.QUIT);
            process.waitFor(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (IOException ended) {
            // It said why before it ended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
            Runtime.getRuntime().removeShutdownHook(killer);
        }
    }
}
