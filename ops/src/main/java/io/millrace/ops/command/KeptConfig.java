package io.millrace.ops.command;

import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.ConfigReader;
import io.millrace.ops.config.RunConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies of the configuration and its schemas in the data directory, so that what it holds can be read without them.
 *
 * <pre>
 *   config/00000001/config.yaml          by the number of the start that first ran with it
 *                   schema-00.xml        the schemas in the order of the configuration
 *   config/00000004/...                  written only when something has changed
 * </pre>
 */
public final class KeptConfig {
    static final String DIRECTORY_NAME = "config";

    private static final String CONFIG_NAME = "config.yaml";
    private static final String NUMBER = "%08d";
    private static final String TEMPORARY_SUFFIX = ".tmp";

    private KeptConfig() {}

    /**
     * Keeps a copy if the newest one differs.
     *
     * @param start number of the start that runs with it
     */
    public static void write(RunConfig config, Path dataDirectory, int start) throws IOException {
        Map<String, byte[]> files = files(config);
        Path directory = dataDirectory.resolve(DIRECTORY_NAME);
        Path newest = newest(directory);
        if (newest != null && isSame(newest, files)) {
            return;
        }
        String name = String.format(Locale.ROOT, NUMBER, start);
        Path temporary = directory.resolve(name + TEMPORARY_SUFFIX);
        Files.createDirectories(temporary);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            writeForced(temporary.resolve(file.getKey()), file.getValue());
        }
        Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * {@return the configuration of the newest copy, null if there is none}
     *
     * @throws ConfigException if this version of millrace cannot use it
     */
    public static @Nullable RunConfig read(Path dataDirectory) throws ConfigException {
        try {
            Path newest = newest(dataDirectory.resolve(DIRECTORY_NAME));
            return newest == null ? null : ConfigReader.read(newest.resolve(CONFIG_NAME), schemas(newest));
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.IO,
                    "cannot read the configuration kept in " + dataDirectory + ": " + Refusal.reason(e),
                    e);
        }
    }

    /** Copies what a data directory keeps into another one that keeps nothing. */
    public static void copy(Path dataDirectory, Path target) throws IOException {
        Path directory = dataDirectory.resolve(DIRECTORY_NAME);
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.toList()) {
                    Files.copy(file, target.resolve(DIRECTORY_NAME).resolve(directory.relativize(file)));
                }
            }
        }
    }

    private static Map<String, byte[]> files(RunConfig config) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(CONFIG_NAME, Files.readAllBytes(Path.of(config.file())));
        for (Path schema : config.schemas()) {
            files.put(String.format(Locale.ROOT, "schema-%02d.xml", files.size() - 1), Files.readAllBytes(schema));
        }
        return files;
    }

    private static List<Path> schemas(Path copy) throws IOException {
        try (Stream<Path> files = Files.list(copy)) {
            return files.filter(file -> file.getFileName().toString().startsWith("schema-"))
                    .sorted()
                    .toList();
        }
    }

    private static @Nullable Path newest(Path directory) throws IOException {
        try (Stream<Path> copies = Files.list(directory)) {
            return copies.filter(copy -> copy.getFileName().toString().matches("[0-9]{8}"))
                    .max(Path::compareTo)
                    .orElse(null);
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    private static boolean isSame(Path copy, Map<String, byte[]> files) throws IOException {
        if (schemas(copy).size() != files.size() - 1) {
            return false;
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path kept = copy.resolve(file.getKey());
            if (!Files.exists(kept) || !Arrays.equals(Files.readAllBytes(kept), file.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static void writeForced(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }
}
