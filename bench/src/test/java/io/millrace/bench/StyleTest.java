package io.millrace.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The source tree keeps the house style, and the rules that say so find what is planted. */
class StyleTest {
    private static final String PACKAGE = "core/src/main/java/a/";
    private static final String MARKED = "/** A. */\n@NullMarked\npackage a;\n";

    @TempDir
    private Path planted;

    @Test
    void shouldHoldInTheProject() throws IOException {
        final List<String> findings = new StyleRules(projectRoot(), exceptions()).findings();

        assertEquals("", String.join("\n", findings));
    }

    @Test
    void shouldFindNothingInCleanSources() throws IOException {
        plant(PACKAGE + "package-info.java", MARKED);
        plant(PACKAGE + "A.java", type(StyleRules.METHOD_LENGTH_MAX, 0));
        plant("core/target/generated.txt", StyleRules.BANNED_WORDS.get(0).sample());

        assertEquals(List.of(), findings());
    }

    @ParameterizedTest
    @MethodSource("bannedWords")
    void shouldFindABannedWord(final StyleRules.BannedWord word) throws IOException {
        plant(PACKAGE + "package-info.java", MARKED);
        plant(".ci/run", "first\n" + word.sample() + "\n");

        final List<String> findings = findings();

        assertEquals(1, findings.size(), findings::toString);
        assertTrue(findings.get(0).startsWith(".ci/run:2: "), findings::toString);
    }

    @Test
    void shouldFindALongMethod() throws IOException {
        plant(PACKAGE + "package-info.java", MARKED);
        plant(PACKAGE + "A.java", type(StyleRules.METHOD_LENGTH_MAX + 1, 0));

        assertEquals(
                List.of(PACKAGE + "A.java:3: method run of 71 code lines (expected: <= 70); give each part a name"),
                findings());
        assertEquals(List.of(), findings(PACKAGE + "A.java#run"));
    }

    @Test
    void shouldFindALongFile() throws IOException {
        plant(PACKAGE + "package-info.java", MARKED);
        plant(PACKAGE + "A.java", type(3, StyleRules.FILE_LENGTH_MAX));

        assertEquals(1, findings().size());
        assertEquals(List.of(), findings(PACKAGE + "A.java"));
    }

    @Test
    void shouldFindAnExceptionThatIsNoLongerNeeded() throws IOException {
        plant(PACKAGE + "package-info.java", MARKED);

        assertEquals(
                List.of("x/A.java: is no longer too long; take it off the list of exceptions"), findings("x/A.java"));
    }

    @Test
    void shouldFindAPackageThatSaysNothingOfItself() throws IOException {
        plant(PACKAGE + "A.java", type(3, 0));

        assertEquals(
                List.of(PACKAGE + "package-info.java: missing; one sentence of purpose and @NullMarked"), findings());
    }

    @Test
    void shouldFindAPackageThatIsNotNullMarked() throws IOException {
        plant(PACKAGE + "package-info.java", "/** A. */\npackage a;\n");

        assertEquals(List.of(PACKAGE + "package-info.java: not @NullMarked"), findings());
    }

    private static List<StyleRules.BannedWord> bannedWords() {
        return StyleRules.BANNED_WORDS;
    }

    private static String type(final int methodLines, final int commentLines) {
        return "package a;\nclass A {\n    void run() {\n" + "        // not code\n\n"
                + "        run();\n".repeat(methodLines - 2) + "    }\n" + "    // not code\n".repeat(commentLines)
                + "}\n";
    }

    private void plant(final String path, final String text) throws IOException {
        final Path file = planted.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private List<String> findings(final String... exceptions) throws IOException {
        return new StyleRules(planted, Set.of(exceptions)).findings();
    }

    private static Set<String> exceptions() throws IOException {
        final Path file = projectRoot().resolve("bench/src/test/resources/style-exceptions.txt");
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> {
                    final String[] parts = line.split(" ", 2);
                    assertTrue(parts.length == 2 && !parts[1].isBlank(), () -> "no reason given: " + line);
                    return parts[0];
                })
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The nearest directory above this one that holds the build's own settings. */
    private static Path projectRoot() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve(".mvn"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
