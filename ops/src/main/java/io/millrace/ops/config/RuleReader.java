package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.ops.config.RunConfig.WindowSection;
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
 * Reads the text of a rule: one item of the list {@code windows} or {@code patterns}, written as in a configuration, so
 * that it can be moved there.
 *
 * @param windows one or none
 * @param patterns thresholds, one or none
 * @param sequences patterns with stages, one or none
 */
public record RuleReader(List<WindowSection> windows, List<PatternSection> patterns, List<SequenceSection> sequences) {
    private static final Set<ConfigKey> KINDS = EnumSet.of(ConfigKey.WINDOWS, ConfigKey.PATTERNS);

    /**
     * {@return what a text says}
     *
     * @param source of the text, for messages
     * @param config whose event types it is about
     * @throws ConfigException with all that is wrong
     */
    public static RuleReader read(String source, String text, RunConfig config) throws ConfigException {
        return read(source, text, config.eventTypes(), config.input().type());
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
                root.wrong(key, "does not belong into a rule. Allowed: one item of windows or patterns.");
            }
        }
        List<ConfigSection> windows = root.sections(ConfigKey.WINDOWS);
        List<ConfigSection> patterns = root.sections(ConfigKey.PATTERNS);
        if (windows.size() + patterns.size() != 1) {
            root.wrong(
                    ConfigKey.PATTERNS,
                    "and windows have " + (windows.size() + patterns.size())
                            + " items. Allowed: one in all, a rule is one operator.");
        }
        OperatorReader reader = new OperatorReader(types, type);
        RuleReader rule = new RuleReader(reader.windows(windows), reader.patterns(patterns), reader.sequences());
        problems.throwIfAny();
        return rule;
    }

    /** {@return the name of the operator} */
    public String name() {
        List<String> names = new ArrayList<>();
        windows.forEach(window -> names.add(window.name()));
        patterns.forEach(pattern -> names.add(pattern.name()));
        sequences.forEach(sequence -> names.add(sequence.name()));
        return names.get(0);
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
