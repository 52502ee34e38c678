package io.millrace.ring;

import java.nio.charset.StandardCharsets;

/** The id of an operator in the identities of its outputs: 16 bits of its name's FNV-1a hash. */
public final class OperatorIds {
    private OperatorIds() {}

    /** {@return 1 to 65535} */
    public static int idOf(String name) {
        int hash = 0x811C9DC5;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x01000193;
        }
        int folded = (hash >>> 16 ^ hash) & 0xFFFF;
        return folded == 0 ? 1 : folded;
    }
}
