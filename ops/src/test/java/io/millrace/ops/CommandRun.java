package io.millrace.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run of {@code ops/bin/millrace} as a child process, on the classes of this build. */
final class CommandRun {
    private static final long TIMEOUT_S = 50;

    private final Process process;
    private final Path out;
    private final Path err;

    private CommandRun(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** {@return the directory that holds {@code ops}} */
    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve(".mvn"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    static Path flights(String file) {
        return root().resolve("ops/examples/flights").resolve(file);
    }

    /** Starts a run; its standard input is a pipe. */
    static CommandRun start(String... arguments) throws IOException {
        return start(root().resolve("ops/bin/millrace"), arguments);
    }

    static CommandRun start(Path script, String... arguments) throws IOException {
        // Whoever builds in the background of a shell has SIGINT ignored, and children inherit that.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,TERM", script.toString()));
        command.addAll(List.of(arguments));
        return start(command);
    }

    /** Starts a run that ends at a place of {@link io.millrace.journal.Failpoint}. */
    static CommandRun startUntil(String failpoint, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(root().resolve("ops/bin/millrace").toString()));
        command.addAll(List.of(arguments));
        return start(command, " -Dmillrace.failpoint=" + failpoint);
    }

    static CommandRun start(List<String> command) throws IOException {
        return start(command, "");
    }

    private static CommandRun start(List<String> command, String javaOptions) throws IOException {
        Path out = Files.createTempFile("millrace", ".out");
        Path err = Files.createTempFile("millrace", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("MILLRACE_CLASS_PATH", System.getProperty("java.class.path"));
        builder.environment().put("MILLRACE_JAVA_OPTS", "-XX:TieredStopAtLevel=1" + javaOptions);
        return new CommandRun(builder.start(), out, err);
    }

    /** Runs to the end. */
    static CommandRun run(String... arguments) throws IOException {
        CommandRun run = start(arguments);
        run.process.getOutputStream().close();
        return run;
    }

    Process process() {
        return process;
    }

    /** Sends a signal by name. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** {@return the exit status, once it is there} */
    int exitCode() {
        try {
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + TIMEOUT_S + " s\n" + out() + err());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
