package io.millrace.event;

import org.jspecify.annotations.Nullable;

/** A field whose value the schema fixes. Records older than the field do not have it. */
final class ConstantField extends Field {
    private final long value;
    private final double number;
    private final @Nullable String text;

    ConstantField(FieldSpec spec, long value, double number, @Nullable String text) {
        super(spec);
        this.value = value;
        this.number = number;
        this.text = text;
    }

    @Override
    public boolean isConstant() {
        return true;
    }

    @Override
    public boolean isNull(Event event) {
        return event.schemaVersion() < sinceVersion();
    }

    @Override
    public long getLong(Event event) {
        if (type().isFloating()) {
            throw unsupported("has no long, read a double");
        }
        return isNull(event) ? nullValue() : value;
    }

    @Override
    public double getDouble(Event event) {
        if (type() == FieldType.TEXT) {
            throw unsupported("has no number");
        }
        return isNull(event) ? Double.NaN : number;
    }

    @Override
    public long nullValue() {
        return spec().nullValue();
    }

    @Override
    public @Nullable String text(Event event) {
        if (type() != FieldType.TEXT) {
            throw unsupported("has no text");
        }
        return isNull(event) ? null : text;
    }

    @Override
    public void putLong(MutableEvent event, long newValue) {
        throw unsupported("is constant");
    }

    @Override
    public void putDouble(MutableEvent event, double newValue) {
        throw unsupported("is constant");
    }

    @Override
    public void putNull(MutableEvent event) {
        throw unsupported("is constant");
    }
}
