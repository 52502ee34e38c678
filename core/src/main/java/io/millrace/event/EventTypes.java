package io.millrace.event;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The event types that a pipeline knows, of any number of schemas.
 *
 * <p><b>Threading</b>: immutable. <b>Allocation</b>: none in look-ups by id. <b>Complexity</b>: those are two
 * array reads.
 */
public final class EventTypes {
    private static final int PAGE_LENGTH = 256;
    private static final int PAGE_COUNT = 65_536 / PAGE_LENGTH;
    private static final EventType[] EMPTY_PAGE = new EventType[PAGE_LENGTH];

    private final EventType[][] pages = new EventType[PAGE_COUNT][];
    private final Map<String, EventType> typeByName = new LinkedHashMap<>();

    private EventTypes(Collection<EventType> types) {
        Arrays.fill(pages, EMPTY_PAGE);
        types.forEach(this::add);
    }

    /** {@return the types of all the schemas together} */
    public static EventTypes of(Schema... schemas) {
        List<EventType> types = new ArrayList<>();
        for (Schema schema : schemas) {
            types.addAll(schema.types());
        }
        return new EventTypes(types);
    }

    /** {@return these types} */
    public static EventTypes of(Collection<EventType> types) {
        return new EventTypes(types);
    }

    /** {@return these types and one more} */
    public EventTypes with(EventType type) {
        List<EventType> types = new ArrayList<>(all());
        types.add(type);
        return new EventTypes(types);
    }

    /** {@return these types and those of a schema; ids, names and the schema must be new} */
    public EventTypes with(Schema schema) {
        List<EventType> types = new ArrayList<>(all());
        types.addAll(schema.types());
        return new EventTypes(types);
    }

    /** {@return these types and others, say those of an operator's outputs; ids and names must be new} */
    public EventTypes with(Collection<EventType> others) {
        List<EventType> types = new ArrayList<>(all());
        types.addAll(others);
        return new EventTypes(types);
    }

    private void add(EventType type) {
        EventType sameId = byId(type.id());
        EventType sameName = typeByName.putIfAbsent(type.name(), type);
        if (sameId != null || sameName != null) {
            throw new SchemaException("cannot use event types: " + type
                    + (type.isDerived() ? " of an operator" : " of schema " + type.schemaId()) + " has the "
                    + (sameId == null ? "name" : "id") + " of " + (sameId == null ? sameName : sameId)
                    + " (expected: ids and names used once); rename "
                    + (type.isDerived()
                            ? "one of them, as the id of a derived type comes from its name"
                            : "or renumber one of them"));
        }
        int page = type.id() / PAGE_LENGTH;
        if (pages[page] == EMPTY_PAGE) {
            pages[page] = new EventType[PAGE_LENGTH];
        }
        pages[page][type.id() % PAGE_LENGTH] = type;
    }

    /**
     * {@return the type of that id, null if there is none}
     *
     * @param typeId 0 to 65535
     */
    public @Nullable EventType byId(int typeId) {
        return pages[typeId / PAGE_LENGTH][typeId % PAGE_LENGTH];
    }

    /**
     * {@return whether there is a type of that id}
     *
     * @param typeId 0 to 65535
     */
    public boolean isKnown(int typeId) {
        return byId(typeId) != null;
    }

    /**
     * {@return the type of that name}
     *
     * @throws SchemaException if there is none; it names those that are near
     */
    public EventType byName(String name) {
        EventType type = typeByName.get(name);
        if (type == null) {
            throw new SchemaException("unknown event type: type=" + name + " (expected: "
                    + NearestNames.orAll(name, typeByName.keySet()) + ')');
        }
        return type;
    }

    /** {@return the type of that name, null if there is none} */
    public @Nullable EventType byNameOrNull(String name) {
        return typeByName.get(name);
    }

    /** {@return all types, in the order they were given} */
    public Collection<EventType> all() {
        return Collections.unmodifiableCollection(typeByName.values());
    }

    /**
     * {@return the layout of each type in its newest version} Derived types are left out: no record of theirs is an
     * input, and they follow from the settings of operators.
     */
    public List<TypeLayout> layouts() {
        return all().stream()
                .filter(type -> !type.isDerived())
                .map(type -> type.layout(type.schemaVersion()))
                .toList();
    }

    @Override
    public String toString() {
        return typeByName.values().toString();
    }
}
