package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.Field;
import io.millrace.event.VarField;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Resolves the names of event types and fields; a wrong one becomes a problem with its place and nearest names. */
final class References {
    /** Stands in for a type that is missing or unknown, so that reading goes on. */
    static final EventType NO_TYPE = EventType.opaque(1, "none");

    private References() {}

    /** {@return the type that a key names, the fallback if it is missing, {@link #NO_TYPE} if the name is wrong} */
    static EventType type(ConfigSection section, ConfigKey key, EventTypes types, EventType fallback) {
        String name = section.text(key);
        if (name.isEmpty()) {
            return fallback;
        }
        EventType type = types.byNameOrNull(name);
        if (type == null) {
            List<String> names = types.all().stream().map(EventType::name).toList();
            section.wrong(key, name + " is not an event type. " + ConfigHint.of(name, names));
            return NO_TYPE;
        }
        return type;
    }

    /**
     * {@return the field of that name, null if there is none that serves}
     *
     * @param serves what the field must be
     * @param need the same in words
     */
    static @Nullable Field field(
            ConfigSection section, ConfigKey key, EventType type, String name, Predicate<Field> serves, String need) {
        if (name.isEmpty() || type == NO_TYPE) {
            return null;
        }
        List<String> serving =
                type.fields().stream().filter(serves).map(Field::name).toList();
        Field field = type.fieldOrNull(name);
        if (field == null) {
            section.wrong(key, name + " is not a field of " + type.name() + ". " + ConfigHint.of(name, serving));
            return null;
        }
        if (!serves.test(field)) {
            section.wrong(
                    key,
                    name + " is " + field.type().sbeName() + ", not " + need + ". " + ConfigHint.of(name, serving));
            return null;
        }
        return field;
    }

    /** {@return names of all fields, those of varying length last} */
    static List<String> fieldNames(EventType type) {
        List<String> names = new ArrayList<>();
        type.fields().stream().map(Field::name).forEach(names::add);
        type.varFields().stream().map(VarField::name).forEach(names::add);
        return names;
    }
}
