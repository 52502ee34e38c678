package io.millrace.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names and codes of an enum of a schema. */
public final class Enumeration {
    private final String name;
    private final Map<String, Long> codes;

    Enumeration(String name, Map<String, Long> codes) {
        this.name = name;
        this.codes = Collections.unmodifiableMap(new LinkedHashMap<>(codes));
    }

    public String name() {
        return name;
    }

    /** {@return the names of all values, in the order of the schema} */
    public Set<String> names() {
        return codes.keySet();
    }

    /** {@return the code of a value, null if there is none of that name} */
    public @Nullable Long code(String valueName) {
        return codes.get(valueName);
    }

    /** {@return the name of a code, null if it has none: a newer schema may know it} */
    public @Nullable String nameOf(long code) {
        for (Map.Entry<String, Long> value : codes.entrySet()) {
            if (value.getValue() == code) {
                return value.getKey();
            }
        }
        return null;
    }
}
