package io.millrace.ops.deadletter;

import io.millrace.journal.deadletter.DeadLetter;
import io.millrace.journal.deadletter.DeadLetterEntry;
import io.millrace.ops.command.RecordText;
import io.millrace.ops.command.TimeText;
import java.util.Locale;

/**
 * What is printed of a dead letter.
 *
 * @param number its place
 * @param state {@code parked}, {@code waiting}, {@code redriven} or {@code discarded}
 * @param isRequested whether a request on it is not carried out yet
 * @param first when it was parked
 * @param last when something happened to it last
 * @param line of a row in its file, 0 of an event
 */
record LetterRow(
        long number,
        String state,
        boolean isRequested,
        String handler,
        String id,
        String first,
        String last,
        int attempts,
        String errorClass,
        String message,
        long line) {
    static LetterRow of(DeadLetterEntry entry, boolean isRequested) {
        DeadLetter letter = entry.letter();
        return new LetterRow(
                letter.place(),
                entry.state().name().toLowerCase(Locale.ROOT),
                isRequested,
                letter.handler(),
                RecordText.id(letter.idHi(), letter.idLo()),
                TimeText.of(letter.timeNs()),
                TimeText.of(entry.lastTimeNs()),
                entry.attempts(),
                entry.errorClass(),
                entry.message(),
                letter.line());
    }
}
