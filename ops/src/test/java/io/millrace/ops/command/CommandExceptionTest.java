package io.millrace.ops.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.journal.JournalException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;

class CommandExceptionTest {
    @Test
    void shouldSayWhyTheSystemRefused() {
        IOException refused = new AccessDeniedException("f");

        assertEquals(
                "cannot read segment: file=f, offset=0: access denied",
                CommandException.of(74, new JournalException(74, "cannot read segment: file=f, offset=0", refused))
                        .getMessage());
    }

    @Test
    void shouldNotSayTwiceWhyTheSystemRefused() {
        String told = "cannot open journal: directory=f is no directory (expected: a directory that can be written)";

        assertEquals(
                told,
                CommandException.of(74, new JournalException(74, told, new IOException("f")))
                        .getMessage());
    }
}
