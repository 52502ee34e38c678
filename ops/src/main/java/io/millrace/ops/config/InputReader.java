package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.Field;
import io.millrace.ops.config.ConfigSection.Names;
import io.millrace.ops.config.ConfigSection.Placed;
import io.millrace.ops.config.RunConfig.Format;
import io.millrace.ops.config.RunConfig.IdKind;
import io.millrace.ops.config.RunConfig.IdSection;
import io.millrace.ops.config.RunConfig.InputSection;
import io.millrace.ops.config.RunConfig.KeyKind;
import io.millrace.ops.config.RunConfig.KeySection;
import io.millrace.ops.config.RunConfig.TimeSection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code input}: its keys, and what they say of the event type and of the file's columns. */
final class InputReader {
    private static final Set<String> TIME_WORDS = Set.of("iso", "epoch-s", "epoch-ms", "epoch-us", "epoch-ns");

    private final ConfigSection section;
    private final ConfigProblems problems;
    private final EventTypes types;
    private final Path directory;
    private final ConfigReader.Columns columnsOf;
    private final List<Reference> references = new ArrayList<>();

    InputReader(
            ConfigSection section,
            ConfigProblems problems,
            EventTypes types,
            Path directory,
            ConfigReader.Columns columnsOf) {
        this.section = section;
        this.problems = problems;
        this.types = types;
        this.directory = directory;
        this.columnsOf = columnsOf;
    }

    private record Reference(Placed<String> column, String key) {}

    InputSection read(@Nullable String input) {
        String file = section.text(ConfigKey.FILE);
        String resolved = file.isEmpty() || file.equals("-")
                ? file
                : directory.resolve(file).toString();
        Format format = Format.valueOf(ConfigReader.constant(section, ConfigKey.FORMAT));
        boolean hasHeader = section.flag(ConfigKey.HEADER);
        List<Placed<String>> columns = section.texts(ConfigKey.COLUMNS);
        EventType type = References.type(section, ConfigKey.TYPE, types, References.NO_TYPE);
        Map<String, Names> fields = section.names(ConfigKey.FIELDS);
        InputSection read = new InputSection(
                input == null ? resolved : input,
                format,
                hasHeader,
                columns.stream().map(Placed::value).toList(),
                type,
                columnByField(fields),
                time(section.section(ConfigKey.TIME)),
                id(section.section(ConfigKey.ID)),
                section.has(ConfigKey.KEY) ? key(section.section(ConfigKey.KEY)) : null,
                section.text(ConfigKey.SOURCE));
        refer(section, ConfigKey.SOURCE);
        checkFields(type, fields);
        checkColumns(read);
        return read;
    }

    private TimeSection time(ConfigSection time) {
        String column = time.text(ConfigKey.TIME_COLUMN);
        String pattern = time.text(ConfigKey.TIME_PATTERN);
        String zone = time.text(ConfigKey.TIME_ZONE);
        refer(time, ConfigKey.TIME_COLUMN);
        checkPattern(time, pattern);
        checkZone(time, zone);
        return new TimeSection(column, pattern, zone);
    }

    private static void checkPattern(ConfigSection time, String pattern) {
        try {
            if (!TIME_WORDS.contains(pattern)) {
                Objects.requireNonNull(DateTimeFormatter.ofPattern(pattern));
            }
        } catch (IllegalArgumentException e) {
            time.wrong(
                    ConfigKey.TIME_PATTERN,
                    pattern + " is not a pattern: " + e.getMessage() + ". "
                            + "Allowed: iso, epoch-s, epoch-ms, epoch-us, epoch-ns, or such as yyyy-MM-dd HH:mm.");
        }
    }

    private static void checkZone(ConfigSection time, String zone) {
        try {
            if (!zone.isEmpty()) {
                Objects.requireNonNull(ZoneId.of(zone));
            }
        } catch (DateTimeException e) {
            time.wrong(
                    ConfigKey.TIME_ZONE,
                    zone + " is not a zone. " + ConfigHint.of(zone, List.of("UTC", "Europe/Berlin", "+01:00")));
        }
    }

