package io.millrace.event;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.xml.IrGenerator;
import uk.co.real_logic.sbe.xml.MessageSchema;
import uk.co.real_logic.sbe.xml.ParserOptions;
import uk.co.real_logic.sbe.xml.XmlSchemaParser;

/** From XML to sbe-tool's intermediate representation, with every failure as a {@link SchemaException}. */
final class SchemaXml {
    private SchemaXml() {}

    static Ir read(InputStream xml, String sourceName) {
        byte[] bytes = bytes(xml, sourceName);
        requireWellFormed(bytes, sourceName);
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(errors, true, StandardCharsets.UTF_8)) {
            ParserOptions options = ParserOptions.builder()
                    .stopOnError(true)
                    .errorPrintStream(print)
                    .build();
            MessageSchema schema = XmlSchemaParser.parse(new ByteArrayInputStream(bytes), options);
            return new IrGenerator().generate(schema);
        } catch (Exception e) { // sbe-tool declares no narrower one
            String found = errors.toString(StandardCharsets.UTF_8).strip();
            throw invalid(sourceName, found.isEmpty() ? e.getMessage() : found, e);
        }
    }

    private static byte[] bytes(InputStream xml, String sourceName) {
        try {
            return xml.readAllBytes();
        } catch (IOException e) {
            throw new SchemaException("cannot read schema: source=" + sourceName + ": " + e.getMessage(), e);
        }
    }

    /** Looks before sbe-tool does, which prints on the console and would follow external entities. */
    private static void requireWellFormed(byte[] bytes, String sourceName) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler());
            builder.parse(new InputSource(new ByteArrayInputStream(bytes)));
        } catch (SAXParseException e) {
            throw invalid(sourceName + ':' + e.getLineNumber() + ':' + e.getColumnNumber(), e.getMessage(), e);
        } catch (SAXException | IOException | ParserConfigurationException e) {
            throw invalid(sourceName, e.getMessage(), e);
        }
    }

    private static SchemaException invalid(String source, @Nullable String reason, Exception cause) {
        return new SchemaException(
                "cannot use schema: source=" + source + ": " + reason + " (expected: an SBE message schema)", cause);
    }
}
