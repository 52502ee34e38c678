package io.millrace.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A field of the record's header, which events of every type have. Never null. */
public final class HeaderField extends Field {
    public static final HeaderField SEQUENCE = of("sequence", FieldType.INT64, Event.SEQUENCE_OFFSET);
    public static final HeaderField ID_HI = of("idHi", FieldType.INT64, Event.ID_HI_OFFSET);
    public static final HeaderField ID_LO = of("idLo", FieldType.INT64, Event.ID_LO_OFFSET);
    public static final HeaderField KEY = of("key", FieldType.INT64, Event.KEY_OFFSET);
    public static final HeaderField TIMESTAMP_NS = of("timestampNs", FieldType.INT64, Event.TIMESTAMP_NS_OFFSET);
    public static final HeaderField INGEST_TIME_NS = of("ingestTimeNs", FieldType.INT64, Event.INGEST_TIME_NS_OFFSET);
    public static final HeaderField SOURCE_ID = of("sourceId", FieldType.INT32, Event.SOURCE_ID_OFFSET);
    public static final HeaderField TYPE_ID = of("typeId", FieldType.UINT16, Event.TYPE_ID_OFFSET);

    /** All of them. */
    public static final List<HeaderField> ALL =
            List.of(SEQUENCE, ID_HI, ID_LO, KEY, TIMESTAMP_NS, INGEST_TIME_NS, SOURCE_ID, TYPE_ID);

    private final int at;
    private final int width;

    private HeaderField(FieldSpec spec) {
        super(spec);
        this.at = spec.offset();
        this.width = spec.length();
    }

    private static HeaderField of(String name, FieldType type, int offset) {
        return new HeaderField(FieldSpec.of(name, type, -1, offset, type.length(), 0, false));
    }

    /** {@return the header field of that name, null if there is none} */
    public static @Nullable HeaderField named(String name) {
        for (HeaderField field : ALL) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        return null;
    }

    @Override
    public boolean isNull(Event event) {
        return false;
    }

    @Override
    public long getLong(Event event) {
        return switch (width) {
            case 8 -> event.buffer().getLong(at, Event.ORDER);
            case 4 -> event.buffer().getInt(at, Event.ORDER);
            default -> event.buffer().getShort(at, Event.ORDER) & 0xFFFF;
        };
    }

    @Override
    public double getDouble(Event event) {
        return getLong(event);
    }

    @Override
    public long nullValue() {
        return spec().nullValue();
    }

    @Override
    public void putLong(MutableEvent event, long value) {
        if (!type().fits(value)) {
            throw outOfRange(value);
        }
        switch (width) {
            case 8 -> event.buffer().putLong(at, value, Event.ORDER);
            case 4 -> event.buffer().putInt(at, (int) value, Event.ORDER);
            default -> event.buffer().putShort(at, (short) value, Event.ORDER);
        }
    }

    @Override
    public void putDouble(MutableEvent event, double value) {
        throw unsupported("takes no double");
    }

    @Override
    public void putNull(MutableEvent event) {
        throw unsupported("is required and takes no null");
    }
}
