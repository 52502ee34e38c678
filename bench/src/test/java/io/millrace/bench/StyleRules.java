package io.millrace.bench;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The rules of style that no other check knows, over one source tree. Findings are `path:line: what; what instead`. */
final class StyleRules {
    static final int METHOD_LENGTH_MAX = 70;
    static final int FILE_LENGTH_MAX = 500;

    /** Cut in two where the whole word would be found in this file. */
    static final List<BannedWord> BANNED_WORDS = List.of(
            new BannedWord(
                    "\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b", "// TO" + "DO later", "do it, or open an issue"),
            new BannedWord("@(Dis" + "abled|Ign" + "ore)\\b", "@Dis" + "abled", "mend the test or delete it"),
            new BannedWord(
                    "\\b(class|interface|record|enum) \\w*Im" + "pl\\b", "class RingIm" + "pl", "name what differs"),
            new BannedWord("\\.print" + "StackTrace\\(", "e.print" + "StackTrace();", "the error log"),
            new BannedWord("@au" + "thor\\b", "@au" + "thor me", "git knows"),
            new BannedWord(
                    "/\\*\\*[\\s*]*This (class|interface|record|enum|method)\\b",
                    "/** This" + " class is",
                    "say what it is"),
            new BannedWord(
                    "\\b(long|int) \\w+(Nan" + "os|Mill" + "is|Micr" + "os)\\b", "long idleNan" + "os", "Ns, Ms, Us"),
            new BannedWord("(?<![\\w.])/(root|work|farm)/", "/ro" + "ot/x", "a path relative to the project"));

    private static final Set<String> SKIPPED_DIRECTORIES = Set.of(".git", ".idea", "target", "node_modules");

    /** By its name; vendored (`.min.`) files are not ours to style. */
    private static final Pattern TEXT_FILE =
            Pattern.compile("(?!.*\\.min\\.).*\\.(java|md|xml|sh|ya?ml|properties|flags|txt|js|html|css|config)|[^.]+");

    private final Path root;
    private final Set<String> excepted;
    private final Set<String> usedExceptions = new HashSet<>();
    private final List<String> findings = new ArrayList<>();

    /**
     * @param excepted the files (`path`) and methods (`path#name`) that may be longer than the rest
     */
    StyleRules(final Path root, final Set<String> excepted) {
        this.root = root;
        this.excepted = excepted;
    }

    List<String> findings() throws IOException {
        final List<Path> files = textFiles();
        for (final Path file : files) {
            checkWords(file, Files.readString(file));
        }

        final List<Path> sources =
                files.stream().filter(file -> file.toString().endsWith(".java")).toList();
        checkFileLengths(sources);
        checkMethodLengths(sources);
        checkPackageInfo(sources);
        for (final String unused : new TreeSet<>(excepted)) {
            if (!usedExceptions.contains(unused)) {
                findings.add(unused + ": is no longer too long; take it off the list of exceptions");
            }
        }
        return findings;
    }

    private List<Path> textFiles() throws IOException {
        final List<Path> files = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(final Path directory, final BasicFileAttributes attributes) {
                return SKIPPED_DIRECTORIES.contains(directory.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) {
                final String name = file.getFileName().toString();
                if (attributes.isRegularFile() && TEXT_FILE.matcher(name).matches()) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        return files;
    }

    private void checkWords(final Path file, final String text) {
        for (final BannedWord word : BANNED_WORDS) {
            word.pattern().matcher(text).results().forEach(match -> {
                final long line = text.substring(0, match.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count()
                        + 1;
                findings.add("%s:%d: `%s`; instead: %s"
                        .formatted(pathOf(file), line, match.group().strip(), word.replacement()));
            });
        }
    }

    private void checkFileLengths(final List<Path> sources) throws IOException {
        for (final Path source : sources) {
            final int length = Files.readAllLines(source).size();
            if (length > FILE_LENGTH_MAX && !isExcepted(pathOf(source))) {
                findings.add("%s:1: file of %d lines (expected: <= %d); split it by owner of state, or except it"
                        .formatted(pathOf(source), length, FILE_LENGTH_MAX));
            }
        }
    }

    private void checkMethodLengths(final List<Path> sources) throws IOException {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager fileManager = compiler.getStandardFileManager(null, null, null)) {
            final JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    fileManager,
                    null,
                    List.of("-proc:none"),
                    null,
                    fileManager.getJavaFileObjectsFromPaths(sources));
            final SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (final CompilationUnitTree unit : task.parse()) {
                new MethodLengths(unit, positions).scan(unit, null);
            }
        }
    }

    private void checkPackageInfo(final List<Path> sources) {
        final Set<Path> packages = new TreeSet<>();
        for (final Path source : sources) {
            if (pathOf(source).contains("src/main/java/")) {
                packages.add(source.getParent());
            }
        }
        for (final Path directory : packages) {
            final Path file = directory.resolve("package-info.java");
            if (!sources.contains(file)) {
                findings.add(pathOf(file) + ": missing; one sentence of purpose and @NullMarked");
            } else if (!contentOf(file).contains("@NullMarked")) {
                findings.add(pathOf(file) + ": not @NullMarked");
            }
        }
    }

    private boolean isExcepted(final String name) {
        return excepted.contains(name) && usedExceptions.add(name);
    }

    private String pathOf(final Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    private static String contentOf(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A pattern, a sample that it must find, and what to write instead. */
    record BannedWord(Pattern pattern, String sample, String replacement) {
        BannedWord(final String regex, final String sample, final String replacement) {
            this(Pattern.compile(regex), sample, replacement);
        }
    }

    private final class MethodLengths extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final String text;
        private final String path;

        MethodLengths(final CompilationUnitTree unit, final SourcePositions positions) throws IOException {
            this.unit = unit;
            this.positions = positions;
            text = unit.getSourceFile().getCharContent(true).toString();
            path = pathOf(Path.of(unit.getSourceFile().toUri()));
        }

        @Override
        public Void visitMethod(final MethodTree method, final Void unused) {
            final long start = positions.getStartPosition(unit, method);
            final long end = positions.getEndPosition(unit, method);
            if (start >= 0 && end > start) {
                check(method, start, codeLines(text.substring((int) start, (int) end)));
            }
            return super.visitMethod(method, unused);
        }

        private void check(final MethodTree method, final long start, final long length) {
            final String name = path + "#" + method.getName();
            if (length > METHOD_LENGTH_MAX && !isExcepted(name)) {
                findings.add("%s:%d: method %s of %d code lines (expected: <= %d); give each part a name"
                        .formatted(
                                path,
                                unit.getLineMap().getLineNumber(start),
                                method.getName(),
                                length,
                                METHOD_LENGTH_MAX));
            }
        }

        private static long codeLines(final String method) {
            return method.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("//") && !line.startsWith("*"))
                    .filter(line -> !line.startsWith("/*"))
                    .count();
        }
    }
}
