package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.Schema;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sections {@code windows}, {@code streams} and {@code patterns}, whose items may read each other, wherever
 * they stand. What an item reads is read before it, and so comes before it in the pipeline.
 */
final class ItemReader {
    private static final EventTypes OUTPUTS = EventTypes.of(Schema.outputs());

    private final EventTypes types;
    private final Source input;
    private final OperatorReader operators;
    private final PatternReader sequences;
    private final StreamReader streams;
    private final List<Item> items = new ArrayList<>();
    private final Map<String, Item> byName = new LinkedHashMap<>();
    private final List<Item> reading = new ArrayList<>();
    private final List<String> order = new ArrayList<>();

    /** What kind of item a section is. */
    private enum Kind {
        WINDOW,
        STREAM,
        PATTERN
    }

    /** A section of one of the lists, and what was made of it. */
    private static final class Item {
        private final Kind kind;
        private final ConfigSection section;
        private final String name;
        private boolean isRead;
        private @Nullable Object read;
        /** What others read of it. */
        private @Nullable EventType rows;

        Item(Kind kind, ConfigSection section, String name) {
            this.kind = kind;
            this.section = section;
            this.name = name;
        }
    }

    /**
     * @param types of the schemas
     * @param inputType of events where an item names none
     */
    ItemReader(EventTypes types, EventType inputType) {
        this.types = types;
        this.input = Source.of(inputType);
        this.operators = new OperatorReader(this);
        this.sequences = new PatternReader(this);
        this.streams = new StreamReader(this, types);
    }

    /** Reads all items of a file. */
    void read(ConfigSection root) {
        add(root, ConfigKey.WINDOWS, ConfigKey.WINDOW_NAME, Kind.WINDOW);
        add(root, ConfigKey.STREAMS, ConfigKey.STREAM_NAME, Kind.STREAM);
        add(root, ConfigKey.PATTERNS, ConfigKey.PATTERN_NAME, Kind.PATTERN);
        items.forEach(this::read);
    }

    private void add(ConfigSection root, ConfigKey list, ConfigKey nameKey, Kind kind) {
        for (ConfigSection section : root.sections(list)) {
            String name = section.text(nameKey);
            Item item = new Item(kind, section, name);
            items.add(item);
            if (!name.isEmpty() && byName.putIfAbsent(name, item) != null) {
                section.wrong(nameKey, name + " is the name of another operator. Allowed: names used once.");
            }
        }
    }

    private void read(Item item) {
        if (item.isRead) {
            return;
        }
        item.isRead = true;
        reading.add(item);
        switch (item.kind) {
            case WINDOW -> keep(item, operators.window(item.section, item.name), OUTPUTS.byName("WindowResult"));
            case STREAM -> {
                StreamSection stream = streams.read(item.section, item.name);
                keep(item, stream, stream == null ? null : stream.type());
            }
            case PATTERN -> {
                if (item.section.has(ConfigKey.STAGES)) {
                    keep(item, sequences.read(item.section, item.name), OUTPUTS.byName("PatternMatch"));
                } else {
                    keep(item, operators.pattern(item.section, item.name), OUTPUTS.byName("Match"));
                }
            }
        }
        reading.remove(item);
    }

    private void keep(Item item, @Nullable Object read, @Nullable EventType rows) {
        item.read = read;
        item.rows = read == null ? null : rows;
        if (read != null) {
            order.add(item.name);
        }
    }

    /** {@return the events that come where nothing is said} */
    Source input() {
        return input;
    }

    /** {@return what a key names, the fallback if it is missing, null if the name is wrong: then there is a problem} */
    @Nullable
    Source source(ConfigSection section, ConfigKey key, Source fallback) {
        String name = section.text(key);
        return name.isEmpty() ? fallback : find(section, key, name);
    }

    /** {@return the same of two keys, of which one may be there} */
    @Nullable
    Source source(ConfigSection section, ConfigKey key, ConfigKey other, Source fallback) {
        boolean isOther = section.has(other);
        if (isOther && section.has(key)) {
            section.wrong(key, "stands beside " + other.key() + ". Allowed: one of the two.");
        }
        Source source = source(section, isOther ? other : key, fallback);
        if (source != null) {
            section.resolve(
                    isOther ? other : key, source.isOfPipeline() ? source.type().name() : source.item());
        }
        return source;
    }

    private @Nullable Source find(ConfigSection section, ConfigKey key, String name) {
        EventType type = types.byNameOrNull(name);
        if (type != null) {
            return Source.of(type);
        }
        Item item = byName.get(name);
        if (item == null) {
            List<String> known =
                    new ArrayList<>(types.all().stream().map(EventType::name).toList());
            known.addAll(byName.keySet());
            section.wrong(key, name + " is no event type, stream, window or pattern. " + ConfigHint.of(name, known));
            return null;
        }
        int from = reading.indexOf(item);
        if (from >= 0) {
            List<String> way = reading.subList(from, reading.size()).stream()
                    .map(each -> each.name)
                    .toList();
            section.wrong(
                    key,
                    name + " comes of what reads it, by way of " + way + ". Allowed: what does not wait for itself.");
            return null;
        }
        read(item);
        EventType rows = item.rows;
        return rows == null ? null : new Source(rows, name);
    }

    /** {@return the names of all items, in the order of the file} */
    Set<String> names() {
        return byName.keySet();
    }

    /** {@return what was read} */
    Items items() {
        return new Items(
                all(WindowSection.class),
                all(StreamSection.class),
                all(PatternSection.class),
                all(SequenceSection.class),
                List.copyOf(order));
    }

    /** {@return the types of the schemas and of all outputs of streams} */
    EventTypes types() {
        return streams.types();
    }

    private <T> List<T> all(Class<T> kind) {
        return items.stream()
                .filter(item -> kind.isInstance(item.read))
                .map(item -> kind.cast(item.read))
                .toList();
    }
}
