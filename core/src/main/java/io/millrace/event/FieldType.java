package io.millrace.event;

/** What a field holds: the primitive types of SBE, and text of a fixed number of bytes. Sizes are in bytes. */
public enum FieldType {
    CHAR("char", 1, 0, 255, 0),
    INT8("int8", 1, Byte.MIN_VALUE, Byte.MAX_VALUE, Byte.MIN_VALUE),
    INT16("int16", 2, Short.MIN_VALUE, Short.MAX_VALUE, Short.MIN_VALUE),
    INT32("int32", 4, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE),
    INT64("int64", 8, Long.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE),
    UINT8("uint8", 1, 0, 0xFF, 0xFF),
    UINT16("uint16", 2, 0, 0xFFFF, 0xFFFF),
    UINT32("uint32", 4, 0, 0xFFFF_FFFFL, 0xFFFF_FFFFL),
    /** Values above 2^63 - 1 are negative longs with the same bits. */
    UINT64("uint64", 8, 0, -1L, -1L),
    FLOAT("float", 4, 0, 0, 0),
    DOUBLE("double", 8, 0, 0, 0),
    /** A fixed array of char, padded with zero bytes. */
    TEXT("text", 0, 0, 0, 0);

    private final String sbeName;
    private final int length;
    private final long minValue;
    private final long maxValue;
    private final long nullValue;

    FieldType(String sbeName, int length, long minValue, long maxValue, long nullValue) {
        this.sbeName = sbeName;
        this.length = length;
        this.minValue = minValue;
        this.maxValue = maxValue;
        this.nullValue = nullValue;
    }

    /** {@return the name as a schema spells it} */
    public String sbeName() {
        return sbeName;
    }

    /** {@return bytes of one value, 0 for {@link #TEXT}} */
    public int length() {
        return length;
    }

    /** {@return the least value that fits; meaningful if {@link #isIntegral}} */
    public long minValue() {
        return minValue;
    }

    /** {@return the greatest value that fits, unsigned for {@link #UINT64}; meaningful if {@link #isIntegral}} */
    public long maxValue() {
        return maxValue;
    }

    /** {@return SBE's null value; meaningful if {@link #isIntegral}. That of a floating type is NaN} */
    public long nullValue() {
        return nullValue;
    }

    public boolean isFloating() {
        return this == FLOAT || this == DOUBLE;
    }

    /** {@return whether values are longs: the integers and char} */
    public boolean isIntegral() {
        return !isFloating() && this != TEXT;
    }

    /** {@return whether the value is in the range of the type} */
    public boolean fits(long value) {
        return this == UINT64 || (value >= minValue && value <= maxValue);
    }
}
