package io.millrace.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.thread.ChildProcess;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * The judge of crash tests: {@code ops/tools/read_journal.py}, which shares nothing with this module but the text of
 * its README. One process answers for many directories, one after another.
 */
final class ReadJournal implements AutoCloseable {
    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;

    ReadJournal() throws IOException {
        process = start("-");
        questions = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    /** What it says of a directory: 0 whole, 1 differs from what was acknowledged, 65 damaged. */
    record Verdict(int exitCode, String text) {
        /** {@return the place behind the last record of a log, -1 if it said nothing of it} */
        long next(LogKind kind) {
            return number("\\{\"log\": \"" + kind.directoryName() + "\", \"next\": (\\d+)");
        }

        /** {@return the value of the first field of that name, -1 if there is none} */
        long field(String name) {
            return number("\"" + name + "\": (-?\\d+)");
        }

        String word(String name) {
            Matcher matcher = Pattern.compile("\"" + name + "\": \"([^\"]*)\"").matcher(text);
            return matcher.find() ? matcher.group(1) : "";
        }

        private long number(String pattern) {
            Matcher matcher = Pattern.compile(pattern).matcher(text);
            return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
        }
    }

    /** Asks about a directory that nobody writes at the moment. */
    Verdict ask(Path directory) throws IOException {
        questions.write(directory + "\n");
        questions.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new AssertionError("read_journal.py ended at " + directory);
        }
        Verdict verdict = new Verdict(0, answer);
        return new Verdict((int) verdict.field("exitCode"), answer);
    }

    /** Asks once, with options. */
    static Verdict verify(Path directory, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(directory.toString()));
        arguments.addAll(List.of(options));
        Process process = start(arguments.toArray(new String[0]));
        String text = Forks.output(process);
        return new Verdict(process.waitFor(), text);
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("python3", script().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        try {
            return ChildProcess.start(builder);
        } catch (IOException e) {
            Assumptions.abort("python3 is missing: " + e.getMessage());
            throw e;
        }
    }

    private static Path script() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve(".mvn"))) {
            directory = directory.getParent();
        }
        return directory.resolve("ops/tools/read_journal.py");
    }

    @Override
    public void close() throws IOException {
        questions.close();
        process.destroy();
    }
}
