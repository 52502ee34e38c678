package io.millrace.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The keys that are accepted, the defaults that are taken and the reference that users read are one. */
class ConfigKeyTest {
    @Test
    void shouldStandInTheReadmeAsTheyAreAccepted() throws IOException {
        String readme = Files.readString(readme());
        int begin = readme.indexOf("| key | value |");
        String table = readme.substring(begin, readme.indexOf("\n\n", begin) + 1);

        assertEquals(expectedTable(), table);
    }

    private static String expectedTable() {
        StringBuilder table = new StringBuilder("| key | value | default | meaning |\n|---|---|---|---|\n");
        for (ConfigKey key : ConfigKey.values()) {
            String shown = key.defaultText().isEmpty() ? "" : '`' + key.defaultText() + '`';
            table.append("| `")
                    .append(key.path())
                    .append("` | ")
                    .append(key.type().allowed().replaceFirst(" as .*", ""))
                    .append(" | ")
                    .append(key.isRequired() ? "required" : shown)
                    .append(" | ")
                    .append(key.text())
                    .append(" |\n");
        }
        return table.toString();
    }

    @Test
    void shouldHaveADefaultOfTheirOwnType() {
        for (ConfigKey key : ConfigKey.values()) {
            String text = key.defaultText();
            boolean isSection = key.type() == ConfigType.SECTION;
            if (!text.isEmpty() && !isSection) {
                assertNotNull(key.type().parse().apply(text), key.path());
            }
        }
    }

    @Test
    void shouldStandInASectionThatIsAKeyItself() {
        for (ConfigKey key : ConfigKey.values()) {
            String section = key.section().replaceFirst("\\[]$", "");
            assertTrue(
                    section.isEmpty()
                            || Arrays.stream(ConfigKey.values())
                                    .anyMatch(parent -> parent.path().equals(section)),
                    key.path());
        }
    }

    private static Path readme() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve(".mvn"))) {
            directory = directory.getParent();
        }
        return directory.resolve("ops/README.md");
    }
}
