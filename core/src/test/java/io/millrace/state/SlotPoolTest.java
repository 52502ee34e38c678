package io.millrace.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlotPoolTest {
    private final BufferStateWriter saved = new BufferStateWriter(64);

    @Test
    void shouldGiveOutTheSlotFreedLast() {
        Random random = new Random(7);
        SlotPool pool = new SlotPool(20);
        ArrayDeque<Integer> free = new ArrayDeque<>();
        List<Integer> used = new ArrayList<>();
        int highWater = 0;
        for (int i = 0; i < 10_000; i++) {
            if (random.nextInt(100) < 52) {
                int expected = !free.isEmpty() ? free.pop() : highWater < 20 ? highWater++ : SlotPool.NONE;
                assertEquals(expected, pool.take());
                if (expected != SlotPool.NONE) {
                    used.add(expected);
                }
            } else if (!used.isEmpty()) {
                int slot = used.remove(random.nextInt(used.size()));
                free.push(slot);
                pool.give(slot);
            }
            if (random.nextInt(100) == 0) {
                pool = reloaded(pool);
            }
            assertEquals(used.size(), pool.size());
            assertEquals(highWater, pool.highWater());
            assertEquals(used.size() == 20, pool.isFull());
            assertTrue(used.stream().allMatch(pool::isUsed));
        }
    }

    private static SlotPool reloaded(SlotPool pool) {
        SlotPool loaded = new SlotPool(pool.capacity());
        loaded.take();
        BufferStateWriter writer = new BufferStateWriter(64);
        pool.save(writer);
        BufferStateReader reader = writer.reader();
        loaded.load(reader);
        reader.expectEnd();
        return loaded;
    }

    @Test
    void shouldRefuseMisuse() {
        assertEquals(80, SlotPool.bytes(20));
        assertEquals(
                "cannot build slot pool: capacity=0 (expected: 1 or more); choose how many may be in use at a time",
                assertThrows(IllegalArgumentException.class, () -> new SlotPool(0))
                        .getMessage());
        assertEquals(
                "cannot give slot back: slot=3 (expected: one in use); give each back once",
                assertThrows(IllegalArgumentException.class, () -> new SlotPool(5).give(3))
                        .getMessage());
    }

    @Test
    void shouldRefuseADamagedPool() {
        for (int value : new int[] {5, 3, 1, 2, 2}) {
            saved.putInt(value);
        }

        assertEquals(
                "cannot load slot pool: slot=2 (expected: each free slot once); the saved state is damaged, use another"
                        + " snapshot",
                assertThrows(StateException.class, () -> new SlotPool(5).load(saved.reader()))
                        .getMessage());
    }
}
