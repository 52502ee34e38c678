package io.millrace.pattern;

import io.millrace.event.EventType;
import io.millrace.event.Field;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Something that is measured over the events of a key: {@link EventPattern#count}, {@link EventPattern#sum}, ... */
public final class Measure {
    /** What is measured. */
    enum Kind {
        COUNT,
        DISTINCT,
        SUM,
        AVG,
        MIN,
        MAX;

        /** {@return whether it is over values of a field that are added and compared} */
        boolean isOfValues() {
            return this != COUNT && this != DISTINCT;
        }
    }

    private final Kind kind;
    private final @Nullable EventType type;
    private final @Nullable Field field;

    private Measure(Kind kind, @Nullable EventType type, @Nullable Field field) {
        this.kind = kind;
        this.type = type;
        this.field = field;
    }

    static Measure count(@Nullable EventType type) {
        return new Measure(Kind.COUNT, type, null);
    }

    static Measure of(Kind kind, @Nullable Field field) {
        return new Measure(kind, null, field);
    }

    /** {@return the condition that it is more than {@code limit}; of a count or distinct at least 0} */
    public Threshold gt(long limit) {
        return new Threshold(this, limit == Long.MAX_VALUE ? limit : limit + 1, "gt", limit);
    }

    /** {@return the condition that it is {@code limit} or more; of a count or distinct at least 1} */
    public Threshold ge(long limit) {
        return new Threshold(this, limit, "ge", limit);
    }

    /** {@return the condition that it is less than {@code limit}; not of a count or distinct} */
    public Threshold lt(long limit) {
        return new Threshold(this, Long.MIN_VALUE, "lt", limit);
    }

    /** {@return the condition that it is {@code limit} or less; not of a count or distinct} */
    public Threshold le(long limit) {
        return new Threshold(this, Long.MIN_VALUE, "le", limit);
    }

    Kind kind() {
        return kind;
    }

    @Nullable
    EventType type() {
        return type;
    }

    @Nullable
    Field field() {
        return field;
    }

    @Override
    public String toString() {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return name + "(" + (type != null ? type.toString() : String.valueOf(field)) + ')';
    }
}
