package io.millrace.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTableTest {
    private final KeyTable table = new KeyTable(3);

    @Test
    void shouldGiveDenseSlotsInOrderOfFirstPut() {
        assertEquals(0, table.put(70));
        assertEquals(1, table.put(0));
        assertEquals(0, table.put(70));
        assertEquals(2, table.put(-1));

        assertEquals(3, table.size());
        assertEquals(3, table.highWater());
        assertEquals(1, table.slotOf(0));
        assertEquals(0, table.keyAt(1));
        assertEquals(-1, table.slotOf(71));
    }

    @Test
    void shouldRefuseNewKeyAndKnowOldOnesWhenFull() {
        table.put(1);
        table.put(2);
        table.put(3);

        assertEquals(-1, table.put(4));
        assertEquals(2, table.put(3));
        assertEquals(3, table.size());
    }

    @Test
    void shouldGiveLastFreedSlotFirst() {
        table.put(1);
        table.put(2);
        table.put(3);
        table.remove(0);
        table.remove(2);

        assertFalse(table.isUsed(2));
        assertEquals(3, table.highWater());
        assertEquals(2, table.put(4));
        assertEquals(0, table.put(5));
        assertEquals(-1, table.put(6));
    }

    @Test
    void shouldBeEmptyWhenCleared() {
        table.put(1);
        table.put(2);
        table.remove(0);
        table.clear();

        assertEquals(0, table.size());
        assertEquals(0, table.highWater());
        assertEquals(-1, table.slotOf(2));
        assertEquals(0, table.put(9));
        assertEquals(1, table.put(8));
    }

    @Test
    void shouldRefuseToRemoveFreeSlot() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> table.remove(1));

        assertEquals("cannot remove key: slot=1 (expected: a used slot); ask isUsed first", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, KeyTable.MAX_KEYS_LIMIT + 1, Integer.MAX_VALUE})
    void shouldRefuseMaxKeysOutOfRange(int maxKeys) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new KeyTable(maxKeys));

        assertEquals(
                "cannot build key table: maxKeys=" + maxKeys
                        + " (expected: 1 to 268435456); choose the number of keys that may live at a time",
                e.getMessage());
    }

    @Test
    void shouldSayHowManyBytesItTakes() {
        assertEquals(2 * 4 + 8 + 8, KeyTable.bytes(1));
        assertEquals(8 * 4 + 4 * 8 + 8, KeyTable.bytes(4));
        assertEquals(16 * 4 + 5 * 8 + 8, new KeyTable(5).bytes());
        assertEquals((4L << 30) + (32L << 20), KeyTable.bytes(KeyTable.MAX_KEYS_LIMIT));
    }

    @Test
    void shouldGiveFreedSlotsInTheSameOrderAfterLoad() {
        KeyTable original = new KeyTable(6);
        for (int key = 0; key < 5; key++) {
            original.put(key);
        }
        original.remove(1);
        original.remove(0);
        original.remove(3);

        KeyTable loaded = new KeyTable(6);
        loaded.put(99);
        loaded.load(saved(original).reader());

        assertEquals(hash(original), hash(loaded));
        assertEquals(-1, loaded.slotOf(99));
        assertEquals(2, loaded.slotOf(2));
        for (int key = 10; key < 14; key++) {
            assertEquals(original.put(key), loaded.put(key));
        }
        assertEquals(-1, loaded.put(14));
    }

    @Test
    void shouldHashFreeListOrder() {
        KeyTable other = new KeyTable(3);
        for (KeyTable each : new KeyTable[] {table, other}) {
            each.put(1);
            each.put(2);
        }
        table.remove(0);
        table.remove(1);
        other.remove(1);
        other.remove(0);

        assertFalse(hash(table) == hash(other));
    }

    @Test
    void shouldRefuseStateOfAnotherMaxKeys() {
        BufferStateReader reader = saved(table).reader();

        StateException e = assertThrows(StateException.class, () -> new KeyTable(4).load(reader));

        assertEquals(
                "cannot load key table: saved maxKeys=3 (expected: 4, as configured); configure what it was saved"
                        + " under, or start on an empty data directory",
                e.getMessage());
    }

    @Test
    void shouldRefuseDamagedState() {
        assertRefused("highWater=4 (expected: 0 to 3)", 3, 0, 4);
        assertRefused("size=2 (expected: 0 to 1)", 3, 2, 1);
        assertRefused("slot=1 (expected: 0 to 0)", 3, 1, 1, 1, 5, 0);
        assertRefused("slot=0 (expected: each slot once)", 3, 2, 2, 0, 5, 0, 0, 6, 0);
        assertRefused("key=5 (expected: each key once)", 3, 2, 2, 0, 5, 0, 1, 5, 0);
        assertRefused("slot=0 (expected: each slot once)", 3, 1, 2, 0, 5, 0, 0);
        assertRefused("slot=0 (expected: each slot once)", 3, 0, 3, 1, 0, 0);
        assertRefused("slot=-1 (expected: 0 to 2)", 3, 0, 3, -1);
    }

    @Test
    void shouldBeUsableWhenLoadFailedAndThenSucceeds() {
        assertRefused("highWater=2147483647 (expected: 0 to 3)", 3, 0, Integer.MAX_VALUE);
        table.load(saved(new KeyTable(3)).reader());

        assertEquals(0, table.put(1));
        assertTrue(table.isUsed(0));
    }

    private void assertRefused(String finding, int... saved) {
        BufferStateWriter writer = new BufferStateWriter(64);
        writer.putInts(saved, 0, saved.length);

        StateException e = assertThrows(StateException.class, () -> table.load(writer.reader()));

        assertEquals(
                "cannot load key table: " + finding + "; the saved state is damaged, use another snapshot",
                e.getMessage());
    }

    static BufferStateWriter saved(KeyTable table) {
        BufferStateWriter writer = new BufferStateWriter(64);
        table.save(writer);
        return writer;
    }

    static long hash(KeyTable table) {
        StateHash hash = new StateHash();
        table.save(hash);
        return hash.value();
    }
}
