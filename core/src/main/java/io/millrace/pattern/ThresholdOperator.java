package io.millrace.pattern;

import io.millrace.event.Event;
import io.millrace.event.Field;
import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import io.millrace.state.Losses;
import io.millrace.state.Operator;
import io.millrace.state.StateException;
import io.millrace.state.StateReader;
import io.millrace.state.StateWriter;
import java.util.Map;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the threshold form of an {@link EventPattern}: at each counted event it decides, with the event included,
 * whether enough events on enough distinct values are there, and puts out a {@link Match}.
 *
 * <p>Events are processed as they come. One that is older than a counted event before it, or not ahead of the
 * watermark, is late: ignored and counted. A pipeline that allows events out of order puts this behind a {@code
 * ReorderBuffer}, so that none is.
 *
 * <p>Bounds: an event of a new key when {@code maxKeys} have counted events is ignored; for an event that finds
 * {@code maxEventsPerKey} of its key, or {@code maxEvents} of all, the oldest of them is forgotten. All is counted,
 * and depends on the events alone.
 *
 * <p><b>Threading</b>: one thread. <b>Allocation</b>: none after construction. <b>Complexity</b>: amortised O(1) per
 * event; what is too old leaves at most {@value #SWEEP_BUDGET} events per record, and at once for the event's own
 * key.
 */
public final class ThresholdOperator implements Operator {
    private static final int SWEEP_BUDGET = 64;

    private final EventPattern pattern;
    private final @Nullable Field distinctField;
    private final @Nullable Field valueField;
    private final Threshold[] valueThresholds;
    private final int typeId;
    private final long minCount;
    private final long minDistinct;
    private final long withinNs;
    private final MatchMode mode;
    private final int maxEventsPerKey;
    private final CountedEvents events;
    private final long[] touchedKeys = new long[MAX_TOUCHED];
    private final long[] touchedValues = new long[MAX_TOUCHED];
    private final int[] touchedSlots = new int[MAX_TOUCHED];

    private long watermarkNs = Long.MIN_VALUE;
    private long lastTimestampNs = Long.MIN_VALUE;

    private long matchCount;
    private long eventCount;
    private long lateCount;
    private long refusedKeyCount;
    private long forgottenCount;

    /** Makes the state for all keys. */
    public ThresholdOperator(EventPattern pattern) {
        this.pattern = pattern;
        this.distinctField = pattern.distinctField();
        this.typeId = pattern.type().id();
        this.minCount = pattern.minCount();
        this.minDistinct = pattern.minDistinct();
        this.withinNs = pattern.withinNs();
        this.mode = pattern.mode();
        this.maxEventsPerKey = pattern.maxEventsPerKey();
        this.valueField = pattern.valueField();
        this.valueThresholds = pattern.valueThresholds().toArray(Threshold[]::new);
        this.events =
                new CountedEvents(pattern.maxKeys(), pattern.maxEvents(), distinctField != null, valueField != null);
    }

    @Override
    public String name() {
        return pattern.name();
    }

    public EventPattern pattern() {
        return pattern;
    }

    /** {@return bytes that the state of such a pattern takes} */
    public static long bytes(EventPattern pattern) {
        return CountedEvents.bytes(
                pattern.maxKeys(), pattern.maxEvents(), pattern.distinctField() != null, pattern.valueField() != null);
    }

    /** {@return bytes that the state takes, the same for its whole life} */
    @Override
    public long bytes() {
        return bytes(pattern);
    }

    @Override
    public int maxOutputsPerStep() {
        return 1;
    }

    /** {@return never: time alone completes no match} */
    @Override
    public long nextDeadlineNs() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean accepts(Event event) {
        return pattern.accepts(event);
    }

    @Override
    public boolean needsOrder() {
        return true;
    }

    @Override
    public long touch(Event event) {
        return event.typeId() == typeId ? events.touchKey(event.key()) : 0;
    }

    /** In passes, each over all events: no load waits for another one of its pass. */
    @Override
    public long touch(Event[] batch, int count) {
        int keyCount = 0;
        for (int i = 0; i < count; i++) {
            if (batch[i].typeId() == typeId) {
                touchedKeys[keyCount] = batch[i].key();
                touchedValues[keyCount++] = valueOf(batch[i]);
            }
        }
        long touched = events.touchLeaving(keyCount);
        for (int i = 0; i < keyCount; i++) {
            touched += events.touchKey(touchedKeys[i]);
        }
        int slotCount = 0;
        for (int i = 0; i < keyCount; i++) {
            int slot = events.slotOf(touchedKeys[i]);
            if (slot >= 0) {
                touchedSlots[slotCount] = slot;
                touchedValues[slotCount++] = touchedValues[i];
                touched += events.touchCounts(slot);
            }
        }
        touched += events.touchForgotten(keyCount);
        for (int i = 0; i < slotCount; i++) {
            touched += events.touchMore(touchedSlots[i], touchedValues[i]);
        }
        for (int i = 0; i < slotCount; i++) {
            touched += events.touchChain(touchedSlots[i], touchedValues[i]);
        }
        return touched;
    }

    private long valueOf(Event event) {
        return distinctField == null ? 0 : distinctField.getLong(event);
    }

    @Override
    public boolean advanceTo(long watermarkNs, boolean idle, Outputs outputs) {
        this.watermarkNs = watermarkNs;
        long limitNs = watermarkNs == Long.MAX_VALUE ? watermarkNs : tooOldNs(watermarkNs + 1);
        if (events.isOldestUpTo(limitNs)) {
            sweep(limitNs, idle ? Integer.MAX_VALUE : SWEEP_BUDGET);
        }
        return true;
    }

    /** {@return the newest time that does not count at the given one} */
    private long tooOldNs(long timeNs) {
        return timeNs < Long.MIN_VALUE + withinNs ? Long.MIN_VALUE : timeNs - withinNs;
    }

    private void sweep(long limitNs, int budget) {
        for (int i = 0; i < budget && events.isOldestUpTo(limitNs); i++) {
            events.removeOldest();
        }
    }

    @Override
    public void onEvent(Event event, Outputs outputs) {
        if (pattern.accepts(event)) {
            long timestampNs = event.timestampNs();
            if (timestampNs < lastTimestampNs || timestampNs <= watermarkNs) {
                lateCount++;
            } else {
                lastTimestampNs = timestampNs;
                onCounted(event, timestampNs, outputs);
            }
        }
    }

    private void onCounted(Event event, long timestampNs, Outputs outputs) {
        long limitNs = tooOldNs(timestampNs);
        makeRoom(limitNs);
        int slot = begin(event.key(), limitNs);
        if (slot < 0) {
            refusedKeyCount++;
            return;
        }
        events.forgetUpTo(slot, limitNs);
        if (events.count(slot) == maxEventsPerKey) {
            events.forgetFirst(slot);
            forgottenCount++;
        }
        boolean wasAbove = isAbove(slot);
        count(slot, event, timestampNs);
        if (isAbove(slot) && !(wasAbove && mode == MatchMode.RISING_EDGE)) {
            putOut(slot, event, outputs);
            if (mode == MatchMode.SKIP_PAST_LAST) {
                events.end(slot);
            }
        }
    }

    /** Makes sure that the ring has a place, of an event that is too old if possible. */
    private void makeRoom(long limitNs) {
        if (events.isFull()) {
            sweep(limitNs, Integer.MAX_VALUE);
            if (events.isFull() && events.removeOldest()) {
                forgottenCount++;
            }
        }
    }

    private int begin(long key, long limitNs) {
        int slot = events.begin(key);
        if (slot < 0) {
            sweep(limitNs, Integer.MAX_VALUE);
            slot = events.begin(key);
        }
        return slot;
    }

    private void count(int slot, Event event, long timestampNs) {
        eventCount++;
        boolean hasValue = distinctField != null && !distinctField.isNull(event);
        long value = distinctField != null && hasValue ? distinctField.getLong(event) : 0;
        events.append(slot, timestampNs, event.sequence(), value, hasValue);
        if (valueField != null) {
            events.measure(slot, valueField.getLong(event), valueField.isNull(event));
        }
    }

    private boolean isAbove(int slot) {
        return events.count(slot) >= minCount && events.distinct(slot) >= minDistinct && doValuesHold(slot);
    }

    private boolean doValuesHold(int slot) {
        for (Threshold threshold : valueThresholds) {
            if (!doesHold(threshold, slot)) {
                return false;
            }
        }
        return true;
    }

    private boolean doesHold(Threshold threshold, int slot) {
        if (events.count(slot) == 0) {
            return false;
        }
        long valueCount = events.valueCount(slot);
        Measure.Kind kind = threshold.measure().kind();
        if (kind == Measure.Kind.SUM) {
            return threshold.holds(events.sum(slot));
        }
        if (valueCount == 0) {
            return false;
        }
        return switch (kind) {
            case MIN -> threshold.holds(events.min(slot));
            case MAX -> threshold.holds(events.max(slot));
            default -> threshold.holds((double) events.sum(slot) / valueCount);
        };
    }

    private void putOut(int slot, Event event, Outputs outputs) {
        matchCount++;
        MutableEvent output = outputs.claim(Match.TYPE_ID, Match.PAYLOAD_LENGTH);
        output.key(event.key()).timestampNs(event.timestampNs()).schemaVersion(Match.SCHEMA_VERSION);
        MutableDirectBuffer record = output.buffer();
        int at = output.payloadOffset();
        Match.encodeLast(record, at, event);
        Match.encodeFirst(record, at, events.firstTimestampNs(slot), events.firstSequence(slot));
        Match.encodeCounts(record, at, matchCount, events.count(slot), events.distinct(slot));
        outputs.commit();
    }

    /** {@return events of a key that were counted and are not forgotten} */
    long count(long key) {
        int slot = events.slotOf(key);
        return slot < 0 ? 0 : events.count(slot);
    }

    /** {@return distinct values of those} */
    long distinct(long key) {
        int slot = events.slotOf(key);
        return slot < 0 ? 0 : events.distinct(slot);
    }

    /** {@return a condition over the values of those, in words} */
    ThresholdInspector.Measured measured(Threshold threshold, long key) {
        int slot = events.slotOf(key);
        boolean isKnown = slot >= 0 && events.valueCount(slot) > 0;
        String value = !isKnown
                ? "null"
                : switch (threshold.measure().kind()) {
                    case SUM -> Long.toString(events.sum(slot));
                    case MIN -> Long.toString(events.min(slot));
                    case MAX -> Long.toString(events.max(slot));
                    default -> Double.toString((double) events.sum(slot) / events.valueCount(slot));
                };
        return new ThresholdInspector.Measured(
                threshold.measure().toString(), value, threshold.wanted(), slot >= 0 && doesHold(threshold, slot));
    }

    @Override
    public Map<String, Long> losses() {
        return new Losses()
                .add("late", lateCount())
                .add("beyond maxKeys", refusedKeyCount())
                .add("forgotten beyond maxEvents", forgottenCount())
                .counts();
    }

    /** {@return keys that have counted events, or had some that the sweep has not come to yet} */
    public int keyCount() {
        return events.keyCount();
    }

    /** {@return events held, some of which may count no more} */
    public long heldEventCount() {
        return events.eventCount();
    }

    /** {@return matches put out} */
    public long matchCount() {
        return matchCount;
    }

    /** {@return events counted so far} */
    public long eventCount() {
        return eventCount;
    }

    /** {@return events ignored because they were late} */
    public long lateCount() {
        return lateCount;
    }

    /** {@return events ignored because {@code maxKeys} other keys had counted events} */
    public long refusedKeyCount() {
        return refusedKeyCount;
    }

    /** {@return events forgotten before their time to make room for newer ones} */
    public long forgottenCount() {
        return forgottenCount;
    }

    @Override
    public void save(StateWriter writer) {
        writer.putLong(withinNs);
        writer.putLong(minCount);
        writer.putLong(minDistinct);
        writer.putInt(mode.ordinal());
        writer.putInt(maxEventsPerKey);
        if (valueField != null) {
            writer.putInt(pattern.valueThresholds().toString().hashCode());
        }
        writer.putLong(watermarkNs);
        writer.putLong(lastTimestampNs);
        writer.putLong(matchCount);
        writer.putLong(eventCount);
        writer.putLong(lateCount);
        writer.putLong(refusedKeyCount);
        writer.putLong(forgottenCount);
        events.save(writer);
    }

    @Override
    public void load(StateReader reader) {
        String what = "pattern " + name();
        StateException.requireSame(what, "withinNs", reader.getLong(), withinNs);
        StateException.requireSame(what, "minCount", reader.getLong(), minCount);
        StateException.requireSame(what, "minDistinct", reader.getLong(), minDistinct);
        StateException.requireSame(what, "mode", reader.getInt(), mode.ordinal());
        StateException.requireSame(what, "maxEventsPerKey", reader.getInt(), maxEventsPerKey);
        if (valueField != null) {
            int hash = pattern.valueThresholds().toString().hashCode();
            StateException.requireSame(what, "valueThresholds", reader.getInt(), hash);
        }
        watermarkNs = reader.getLong();
        lastTimestampNs = reader.getLong();
        matchCount = reader.getLong();
        eventCount = reader.getLong();
        lateCount = reader.getLong();
        refusedKeyCount = reader.getLong();
        forgottenCount = reader.getLong();
        events.load(what, reader);
    }
}