    private IdSection id(ConfigSection id) {
        IdKind kind = IdKind.valueOf(ConfigReader.constant(id, ConfigKey.ID_KIND));
        return new IdSection(
                kind,
                switch (kind) {
                    case HASH -> hashColumns(id);
                    case UUID -> List.of(column(id, ConfigKey.ID_COLUMN, "uuid"));
                    case PRODUCER ->
                        List.of(
                                column(id, ConfigKey.ID_PRODUCER, "producer"),
                                column(id, ConfigKey.ID_SEQUENCE, "producer"));
                });
    }

    private List<String> hashColumns(ConfigSection id) {
        List<Placed<String>> named = id.texts(ConfigKey.ID_COLUMNS);
        named.forEach(column -> references.add(new Reference(column, id.path(ConfigKey.ID_COLUMNS.key()))));
        return named.stream().map(Placed::value).toList();
    }

    private String column(ConfigSection of, ConfigKey key, String kind) {
        if (!of.has(key)) {
            of.wrong(key, "is missing. Allowed: the name of a column, with kind: " + kind + '.');
        }
        refer(of, key);
        return of.text(key);
    }

    private KeySection key(ConfigSection key) {
        KeyKind kind = KeyKind.valueOf(ConfigReader.constant(key, ConfigKey.KEY_KIND));
        refer(key, ConfigKey.KEY_COLUMN);
        return new KeySection(key.text(ConfigKey.KEY_COLUMN), kind);
    }

    private void refer(ConfigSection of, ConfigKey key) {
        Placed<String> column = of.placedText(key);
        if (column != null) {
            references.add(new Reference(column, of.path(key.key())));
        }
    }

    private Map<String, String> columnByField(Map<String, Names> fields) {
        Map<String, String> columns = new LinkedHashMap<>();
        fields.forEach((field, names) -> {
            columns.put(field, names.value().value());
            references.add(new Reference(names.value(), section.path("fields." + field)));
        });
        return columns;
    }

    private void checkFields(EventType type, Map<String, Names> fields) {
        List<String> known = References.fieldNames(type);
        fields.forEach((field, names) -> {
            if (!known.contains(field) && type != References.NO_TYPE) {
                problems.add(
                        names.name().place(),
                        section.path("fields." + field),
                        field + " is not a field of " + type.name() + ". " + ConfigHint.of(field, known));
            }
        });
    }

    private void checkColumns(InputSection input) {
        Collection<String> columns = columns(input);
        if (columns == null) {
            return;
        }
        String source = input.hasHeader() ? String.valueOf(Path.of(input.file()).getFileName()) : "input.columns";
        for (Reference reference : references) {
            String column = reference.column().value();
            if (!column.isEmpty() && !columns.contains(column)) {
                problems.add(
                        reference.column().place(),
                        reference.key(),
                        column + " is not a column of " + source + ". " + ConfigHint.of(column, columns));
            }
        }
        for (Field field : input.type().fields()) {
            String name = field.name();
            boolean isNeeded = !field.isOptional() && !field.isConstant();
            if (isNeeded && !input.fields().containsKey(name) && !columns.contains(name)) {
                problems.add(
                        section.place(section.has(ConfigKey.FIELDS) ? ConfigKey.FIELDS : ConfigKey.TYPE),
                        section.path("fields." + name),
                        "is missing: " + source + " has no column " + name + ". " + ConfigHint.of(name, columns));
            }
        }
    }

    private @Nullable Collection<String> columns(InputSection input) {
        if (input.format() != Format.CSV) {
            return null;
        }
        if (!input.hasHeader()) {
            if (input.columns().isEmpty()) {
                section.wrong(ConfigKey.COLUMNS, "is missing. Allowed: a list of names, with header: false.");
                return null;
            }
            return input.columns();
        }
        if (!input.columns().isEmpty()) {
            section.wrong(ConfigKey.COLUMNS, "are named by the header too. Allowed: with header: false.");
        }
        Path file = input.isStandardInput() || input.file().isEmpty() ? null : Path.of(input.file());
        return file == null || !Files.isReadable(file) || !Files.isRegularFile(file) ? null : columnsOf.of(file);
    }
}
