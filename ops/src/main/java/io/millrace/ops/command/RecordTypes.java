package io.millrace.ops.command;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.SystemTypes;
import io.millrace.journal.SegmentDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of record types: those of schemas, and those of records that the pipeline itself writes. */
public final class RecordTypes {
    private static final Map<Integer, String> OURS = new LinkedHashMap<>();

    static {
        OURS.put(SystemTypes.TICK, "TICK");
        OURS.put(SystemTypes.END, "END");
        OURS.put(SystemTypes.CONTROL, "CONTROL");
        OURS.put(SystemTypes.SNAPSHOT, "SNAPSHOT");
        OURS.put(SystemTypes.SOURCE_IDLE, "SOURCE_IDLE");
        OURS.put(SystemTypes.SOURCE_ACTIVE, "SOURCE_ACTIVE");
        OURS.put(60_201, "start");
        OURS.put(SegmentDescriptor.HEADER_TYPE_ID, "segment-header");
        OURS.put(SegmentDescriptor.FOOTER_TYPE_ID, "segment-footer");
        OURS.put(60_204, "commit-mark");
        OURS.put(SystemTypes.STATE_HASH, "state-hash");
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
