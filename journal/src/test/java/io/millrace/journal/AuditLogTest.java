package io.millrace.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    @TempDir
    Path directory;

    @Test
    void shouldWriteTextNumbersFlagsAndLists() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("reason", "said \"no\" \\ \n");
        details.put("count", 7L);
        details.put("isForced", true);
        details.put("places", List.of(1, "two"));
        details.put("none", List.of());

        String line = AuditLog.line(Instant.EPOCH, "sink-reset", details);

        assertEquals(
                "{\"time\":\"1970-01-01T00:00:00Z\",\"action\":\"sink-reset\",\"user\":\""
                        + System.getProperty("user.name") + "\",\"pid\":"
                        + ProcessHandle.current().pid()
                        + ",\"reason\":\"said \\\"no\\\" \\\\ \\u000a\",\"count\":7,\"isForced\":true,"
                        + "\"places\":[1,\"two\"],\"none\":[]}\n",
                line);
    }

    @Test
    void shouldKeepALineThatACrashCutShortToItself() throws IOException {
        AuditLog.append(directory, "one", Map.of());
        Files.writeString(directory.resolve(AuditLog.FILE_NAME), "{\"time\":\"20", StandardOpenOption.APPEND);
        AuditLog.append(directory, "two", Map.of());

        List<String> lines = AuditLog.lines(directory);

        assertEquals(3, lines.size());
        assertTrue(lines.get(0).contains("\"one\"") && lines.get(2).contains("\"two\""), lines.toString());
    }

    @Test
    void shouldSayWhatCannotBeWritten() {
        JournalException e =
                assertThrows(JournalException.class, () -> AuditLog.append(directory.resolve("x"), "one", Map.of()));

        assertEquals(74, e.exitCode());
        assertEquals(List.of(), AuditLog.lines(directory.resolve("x")));
    }
}
