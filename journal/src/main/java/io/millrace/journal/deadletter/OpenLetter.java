package io.millrace.journal.deadletter;

/**
 * What is kept in memory of a dead letter that is neither redriven nor discarded.
 *
 * @param sequence of the event, -1 of a row
 * @param idHi of the event or row
 * @param idLo of the event or row
 * @param attempts made in all
 * @param trials how often it was redriven without success
 */
record OpenLetter(
        long place,
        String handler,
        long sequence,
        long idHi,
        long idLo,
        long key,
        boolean isRow,
        int attempts,
        int trials) {
    static OpenLetter of(DeadLetter letter) {
        boolean isRow = letter.isRow();
        return new OpenLetter(
                letter.place(),
                letter.handler(),
                isRow ? -1 : letter.event().sequence(),
                letter.idHi(),
                letter.idLo(),
                isRow ? 0 : letter.event().key(),
                isRow,
                letter.attempts(),
                0);
    }

    /** {@return whether its handler never got it} */
    boolean isWaiting() {
        return attempts == 0 && !isRow;
    }

    OpenLetter failedAgain(int made) {
        return new OpenLetter(place, handler, sequence, idHi, idLo, key, isRow, attempts + made, trials + 1);
    }
}
