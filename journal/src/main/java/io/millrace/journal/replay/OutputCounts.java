package io.millrace.journal.replay;

/**
 * How many outputs of one operator, or dead letters, two replays gave.
 *
 * @param operatorId as in the identities of outputs; {@link #DEAD_LETTERS} for refused records
 * @param typeId of the outputs, 0 for refused records
 * @param same in both
 * @param changed in both, with other values
 * @param onlyLeft in the first replay alone
 * @param onlyRight in the second replay alone
 */
public record OutputCounts(int operatorId, int typeId, long same, long changed, long onlyLeft, long onlyRight) {
    /** No operator has this id. */
    public static final int DEAD_LETTERS = 0;

    /** {@return all that the first replay gave} */
    public long left() {
        return same + changed + onlyLeft;
    }

    /** {@return all that the second replay gave} */
    public long right() {
        return same + changed + onlyRight;
    }
}
