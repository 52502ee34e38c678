package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.expression.Expression;
import io.millrace.expression.ExpressionException;
import io.millrace.ops.config.StreamSection.End;
import io.millrace.ops.config.StreamSection.Step;
import io.millrace.stream.Branch;
import io.millrace.stream.EventStream;
import io.millrace.stream.Join;
import io.millrace.stream.Lookup;
import io.millrace.stream.Mapping;
import io.millrace.stream.StreamBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the section {@code streams}. Each step is tried at once on an operator that is never run, so that what is wrong
 * with it is told with its place; the steps behind go on as if it were not there.
 */
final class StreamReader {
    /** What a look-up does without a row. */
    static final ConfigType MISSING = ConfigType.choice("nulls", "drop", "park");

    private static final String NONE = "none";
    private static final String OTHERWISE = "otherwise";

    private final ItemReader items;
    private EventTypes types;

    /** @param types of the schemas */
    StreamReader(ItemReader items, EventTypes types) {
        this.items = items;
        this.types = types;
    }

    /** {@return the types of the schemas and of all outputs of the streams read} */
    EventTypes types() {
        return types;
    }

    /** {@return the stream, null if what it reads is wrong: then there is a problem} */
    @Nullable
    StreamSection read(ConfigSection section, String name) {
        Source source = items.source(section, ConfigKey.STREAM_FROM, items.input());
        if (source == null || source.type() == References.NO_TYPE) {
            return null;
        }
        section.resolve(
                ConfigKey.STREAM_FROM, source.isOfPipeline() ? source.type().name() : source.item());
        return new Reading(section, name, source).read();
    }

    /** A call that a wrong setting may end. */
    private interface Trial<T> {
        T call();
    }

    /** One section while it is read. */
    private final class Reading {
        private final ConfigSection section;
        private final String name;
        private final StreamBuilder builder;
        private final List<Step> steps = new ArrayList<>();
        private final List<End> ends = new ArrayList<>();
        private final StringBuilder settings = new StringBuilder("stream from=");
        private final List<Source> sources = new ArrayList<>();
        private EventStream stream;
        private boolean needsOrder;

        Reading(ConfigSection section, String name, Source source) {
            this.section = section;
            this.name = name.isEmpty() ? "?" : name;
            this.builder = StreamBuilder.named(this.name);
            this.stream = builder.from(source.type());
            settings.append(nameOf(source));
            sources.add(source);
        }

        private static String nameOf(Source source) {
            return source.isOfPipeline() ? source.type().name() : source.item();
        }

        StreamSection read() {
            where(ConfigKey.STREAM_WHERE);
            lookup();
            join();
            map();
            flatMap();
            keyBy();
            window();
            where(ConfigKey.STREAM_HAVING);
            EventType type = stream.type();
            putOut();
            return new StreamSection(
                    name,
                    sources.get(0),
                    sources.stream().distinct().toList(),
                    List.copyOf(steps),
                    List.copyOf(ends),
                    type,
                    builder.outputTypes(),
                    settings.toString(),
                    needsOrder,
                    builder.bytes());
        }

        private void say(String what, Object value) {
            settings.append(", ").append(what).append('=').append(value);
        }

        /** Tries a step and keeps it, unless it is wrong. */
        private void step(ConfigSection of, ConfigKey key, Step step) {
            EventStream behind = tried(of, key, () -> step.behind(source -> builder.from(source.type()), stream));
            if (behind != null) {
                stream = behind;
                steps.add(step);
            }
        }

        private <T> @Nullable T tried(ConfigSection of, ConfigKey key, Trial<T> trial) {
            try {
                return trial.call();
            } catch (IllegalArgumentException e) {
                of.wrong(key, e.getMessage() + '.');
                return null;
            }
        }

        private void where(ConfigKey key) {
            Expression condition = section.condition(key, stream.type());
            if (condition != null) {
                say(key.key(), condition);
                step(section, key, (inputs, before) -> before.filter(condition.condition()));
            }
        }

