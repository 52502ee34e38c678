package io.millrace.ops;

import io.millrace.ops.format.RowReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The header row of a CSV file, read as a run would. */
final class CsvHeader {
    private CsvHeader() {}

    /** {@return the names of the columns, null if they cannot be read: the run will say why} */
    static @Nullable List<String> columns(Path file) {
        try (InputStream input = Files.newInputStream(file)) {
            return RowReader.csvColumns(input, file.toString());
        } catch (IOException e) {
            return null;
        }
    }
}
