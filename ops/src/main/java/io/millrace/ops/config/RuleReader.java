package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads the text of a rule: one operator, written as in a configuration, so that it can be moved there. That is an item
 * of {@code windows}, {@code streams} or {@code patterns}, and the streams, windows and patterns that it reads.
 *
 * @param name of the operator: that of the item which no other one reads
 * @param items one, and what it reads
 * @param types of the schemas, and of what its streams put out
 */
public record RuleReader(String name, Items items, EventTypes types) {
    private static final Set<ConfigKey> KINDS = EnumSet.of(ConfigKey.WINDOWS, ConfigKey.STREAMS, ConfigKey.PATTERNS);

    /**
     * {@return what a text says}
     *
     * @param source of the text, for messages
     * @param config whose event types it is about
     * @throws ConfigException with all that is wrong
     */
    public static RuleReader read(String source, String text, RunConfig config) throws ConfigException {
        return read(source, text, config.schemaTypes(), config.input().type());
    }

    /**
     * {@return what a text says}
     *
     * @param type of events where the text names none
     * @throws ConfigException with all that is wrong
     */
    public static RuleReader read(String source, String text, EventTypes types, EventType type) throws ConfigException {
        ConfigProblems problems = new ConfigProblems(source);
        ConfigSection root = ConfigSection.root(problems, compose(problems, text));
        for (ConfigKey key : ConfigKey.of("")) {
            if (root.has(key) && !KINDS.contains(key)) {
                root.wrong(key, "does not belong into a rule. Allowed: items of windows, streams and patterns.");
            }
        }
        ItemReader reader = new ItemReader(types, type);
        reader.read(root);
        Items items = reader.items();
        List<String> names = new ArrayList<>(reader.names());
        names.removeAll(items.read());
        if (names.size() != 1) {
            root.wrong(
                    ConfigKey.PATTERNS,
                    "streams and windows that nobody reads are " + names
                            + ". Allowed: one, as a rule is one operator.");
        }
        problems.throwIfAny();
        return new RuleReader(names.get(0), items, reader.types());
    }

    private static @Nullable Node compose(ConfigProblems problems, String text) throws ConfigException {
        try {
            return new Yaml(new LoaderOptions()).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            String what = e.getProblem() == null ? "cannot be read" : e.getProblem();
            problems.add(
                    e.getProblemMark() == null ? Place.START : Place.of(e.getProblemMark()),
                    "file",
                    "is not YAML: " + what.replace("\n", "\\n") + '.');
            problems.throwIfAny();
            return null;
        }
    }
}
