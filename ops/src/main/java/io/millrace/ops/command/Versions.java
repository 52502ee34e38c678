package io.millrace.ops.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import picocli.CommandLine.IVersionProvider;

/** What runs here, and in which version. */
public final class Versions {
    private Versions() {}

    /** {@return name to version: ours first, then the engines, then Java and the machine} */
    public static Map<String, Object> all() {
        Properties engines = new Properties();
        try (InputStream file =
                Objects.requireNonNull(Versions.class.getResourceAsStream("/io/millrace/ops/version.properties"))) {
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
    public static final class Line implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"millrace " + all().get("millrace")};
        }
    }
}
