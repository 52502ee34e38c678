package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.expression.Expression;
import io.millrace.expression.ExpressionException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One mapping of the file and the keys that may stand in it. Reading never stops at an error: what is wrong is added to
 * the problems and a stand-in is returned, so that everything else is looked at too. What was read, defaults included,
 * is kept in {@link #resolved()}.
 */
final class ConfigSection {
    /** Sections that may be written as the value of their first key: {@code id: hash}. */
    private static final Set<ConfigKey> SHORT_FORMS =
            EnumSet.of(ConfigKey.ID, ConfigKey.KEY, ConfigKey.TIME, ConfigKey.DEDUP);

    private final ConfigProblems problems;
    private final String path;
    private final Place place;
    /** Missing although required: that is said once and not of each of its keys. */
    private final boolean isMissing;

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Object> resolved = new LinkedHashMap<>();

    private ConfigSection(ConfigProblems problems, String path, Place place, boolean isMissing) {
        this.problems = problems;
        this.path = path;
        this.place = place;
        this.isMissing = isMissing;
    }

    static ConfigSection root(ConfigProblems problems, @Nullable Node node) {
        Place place = node == null ? Place.START : Place.of(node);
        return read(problems, "", "", place, node, null);
    }

    private static ConfigSection read(
            ConfigProblems problems,
            String path,
            String keys,
            Place place,
            @Nullable Node node,
            @Nullable ConfigKey key) {
        boolean isMissing = key != null && key.isRequired() && (node == null || isNull(node));
        ConfigSection section = new ConfigSection(problems, path, place, isMissing);
        List<ConfigKey> known = ConfigKey.of(keys);
        if (node instanceof MappingNode mapping) {
            section.take(mapping, known.stream().map(ConfigKey::key).toList());
        } else if (node instanceof ScalarNode && key != null && SHORT_FORMS.contains(key)) {
            section.nodes.put(known.get(0).key(), node);
        } else if (node != null && !isNull(node)) {
            problems.add(
                    Place.of(node), path.isEmpty() ? "file" : path, "is not a section. Allowed: key: value lines.");
        }
        return section;
    }

    private void take(MappingNode mapping, List<String> known) {
        for (NodeTuple tuple : mapping.getValue()) {
            Node keyNode = tuple.getKeyNode();
            String key = keyNode instanceof ScalarNode scalar ? scalar.getValue() : "?";
            if (!known.contains(key)) {
                problems.add(Place.of(keyNode), path(key), "is not a key. " + ConfigHint.of(key, known));
            } else if (nodes.containsKey(key)) {
                Place first = Place.of(nodes.get(key));
                problems.add(Place.of(keyNode), path(key), "is there twice, first on line " + first.line() + '.');
            } else {
                nodes.put(key, tuple.getValueNode());
            }
        }
    }

    /** {@return what was read so far, in the order of reading: text, numbers, flags, lists and maps} */
    Map<String, Object> resolved() {
        return resolved;
    }

    /** Shows what holds of a key where the file leaves it to a rule. */
    void resolve(ConfigKey key, Object value) {
        resolved.put(key.key(), value);
    }

    boolean has(ConfigKey key) {
        Node node = nodes.get(key.key());
        return node != null && !isNull(node);
    }

    /** {@return where the key's value stands, the section's place if it is missing} */
    Place place(ConfigKey key) {
        Node node = nodes.get(key.key());
        return node == null ? place : Place.of(node);
    }

    String path(String key) {
        return path.isEmpty() ? key : path + '.' + key;
    }

    /** Adds a problem of a key, unless the whole section is missing. */
    void wrong(ConfigKey key, String text) {
        if (!isMissing) {
            problems.add(place(key), path(key.key()), text);
        }
    }

    /** Adds a problem of a condition, at a character of it. */
    void wrongWithin(ConfigKey key, int offset, String problem) {
        Node node = nodes.get(key.key());
        if (node instanceof ScalarNode scalar) {
            problems.add(Place.within(scalar, offset), path(key.key()), quoted(scalar.getValue()) + ": " + problem);
        } else {
            wrong(key, problem);
        }
    }

    String text(ConfigKey key) {
        return value(key) instanceof String text ? text : "";
    }

    long number(ConfigKey key) {
        return value(key) instanceof Long number ? number : 0;
    }

    boolean flag(ConfigKey key) {
        return Boolean.TRUE.equals(value(key));
    }

    /** {@return a scalar as its type reads it, the default if it is missing, null if there is none or it is wrong} */
    private @Nullable Object value(ConfigKey key) {
        Node node = nodes.get(key.key());
        if (node == null || isNull(node)) {
            return fallback(key);
        }
        if (!(node instanceof ScalarNode scalar)) {
            wrong(key, "is not a single value. Allowed: " + key.type().allowed() + '.');
            return null;
        }
        return parse(key, scalar, path(key.key()));
    }

    private @Nullable Object fallback(ConfigKey key) {
        if (key.isRequired()) {
            wrong(key, "is missing. Allowed: " + key.type().allowed() + '.');
            return null;
        }
        String text = key.defaultText();
        Object value = text.isEmpty() ? null : key.type().parse().apply(text);
        if (value != null) {
            resolved.put(key.key(), shown(text, value));
        }
        return value;
    }

    private @Nullable Object parse(ConfigKey key, ScalarNode scalar, String keyPath) {
        String text = scalar.getValue();
        Object value = key.type().parse().apply(text);
        if (value == null) {
            problems.add(
                    Place.of(scalar),
                    keyPath,
                    quoted(text) + ' ' + key.type().wrong().apply(text));
        } else {
            resolved.put(key.key(), shown(text, value));
        }
        return value;
    }

    /** Quantities stay as they were written, with their unit. */
    private static Object shown(String text, Object value) {
        return value instanceof Long && text.chars().anyMatch(Character::isLetter) ? text : value;
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "''" : text;
    }

    /** Adds a problem with a character of a value of a {@code name: value} section. */
    void wrongWithin(ConfigKey key, String name, int offset, String text) {
        Place where = place(key);
        if (nodes.get(key.key()) instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode scalar
                        && scalar.getValue().equals(name)) {
                    where = Place.within(tuple.getValueNode(), offset);
                }
            }
        }
        problems.add(where, path(key.key()) + '.' + name, text);
    }

    /** {@return the text and its place, null if the key is missing} */
    @Nullable
    Placed<String> placedText(ConfigKey key) {
        return has(key) ? new Placed<>(text(key), place(key)) : null;
    }

    /** {@return a condition on events of the type, null if the key is missing or wrong} */
    @Nullable
    Expression condition(ConfigKey key, EventType type) {
        if (!(nodes.get(key.key()) instanceof ScalarNode scalar) || isNull(scalar)) {
            return null;
        }
        resolved.put(key.key(), scalar.getValue());
        try {
            Expression expression = Expression.parse(scalar.getValue(), type);
            expression.condition();
            return expression;
        } catch (ExpressionException e) {
            problems.add(
                    Place.within(scalar, e.offset()), path(key.key()), quoted(scalar.getValue()) + ": " + e.problem());
            return null;
        }
    }

    ConfigSection section(ConfigKey key) {
        Node node = nodes.get(key.key());
        if (key.isRequired() && !has(key)) {
            wrong(key, "is missing. Allowed: " + key.type().allowed() + '.');
        }
        ConfigSection section = read(problems, path(key.key()), key.path(), place(key), node, key);
        resolved.put(key.key(), section.resolved);
        return section;
    }

    List<ConfigSection> sections(ConfigKey key) {
        return sections(key, key.path() + "[]");
    }

    /** {@return the items of a list, whose keys are those of another section} */
    List<ConfigSection> sections(ConfigKey key, String keys) {
        List<ConfigSection> sections = new ArrayList<>();
        List<Object> maps = new ArrayList<>();
        for (Node item : items(key)) {
            String itemPath = path(key.key()) + '[' + sections.size() + ']';
            ConfigSection section = read(problems, itemPath, keys, Place.of(item), item, null);
            sections.add(section);
            maps.add(section.resolved);
        }
        resolved.put(key.key(), maps);
        return sections;
    }

    List<Placed<String>> texts(ConfigKey key) {
        return list(key, scalar -> scalar.getValue().isBlank() ? null : scalar.getValue());
    }

    List<Placed<Long>> numbers(ConfigKey key, ConfigType itemType) {
        return list(key, scalar -> {
            Object value = itemType.parse().apply(scalar.getValue());
            if (value == null) {
                String text = scalar.getValue();
                problems.add(
                        Place.of(scalar),
                        path(key.key()),
                        quoted(text) + ' ' + itemType.wrong().apply(text));
            }
            return (Long) value;
        });
    }

    private <T> List<Placed<T>> list(ConfigKey key, Function<ScalarNode, @Nullable T> read) {
        List<Placed<T>> values = new ArrayList<>();
        for (Node item : items(key)) {
            T value = item instanceof ScalarNode scalar ? read.apply(scalar) : null;
            if (value != null) {
                values.add(new Placed<>(value, Place.of(item)));
            } else if (!(item instanceof ScalarNode)) {
                problems.add(Place.of(item), path(key.key()), "an item is not a single value.");
            }
        }
        if (has(key)) {
            resolved.put(key.key(), values.stream().map(Placed::value).toList());
        }
        return values;
    }

    private List<Node> items(ConfigKey key) {
        Node node = nodes.get(key.key());
        if (node == null || isNull(node)) {
            if (key.isRequired()) {
                wrong(key, "is missing. Allowed: " + key.type().allowed() + '.');
            }
            return List.of();
        }
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        wrong(key, "is not a list. Allowed: " + key.type().allowed() + '.');
        return List.of();
    }

    /** {@return name to name, each value with the place of the pair} */
    Map<String, Names> names(ConfigKey key) {
        Map<String, Names> names = new LinkedHashMap<>();
        Node node = nodes.get(key.key());
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(tuple -> putNames(names, key, tuple));
        } else if (has(key)) {
            wrong(key, "is not " + key.type().allowed() + '.');
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        names.forEach((name, value) -> shown.put(name, value.value().value()));
        if (!shown.isEmpty()) {
            resolved.put(key.key(), shown);
        }
        return names;
    }

    private void putNames(Map<String, Names> names, ConfigKey key, NodeTuple tuple) {
        if (tuple.getKeyNode() instanceof ScalarNode name && tuple.getValueNode() instanceof ScalarNode value) {
            Names pair = new Names(
                    new Placed<>(name.getValue(), Place.of(name)), new Placed<>(value.getValue(), Place.of(value)));
            if (names.putIfAbsent(name.getValue(), pair) != null) {
                problems.add(Place.of(name), path(key.key()) + '.' + name.getValue(), "is there twice.");
            }
        } else {
            problems.add(
                    Place.of(tuple.getKeyNode()),
                    path(key.key()),
                    "is not " + key.type().allowed() + '.');
        }
    }

    private static boolean isNull(Node node) {
        return Tag.NULL.equals(node.getTag());
    }

    /** A value and where it stands. */
    record Placed<T>(T value, Place place) {}

    /** A pair of names and where both stand. */
    record Names(Placed<String> name, Placed<String> value) {}
}
