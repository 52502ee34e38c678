package io.millrace.event;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import uk.co.real_logic.sbe.PrimitiveType;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.ir.Signal;
import uk.co.real_logic.sbe.ir.Token;

/** Makes event types of a schema's intermediate representation, and refuses what events do not support. */
final class SchemaReader {
    private static final String[] HEADER_NAMES = {"blockLength", "templateId", "schemaId", "version"};

    private final Ir ir;
    private final String sourceName;
    private final int idMin;
    private final int idMax;

    SchemaReader(Ir ir, String sourceName, int idMin, int idMax) {
        this.ir = ir;
        this.sourceName = sourceName;
        this.idMin = idMin;
        this.idMax = idMax;
    }

    List<EventType> types() {
        requireLittleEndian();
        requireStandardHeader();
        List<EventType> types = new ArrayList<>();
        for (List<Token> tokens : ir.messages()) {
            types.add(type(tokens));
        }
        if (types.isEmpty()) {
            throw refused("messages=0 (expected: at least 1)", "define a message");
        }
        types.sort(Comparator.comparingInt(EventType::id));
        return types;
    }

    private void requireLittleEndian() {
        if (ir.byteOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw refused("byteOrder=bigEndian (expected: littleEndian)", "records are little endian");
        }
    }

    private void requireStandardHeader() {
        List<Token> tokens = ir.headerStructure().tokens().stream()
                .filter(token -> token.signal() == Signal.ENCODING)
                .toList();
        boolean isStandard = tokens.size() == HEADER_NAMES.length;
        for (int i = 0; isStandard && i < HEADER_NAMES.length; i++) {
            Token token = tokens.get(i);
            isStandard = token.name().equals(HEADER_NAMES[i])
                    && token.encoding().primitiveType() == PrimitiveType.UINT16
                    && token.offset() == 2 * i;
        }
        if (!isStandard) {
            throw refused(
                    "messageHeader has other fields (expected: uint16 blockLength, templateId, schemaId, version)",
                    "use the standard header");
        }
    }

    private EventType type(List<Token> tokens) {
        Token message = tokens.get(0);
        if (message.id() < idMin || message.id() > idMax) {
            throw refused(
                    "message=" + message.name() + ", id=" + message.id() + " (expected: " + idMin + " to " + idMax
                            + ')',
                    "choose another id");
        }
        MessageReader reader = new MessageReader(tokens, sourceName);
        return new EventType(
                message.id(),
                message.name(),
                ir.id(),
                ir.version(),
                message.encodedLength(),
                reader.fields(),
                reader.varFields());
    }

    private SchemaException refused(String what, String remedy) {
        return new SchemaException("cannot use schema: source=" + sourceName + ": " + what + "; " + remedy);
    }
}
