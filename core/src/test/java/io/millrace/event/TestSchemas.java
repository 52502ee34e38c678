package io.millrace.event;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

/** Schemas for tests, made of their types and messages. */
public final class TestSchemas {
    static final String HEADER = """
            <composite name="messageHeader">
              <type name="blockLength" primitiveType="uint16"/><type name="templateId" primitiveType="uint16"/>
              <type name="schemaId" primitiveType="uint16"/><type name="version" primitiveType="uint16"/>
            </composite>
            """;
    static final String VAR_TEXT = """
            <composite name="varText">
              <type name="length" primitiveType="uint16"/>
              <type name="varData" primitiveType="uint8" length="0" characterEncoding="UTF-8"/>
            </composite>
            <composite name="varBytes">
              <type name="length" primitiveType="uint32" maxValue="1000"/>
              <type name="varData" primitiveType="uint8" length="0"/>
            </composite>
            """;

    private TestSchemas() {}

    static String xml(int version, String types, String messages) {
        return xml(
                "id=\"7\" version=\"" + version + "\" byteOrder=\"littleEndian\"", HEADER + VAR_TEXT + types, messages);
    }

    static String xml(String attributes, String types, String messages) {
        return "<sbe:messageSchema xmlns:sbe=\"http://fixprotocol.io/2016/sbe\" package=\"test\" " + attributes + ">"
                + "<types>" + types + "</types>" + messages + "</sbe:messageSchema>";
    }

    static String message(String name, int id, String fields) {
        return "<sbe:message name=\"" + name + "\" id=\"" + id + "\">" + fields + "</sbe:message>";
    }

    static Schema parse(String xml) {
        return Schema.parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)), "test.xml");
    }

    /** {@return the only type of a schema with one message of the given fields} */
    public static EventType type(int version, String types, String fields) {
        return parse(xml(version, types, message("M", 1, fields))).types().get(0);
    }
}
