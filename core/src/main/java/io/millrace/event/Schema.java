package io.millrace.event;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import uk.co.real_logic.sbe.ir.Ir;

/**
 * The event types that one SBE schema defines. It must be little-endian with the standard message header; template ids
 * are type ids. Composites are taken apart ({@code price.mantissa}), arrays of numbers too ({@code uuid.0}), sets are
 * integers. Repeating groups are refused: an event has a fixed set of fields, so entries are events of their own.
 *
 * <p><b>Threading</b>: immutable.
 */
public final class Schema {
    private static final String OUTPUTS = "outputs.xml";

    private final String sourceName;
    private final int id;
    private final int version;
    private final List<EventType> types;

    private Schema(String sourceName, int id, int version, List<EventType> types) {
        this.sourceName = sourceName;
        this.id = id;
        this.version = version;
        this.types = List.copyOf(types);
    }

    /**
     * Reads the types of a user's schema.
     *
     * @param xml of the schema, read to its end but not closed
     * @param sourceName for messages, as a file name
     * @throws SchemaException if it cannot be read, is not a schema, or has what is not supported
     */
    public static Schema parse(InputStream xml, String sourceName) {
        return parse(xml, sourceName, 1, EventType.MAX_USER_ID);
    }

    /** {@return the types of the pipeline's own outputs: WindowResult, Match and LateEvent} */
    public static Schema outputs() {
        try (InputStream xml = Schema.class.getResourceAsStream(OUTPUTS)) {
            if (xml == null) {
                throw new IllegalStateException("missing resource: name=" + OUTPUTS + " (expected: in the core jar)");
            }
            return parse(xml, OUTPUTS, EventType.MAX_USER_ID + 1, SystemTypes.DERIVED_ID_MIN - 1);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read resource: name=" + OUTPUTS, e);
        }
    }

    private static Schema parse(InputStream xml, String sourceName, int idMin, int idMax) {
        Ir ir = SchemaXml.read(xml, sourceName);
        SchemaReader reader = new SchemaReader(ir, sourceName, idMin, idMax);
        return new Schema(sourceName, ir.id(), ir.version(), reader.types());
    }

    /** {@return where it was read from} */
    public String sourceName() {
        return sourceName;
    }

    public int id() {
        return id;
    }

    public int version() {
        return version;
    }

    /** {@return the types in the order of their ids} */
    public List<EventType> types() {
        return types;
    }

    @Override
    public String toString() {
        return "Schema{source=" + sourceName + ", id=" + id + ", version=" + version + ", types=" + types + '}';
    }
}
