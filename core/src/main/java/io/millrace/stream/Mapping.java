package io.millrace.stream;

import io.millrace.event.Condition;
import io.millrace.event.DerivedType;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.HeaderField;
import io.millrace.event.VarField;
import io.millrace.expression.DoubleExpression;
import io.millrace.expression.Expression;
import io.millrace.expression.LongExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the fields of a derived event are made of, by name, in this order:
 *
 * <pre>{@code
 *   Mapping.of("amount", "amountCents / 100")
 *           .with("isBig", "amountCents > 100000")
 *           .keep("currency")
 *           .with("fee", event -> fees.of(event.key()))
 * }</pre>
 *
 * <p>An expression that is one field copies it with all that the schema says of it; else an integer gives an int64, a
 * decimal a double, and a condition a uint8 that is 1 where it is true. Text can be copied, not made. The derived event
 * has key, time and sequence of the one that it is made of.
 *
 * <p><b>Threading</b>: one thread, until the stream is built.
 */
public final class Mapping {
    private final List<BiFunction<EventType, DerivedType, Later>> entries = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    private Mapping() {}

    /** Makes an assignment when the derived type is there. */
    interface Later {
        Assignment to(Field field);
    }

    /** A derived type and how its events are made. */
    record Compiled(EventType type, List<Assignment> assignments) {}

    /** {@return a mapping with one field} */
    public static Mapping of(String name, String expression) {
        return new Mapping().with(name, expression);
    }

    /** {@return a mapping that copies fields under their own names} */
    public static Mapping ofFields(String... names) {
        return new Mapping().keep(names);
    }

    /** {@return a mapping without any field so far} */
    public static Mapping empty() {
        return new Mapping();
    }

    /** Adds a field that an expression over the source event gives. */
    public Mapping with(String name, String expression) {
        return entry(name, (source, type) -> with(name, Expression.parse(expression, source), type));
    }

    private static Later with(String name, Expression expression, DerivedType type) {
        Field field = expression.field();
        if (field != null && !field.isConstant()) {
            type.like(name, field);
            return to -> Assignment.copy(field, to);
        }
        return switch (expression.type()) {
            case LONG -> longs(name, expression.longs(), type);
            case DOUBLE -> doubles(name, expression.doubles(), type);
            case BOOLEAN -> truth(name, expression.condition(), type);
            default ->
                throw new IllegalArgumentException("cannot map to field: " + name + '=' + expression + " is "
                        + expression.type() + " (expected: a field, a number or a condition); compute with numbers,"
                        + " text can be copied only");
        };
    }

    private static Later longs(String name, LongExpression value, DerivedType type) {
        type.field(name, FieldType.INT64);
        return to -> new Assignment.PutLong(value, to);
    }

    private static Later doubles(String name, DoubleExpression value, DerivedType type) {
        type.field(name, FieldType.DOUBLE);
        return to -> new Assignment.PutDouble(value, to);
    }

    private static Later truth(String name, Condition value, DerivedType type) {
        type.field(name, FieldType.UINT8);
        return to -> new Assignment.PutTruth(value, to);
    }

    /** Adds an int64 that code computes of the source event; {@link LongExpression#NULL} is null. */
    public Mapping with(String name, LongExpression value) {
        return entry(name, (source, type) -> longs(name, value, type));
    }

    /** Adds a double that code computes of the source event; NaN is null. */
    public Mapping withDouble(String name, DoubleExpression value) {
        return entry(name, (source, type) -> doubles(name, value, type));
    }

    /** Copies fields of the source event, those of the header too, under their own names. */
    public Mapping keep(String... fieldNames) {
        for (String name : fieldNames) {
            keep(name, null);
        }
        return this;
    }

    /** Copies a field of the source event under another name. */
    public Mapping keepAs(String name, Field field) {
        return keep(name, field);
    }

    private Mapping keep(String name, @Nullable Field field) {
        return entry(name, (source, type) -> {
            Field from = field == null ? fieldOf(source, name) : field;
            type.like(name, from);
            return to -> Assignment.copy(from, to);
        });
    }

    private Mapping entry(String name, BiFunction<EventType, DerivedType, Later> entry) {
        names.add(name);
        entries.add(entry);
        return this;
    }

    private static Field fieldOf(EventType source, String name) {
        Field field = source.fieldOrNull(name);
        HeaderField header = HeaderField.named(name);
        if (field == null && header != null) {
            return header;
        }
        requireNoVar(source, name);
        return source.field(name);
    }

    private static void requireNoVar(EventType source, String name) {
        if (source.varFieldOrNull(name) != null) {
            throw new IllegalArgumentException("cannot copy field: field=" + name + " of " + source
                    + " is of varying length (expected: a fixed one); leave it out, or give it a fixed length in the"
                    + " schema");
        }
    }

    /** {@return a mapping that copies all fields of a type to ones that may be null} */
    static Mapping allNullable(EventType source) {
        Mapping mapping = new Mapping();
        for (Field field : source.fields()) {
            if (!field.isConstant()) {
                mapping.entry(field.name(), (type, derived) -> {
                    derived.nullableLike(field.name(), field);
                    return to -> Assignment.copy(field, to);
                });
            }
        }
        for (VarField field : source.varFields()) {
            requireNoVar(source, field.name());
        }
        return mapping;
    }

    /**
     * {@return a mapping that copies all fields of a type}
     *
     * @param prefix of the names, empty for none
     */
    static Mapping all(EventType source, String prefix) {
        Mapping mapping = new Mapping();
        for (Field field : source.fields()) {
            if (!field.isConstant()) {
                mapping.keep(prefix + field.name(), field);
            }
        }
        for (VarField field : source.varFields()) {
            requireNoVar(source, field.name());
        }
        return mapping;
    }

    /** {@return the type that events of a source type become} */
    Compiled compile(String typeName, EventType source) {
        DerivedType derived = DerivedType.named(typeName);
        List<Later> laters = new ArrayList<>();
        for (BiFunction<EventType, DerivedType, Later> entry : entries) {
            laters.add(entry.apply(source, derived));
        }
        EventType type = derived.build();
        List<Assignment> assignments = new ArrayList<>();
        for (int i = 0; i < laters.size(); i++) {
            assignments.add(laters.get(i).to(type.field(names.get(i))));
        }
        return new Compiled(type, List.copyOf(assignments));
    }
}
