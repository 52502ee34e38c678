package io.millrace.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the outputs in a data directory were made with, kept beside them. A recovery makes them again from the journal:
 * with other operators it would make others under the same identities, and nobody would be told.
 */
final class DataConfig {
    static final String FILE_NAME = "operators.json";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private DataConfig() {}

    /**
     * Compares a configuration with the one that the directory was written with, and keeps it there.
     *
     * @param isEmpty whether the journal has no record yet, so that everything may change
     * @throws CommandException if an operator is another one or is gone
     */
    static void check(RunConfig config, Path dataDirectory, boolean isEmpty, PrintWriter err) {
        Path file = dataDirectory.resolve(FILE_NAME);
        try {
            compare(config, file, isEmpty, err);
        } catch (IOException e) {
            throw new CommandException(ExitCode.IO, "cannot keep the operators: file=" + file + ": " + e, e);
        }
    }

    private static void compare(RunConfig config, Path file, boolean isEmpty, PrintWriter err) throws IOException {
        Map<String, String> now = describe(config);
        if (!isEmpty && Files.exists(file)) {
            Map<String, String> before = read(file);
            if (before.equals(now)) {
                return;
            }
            requireSame(before, now, config);
            now.keySet().stream().filter(name -> !before.containsKey(name)).forEach(name -> sayNew(name, err));
        }
        write(file, now);
    }

    private static void sayNew(String name, PrintWriter err) {
        err.println("millrace: new on this data: " + name
                + "; what was recovered goes through it, its outputs begin behind the last one written");
    }

    private static void requireSame(Map<String, String> before, Map<String, String> now, RunConfig config) {
        List<String> differences = new ArrayList<>();
        before.forEach((name, value) -> {
            if (!value.equals(now.get(name))) {
                differences.add(
                        "\n    " + name + ": " + now.getOrDefault(name, "missing") + " (expected: " + value + ')');
            }
        });
        if (!differences.isEmpty()) {
            throw new CommandException(
                    ExitCode.CONFIG,
                    "cannot go on: " + config.file() + " differs from what the data directory was written with:"
                            + String.join("", differences)
                            + "\ngo on with the old configuration, or name another directory with --data");
        }
    }

    /** All that decides what the outputs are; sizes that only bound memory are left out. */
    private static Map<String, String> describe(RunConfig config) {
        Map<String, String> described = new TreeMap<>();
        described.put("eventTime.outOfOrderness", duration(config.eventTime().outOfOrdernessNs()));
        config.windows().forEach(window -> described.put("window " + window.name(), describe(window)));
        config.patterns().forEach(pattern -> described.put("pattern " + pattern.name(), describe(pattern)));
        return described;
    }

    private static String describe(WindowSection window) {
        return "of=" + window.type().name() + ", value=" + window.value().name()
                + (window.where() == null ? "" : ", where=" + window.where()) + ", size=" + duration(window.sizeNs())
                + ", slide=" + duration(window.slideNs()) + ", extremes=" + window.hasExtremes();
    }

    private static String describe(PatternSection pattern) {
        return "of=" + pattern.type().name() + (pattern.where() == null ? "" : ", where=" + pattern.where())
                + ", count>=" + pattern.countMin()
                + (pattern.distinct() == null
                        ? ""
                        : ", distinct " + pattern.distinct().name() + ">=" + pattern.distinctMin())
                + ", within=" + duration(pattern.withinNs()) + ", mode="
                + pattern.mode().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String duration(long durationNs) {
        return Duration.ofNanos(durationNs).toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> read(Path file) throws IOException {
        try {
            return MAPPER.readValue(Files.readAllBytes(file), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new CommandException(
                    ExitCode.DATA_DAMAGED,
                    "cannot read operators: file=" + file + " (expected: JSON); if the configuration is still the one"
                            + " that the directory was written with, delete the file",
                    e);
        }
    }

    private static void write(Path file, Map<String, String> described) throws IOException {
        Path temporary = file.resolveSibling(FILE_NAME + ".tmp");
        byte[] bytes = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(described);
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes));
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