        private void lookup() {
            if (!section.has(ConfigKey.STREAM_LOOKUP)) {
                return;
            }
            ConfigSection of = section.section(ConfigKey.STREAM_LOOKUP);
            String in = of.text(ConfigKey.LOOKUP_IN);
            List<String> by = texts(of, ConfigKey.LOOKUP_BY);
            String as = of.text(ConfigKey.LOOKUP_AS);
            String missing = of.text(ConfigKey.LOOKUP_MISSING);
            long parkNs = of.number(ConfigKey.LOOKUP_PARK_FOR);
            int maxParked = (int) of.number(ConfigKey.LOOKUP_MAX_PARKED);
            int maxRows = (int) of.number(ConfigKey.LOOKUP_MAX_ROWS);
            if (missing.equals("park") != of.has(ConfigKey.LOOKUP_PARK_FOR)) {
                of.wrong(ConfigKey.LOOKUP_PARK_FOR, "and missing: park go together. Allowed: both or neither.");
                return;
            }
            Source table = in.isEmpty() ? null : items.source(of, ConfigKey.LOOKUP_IN, items.input());
            if (table == null || maxRows == 0) {
                return;
            }
            sources.add(table);
            say("lookup", "in=" + nameOf(table) + ", by=" + by + ", as=" + as + ", missing=" + missing);
            if (parkNs > 0) {
                say("parkFor", Units.duration(parkNs));
            }
            step(of, ConfigKey.LOOKUP_BY, (inputs, before) -> {
                Lookup lookup = Lookup.by(by.toArray(new String[0])).as(as).maxRows(maxRows);
                if (missing.equals("drop")) {
                    lookup = lookup.dropMissing();
                } else if (parkNs > 0) {
                    lookup = lookup.parkMissing(parkNs, TimeUnit.NANOSECONDS, maxParked);
                }
                return before.lookup(inputs.of(table), lookup);
            });
        }

        private void join() {
            if (!section.has(ConfigKey.STREAM_JOIN)) {
                return;
            }
            ConfigSection of = section.section(ConfigKey.STREAM_JOIN);
            String with = of.text(ConfigKey.JOIN_WITH);
            long beforeNs = of.number(ConfigKey.JOIN_BEFORE);
            long afterNs = of.number(ConfigKey.JOIN_AFTER);
            String left = of.text(ConfigKey.JOIN_LEFT);
            String right = of.text(ConfigKey.JOIN_RIGHT);
            int maxRows = (int) of.number(ConfigKey.JOIN_MAX_ROWS);
            Source other = with.isEmpty() ? null : items.source(of, ConfigKey.JOIN_WITH, items.input());
            if (other == null || maxRows == 0) {
                return;
            }
            sources.add(other);
            say(
                    "join",
                    "with=" + nameOf(other) + ", before=" + Units.duration(beforeNs) + ", after="
                            + Units.duration(afterNs) + ", left=" + left + ", right=" + right);
            step(
                    of,
                    ConfigKey.JOIN_WITH,
                    (inputs, before) -> before.join(
                            inputs.of(other),
                            Join.after(afterNs, TimeUnit.NANOSECONDS)
                                    .before(beforeNs, TimeUnit.NANOSECONDS)
                                    .as(left, right)
                                    .maxRows(maxRows)));
        }

        private void map() {
            Map<String, String> fields = expressions(section, ConfigKey.STREAM_MAP);
            if (fields != null) {
                say("map", fields);
                step(section, ConfigKey.STREAM_MAP, (inputs, before) -> before.map(mapping(fields)));
            }
        }

        private void flatMap() {
            List<Map<String, String>> items = new ArrayList<>();
            for (ConfigSection item : section.sections(ConfigKey.STREAM_FLAT_MAP)) {
                Map<String, String> fields = expressions(item, ConfigKey.FLAT_MAP_MAP);
                if (fields == null) {
                    return;
                }
                items.add(fields);
            }
            if (!items.isEmpty()) {
                say("flatMap", items);
                step(
                        section,
                        ConfigKey.STREAM_FLAT_MAP,
                        (inputs, before) -> before.flatMap(
                                items.stream().map(StreamReader::mapping).toArray(Mapping[]::new)));
            }
        }

