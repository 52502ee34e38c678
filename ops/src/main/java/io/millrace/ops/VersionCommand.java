package io.millrace.ops;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace version}. */
@Command(name = "version", description = "Show the versions of millrace, of its engines and of Java.")
final class VersionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Override
    public Integer call() {
        Map<String, Object> versions = versions();
        if (options.isJson()) {
            Json.print(spec, versions);
        } else {
            versions.forEach((name, version) -> spec.commandLine().getOut().printf("%-16s %s%n", name, version));
        }
        return ExitCode.OK;
    }

    /** {@return name to version: ours first, then the engines, then Java and the machine} */
    static Map<String, Object> versions() {
        Properties engines = new Properties();
        try (InputStream file =
                Objects.requireNonNull(VersionCommand.class.getResourceAsStream("version.properties"))) {
            engines.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Object> versions = new LinkedHashMap<>();
        versions.put("millrace", engines.remove("millrace"));
        new TreeMap<>(engines).forEach((name, version) -> versions.put((String) name, version));
        versions.put("java", Runtime.version() + " (" + System.getProperty("java.vendor") + ')');
        versions.put("os", System.getProperty("os.name") + ' ' + System.getProperty("os.arch"));
        return versions;
    }

    /** What {@code --version} prints. */
    static final class Line implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"millrace " + versions().get("millrace")};
        }
    }
}
