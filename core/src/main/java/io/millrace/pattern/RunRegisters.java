package io.millrace.pattern;

import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.HeaderField;
import io.millrace.event.NearestNames;
import io.millrace.expression.ExpressionType;
import io.millrace.expression.LongExpression;
import io.millrace.expression.Register;
import io.millrace.expression.Registers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run remembers of its events for conditions over earlier ones: a long for each, kept up when an event is
 * taken, so that a condition is a read. A null is no value: it changes nothing but {@code last}.
 *
 * <p>Of a stage without events the count and the sum are 0, the others null.
 */
final class RunRegisters implements Registers {
    private static final int NOTHING = -1;
    private static final long NAN = Double.doubleToRawLongBits(Double.NaN);

    private enum Kind {
        COUNT,
        /** Of values that are not null; for avg. */
        VALUE_COUNT,
        FIRST,
        LAST,
        SUM,
        AVG,
        MIN,
        MAX,
        DISTINCT
    }

    /**
     * @param index of the register
     * @param stage whose events it is over
     * @param sum register of avg's sum
     * @param count register of avg's count
     * @param value place in a node of a value that distinct asks for
     */
    private record Slot(
            Kind kind, int index, int stage, @Nullable Field field, boolean isDouble, int sum, int count, int value) {}

    private final List<String> stageNames;
    private final List<@Nullable EventType> stageTypes;
    private final List<Slot> slots = new ArrayList<>();
    private final Map<String, Slot> slotByText = new LinkedHashMap<>();
    private final List<Slot> distinctSlots = new ArrayList<>();
    private Slot[][] slotsByStage = {};

    /** Knows the stages that take events, by their numbers, and the type of each stage's events if it has one. */
    RunRegisters(List<String> stageNames, List<@Nullable EventType> stageTypes) {
        this.stageNames = stageNames;
        this.stageTypes = stageTypes;
    }

    @Override
    public Register of(String function, String of) {
        if (function.equals("count")) {
            int stage = stageNames.indexOf(of);
            if (stage < 0) {
                throw unknownStage(of);
            }
            return new Register(slot(Kind.COUNT, stage, null).index(), ExpressionType.LONG);
        }
        int stage = stageOf(of);
        Field field = field(stage, of.substring(stageNames.get(stage).length() + 1));
        return register(Kind.valueOf(function.toUpperCase(java.util.Locale.ROOT)), stage, field, function);
    }

    private Register register(Kind kind, int stage, Field field, String function) {
        ExpressionType type = switch (field.type()) {
            case UINT64 -> ExpressionType.UNSIGNED;
            case TEXT -> ExpressionType.TEXT;
            default -> field.type().isFloating() ? ExpressionType.DOUBLE : ExpressionType.LONG;
        };
        if (type == ExpressionType.UNSIGNED) {
            throw new IllegalArgumentException("a uint64, field " + field + ", has no " + function);
        }
        boolean isKept = kind == Kind.FIRST || kind == Kind.LAST || kind == Kind.DISTINCT;
        if (type == ExpressionType.TEXT && !isKept) {
            throw new IllegalArgumentException("a text, field " + field + ", has no " + function);
        }
        Slot slot = slot(kind, stage, field);
        ExpressionType given = switch (kind) {
            case DISTINCT -> ExpressionType.LONG;
            case AVG -> ExpressionType.DOUBLE;
            default -> type;
        };
        return new Register(slot.index(), given);
    }

    /** {@return the stage with the longest name that the text begins with} */
    private int stageOf(String of) {
        int found = NOTHING;
        for (int i = 0; i < stageNames.size(); i++) {
            boolean isLonger = found == NOTHING
                    || stageNames.get(i).length() > stageNames.get(found).length();
            if (isLonger && of.startsWith(stageNames.get(i) + ".")) {
                found = i;
            }
        }
        if (found == NOTHING) {
            throw unknownStage(of);
        }
        return found;
    }

    private IllegalArgumentException unknownStage(String of) {
        return new IllegalArgumentException(
                "unknown stage in " + of + " (expected: " + NearestNames.orAll(of, stageNames) + ")");
    }

    private Field field(int stage, String name) {
        EventType type = stageTypes.get(stage);
        Field field = type == null ? null : type.fieldOrNull(name);
        if (field == null) {
            field = HeaderField.named(name);
        }
        if (field == null) {
            throw new IllegalArgumentException("unknown field " + name + " of stage " + stageNames.get(stage)
                    + (type == null ? ", whose events have no one type" : ", whose events are " + type));
        }
        return field;
    }

    private Slot slot(Kind kind, int stage, @Nullable Field field) {
        String text = kind + " " + stage + " " + (field == null ? "" : field.name());
        Slot known = slotByText.get(text);
        if (known != null) {
            return known;
        }
        boolean isDouble = kind == Kind.AVG || (field != null && field.type().isFloating());
        int sum = kind == Kind.AVG ? slot(Kind.SUM, stage, field).index() : NOTHING;
        int count = kind == Kind.AVG ? slot(Kind.VALUE_COUNT, stage, field).index() : NOTHING;
        int value = kind == Kind.DISTINCT ? distinctSlots.size() : NOTHING;
        Slot slot = new Slot(kind, slots.size(), stage, field, isDouble, sum, count, value);
        slots.add(slot);
        slotByText.put(text, slot);
        if (kind == Kind.DISTINCT) {
            distinctSlots.add(slot);
        }
        return slot;
    }

