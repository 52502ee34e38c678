package io.millrace.event;

import java.nio.charset.Charset;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Typed access to one field of an event: a field of a schema's type, or one of the header ({@link HeaderField}).
 *
 * <p>A field of a schema lies at a constant offset of the block. Records of a schema version older than the field, or
 * with a shorter block, do not have it: it is null in them and reads as its null value. So is an optional field that
 * holds its null value. A required field is null only where it is absent: all of its bit patterns are values.
 *
 * <p>The event must be of the field's type and its payload whole, which {@link EventType#isValid} tells and admission
 * makes sure of; reads do not check it again. Conditions do check the type.
 *
 * <p><b>Threading</b>: immutable; any thread may use a field on an event it may read or write. <b>Allocation</b>: none,
 * but for text as a string, conditions and failures. <b>Failure</b>: {@link UnsupportedOperationException} for an
 * access that the type does not have (text of a number, putting a constant), {@link IllegalArgumentException} for a
 * value that does not fit.
 */
public abstract class Field {
    static final int ABSENT = -1;

    private final FieldSpec spec;
    private final int blockOffset;
    private final int blockEnd;
    private final int sinceVersion;
    final boolean optional;

    Field(FieldSpec spec) {
        this.spec = spec;
        this.blockOffset = MessageHeader.LENGTH + spec.offset();
        this.blockEnd = spec.offset() + spec.length();
        this.sinceVersion = spec.sinceVersion();
        this.optional = spec.isOptional();
    }

    /** {@return the name; parts of a composite are named {@code outer.inner}, items of an array {@code field.0}} */
    public final String name() {
        return spec.name();
    }

    public final FieldType type() {
        return spec.type();
    }

    /** {@return the id of the event type it belongs to, -1 for a field of the header, which every event has} */
    public final int typeId() {
        return spec.typeId();
    }

    /** {@return bytes from the begin of the block behind the message header; in the record for a header field} */
    public final int offset() {
        return spec.offset();
    }

    /** {@return bytes in the record, 0 for a constant} */
    public final int length() {
        return spec.length();
    }

    /** {@return the first schema version that has the field} */
    public final int sinceVersion() {
        return sinceVersion;
    }

    public final boolean isOptional() {
        return optional;
    }

    /** {@return whether the schema fixes the value, so that records do not carry it} */
    public boolean isConstant() {
        return false;
    }

    /** {@return the least value that the schema allows, of an integral field} {@link #putLong} does not look at it. */
    public final long minValue() {
        return spec.min();
    }

    /** {@return the greatest value that the schema allows, of an integral field; unsigned bits for uint64} */
    public final long maxValue() {
        return spec.max();
    }

    /** {@return the least value that the schema allows, of a floating field} */
    public final double minDouble() {
        return Double.longBitsToDouble(spec.min());
    }

    /** {@return the greatest value that the schema allows, of a floating field} */
    public final double maxDouble() {
        return Double.longBitsToDouble(spec.max());
    }

    /** {@return the character encoding of a text} */
    public final Charset charset() {
        return spec.charset();
    }

    /** {@return names and codes if the field is an enum} */
    public final @Nullable Enumeration enumeration() {
        return spec.enumeration();
    }

    final FieldSpec spec() {
        return spec;
    }

    /** {@return whether the event has no value here} */
    public abstract boolean isNull(Event event);

    /**
     * {@return the value of an integer, the code of a char or of an enum, the bits of a set; for text a long that
     * stands for it ({@link PackedText}, or {@link Murmur3} if it is longer than 8 bytes); the null value if null}
     *
     * @throws UnsupportedOperationException if the field is floating
     */
    public abstract long getLong(Event event);

    /**
     * {@return the value as a double, rounded if it is an integer above 2^53; NaN if null}
     *
     * @throws UnsupportedOperationException if the field is text
     */
    public abstract double getDouble(Event event);

    /** {@return what {@link #getLong} gives for null; meaningful unless the field is floating} */
    public abstract long nullValue();

    /** Writes a value into an event that {@link EventType#encode} prepared. */
    public abstract void putLong(MutableEvent event, long value);

    /** Writes a value into an event that {@link EventType#encode} prepared. */
    public abstract void putDouble(MutableEvent event, double value);

    /**
     * Writes the null value into an event that {@link EventType#encode} prepared.
     *
     * @throws UnsupportedOperationException if the field is required
     */
    public abstract void putNull(MutableEvent event);

    /** {@return bytes of the text without its padding, -1 if null} */
    public int textLength(Event event) {
        throw unsupported("has no text");
    }

    /** {@return where the text begins in {@link Event#buffer()}, -1 if null} */
    public int textOffset(Event event) {
        throw unsupported("has no text");
    }

    /** {@return the text, null if null} */
    public @Nullable String text(Event event) {
        throw unsupported("has no text");
    }

    /** Writes text and its padding into an event that {@link EventType#encode} prepared. */
    public void putText(MutableEvent event, String text) {
        throw unsupported("has no text");
    }

    /** Writes text that is encoded already, none of its bytes zero, as {@link #putText(MutableEvent, String)} does. */
    public void putText(MutableEvent event, DirectBuffer source, int offset, int length) {
        throw unsupported("has no text");
    }

    /** {@return makers of conditions on this field} */
    public final Conditions conditions() {
        return new Conditions(this);
    }

    public final Condition eq(long value) {
        return conditions().eq(value);
    }

    public final Condition ne(long value) {
        return conditions().ne(value);
    }

    public final Condition lt(long value) {
        return conditions().lt(value);
    }

    public final Condition le(long value) {
        return conditions().le(value);
    }

    public final Condition gt(long value) {
        return conditions().gt(value);
    }

    public final Condition ge(long value) {
        return conditions().ge(value);
    }

    @Override
    public final String toString() {
        return spec.name();
    }

    /** {@return where the value lies in the record, {@link #ABSENT} if the record is older than the field} */
    final int locate(Event event) {
        int payloadOffset = event.payloadOffset();
        if (sinceVersion > 0 && !isPresent(event, payloadOffset)) {
            return ABSENT;
        }
        return payloadOffset + blockOffset;
    }

    private boolean isPresent(Event event, int payloadOffset) {
        return event.schemaVersion() >= sinceVersion
                && MessageHeader.blockLength(event.buffer(), payloadOffset) >= blockEnd;
    }

    /** {@return where to write the value: the writer's record has every field} */
    final int place(Event event) {
        return event.payloadOffset() + blockOffset;
    }

    final UnsupportedOperationException unsupported(String why) {
        return new UnsupportedOperationException("field=" + name() + ' ' + why + " (type " + type().sbeName() + ')');
    }

    final IllegalArgumentException outOfRange(long value) {
        return new IllegalArgumentException("cannot put field: " + name() + '=' + value + " (expected: "
                + type().minValue() + " to " + type().maxValue() + ')');
    }
}
