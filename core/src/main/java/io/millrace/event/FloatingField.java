package io.millrace.event;

import org.agrona.concurrent.UnsafeBuffer;

/** A field whose values are doubles. NaN is null in an optional field, as is a null value that the schema gives. */
abstract class FloatingField extends Field {
    final double nullValue;

    FloatingField(FieldSpec spec) {
        super(spec);
        this.nullValue = Double.longBitsToDouble(spec.nullValue());
    }

    abstract double read(UnsafeBuffer record, int at);

    abstract void write(UnsafeBuffer record, int at, double value);

    @Override
    public final double getDouble(Event event) {
        int at = locate(event);
        if (at == ABSENT) {
            return Double.NaN;
        }
        double value = read(event.buffer(), at);
        return optional && value == nullValue ? Double.NaN : value;
    }

    @Override
    public final boolean isNull(Event event) {
        return Double.isNaN(getDouble(event)) && (optional || locate(event) == ABSENT);
    }

    @Override
    public final long getLong(Event event) {
        throw unsupported("has no long, read a double");
    }

    @Override
    public final long nullValue() {
        throw unsupported("has no long, its null is NaN");
    }

    /** Takes a long that the type holds exactly. */
    @Override
    public final void putLong(MutableEvent event, long value) {
        double converted = type() == FieldType.FLOAT ? (float) value : (double) value;
        if ((long) converted != value || value == Long.MAX_VALUE) {
            throw unsupported("does not hold " + value + " exactly");
        }
        putDouble(event, converted);
    }

    @Override
    public final void putDouble(MutableEvent event, double value) {
        write(event.buffer(), place(event), value);
    }

    @Override
    public final void putNull(MutableEvent event) {
        if (!optional) {
            throw unsupported("is required and takes no null");
        }
        putDouble(event, nullValue);
    }
}