    /** Fixes what is there; nothing may be added behind this. */
    void conclude() {
        slotsByStage = new Slot[stageNames.size()][];
        for (int stage = 0; stage < slotsByStage.length; stage++) {
            int wanted = stage;
            slotsByStage[stage] =
                    slots.stream().filter(slot -> slot.stage() == wanted).toArray(Slot[]::new);
        }
    }

    /** {@return registers of a run} */
    int count() {
        return slots.size();
    }

    /** {@return values that each node holds} */
    int valueCount() {
        return distinctSlots.size();
    }

    /** {@return registers in words, for people} */
    List<String> describe() {
        return slots.stream()
                .map(slot -> slot.kind().name().toLowerCase(java.util.Locale.ROOT) + "(" + stageNames.get(slot.stage())
                        + (slot.field() == null ? "" : "." + slot.field().name()) + ")")
                .toList();
    }

    /** {@return the registers of a run with their values, for people: {@code last(a.delay)=7}} */
    List<String> values(long[] registers, int offset) {
        List<String> names = describe();
        List<String> values = new ArrayList<>();
        for (Slot slot : slots) {
            long register = registers[offset + slot.index()];
            String value = slot.isDouble()
                    ? String.valueOf(Double.longBitsToDouble(register))
                    : register == LongExpression.NULL ? "null" : String.valueOf(register);
            values.add(names.get(slot.index()) + '=' + value);
        }
        return values;
    }

    /** Sets the registers of a new run. */
    void clear(long[] registers, int offset) {
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            registers[offset + i] = switch (slot.kind()) {
                case COUNT, VALUE_COUNT, DISTINCT, SUM -> 0;
                default -> slot.isDouble() ? NAN : LongExpression.NULL;
            };
        }
    }

    /** Takes an event in. The node that holds it is linked already; its values are written here. */
    void take(int stage, Event event, long[] registers, int offset, MatchNodes nodes, int node) {
        Slot[] changed = slotsByStage[stage];
        for (Slot slot : changed) {
            take(slot, event, registers, offset, nodes, node);
        }
    }

    private static void take(Slot slot, Event event, long[] registers, int offset, MatchNodes nodes, int node) {
        int at = offset + slot.index();
        if (slot.kind() == Kind.COUNT) {
            registers[at]++;
            return;
        }
        Field field = slot.field();
        boolean isNull =
                field == null || (field.typeId() >= 0 && field.typeId() != event.typeId()) || field.isNull(event);
        if (slot.kind() == Kind.LAST && isNull) {
            registers[at] = slot.isDouble() ? NAN : LongExpression.NULL;
        } else if (!isNull && field != null) {
            change(slot, field, event, registers, offset, nodes, node);
        }
    }

    private static void change(
            Slot slot, Field field, Event event, long[] registers, int offset, MatchNodes nodes, int node) {
        int at = offset + slot.index();
        switch (slot.kind()) {
            case VALUE_COUNT -> registers[at]++;
            case LAST -> registers[at] = bits(field, event);
            case FIRST -> {
                if (isUnset(slot, registers[at])) {
                    registers[at] = bits(field, event);
                }
            }
            case SUM -> registers[at] = sum(slot, field, event, registers[at]);
            case MIN, MAX -> registers[at] = extreme(slot, bits(field, event), registers[at]);
            case AVG -> {
                double sum = field.type().isFloating()
                        ? Double.longBitsToDouble(registers[offset + slot.sum()])
                        : registers[offset + slot.sum()];
                registers[at] = Double.doubleToRawLongBits(sum / registers[offset + slot.count()]);
            }
            case DISTINCT -> registers[at] += nodes.addValue(node, slot.value(), bits(field, event)) ? 1 : 0;
            default -> throw new AssertionError(slot.kind());
        }
    }

    private static long bits(Field field, Event event) {
        return field.type().isFloating() ? Double.doubleToLongBits(field.getDouble(event)) : field.getLong(event);
    }

    private static boolean isUnset(Slot slot, long register) {
        return slot.isDouble() ? Double.isNaN(Double.longBitsToDouble(register)) : register == LongExpression.NULL;
    }

    private static long sum(Slot slot, Field field, Event event, long sum) {
        if (slot.isDouble()) {
            return Double.doubleToRawLongBits(Double.longBitsToDouble(sum) + field.getDouble(event));
        }
        long value = field.getLong(event);
        long result = sum + value;
        boolean isOverflow = sum == LongExpression.NULL || ((sum ^ result) & (value ^ result)) < 0;
        return isOverflow ? LongExpression.NULL : result;
    }

    private static long extreme(Slot slot, long value, long register) {
        if (isUnset(slot, register)) {
            return value;
        }
        boolean isLess =
                slot.isDouble() ? Double.longBitsToDouble(value) < Double.longBitsToDouble(register) : value < register;
        return isLess == (slot.kind() == Kind.MIN) ? value : register;
    }
}
