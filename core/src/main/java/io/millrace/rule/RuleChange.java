package io.millrace.rule;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One change of the rules of a pipeline, as the journal has it.
 *
 * <pre>
 *   0        1       2            4            8          16
 *  +--------+-------+------------+------------+----------+------+------+
 *  | action | flags | nameLength | textLength | warmFrom | name | text |      little endian, name and text in UTF-8
 *  +--------+-------+------------+------------+----------+------+------+
 * </pre>
 *
 * @param text of the rule, empty unless it is deployed or replaced
 * @param isKeepingState whether the operator that replaces another takes its state over
 * @param warmFrom sequence of the first record that a new operator is given before it takes part, -1 for none
 */
public record RuleChange(Action action, String name, String text, boolean isKeepingState, long warmFrom) {
    /** The longest text of a rule, in bytes. */
    public static final int TEXT_LENGTH_MAX = 1 << 16;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int HEADER_LENGTH = 16;
    private static final int NAME_LENGTH_MAX = 255;
    private static final int KEEPS_STATE = 1;

    /** What happens to the rule of that name. */
    public enum Action {
        /** It begins empty, or warmed. */
        DEPLOY,
        /** It is taken away with all its state. */
        UNDEPLOY,
        /** Another text takes its place. */
        REPLACE,
        /** It keeps its state and gets neither events nor time. */
        PAUSE,
        /** It goes on with the next record; time moves to where it is by then. */
        RESUME;

        private static final Action[] ALL = values();
    }

    /** Checks the lengths. */
    public RuleChange {
        int nameLength = bytes(name).length;
        int textLength = bytes(text).length;
        if (nameLength < 1 || nameLength > NAME_LENGTH_MAX || textLength > TEXT_LENGTH_MAX) {
            throw new RuleException("cannot change rule: name=" + name + ", bytes of name=" + nameLength
                    + " (expected: 1 to " + NAME_LENGTH_MAX + "), bytes of text=" + textLength + " (expected: up to "
                    + TEXT_LENGTH_MAX + "); shorten it");
        }
    }

    /** {@return a change without a text} */
    public static RuleChange of(Action action, String name) {
        return new RuleChange(action, name, "", false, -1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@return the change as bytes} */
    public byte[] encode() {
        byte[] nameBytes = bytes(name);
        byte[] textBytes = bytes(text);
        return ByteBuffer.allocate(HEADER_LENGTH + nameBytes.length + textBytes.length)
                .order(ORDER)
                .put((byte) action.ordinal())
                .put((byte) (isKeepingState ? KEEPS_STATE : 0))
                .putShort((short) nameBytes.length)
                .putInt(textBytes.length)
                .putLong(warmFrom)
                .put(nameBytes)
                .put(textBytes)
                .array();
    }

    /** {@return the change that bytes stand for} */
    public static RuleChange decode(byte[] encoded) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded).order(ORDER);
        Action action = Action.ALL[bytes.get()];
        boolean isKeepingState = (bytes.get() & KEEPS_STATE) != 0;
        byte[] name = new byte[bytes.getShort() & 0xFFFF];
        byte[] text = new byte[bytes.getInt()];
        long warmFrom = bytes.getLong();
        bytes.get(name).get(text);
        return new RuleChange(
                action,
                new String(name, StandardCharsets.UTF_8),
                new String(text, StandardCharsets.UTF_8),
                isKeepingState,
                warmFrom);
    }
}
