package io.millrace.event;

import org.agrona.concurrent.UnsafeBuffer;

/** One class per width and sign, so that a read is one load without a switch. */
final class IntegralFields {
    private IntegralFields() {}

    static final class Signed8 extends IntegralField {
        Signed8(FieldSpec spec) {
            super(spec);
        }

        @Override
        public long getLong(Event event) {
            int at = locate(event);
            return at == ABSENT ? nullValue : event.buffer().getByte(at);
        }

        @Override
        void write(UnsafeBuffer record, int at, long value) {
            record.putByte(at, (byte) value);
        }
    }

    static final class Unsigned8 extends IntegralField {
        Unsigned8(FieldSpec spec) {
            super(spec);
        }

        @Override
        public long getLong(Event event) {
            int at = locate(event);
            return at == ABSENT ? nullValue : event.buffer().getByte(at) & 0xFF;
        }

        @Override
        void write(UnsafeBuffer record, int at, long value) {
            record.putByte(at, (byte) value);
        }
    }

    static final class Signed16 extends IntegralField {
        Signed16(FieldSpec spec) {
            super(spec);
        }

        @Override
        public long getLong(Event event) {
            int at = locate(event);
            return at == ABSENT ? nullValue : event.buffer().getShort(at, Event.ORDER);
        }

        @Override
        void write(UnsafeBuffer record, int at, long value) {
            record.putShort(at, (short) value, Event.ORDER);
        }
    }

    static final class Unsigned16 extends IntegralField {
        Unsigned16(FieldSpec spec) {
            super(spec);
        }

        @Override
        public long getLong(Event event) {
            int at = locate(event);
            return at == ABSENT ? nullValue : event.buffer().getShort(at, Event.ORDER) & 0xFFFF;
        }

        @Override
        void write(UnsafeBuffer record, int at, long value) {
            record.putShort(at, (short) value, Event.ORDER);
        }
    }

    static final class Signed32 extends IntegralField {
        Signed32(FieldSpec spec) {
            super(spec);
        }

        @Override
        public long getLong(Event event) {
            int at = locate(event);
            return at == ABSENT ? nullValue : event.buffer().getInt(at, Event.ORDER);
        }

        @Override
        void write(UnsafeBuffer record, int at, long value) {
            record.putInt(at, (int) value, Event.ORDER);
        }
    }

    static final class Unsigned32 extends IntegralField {
        Unsigned32(FieldSpec spec) {
            super(spec);
        }

        @Override
        public long getLong(Event event) {
            int at = locate(event);
            return at == ABSENT ? nullValue : event.buffer().getInt(at, Event.ORDER) & 0xFFFF_FFFFL;
        }

        @Override
        void write(UnsafeBuffer record, int at, long value) {
            record.putInt(at, (int) value, Event.ORDER);
        }
    }

    /** Both int64 and uint64: who reads the latter treats the bits as unsigned. */
    static final class Bits64 extends IntegralField {
        Bits64(FieldSpec spec) {
            super(spec);
        }

        @Override
        public long getLong(Event event) {
            int at = locate(event);
            return at == ABSENT ? nullValue : event.buffer().getLong(at, Event.ORDER);
        }

        @Override
        void write(UnsafeBuffer record, int at, long value) {
            record.putLong(at, value, Event.ORDER);
        }
    }
}
