package io.millrace.stream;

import io.millrace.event.Condition;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.HeaderField;
import io.millrace.expression.Expression;
import io.millrace.expression.LongExpression;
import io.millrace.state.Operator;
import io.millrace.window.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Events of one type that flow within a {@link StreamBuilder}'s operator. Each method gives the stream that comes of
 * this one, which may be used any number of times itself. Text is an {@link Expression} over the fields of {@link
 * #type}, and problems with it are told at once.
 *
 * <p><b>Threading</b>: one thread, until the stream is built.
 */
public final class EventStream {
    private final StreamBuilder builder;
    private final EventType type;
    private final Step end;
    private final Origin origin;

    EventStream(StreamBuilder builder, EventType type, Step end, Origin origin) {
        this.builder = builder;
        this.type = type;
        this.end = end;
        this.origin = origin;
    }

    /** {@return the type of the events} */
    public EventType type() {
        return type;
    }

    private EventStream behind(Step step, EventType newType) {
        builder.requireOpen();
        end.add(step);
        return new EventStream(builder, newType, step, origin);
    }

    /** {@return the events for which a condition is true} */
    public EventStream filter(Condition condition) {
        return behind(new FilterStep(condition), type);
    }

    /** {@return the events for which a condition is true} */
    public EventStream filter(String condition) {
        return filter(condition(condition));
    }

    /** {@return the rows for which a condition is true: {@link #filter(String)} behind an aggregate} */
    public EventStream having(String condition) {
        return filter(condition);
    }

    /** {@return the rows for which a condition is true: {@link #filter(Condition)} behind an aggregate} */
    public EventStream having(Condition condition) {
        return filter(condition);
    }

    private Condition condition(String text) {
        return Expression.parse(text, type).condition();
    }

    /** {@return an event of a derived type for each event} */
    public EventStream map(Mapping mapping) {
        Mapping.Compiled compiled = mapping.compile(builder.nextTypeName(), type);
        return behind(MapStep.of(compiled), compiled.type());
    }

    /** {@return an event with one field, which an expression gives, for each event} */
    public EventStream map(String field, String expression) {
        return map(Mapping.of(field, expression));
    }

    /** {@return an event of a type for each event, made by code} */
    public EventStream map(EventType to, Mapper mapper) {
        return behind(new MapStep(to, mapper), to);
    }

    /**
     * {@return up to a number of events of a type for each event, made by code}
     *
     * @param maxCount of events made of one, 1 to 1024
     */
    public EventStream flatMap(EventType to, int maxCount, FlatMapper mapper) {
        if (maxCount < 1 || maxCount > StreamBuilder.MAX_FACTOR) {
            throw new IllegalArgumentException("cannot build stream " + builder.name() + ": flatMap maxCount="
                    + maxCount + " (expected: 1 to " + StreamBuilder.MAX_FACTOR
                    + "); set the most events that one becomes");
        }
        return behind(new FlatMapStep(to, maxCount, mapper), to);
    }

    /**
     * {@return an event for each mapping and each event}
     *
     * @param mappings that all give the same fields, of the same types
     */
    public EventStream flatMap(Mapping... mappings) {
        if (mappings.length == 0) {
            throw new IllegalArgumentException("cannot build stream " + builder.name()
                    + ": flatMap has mappings=0 (expected: at least 1); give one for each event to make");
        }
        String typeName = builder.nextTypeName();
        EventType to = mappings[0].compile(typeName, type).type();
        List<Mapper> mappers = new ArrayList<>();
        for (Mapping mapping : mappings) {
            Mapping.Compiled compiled = mapping.compile(typeName, type);
            if (compiled.type().schemaId() != to.schemaId()) {
                throw new IllegalArgumentException("cannot build stream " + builder.name()
                        + ": the mappings of flatMap give " + to.fields() + " and "
                        + compiled.type().fields()
                        + " (expected: the same names, types and lengths); give them the same fields");
            }
            mappers.add(MapStep.mapper(compiled));
        }
        Mapper[] all = mappers.toArray(new Mapper[0]);
        return flatMap(to, all.length, (source, collector) -> {
            for (Mapper mapper : all) {
                mapper.map(source, collector.next());
                collector.commit();
            }
        });
    }

    /**
     * {@return the events with another key: a field's value, or what stands for several} Text of up to 8 bytes in all,
     * a {@code -} between each two counted, stays readable; integers, chars and enums stay what they are; anything else
     * becomes a hash of 64 bits. An event in which one of the fields is null is dropped and counted.
     */
    public EventStream keyBy(Field... fields) {
        return keyBy(KeyCode.of(List.of(fields)));
    }

    /** {@return the events with another key, as {@link #keyBy(Field...)} does, of the fields of these names} */
    public EventStream keyBy(String... fieldNames) {
        return keyBy(KeyCode.of(fields(fieldNames)));
    }

    /** {@return the events with the key that code gives; one for which it is null is dropped and counted} */
    public EventStream keyBy(LongExpression key) {
        return keyBy(KeyCode.of(key));
    }

    private EventStream keyBy(KeyCode code) {
        return behind(builder.add(new KeyStep(code, type.encodedLength())), type);
    }

    List<Field> fields(String... names) {
        List<Field> fields = new ArrayList<>();
        for (String name : names) {
            Field field = type.fieldOrNull(name);
            HeaderField header = HeaderField.named(name);
            fields.add(field == null && header != null ? header : type.field(name));
        }
        return fields;
    }

    /**
     * {@return a stream for each condition and one for the rest} An event goes to the first of them whose condition is
     * true for it.
     */
    public List<EventStream> split(Condition... conditions) {
        builder.requireOpen();
        SplitStep split = new SplitStep(List.of(conditions));
        end.add(split);
        List<EventStream> streams = new ArrayList<>();
        for (Step branch : split.targets()) {
            streams.add(new EventStream(builder, type, branch, origin));
        }
        return streams;
    }

    /** {@return a stream for each condition and one for the rest, as {@link #split(Condition...)} does} */
    public List<EventStream> split(String... conditions) {
        Condition[] compiled = new Condition[conditions.length];
        for (int i = 0; i < conditions.length; i++) {
            compiled[i] = condition(conditions[i]);
        }
        return split(compiled);
    }

    /**
     * Puts the events out to several outputs, each to the first whose condition is true for it.
     *
     * @throws IllegalArgumentException if a branch without condition is not the last
     */
    public void branch(Branch... branches) {
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < branches.length; i++) {
            Condition condition = branches[i].condition(type);
            if (condition != null) {
                conditions.add(condition);
            } else if (i < branches.length - 1) {
                throw new IllegalArgumentException("cannot build stream " + builder.name() + ": branch "
                        + branches[i].name() + " takes all that is left (expected: the last one); move it to the end");
            }
        }
        List<EventStream> streams = split(conditions.toArray(new Condition[0]));
        for (int i = 0; i < branches.length; i++) {
            streams.get(i).to(branches[i].name());
        }
    }

    /**
     * Puts the events out under a name: that of their event type, which is a derived one with the fields that they
     * have. {@return this stream}
     */
    public EventStream to(String outputName) {
        builder.requireOpen();
        EventStream flat = flattened();
        flat.end.add(builder.output(named(flat.type, outputName)));
        return this;
    }

    private static EventType named(EventType type, String name) {
        return type.name().equals(name)
                ? type
                : Mapping.all(type, "").compile(name, type).type();
    }

    /** {@return the same events as ones of a derived type, whose block holds the fields and nothing else} */
    EventStream flattened() {
        return type.isDerived() ? this : map(Mapping.all(type, ""));
    }

    /** {@return these events cut into windows per key; several windows share panes} */
    public WindowedStream window(Window... windows) {
        builder.requireOpen();
        return new WindowedStream(this, builder.nextTypeName(), List.of(windows));
    }

    /**
     * {@return what an operator puts out when it gets these events}
     *
     * @param operator that no other stream uses, whose outputs are of one derived type
     */
    public EventStream through(Operator operator) {
        List<EventType> types = operator.outputTypes();
        if (types.size() != 1) {
            throw new IllegalArgumentException("cannot build stream " + builder.name() + ": operator "
                    + operator.name() + " has outputTypes=" + types
                    + " (expected: one); name the type of the events that go on");
        }
        return through(operator, types.get(0));
    }

    /**
     * {@return those outputs of an operator that are of a type, when it gets these events} Its other outputs leave the
     * operator that is built as they are.
     */
    public EventStream through(Operator operator, EventType outputType) {
        return through(operator, outputType, List.of());
    }

    /**
     * {@return those outputs of an operator that are of a type, when it gets these events and those of other streams}
     * Its time is the least of theirs.
     *
     * @param others streams of the same builder
     */
    public EventStream through(Operator operator, EventType outputType, List<EventStream> others) {
        List<EventStream> inputs = new ArrayList<>(List.of(this));
        inputs.addAll(others);
        operator.outputTypes().stream()
                .filter(other -> other.id() != outputType.id())
                .forEach(builder::addOutputType);
        NodePlan plan = new NodePlan(operator.name(), outputType, operator.bytes(), 0, () -> operator);
        return builder.through(plan, inputs);
    }

    /** Puts the events out as they are, under the type that they have. {@return this stream} */
    public EventStream putOut() {
        builder.requireOpen();
        end.add(builder.passing(type));
        return this;
    }

    /** Gives the events to an operator that no other stream uses, and puts out what that puts out, as it is. */
    public void putOutThrough(Operator operator) {
        through(operator, type).putOut();
    }

    Step end() {
        return end;
    }

    Origin origin() {
        return origin;
    }

    StreamBuilder builder() {
        return builder;
    }

    /**
     * {@return a row for each pair of an event of this stream and one of another that have the same key and times that
     * fit}
     *
     * @param right a stream of the same builder
     */
    public EventStream join(EventStream right, Join join) {
        EventStream left = flattened();
        EventStream other = right.flattened();
        if (left.type.id() == other.type.id()) {
            other = other.map(Mapping.all(other.type, ""));
        }
        EventType leftType = left.type;
        EventType rightType = other.type;
        String name = builder.nextOperatorName("join");
        EventType outputType = JoinOperator.outputType(builder.nextTypeName(), leftType, rightType, join);
        JoinOperator.requireRoom(name, join, leftType, rightType);
        return builder.through(
                new NodePlan(
                        name,
                        outputType,
                        JoinOperator.bytes(join, leftType, rightType),
                        0,
                        () -> new JoinOperator(name, outputType, leftType, rightType, join)),
                List.of(left, other));
    }

    /**
     * {@return the events with the fields of the newest event of another stream that has the key given by the look-up}
     *
     * @param table a stream of the same builder; the key of its events is what it is looked up by
     */
    public EventStream lookup(EventStream table, Lookup lookup) {
        EventStream left = flattened();
        EventStream rows = table.map(Mapping.allNullable(table.type));
        KeyCode code =
                lookup.isByKey() ? KeyCode.of(List.of(HeaderField.KEY)) : KeyCode.of(left.fields(lookup.fieldNames()));
        EventType leftType = left.type;
        EventType rowType = rows.type;
        String name = builder.nextOperatorName("lookup");
        EventType outputType = LookupOperator.outputType(builder.nextTypeName(), leftType, rowType, lookup);
        LookupOperator.requireRoom(name, lookup, leftType, rowType);
        return builder.through(
                new NodePlan(
                        name,
                        outputType,
                        LookupOperator.bytes(lookup, leftType, rowType),
                        0,
                        () -> new LookupOperator(name, outputType, leftType, rowType, code, lookup)),
                List.of(left, rows));
    }

    @Override
    public String toString() {
        return "EventStream{of=" + builder.name() + ", type=" + type + '}';
    }
}