        /** {@return the expressions of a section by the name of their field, null if there is none or one is wrong} */
        private @Nullable Map<String, String> expressions(ConfigSection of, ConfigKey key) {
            Map<String, String> fields = new LinkedHashMap<>();
            boolean isRight = true;
            for (Map.Entry<String, ConfigSection.Names> entry : of.names(key).entrySet()) {
                String text = entry.getValue().value().value();
                fields.put(entry.getKey(), text);
                isRight &= isRight(of, key, entry.getKey(), text, 0);
            }
            return fields.isEmpty() || !isRight ? null : fields;
        }

        private boolean isRight(ConfigSection of, ConfigKey key, String field, String text, int offset) {
            try {
                Expression.parse(text, stream.type());
                return true;
            } catch (ExpressionException e) {
                of.wrongWithin(key, field, offset + e.offset(), text + ": " + e.problem());
                return false;
            }
        }

        private void keyBy() {
            List<String> fields = texts(section, ConfigKey.STREAM_KEY_BY);
            if (!fields.isEmpty()) {
                say("keyBy", fields);
                step(section, ConfigKey.STREAM_KEY_BY, (inputs, before) -> before.keyBy(fields.toArray(new String[0])));
            }
        }

        private void window() {
            StreamWindowReader reader = new StreamWindowReader(section, stream.type(), settings);
            Step window = reader.read();
            needsOrder = reader.needsOrder();
            if (window != null) {
                step(section, ConfigKey.STREAM_WINDOW, window);
            }
        }

        private void putOut() {
            String to = section.text(ConfigKey.STREAM_TO);
            Map<String, ConfigSection.Names> branches = section.names(ConfigKey.STREAM_BRANCH);
            if (!branches.isEmpty()) {
                if (!to.isEmpty()) {
                    section.wrong(ConfigKey.STREAM_TO, "stands beside branch. Allowed: one of the two.");
                    return;
                }
                branch(branches);
                return;
            }
            String output = to.isEmpty() ? name : to;
            section.resolve(ConfigKey.STREAM_TO, output);
            if (!output.equals(NONE)) {
                say("to", output);
                end(ConfigKey.STREAM_TO, before -> before.to(output));
            }
        }

        private void branch(Map<String, ConfigSection.Names> texts) {
            List<Branch> branches = new ArrayList<>();
            Map<String, String> shown = new LinkedHashMap<>();
            for (Map.Entry<String, ConfigSection.Names> entry : texts.entrySet()) {
                String text = entry.getValue().value().value();
                shown.put(entry.getKey(), text);
                if (text.equals(OTHERWISE)) {
                    branches.add(Branch.otherwise(entry.getKey()));
                } else if (isRight(section, ConfigKey.STREAM_BRANCH, entry.getKey(), text, 0)) {
                    branches.add(Branch.of(entry.getKey(), text));
                }
            }
            say("branch", shown);
            Branch[] all = branches.toArray(new Branch[0]);
            end(ConfigKey.STREAM_BRANCH, before -> before.branch(all));
        }

        private void end(ConfigKey key, End end) {
            EventTypes extended = tried(section, key, () -> {
                end.of(stream);
                return types.with(builder.outputTypes());
            });
            if (extended != null) {
                types = extended;
                ends.add(end);
            }
        }
    }

    private static Mapping mapping(Map<String, String> fields) {
        Mapping mapping = Mapping.empty();
        fields.forEach(mapping::with);
        return mapping;
    }

    private static List<String> texts(ConfigSection section, ConfigKey key) {
        return section.texts(key).stream().map(ConfigSection.Placed::value).toList();
    }
}
