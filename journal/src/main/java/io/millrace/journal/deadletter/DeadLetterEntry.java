package io.millrace.journal.deadletter;

/**
 * A dead letter and what has become of it.
 *
 * @param attempts made in all
 * @param lastTimeNs of the last thing that happened to it, in nanoseconds since the epoch
 * @param errorClass of the last error; empty for a row
 * @param message of the last error; of a discarded one the reason, of a row what is wrong with it
 */
public record DeadLetterEntry(
        DeadLetter letter, DeadLetterState state, int attempts, long lastTimeNs, String errorClass, String message) {
    static DeadLetterEntry of(DeadLetter letter) {
        boolean isWaiting = letter.attempts() == 0 && !letter.isRow();
        return new DeadLetterEntry(
                letter,
                isWaiting ? DeadLetterState.WAITING : DeadLetterState.PARKED,
                letter.attempts(),
                letter.timeNs(),
                letter.errorClass(),
                letter.message());
    }

    DeadLetterEntry with(DeadLetterMark mark) {
        return switch (mark.kind()) {
            case REDRIVEN ->
                new DeadLetterEntry(letter, DeadLetterState.REDRIVEN, attempts, mark.timeNs(), errorClass, message);
            case DISCARDED ->
                new DeadLetterEntry(
                        letter, DeadLetterState.DISCARDED, attempts, mark.timeNs(), errorClass, mark.text());
            case FAILED_AGAIN ->
                new DeadLetterEntry(
                        letter,
                        attempts + mark.attempts() > 0 || letter.isRow() ? DeadLetterState.PARKED : state,
                        attempts + mark.attempts(),
                        mark.timeNs(),
                        mark.errorClass(),
                        mark.text());
        };
    }
}
