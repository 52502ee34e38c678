package io.millrace.ops;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first line of a CSV file. */
final class CsvHeader {
    private CsvHeader() {}

    /** {@return the names of the columns, null if the file cannot be read: the run will say why} */
    static @Nullable List<String> columns(Path file) {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String line = lines.readLine();
            return line == null
                    ? null
                    : Arrays.stream(line.split(",", -1))
                            .map(CsvHeader::unquoted)
                            .toList();
        } catch (IOException e) {
            return null;
        }
    }

    private static String unquoted(String name) {
        String stripped = name.strip();
        boolean quoted = stripped.length() > 1 && stripped.startsWith("\"") && stripped.endsWith("\"");
        return quoted ? stripped.substring(1, stripped.length() - 1) : stripped;
    }
}
