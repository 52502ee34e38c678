package io.millrace.stream;

import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.expression.Expression;
import io.millrace.window.Aggregate;
import io.millrace.window.AggregateOperator;
import io.millrace.window.AggregateSpec;
import io.millrace.window.LatePolicy;
import io.millrace.window.Window;
import java.util.List;

/**
 * A stream cut into windows per key, and what is computed of each:
 *
 * <pre>{@code
 *   orders.map("amount", "amountCents")
 *           .window(Window.hopping(1, HOURS, 5, MINUTES))
 *           .start("periodStart").end("periodEnd")
 *           .sum("revenue", "amount").count("orders").avg("average", "amount")
 *           .rows()
 *           .having("orders >= 10")
 *           .to("revenue");
 * }</pre>
 *
 * <p>A row has the fields {@code startNs} and {@code endNs}, or as they are called here, the aggregates in their order,
 * {@code window} where there are several, {@code rank} with {@link #top}, and {@code revision}. Its key is that of the
 * window and its time the window's end; for what comes behind it in the stream it is an event of the last nanosecond
 * of the window, so that the rows of a day belong to that day. The row of a session is an event of its end there too,
 * as the session is open until an event of that time can come no more.
 *
 * <p><b>Threading</b>: one thread, until the stream is built. <b>Failure</b>: {@link #rows} refuses with an {@link
 * IllegalArgumentException} that names the setting; an expression is refused at once.
 */
public final class WindowedStream {
    private final EventStream input;
    private final AggregateSpec.Builder spec;
    private final boolean isOnGrid;
    private String startName = "startNs";
    private String endName = "endNs";

    WindowedStream(EventStream input, String name, List<Window> windows) {
        this.input = input;
        this.spec = AggregateSpec.named(name).over(input.type()).window(windows.toArray(new Window[0]));
        this.isOnGrid = windows.stream()
                .allMatch(window -> window.kind() == Window.Kind.HOPPING || window.kind() == Window.Kind.CUMULATING);
    }

    /** Aggregates the events of all keys together; rows have the key 0. */
    public WindowedStream unkeyed() {
        spec.unkeyed();
        return this;
    }

    /** Names the field with the first nanosecond of the window. */
    public WindowedStream start(String name) {
        startName = name;
        return this;
    }

    /** Names the field with the first nanosecond behind the window. */
    public WindowedStream end(String name) {
        endName = name;
        return this;
    }

    /** Adds aggregates. */
    public WindowedStream aggregate(Aggregate... aggregates) {
        spec.aggregate(aggregates);
        return this;
    }

    /** Adds an aggregate of what an expression over the stream's fields gives, which may be a text of fixed length. */
    public WindowedStream aggregate(Aggregate aggregate, String expression) {
        Expression parsed = Expression.parse(expression, input.type());
        Field field = parsed.field();
        return aggregate(field == null ? aggregate.of(parsed) : aggregate.of(field));
    }

    /** Adds how many events there are. */
    public WindowedStream count(String name) {
        return aggregate(Aggregate.count(name));
    }

    /** Adds the sum of what an expression gives. */
    public WindowedStream sum(String name, String expression) {
        return aggregate(Aggregate.sum(name), expression);
    }

    /** Adds the least of what an expression gives. */
    public WindowedStream min(String name, String expression) {
        return aggregate(Aggregate.min(name), expression);
    }

    /** Adds the greatest of what an expression gives. */
    public WindowedStream max(String name, String expression) {
        return aggregate(Aggregate.max(name), expression);
    }

    /** Adds the mean of what an expression gives. */
    public WindowedStream avg(String name, String expression) {
        return aggregate(Aggregate.avg(name), expression);
    }

    /** Adds the value of the first event by time. */
    public WindowedStream first(String name, String expression) {
        return aggregate(Aggregate.first(name), expression);
    }

    /** Adds the value of the last event by time. */
    public WindowedStream last(String name, String expression) {
        return aggregate(Aggregate.last(name), expression);
    }

    /** Adds the standard deviation of what an expression gives, as of a sample. */
    public WindowedStream stddev(String name, String expression) {
        return aggregate(Aggregate.stddev(name), expression);
    }

    /** Adds how many distinct values an expression gives. */
    public WindowedStream distinct(String name, String expression) {
        return aggregate(Aggregate.distinct(name), expression);
    }

    /** Adds the value below which a share of those lies that an expression gives; 0 to 1. */
    public WindowedStream quantile(String name, String expression, double share) {
        return aggregate(Aggregate.quantile(name, share), expression);
    }

    /** Puts out only the rows of the keys with the greatest results, ranked from 1. */
    public WindowedStream top(int count, String aggregateName) {
        spec.top(count, aggregateName);
        return this;
    }

    /** Sets what is done with late events. */
    public WindowedStream late(LatePolicy policy) {
        spec.late(policy);
        return this;
    }

    /** Sets how many keys may be live at a time; events of further ones are counted and not aggregated. */
    public WindowedStream maxKeys(int count) {
        spec.maxKeys(count);
        return this;
    }

    /** Sets how many panes, sessions or events of a sliding window may be held at a time, over all keys. */
    public WindowedStream maxPanes(int count) {
        spec.maxPanes(count);
        return this;
    }

    /** Sets what the state may take; settings that need more are refused. */
    public WindowedStream maxBytes(long bytes) {
        spec.maxBytes(bytes);
        return this;
    }

    /** Sets how many keys a boundary does per accepted record. */
    public WindowedStream sweepBudget(int count) {
        spec.sweepBudget(count);
        return this;
    }

    /** {@return the rows} */
    public EventStream rows() {
        AggregateSpec built = spec.build();
        EventStream rows = input.builder()
                .through(
                        new NodePlan(
                                built.name(),
                                built.resultType(),
                                built.bytes(),
                                isOnGrid ? 1 : 0,
                                () -> AggregateOperator.of(built)),
                        List.of(input));
        boolean isRenamed = !startName.equals("startNs") || !endName.equals("endNs");
        return isRenamed ? rows.map(renamed(built.resultType())) : rows;
    }

    private Mapping renamed(EventType type) {
        Mapping mapping = Mapping.empty();
        for (Field field : type.fields()) {
            String name = field.name();
            mapping.keepAs(name.equals("startNs") ? startName : name.equals("endNs") ? endName : name, field);
        }
        return mapping;
    }

    /** {@return the rows for which a condition is true} */
    public EventStream having(String condition) {
        return rows().having(condition);
    }

    /** Puts the rows out under a name. {@return them} */
    public EventStream to(String outputName) {
        return rows().to(outputName);
    }
}
