package io.millrace.pattern;

import io.millrace.event.Event;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What {@link PatternOperator} puts out: a complete SBE message, described in {@code io/millrace/event/outputs.xml}.
 * The event's key is the key of the events matched and its time that at which the match was decided, which is later
 * than that of its last event if an absence or another run was waited for.
 *
 * <pre>
 *   0        8         16      24       32              40             48           52        56     57
 *  +--------+---------+-------+--------+---------------+--------------+------------+---------+------+---------------
 *  | header | startNs | endNs | number | firstSequence | lastSequence | eventCount | pattern | kind | length, stages
 *  +--------+---------+-------+--------+---------------+--------------+------------+---------+------+---------------
 *
 *     4 bytes  26 bytes per event
 *   -+--------+----------+------+------+-------+------
 *    | length | sequence | idHi | idLo | stage | ...
 *   -+--------+----------+------+------+-------+------
 * </pre>
 *
 * <p>{@code stages} is for people: {@code order=12 attempt=15,18}. {@code events} has the events in the order in which
 * they were taken; the stage is its place among the stages of the pattern that take events, groups taken apart. An
 * event that satisfies two conditions of allOf is there twice. What does not fit {@code maxMatchLength} is left out at
 * the end, the ids before the text; {@code eventCount} counts all, and {@link #isTruncated} tells.
 *
 * <p><b>Threading</b>: a view belongs to one thread. <b>Allocation</b>: none after construction, text aside.
 */
public final class PatternMatch {
    public static final int TYPE_ID = 60_004;
    public static final int SCHEMA_ID = 6_000;
    public static final int SCHEMA_VERSION = 0;
    public static final int HEADER_LENGTH = 8;

    public static final int START_NS_OFFSET = 8;
    public static final int END_NS_OFFSET = 16;
    public static final int NUMBER_OFFSET = 24;
    public static final int FIRST_SEQUENCE_OFFSET = 32;
    public static final int LAST_SEQUENCE_OFFSET = 40;
    public static final int EVENT_COUNT_OFFSET = 48;
    public static final int PATTERN_OFFSET = 52;
    public static final int KIND_OFFSET = 56;
    /** Bytes of the block behind the message header. */
    public static final int BLOCK_LENGTH = KIND_OFFSET + 1 - HEADER_LENGTH;
    /** Bytes of one event in {@code events}. */
    public static final int EVENT_LENGTH = 26;

    /** The pattern matched. */
    public static final int MATCH = 0;
    /** The time was over before it did. */
    public static final int TIMEOUT = 1;
    /** The run made room for another one. */
    public static final int EVICTED = 2;

    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    static final int STAGES_OFFSET = HEADER_LENGTH + BLOCK_LENGTH;
    static final int STAGES_PREFIX_LENGTH = Short.BYTES;
    static final int EVENTS_PREFIX_LENGTH = Integer.BYTES;
    /** Bytes of the payload without stages and events. */
    static final int MIN_LENGTH = STAGES_OFFSET + STAGES_PREFIX_LENGTH + EVENTS_PREFIX_LENGTH;

    private static final int ID_HI_OFFSET = 8;
    private static final int ID_LO_OFFSET = 16;
    private static final int STAGE_OFFSET = 24;
    private static final long MESSAGE_HEADER =
            BLOCK_LENGTH | (long) TYPE_ID << 16 | (long) SCHEMA_ID << 32 | (long) SCHEMA_VERSION << 48;

    private final UnsafeBuffer payload = new UnsafeBuffer(0, 0);

    /** Points this view at an event of {@link #TYPE_ID}, for as long as the event's own view is valid. */
    public PatternMatch wrap(Event event) {
        int at = event.payloadOffset();
        payload.wrap(event.buffer(), at, event.recordLength() - at);
        return this;
    }

    /** {@return the time of the first event, in nanoseconds since the epoch} */
    public long startNs() {
        return payload.getLong(START_NS_OFFSET, ORDER);
    }

    /** {@return the time of the last event, in nanoseconds since the epoch} */
    public long endNs() {
        return payload.getLong(END_NS_OFFSET, ORDER);
    }

    /** {@return which output of the pattern this is, counting from 1} */
    public long number() {
        return payload.getLong(NUMBER_OFFSET, ORDER);
    }

    /** {@return the sequence of the first event} */
    public long firstSequence() {
        return payload.getLong(FIRST_SEQUENCE_OFFSET, ORDER);
    }

    /** {@return the sequence of the last event} */
    public long lastSequence() {
        return payload.getLong(LAST_SEQUENCE_OFFSET, ORDER);
    }

    /** {@return events in the match} */
    public int eventCount() {
        return payload.getInt(EVENT_COUNT_OFFSET, ORDER);
    }

    /** {@return the number of the pattern, {@link #idOf} its name; it tells those of a {@link PatternSet} apart} */
    public int pattern() {
        return payload.getInt(PATTERN_OFFSET, ORDER);
    }

    /** {@return the number of a pattern: a hash of its name, at least 0} */
    public static int idOf(String patternName) {
        int hash = 0;
        for (byte each : patternName.getBytes(StandardCharsets.UTF_8)) {
            hash = hash * 0x0100_0193 + (each & 0xFF);
        }
        return hash & Integer.MAX_VALUE;
    }

    /** {@return {@link #MATCH}, {@link #TIMEOUT} or {@link #EVICTED}} */
    public int kind() {
        return payload.getByte(KIND_OFFSET) & 0xFF;
    }

    /** {@return the sequences of each stage as text} Allocates. */
    public String stages() {
        byte[] text = new byte[stagesLength()];
        payload.getBytes(STAGES_OFFSET + STAGES_PREFIX_LENGTH, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** {@return events that are listed, as long as they fit each {@link #eventCount} with its stage} */
    public int listedCount() {
        return payload.getInt(eventsOffset(), ORDER) / EVENT_LENGTH;
    }

    /** {@return whether events are left out, as they did not fit {@link PatternLimits#maxMatchLength}} */
    public boolean isTruncated() {
        int count = 0;
        for (int i = 0; i < listedCount(); i++) {
            count += i == 0 || sequence(i) != sequence(i - 1) ? 1 : 0;
        }
        return count < eventCount();
    }

    /** {@return the sequence of a listed event, counting from 0} */
    public long sequence(int index) {
        return payload.getLong(at(index), ORDER);
    }

    /** {@return the high half of the id of a listed event} */
    public long idHi(int index) {
        return payload.getLong(at(index) + ID_HI_OFFSET, ORDER);
    }

    /** {@return the low half of the id of a listed event} */
    public long idLo(int index) {
        return payload.getLong(at(index) + ID_LO_OFFSET, ORDER);
    }

    /** {@return the stage of a listed event: its place among those that take events, from 0} */
    public int stage(int index) {
        return payload.getShort(at(index) + STAGE_OFFSET, ORDER) & 0xFFFF;
    }

    private int stagesLength() {
        return payload.getShort(STAGES_OFFSET, ORDER) & 0xFFFF;
    }

    private int eventsOffset() {
        return STAGES_OFFSET + STAGES_PREFIX_LENGTH + stagesLength();
    }

    private int at(int index) {
        return eventsOffset() + EVENTS_PREFIX_LENGTH + index * EVENT_LENGTH;
    }

    static void encode(MutableDirectBuffer record, int at, int pattern, long number, int kind) {
        record.putLong(at, MESSAGE_HEADER, ORDER);
        record.putInt(at + PATTERN_OFFSET, pattern, ORDER);
        record.putLong(at + NUMBER_OFFSET, number, ORDER);
        record.putByte(at + KIND_OFFSET, (byte) kind);
    }

    static void encodeTimes(MutableDirectBuffer record, int at, long startNs, long endNs) {
        record.putLong(at + START_NS_OFFSET, startNs, ORDER);
        record.putLong(at + END_NS_OFFSET, endNs, ORDER);
    }

    static void encodeSpan(MutableDirectBuffer record, int at, long firstSequence, long lastSequence, int eventCount) {
        record.putLong(at + FIRST_SEQUENCE_OFFSET, firstSequence, ORDER);
        record.putLong(at + LAST_SEQUENCE_OFFSET, lastSequence, ORDER);
        record.putInt(at + EVENT_COUNT_OFFSET, eventCount, ORDER);
    }

    static void encodeEvent(MutableDirectBuffer record, int at, long sequence, long idHi, long idLo, int stage) {
        record.putLong(at, sequence, ORDER);
        record.putLong(at + ID_HI_OFFSET, idHi, ORDER);
        record.putLong(at + ID_LO_OFFSET, idLo, ORDER);
        record.putShort(at + STAGE_OFFSET, (short) stage, ORDER);
    }
}
