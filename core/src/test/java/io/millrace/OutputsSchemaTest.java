package io.millrace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.pattern.Match;
import io.millrace.window.LateEvent;
import io.millrace.window.WindowResult;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.ir.Signal;
import uk.co.real_logic.sbe.ir.Token;
import uk.co.real_logic.sbe.xml.IrGenerator;
import uk.co.real_logic.sbe.xml.ParserOptions;
import uk.co.real_logic.sbe.xml.XmlSchemaParser;

/** The flyweights' constants against what SBE's own tool makes of the schema. */
class OutputsSchemaTest {
    private final Ir ir = ir();

    private static Ir ir() {
        try (InputStream xml = WindowResult.class.getResourceAsStream("/io/millrace/event/outputs.xml")) {
            ParserOptions options = ParserOptions.builder()
                    .stopOnError(true)
                    .suppressOutput(true)
                    .build();
            return new IrGenerator().generate(XmlSchemaParser.parse(xml, options));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldAgreeOnTheSchema() {
        assertEquals(WindowResult.SCHEMA_ID, ir.id());
        assertEquals(WindowResult.SCHEMA_VERSION, ir.version());
        assertEquals(Match.SCHEMA_ID, ir.id());
        assertEquals(Match.SCHEMA_VERSION, ir.version());
        assertEquals("io.millrace.outputs", ir.packageName());
        assertEquals(8, ir.headerStructure().tokens().get(0).encodedLength());
        assertEquals(LateEvent.SCHEMA_ID, ir.id());
        assertEquals(LateEvent.SCHEMA_VERSION, ir.version());
        assertEquals(4, ir.messages().size());
    }

    @Test
    void shouldAgreeOnWindowResult() {
        Map<String, Integer> offsets = new LinkedHashMap<>();
        offsets.put("startNs", WindowResult.START_NS_OFFSET);
        offsets.put("endNs", WindowResult.END_NS_OFFSET);
        offsets.put("count", WindowResult.COUNT_OFFSET);
        offsets.put("sum", WindowResult.SUM_OFFSET);
        offsets.put("min", WindowResult.MIN_OFFSET);
        offsets.put("max", WindowResult.MAX_OFFSET);
        offsets.put("avg", WindowResult.AVG_OFFSET);
        offsets.put("revision", WindowResult.REVISION_OFFSET);

        assertMessage(WindowResult.TYPE_ID, "WindowResult", WindowResult.BLOCK_LENGTH, offsets);
        assertEquals(WindowResult.PAYLOAD_LENGTH, 8 + WindowResult.BLOCK_LENGTH);
    }

    @Test
    void shouldAgreeOnMatch() {
        Map<String, Integer> offsets = new LinkedHashMap<>();
        offsets.put("startNs", Match.START_NS_OFFSET);
        offsets.put("endNs", Match.END_NS_OFFSET);
        offsets.put("number", Match.NUMBER_OFFSET);
        offsets.put("count", Match.COUNT_OFFSET);
        offsets.put("distinct", Match.DISTINCT_OFFSET);
        offsets.put("firstSequence", Match.FIRST_SEQUENCE_OFFSET);
        offsets.put("lastSequence", Match.LAST_SEQUENCE_OFFSET);
        offsets.put("lastIdHi", Match.LAST_ID_HI_OFFSET);
        offsets.put("lastIdLo", Match.LAST_ID_LO_OFFSET);

        assertMessage(Match.TYPE_ID, "Match", Match.BLOCK_LENGTH, offsets);
        assertEquals(Match.PAYLOAD_LENGTH, 8 + Match.BLOCK_LENGTH);
    }

    @Test
    void shouldAgreeOnLateEvent() {
        Map<String, Integer> offsets = new LinkedHashMap<>();
        offsets.put("watermarkNs", LateEvent.WATERMARK_NS_OFFSET);
        offsets.put("eventSequence", LateEvent.EVENT_SEQUENCE_OFFSET);
        offsets.put("eventIdHi", LateEvent.EVENT_ID_HI_OFFSET);
        offsets.put("eventIdLo", LateEvent.EVENT_ID_LO_OFFSET);
        offsets.put("eventSourceId", LateEvent.EVENT_SOURCE_ID_OFFSET);
        offsets.put("eventTypeId", LateEvent.EVENT_TYPE_ID_OFFSET);

        assertMessage(LateEvent.TYPE_ID, "LateEvent", LateEvent.BLOCK_LENGTH, offsets);
        assertEquals(LateEvent.PAYLOAD_LENGTH, 8 + LateEvent.BLOCK_LENGTH);
    }

    private void assertMessage(int id, String name, int blockLength, Map<String, Integer> payloadOffsets) {
        List<Token> tokens = ir.getMessage(id);
        assertEquals(name, tokens.get(0).name());
        assertEquals(blockLength, tokens.get(0).encodedLength());

        Map<String, Integer> offsets = new LinkedHashMap<>();
        for (Token token : tokens) {
            if (token.signal() == Signal.BEGIN_FIELD) {
                offsets.put(token.name(), 8 + token.offset());
            }
        }
        assertEquals(payloadOffsets, offsets);
    }
}
