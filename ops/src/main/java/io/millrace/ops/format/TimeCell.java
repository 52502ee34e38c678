package io.millrace.ops.format;

import io.millrace.event.Field;
import io.millrace.event.MutableEvent;

/** An int64 field that takes the column of the event time, in nanoseconds since the epoch. */
final class TimeCell extends FieldCell {
    private final TimeRule rule;

    TimeCell(Field field, TimeRule rule, int cell) {
        super(field, rule.column(), cell);
        this.rule = rule;
    }

    @Override
    void writeValue(Row row, MutableEvent event) throws BadRowException {
        field.putLong(event, rule.parse(row.text(cell)));
    }

    @Override
    String expected() {
        return rule.pattern();
    }
}
