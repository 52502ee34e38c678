package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A fresh directory below the one that the option {@code dir} names, deleted at the end. */
final class BenchDirectory implements AutoCloseable {
    private static final String DEFAULT = "bench/target/data";

    private static final long POLL_NS = 1_000_000;

    private final Path path;

    private BenchDirectory(Path path) {
        this.path = path;
    }

    static BenchDirectory create(Map<String, String> options) throws IOException {
        Path parent = Path.of(options.getOrDefault("dir", DEFAULT));
        Files.createDirectories(parent);
        return new BenchDirectory(Files.createTempDirectory(parent, "run-"));
    }

    Path path() {
        return path;
    }

    /** Waits until a file below has a name that ends so and at least that length in bytes. */
    void await(String suffix, long length) throws IOException {
        while (!has(suffix, length)) {
            Pause.forNs(POLL_NS);
        }
    }

    private boolean has(String suffix, long length) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            return all.anyMatch(
                    file -> file.toString().endsWith(suffix) && file.toFile().length() >= length);
        }
    }

    @Override
    public void close() throws IOException {
        List<Path> paths;
        try (Stream<Path> all = Files.walk(path)) {
            paths = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : paths) {
            Files.deleteIfExists(each);
        }
    }
}
