package io.millrace.ops.format;

import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.MutableEvent;
import io.millrace.event.NearestNames;
import io.millrace.event.VarField;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes an event of a row by a mapping, whose columns it finds once. */
final class RowEncoder {
    private static final int MISSING = -1;

    private final EventMapping mapping;
    private final List<String> columns;
    private final String source;
    private final EventType type;
    private final List<CellWriter> writers = new ArrayList<>();
    private final RowIds ids;
    private final @Nullable RowKeys keys;
    private final int timeCell;
    private final int sourceCell;

    /** Binds a mapping to the columns of an input. */
    RowEncoder(EventMapping mapping, List<String> columns, String source) throws InputException {
        this.mapping = mapping;
        this.columns = columns;
        this.source = source;
        this.type = mapping.type();
        for (Field field : type.fields()) {
            addField(field);
        }
        for (VarField field : type.varFields()) {
            addVarField(field);
        }
        this.timeCell = require(mapping.time().column(), "time");
        this.sourceCell = mapping.sourceColumn().isEmpty() ? MISSING : require(mapping.sourceColumn(), "source");
        this.ids = new RowIds(mapping.id(), columns, idCells());
        KeyRule key = mapping.key();
        this.keys = key == null ? null : new RowKeys(key, require(key.column(), "key"), mapping.keyNames());
    }

    private void addField(Field field) throws InputException {
        String column = mapping.column(field.name());
        boolean isNeeded = mapping.isMapped(field.name()) || !field.isOptional();
        if (field.isConstant() || (!isNeeded && !columns.contains(column))) {
            return;
        }
        int cell = require(column, "field " + field.name());
        boolean isTime =
                column.equals(mapping.time().column()) && !mapping.time().isEpoch() && field.type() == FieldType.INT64;
        writers.add(isTime ? new TimeCell(field, mapping.time(), cell) : FieldCell.of(field, column, cell));
    }

    private void addVarField(VarField field) throws InputException {
        String column = mapping.column(field.name());
        if (mapping.isMapped(field.name()) || columns.contains(column)) {
            writers.add(new VarCell(field, column, require(column, "field " + field.name())));
        }
    }

    private int[] idCells() throws InputException {
        List<String> named = mapping.id().columns();
        int[] cells = new int[named.isEmpty() ? columns.size() : named.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = named.isEmpty() ? i : require(named.get(i), "id");
        }
        return cells;
    }

    private int require(String column, String user) throws InputException {
        int cell = columns.indexOf(column);
        if (cell == MISSING) {
            throw new InputException("cannot read input: source=" + source + " has no column " + column + " for " + user
                    + " (expected: " + NearestNames.orAll(column, columns) + "); name the column to use");
        }
        return cell;
    }

    /**
     * Writes header and payload.
     *
     * @throws IllegalArgumentException if the record has no room for the type's fixed fields
     */
    void encode(Row row, MutableEvent event) throws BadRowException {
        type.encode(event.clearHeader());
        for (int i = 0; i < writers.size(); i++) {
            writers.get(i).write(row, event);
        }
        event.timestampNs(timestampNs(row)).sourceId(sourceId(row));
        ids.write(row, event);
        if (keys != null) {
            keys.write(row, event);
        }
    }

    /** A null becomes source 0, as a key does. */
    private int sourceId(Row row) throws BadRowException {
        if (sourceCell == MISSING || row.isNull(sourceCell)) {
            return 0;
        }
        boolean isInteger = Decimals.isInteger(row, sourceCell) && Decimals.fits(row, sourceCell, false);
        long sourceId = isInteger ? Decimals.parse(row, sourceCell) : Long.MAX_VALUE;
        if (sourceId != (int) sourceId) {
            throw new BadRowException(
                    mapping.sourceColumn(),
                    "value " + row.shown(sourceCell) + " is not a source (expected: an integer, 32 bits)");
        }
        return (int) sourceId;
    }

    private long timestampNs(Row row) throws BadRowException {
        if (row.isNull(timeCell)) {
            throw new BadRowException(
                    mapping.time().column(),
                    "value is missing (expected: " + mapping.time().pattern() + ')');
        }
        return mapping.time().parse(row.text(timeCell));
    }
}
