package io.millrace.ops.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EscapesTest {
    @Test
    void shouldShowPlainWordsAsTheyAre() {
        assertEquals("ATL", Escapes.word("ATL"));
        assertEquals("Z\u00fcrich-\u6771\u4eac", Escapes.word("Z\u00fcrich-\u6771\u4eac"));
    }

    @Test
    void shouldQuoteWhatIsNoWord() {
        assertEquals("\"\"", Escapes.word(""));
        assertEquals("\"two words\"", Escapes.word("two words"));
        assertEquals("\"a=b\"", Escapes.word("a=b"));
        assertEquals("\"say \\\"no\\\" \\\\\"", Escapes.word("say \"no\" \\"));
    }

    @Test
    void shouldShowByTheirCodesCharactersThatActOnATerminal() {
        assertEquals("\\u001b[2J\\u0007", Escapes.text("\u001b[2J\u0007"));
        assertEquals("a\\nb\\r\\tc", Escapes.text("a\nb\r\tc"));
        assertEquals("\\u009b31m\\u007f", Escapes.text("\u009b31m\u007f"));
        assertEquals("\\u202eevil\\u2066\\u2028", Escapes.text("\u202eevil\u2066\u2028"));
        assertEquals("\\ud800\\U0e0001", Escapes.text("\ud800" + Character.toString(0xE0001)));
    }
}
