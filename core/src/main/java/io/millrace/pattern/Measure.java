package io.millrace.pattern;

import io.millrace.event.EventType;
import io.millrace.event.Field;
import org.jspecify.annotations.Nullable;

/** Something that is counted over the events of a key: {@link EventPattern#count} or {@link EventPattern#distinct}. */
public final class Measure {
    private final @Nullable EventType type;
    private final @Nullable Field field;

    private Measure(@Nullable EventType type, @Nullable Field field) {
        this.type = type;
        this.field = field;
    }

    static Measure count(@Nullable EventType type) {
        return new Measure(type, null);
    }

    static Measure distinct(@Nullable Field field) {
        return new Measure(null, field);
    }

    /** {@return the condition that there are more than {@code limit}, at least 0} */
    public Threshold gt(long limit) {
        return new Threshold(this, limit == Long.MAX_VALUE ? limit : limit + 1, "gt", limit);
    }

    /** {@return the condition that there are {@code limit} or more, at least 1} */
    public Threshold ge(long limit) {
        return new Threshold(this, limit, "ge", limit);
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
        return type != null ? "count(" + type + ')' : "distinct(" + field + ')';
    }
}
