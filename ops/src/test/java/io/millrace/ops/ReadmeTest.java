package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the READMEs repeat is what the code has. */
class ReadmeTest {
    private static final Path ROOT = CommandRun.root();

    @Test
    void shouldShowTheExampleThatIsCompiled() throws IOException {
        String source = Files.readString(ROOT.resolve("ops/src/test/java/io/millrace/ops/EmbedExampleTest.java"));
        String region = source.substring(
                source.indexOf('\n', source.indexOf("// README begin")) + 1,
                source.lastIndexOf('\n', source.indexOf("// README end")) + 1);

        assertContains(readme(), "```java\n" + region.stripTrailing().stripIndent() + "\n```\n");
    }

    @Test
    void shouldShowAllJvmFlags() throws IOException {
        assertContains(readme(), "```\n" + String.join("\n", FlagFile.flags()) + "\n```\n");
    }

    @Test
    void shouldBeShortAndBeginWithTheTwoCommands() throws IOException {
        List<String> lines = readme().lines().toList();

        assertTrue(lines.size() <= 150, () -> lines.size() + " lines");
        assertTrue(lines.indexOf("    ops/bin/millrace run") < 10);
        assertTrue(lines.indexOf("    mvn -B verify") < 10);
    }

    @Test
    void shouldLinkToFilesThatAreThere() throws IOException {
        for (Path readme : List.of(ROOT.resolve("README.md"), ROOT.resolve("ops/README.md"))) {
            Matcher link = Pattern.compile("]\\(([^)#:]+)\\)").matcher(Files.readString(readme));
            while (link.find()) {
                Path target = readme.resolveSibling(link.group(1));
                assertTrue(Files.exists(target), () -> readme + " links to " + target);
            }
        }
    }

    @Test
    void shouldLinkToTheReadmesOfTheModules() throws IOException {
        for (String module : List.of("core", "journal", "ops")) {
            assertTrue(readme().contains("(" + module + "/README.md)"), module);
        }
    }

    @Test
    void shouldListEveryExitCode() throws IOException {
        String ops = Files.readString(ROOT.resolve("ops/README.md"));

        for (int code : new int[] {0, 1, 2, 65, 66, 70, 73, 74, 75, 78, 130}) {
            assertTrue(ops.contains("\n| " + code + " | "), () -> "exit code " + code);
        }
    }

    @Test
    void shouldListTheKeysOfASummaryInJson() throws IOException {
        String ops = Files.readString(ROOT.resolve("ops/README.md"));

        for (Class<?> type : List.of(
                RunSummary.class,
                RunSummary.Input.class,
                RunSummary.Recovery.class,
                RunSummary.Events.class,
                RunSummary.Outputs.class,
                RunSummary.Latency.class,
                RunSummary.Position.class)) {
            for (RecordComponent key : type.getRecordComponents()) {
                assertTrue(ops.contains("`" + key.getName() + "`"), () -> type.getSimpleName() + " " + key.getName());
            }
        }
    }

    @Test
    void shouldShowTheWindowsOverTheFlightsThatAreRun() throws IOException {
        String example = Files.readString(CommandRun.flights("windows.yaml"));
        String shown = example.substring(example.indexOf("schemas:"), example.indexOf("\njournal:"));

        assertContains(
                Files.readString(ROOT.resolve("ops/README.md")), "```yaml\n" + shown.stripTrailing() + "\n```\n");
    }

    /** Each on the input of the flights. */
    @Test
    void shouldShowStreamsThatAreAllowed(@TempDir Path directory) throws IOException {
        for (String file : List.of("flights.xml", "flights-20k.csv")) {
            Files.copy(CommandRun.flights(file), directory.resolve(file));
        }
        String example = Files.readString(CommandRun.flights("windows.yaml"));
        String input = example.substring(0, example.indexOf("\nstreams:\n") + 1);
        Matcher block = Pattern.compile("```yaml\n(streams:\n.*?)```\n", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("ops/README.md")));
        int count = 0;
        while (block.find()) {
            Path config = Files.writeString(directory.resolve("streams-" + count++ + ".yaml"), input + block.group(1));
            CommandRun check = CommandRun.run("check", "-c", config.toString());
            assertEquals(0, check.exitCode(), () -> block.group(1) + check.err());
        }
        assertTrue(count >= 2, "blocks of streams");
    }

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    private static void assertContains(String text, String part) {
        if (!text.contains(part)) {
            assertEquals(part, text);
        }
    }
}
