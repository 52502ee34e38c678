package io.millrace.ops.command;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of record types: those of schemas, and those of records that the pipeline itself writes. */
public final class RecordTypes {
    private static final Map<Integer, String> OURS = new LinkedHashMap<>();

    static {
        OURS.put(60_101, "TICK");
        OURS.put(60_102, "END");
        OURS.put(60_103, "CONTROL");
        OURS.put(60_104, "SNAPSHOT");
        OURS.put(60_201, "start");
        OURS.put(60_202, "segment-header");
        OURS.put(60_203, "segment-footer");
        OURS.put(60_204, "commit-mark");
        OURS.put(60_205, "state-hash");
        OURS.put(60_301, "dead-letter");
    }

    private final EventTypes types;

    public RecordTypes(EventTypes types) {
        this.types = types;
    }

    /** {@return the name of a type, its number if it has none} */
    public String name(int typeId) {
        EventType type = types.byId(typeId);
        return type == null ? OURS.getOrDefault(typeId, Integer.toString(typeId)) : type.name();
    }

    /** {@return the number of a type by its name, letter case aside, or of its number; null if there is none} */
    public @Nullable Integer id(String name) {
        for (Map.Entry<Integer, String> ours : OURS.entrySet()) {
            if (ours.getValue().equalsIgnoreCase(name)) {
                return ours.getKey();
            }
        }
        for (EventType type : types.all()) {
            if (type.name().equalsIgnoreCase(name)) {
                return type.id();
            }
        }
        return name.matches("[0-9]{1,5}") && Integer.parseInt(name) <= 0xFFFF ? Integer.valueOf(name) : null;
    }

    /** {@return all names} */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        types.all().forEach(type -> names.add(type.name()));
        names.addAll(OURS.values());
        return names;
    }
}
