package io.millrace.ops.format;

import io.millrace.event.MutableEvent;

/** Writes one cell of a row into one field of an event. */
abstract class CellWriter {
    final String column;
    final int cell;

    /** Binds a cell of every row and the name of its column. */
    CellWriter(String column, int cell) {
        this.column = column;
        this.cell = cell;
    }

    abstract void write(Row row, MutableEvent event) throws BadRowException;

    /** {@return the fault of the cell's value} */
    final BadRowException bad(Row row, String reason) {
        return new BadRowException(column, "value " + row.shown(cell) + ' ' + reason);
    }
}
