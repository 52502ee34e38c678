package io.millrace.ops.format;

import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.NearestNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How rows become events of one type. A field takes the column of its own name unless it is mapped to another.
 *
 * <pre>{@code
 * EventMapping mapping = EventMapping.of(type)
 *         .format(TextFormat.CSV)
 *         .time(TimeRule.of("date", "uuuu/MM/dd HH:mm", "UTC"))
 *         .id(IdRule.hash(List.of()))
 *         .key(KeyRule.text("origin"))
 *         .build();
 * }</pre>
 *
 * <p>An int64 field that takes the column of the event time holds its nanoseconds, unless that is a number already.
 */
public final class EventMapping {
    /** Bytes of the longest row that is read unless said otherwise. */
    public static final int MAX_ROW_LENGTH_DEFAULT = 1 << 20;

    private final EventType type;
    private final TextFormat format;
    private final boolean hasHeader;
    private final List<String> columns;
    private final Map<String, String> columnByField;
    private final TimeRule time;
    private final IdRule id;
    private final @Nullable KeyRule key;
    private final KeyNames keyNames;
    private final String sourceColumn;
    private final int maxRowLength;

    private EventMapping(Builder from, TimeRule time) {
        this.type = from.type;
        this.format = from.format;
        this.hasHeader = from.hasHeader;
        this.columns = List.copyOf(from.columns);
        this.columnByField = new LinkedHashMap<>(from.columnByField);
        this.time = time;
        this.id = from.id;
        this.key = from.key;
        this.keyNames = from.keyNames;
        this.sourceColumn = from.sourceColumn;
        this.maxRowLength = from.maxRowLength;
    }

    /** {@return a builder of a mapping to events of a type, at first for CSV with a header} */
    public static Builder of(EventType type) {
        return new Builder(type);
    }

    public EventType type() {
        return type;
    }

    public TextFormat format() {
        return format;
    }

    /** {@return where the texts of keys are kept} */
    public KeyNames keyNames() {
        return keyNames;
    }

    boolean hasHeader() {
        return hasHeader;
    }

    List<String> columns() {
        return columns;
    }

    TimeRule time() {
        return time;
    }

    IdRule id() {
        return id;
    }

    @Nullable
    KeyRule key() {
        return key;
    }

    /** {@return the column of source ids, empty if all rows are from source 0} */
    String sourceColumn() {
        return sourceColumn;
    }

    int maxRowLength() {
        return maxRowLength;
    }

    /** {@return the column of a field, also if rows do not have it} */
    String column(String field) {
        return columnByField.getOrDefault(field, field);
    }

    boolean isMapped(String field) {
        return columnByField.containsKey(field);
    }

    /** {@return every column that fields and rules name, fields first, each once} */
    List<String> namedColumns() {
        Map<String, Boolean> names = new LinkedHashMap<>();
        type.fields().stream()
                .filter(field -> !field.isConstant())
                .forEach(field -> names.put(column(field.name()), true));
        type.varFields().forEach(field -> names.put(column(field.name()), true));
        names.put(time.column(), true);
        if (key != null) {
            names.put(key.column(), true);
        }
        if (!sourceColumn.isEmpty()) {
            names.put(sourceColumn, true);
        }
        id.columns().forEach(column -> names.put(column, true));
        return List.copyOf(names.keySet());
    }

    /** Collects a mapping. */
    public static final class Builder {
        private final EventType type;
        private TextFormat format = TextFormat.CSV;
        private boolean hasHeader = true;
        private List<String> columns = List.of();
        private final Map<String, String> columnByField = new LinkedHashMap<>();
        private @Nullable TimeRule time;
        private IdRule id = IdRule.hash(List.of());
        private @Nullable KeyRule key;
        private KeyNames keyNames = new KeyNames();
        private String sourceColumn = "";
        private int maxRowLength = MAX_ROW_LENGTH_DEFAULT;

        private Builder(EventType type) {
            this.type = type;
        }

        public Builder format(TextFormat newFormat) {
            this.format = newFormat;
            return this;
        }

        /** Says whether the first row of CSV names the columns; if not, {@link #columns} does. */
        public Builder header(boolean newHasHeader) {
            this.hasHeader = newHasHeader;
            return this;
        }

        /** Names the columns of CSV without a header, in order. */
        public Builder columns(List<String> newColumns) {
            this.columns = newColumns;
            return this;
        }

        /** Maps a field, or one of varying length, to a column. */
        public Builder field(String field, String column) {
            columnByField.put(field, column);
            return this;
        }

        /** Maps fields to columns. */
        public Builder fields(Map<String, String> newColumnByField) {
            columnByField.putAll(newColumnByField);
            return this;
        }

        /** Says where event time stands. Needed. */
        public Builder time(TimeRule rule) {
            this.time = rule;
            return this;
        }

        /** Says what an id is made of: at first the hash of all columns. */
        public Builder id(IdRule rule) {
            this.id = rule;
            return this;
        }

        /** Says what the key is made of: at first it is 0 everywhere. */
        public Builder key(@Nullable KeyRule rule) {
            this.key = rule;
            return this;
        }

        /** Shares the texts of keys with others. */
        public Builder keyNames(KeyNames names) {
            this.keyNames = names;
            return this;
        }

        /** Names the column of source ids, integers of 32 bits; without it all rows are from source 0. */
        public Builder source(String column) {
            this.sourceColumn = column;
            return this;
        }

        /** Bounds the bytes of a row, at least 1; longer ones are errors. */
        public Builder maxRowLength(int length) {
            this.maxRowLength = length;
            return this;
        }

        /** {@return everything that is wrong so far; empty if {@link #build} would succeed} */
        public List<String> problems() {
            List<String> problems = new ArrayList<>();
            columnByField.keySet().forEach(field -> checkField(field, problems));
            if (time == null) {
                problems.add("time is missing (expected: a column and its pattern)");
            }
            if (format == TextFormat.CSV && !hasHeader && columns.isEmpty()) {
                problems.add("columns are missing (expected: their names, as there is no header)");
            }
            if (maxRowLength < 1) {
                problems.add("maxRowLength=" + maxRowLength + " (expected: at least 1)");
            }
            return problems;
        }

        private void checkField(String name, List<String> problems) {
            Field field = type.fieldOrNull(name);
            if (field == null && type.varFieldOrNull(name) == null) {
                List<String> names = new ArrayList<>();
                type.fields().forEach(known -> names.add(known.name()));
                type.varFields().forEach(known -> names.add(known.name()));
                problems.add("field=" + name + " is unknown in " + type.name() + " (expected: "
                        + NearestNames.orAll(name, names) + ')');
            } else if (field != null && field.isConstant()) {
                problems.add("field=" + name + " is constant in " + type.name() + " (expected: a field of the record)");
            }
        }

        /**
         * {@return the mapping}
         *
         * @throws IllegalArgumentException naming all {@link #problems} if there are any
         */
        public EventMapping build() {
            List<String> problems = problems();
            if (time == null || !problems.isEmpty()) {
                throw new IllegalArgumentException("cannot map rows: " + String.join("; ", problems));
            }
            return new EventMapping(this, time);
        }
    }
}
