package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.expression.Expression;
import io.millrace.expression.ExpressionException;
import io.millrace.ops.config.StreamSection.End;
import io.millrace.ops.config.StreamSection.Source;
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

    private final EventType inputType;
    private final Map<String, StreamSection> streams = new LinkedHashMap<>();
    private EventTypes types;

    StreamReader(EventTypes types, EventType inputType) {
        this.types = types;
        this.inputType = inputType;
    }

    /** {@return the types of the schemas and of all outputs of the streams read} */
    EventTypes types() {
        return types;
    }

    List<StreamSection> streams(List<ConfigSection> sections, OperatorReader names) {
        for (ConfigSection section : sections) {
            String name = names.name(section, ConfigKey.STREAM_NAME);
            StreamSection stream = new Reading(section, name).read();
            if (stream != null) {
                streams.putIfAbsent(name, stream);
            }
        }
        return List.copyOf(streams.values());
    }

    /** {@return what a name stands for, null if it is neither a stream above nor an event type} */
    private @Nullable Source source(ConfigSection section, ConfigKey key, String name) {
        StreamSection stream = streams.get(name);
        if (stream != null) {
            return stream::rows;
        }
        EventType type = types.byNameOrNull(name);
        if (type != null && !type.isDerived()) {
            return builder -> builder.from(type);
        }
        List<String> known = new ArrayList<>(streams.keySet());
        types.all().stream().filter(one -> !one.isDerived()).forEach(one -> known.add(one.name()));
        section.wrong(key, name + " is neither a stream above nor an event type. " + ConfigHint.of(name, known));
        return null;
    }

    /** {@return words that decide the rows of a source} */
    private String settings(String name) {
        StreamSection stream = streams.get(name);
        return stream == null ? name : "(" + stream.settings() + ')';
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
        private Source source = builder -> builder.from(inputType);
        private EventStream stream;

        Reading(ConfigSection section, String name) {
            this.section = section;
            this.name = name.isEmpty() ? "?" : name;
            this.builder = StreamBuilder.named(this.name);
            this.stream = builder.from(inputType);
        }

        @Nullable
        StreamSection read() {
            if (!from()) {
                return null;
            }
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
                    source,
                    List.copyOf(steps),
                    List.copyOf(ends),
                    type,
                    builder.outputTypes(),
                    settings.toString(),
                    builder.bytes());
        }

        private boolean from() {
            String from = section.text(ConfigKey.STREAM_FROM);
            if (from.isEmpty()) {
                section.resolve(ConfigKey.STREAM_FROM, inputType.name());
                settings.append(inputType.name());
                return inputType != References.NO_TYPE;
            }
            Source found = source(section, ConfigKey.STREAM_FROM, from);
            if (found == null) {
                return false;
            }
            source = found;
            stream = found.of(builder);
            settings.append(settings(from));
            return true;
        }

        private void say(String what, Object value) {
            settings.append(", ").append(what).append('=').append(value);
        }

        /** Tries a step and keeps it, unless it is wrong. */
        private void step(ConfigSection of, ConfigKey key, Step step) {
            EventStream behind = tried(of, key, () -> step.behind(builder, stream));
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
                step(section, key, (to, before) -> before.filter(condition.condition()));
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
            Source table = in.isEmpty() ? null : source(of, ConfigKey.LOOKUP_IN, in);
            if (table == null || maxRows == 0) {
                return;
            }
            say("lookup", "in=" + settings(in) + ", by=" + by + ", as=" + as + ", missing=" + missing);
            if (parkNs > 0) {
                say("parkFor", Units.duration(parkNs));
            }
            step(of, ConfigKey.LOOKUP_BY, (to, before) -> {
                Lookup lookup = Lookup.by(by.toArray(new String[0])).as(as).maxRows(maxRows);
                if (missing.equals("drop")) {
                    lookup = lookup.dropMissing();
                } else if (parkNs > 0) {
                    lookup = lookup.parkMissing(parkNs, TimeUnit.NANOSECONDS, maxParked);
                }
                return before.lookup(table.of(to), lookup);
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
            Source other = with.isEmpty() ? null : source(of, ConfigKey.JOIN_WITH, with);
            if (other == null || maxRows == 0) {
                return;
            }
            say(
                    "join",
                    "with=" + settings(with) + ", before=" + Units.duration(beforeNs) + ", after="
                            + Units.duration(afterNs) + ", left=" + left + ", right=" + right);
            step(
                    of,
                    ConfigKey.JOIN_WITH,
                    (to, before) -> before.join(
                            other.of(to),
                            Join.after(afterNs, TimeUnit.NANOSECONDS)
                                    .before(beforeNs, TimeUnit.NANOSECONDS)
                                    .as(left, right)
                                    .maxRows(maxRows)));
        }

        private void map() {
            Map<String, String> fields = expressions(section, ConfigKey.STREAM_MAP);
            if (fields != null) {
                say("map", fields);
                step(section, ConfigKey.STREAM_MAP, (to, before) -> before.map(mapping(fields)));
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
                        (to, before) -> before.flatMap(
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
                step(section, ConfigKey.STREAM_KEY_BY, (to, before) -> before.keyBy(fields.toArray(new String[0])));
            }
        }

        private void window() {
            Step window = new StreamWindowReader(section, stream.type(), settings).read();
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
