package io.millrace.event;

import org.agrona.concurrent.UnsafeBuffer;

/** One class per width. */
final class FloatingFields {
    private FloatingFields() {}

    static final class Float32 extends FloatingField {
        Float32(FieldSpec spec) {
            super(spec);
        }

        @Override
        double read(UnsafeBuffer record, int at) {
            return record.getFloat(at, Event.ORDER);
        }

        @Override
        void write(UnsafeBuffer record, int at, double value) {
            record.putFloat(at, (float) value, Event.ORDER);
        }
    }

    static final class Float64 extends FloatingField {
        Float64(FieldSpec spec) {
            super(spec);
        }

        @Override
        double read(UnsafeBuffer record, int at) {
            return record.getDouble(at, Event.ORDER);
        }

        @Override
        void write(UnsafeBuffer record, int at, double value) {
            record.putDouble(at, value, Event.ORDER);
        }
    }
}
