package io.millrace.event;

import org.agrona.concurrent.UnsafeBuffer;

/** A field whose values are longs. */
abstract class IntegralField extends Field {
    final long nullValue;

    IntegralField(FieldSpec spec) {
        super(spec);
        this.nullValue = spec.nullValue();
    }

    abstract void write(UnsafeBuffer record, int at, long value);

    @Override
    public final boolean isNull(Event event) {
        return getLong(event) == nullValue && (optional || locate(event) == ABSENT);
    }

    @Override
    public final double getDouble(Event event) {
        long value = getLong(event);
        if (value == nullValue && isNull(event)) {
            return Double.NaN;
        }
        return type() == FieldType.UINT64 ? unsignedDouble(value) : value;
    }

    /** Halves the value, keeping its lowest bit so that rounding stays right, and doubles the result. */
    static double unsignedDouble(long value) {
        return value >= 0 ? value : 2.0 * ((value >>> 1) | (value & 1));
    }

    @Override
    public final long nullValue() {
        return nullValue;
    }

    @Override
    public final void putLong(MutableEvent event, long value) {
        if (!type().fits(value)) {
            throw outOfRange(value);
        }
        write(event.buffer(), place(event), value);
    }

    @Override
    public final void putDouble(MutableEvent event, double value) {
        throw unsupported("takes no double");
    }

    @Override
    public final void putNull(MutableEvent event) {
        if (!optional) {
            throw unsupported("is required and takes no null");
        }
        write(event.buffer(), place(event), nullValue);
    }
}
