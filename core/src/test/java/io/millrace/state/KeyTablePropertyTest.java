package io.millrace.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random calls against a map and a stack of free slots; the seed is printed and can be given again. */
class KeyTablePropertyTest {
    private static final long SEED = TestSeed.of(KeyTablePropertyTest.class);
    private final Random random = new Random(SEED);
    private final Map<Long, Integer> slots = new HashMap<>();
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private int highWater;

    @ParameterizedTest
    @CsvSource({"1, 2, 2000", "2, 3, 5000", "7, 10, 20000", "64, 100, 50000", "1000, 1500, 100000"})
    void shouldAgreeWithMapUnderRandomCalls(int maxKeys, int keyCount, int callCount) {
        run(maxKeys, keys(keyCount), callCount);
    }

    @Test
    void shouldAgreeWithMapWhenAllKeysShareTheirHome() {
        List<Long> colliding = new ArrayList<>();
        int mask = 2 * 64 - 1;
        for (long key = 0; colliding.size() < 90; key++) {
            if ((LongHash.mix(key) & mask) >= mask - 1) {
                colliding.add(key);
            }
        }

        run(64, colliding, 50_000);
    }

    private void run(int maxKeys, List<Long> keys, int callCount) {
        KeyTable table = new KeyTable(maxKeys);
        for (int i = 0; i < callCount; i++) {
            long key = keys.get(random.nextInt(keys.size()));
            if (random.nextInt(5) < 3) {
                assertEquals(expectedPut(key, maxKeys), table.put(key), this::toString);
            } else if (slots.containsKey(key)) {
                int slot = slots.remove(key);
                free.push(slot);
                table.remove(slot);
            }
            if (random.nextInt(1_000) == 0) {
                table = reloaded(table);
            }
            if (random.nextInt(50) == 0) {
                assertSame(table, keys);
            }
        }
        assertSame(table, keys);
    }

    private int expectedPut(long key, int maxKeys) {
        if (!slots.containsKey(key) && slots.size() == maxKeys) {
            return -1;
        }
        return slots.computeIfAbsent(key, absent -> free.isEmpty() ? highWater++ : free.pop());
    }

    private void assertSame(KeyTable table, List<Long> keys) {
        assertEquals(slots.size(), table.size(), this::toString);
        assertEquals(highWater, table.highWater(), this::toString);
        for (long key : keys) {
            assertEquals(slots.getOrDefault(key, -1), table.slotOf(key), this::toString);
        }
        slots.forEach((key, slot) -> assertTrue(table.isUsed(slot) && table.keyAt(slot) == key, this::toString));
        free.forEach(slot -> assertTrue(!table.isUsed(slot), this::toString));
    }

    private KeyTable reloaded(KeyTable table) {
        KeyTable loaded = new KeyTable(table.maxKeys());
        BufferStateReader reader = KeyTableTest.saved(table).reader();
        loaded.load(reader);
        reader.expectEnd();
        assertEquals(KeyTableTest.hash(table), KeyTableTest.hash(loaded), this::toString);
        return loaded;
    }

    private List<Long> keys(int count) {
        List<Long> keys = new ArrayList<>(List.of(0L, -1L));
        while (keys.size() < count) {
            keys.add(random.nextBoolean() ? random.nextLong() : random.nextInt(2 * count) - count);
        }
        return keys.stream().distinct().toList();
    }

    @Override
    public String toString() {
        return "replay with -Dmillrace.test.seed=" + SEED;
    }
}
