package io.millrace.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random calls against a sorted list; the seed is printed and can be given again. */
class DeadlinesPropertyTest {
    private record Armed(int item, long deadlineNs, long number) {}

    private static final Comparator<Armed> ORDER =
            Comparator.comparingLong(Armed::deadlineNs).thenComparingLong(Armed::number);

    private static final long SEED = TestSeed.of(DeadlinesPropertyTest.class);

    private final Random random = new Random(SEED);
    private final List<Armed> model = new ArrayList<>();
    private long number;
    private long nowNs;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 21, 300})
    void shouldKeepItemsOfAnyDeadlineInOrder(int capacity) {
        DeadlineHeap heap = new DeadlineHeap(capacity);
        for (int i = 0; i < 20_000; i++) {
            int item = random.nextInt(capacity);
            switch (random.nextInt(4)) {
                case 0 -> heap.disarm(remove(item));
                case 1 -> assertEquals(removeFirst(), heap.removeFirst(), this::toString);
                default -> heap.arm(item, arm(item, random.nextInt(40) - 20));
            }
            heap = random.nextInt(500) == 0 ? reloaded(heap) : heap;
            assertAgrees(heap);
        }
        while (!heap.isEmpty()) {
            assertEquals(removeFirst(), heap.removeFirst(), this::toString);
        }
        assertEquals(DeadlineHeap.NONE, heap.removeFirst());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 21, 300})
    void shouldKeepItemsThatWaitEquallyLongInOrder(int capacity) {
        DeadlineList list = new DeadlineList(capacity);
        for (int i = 0; i < 20_000; i++) {
            int item = random.nextInt(capacity);
            nowNs += random.nextInt(3);
            switch (random.nextInt(4)) {
                case 0 -> list.disarm(remove(item));
                case 1 -> assertEquals(removeFirst(), list.removeFirst(), this::toString);
                default -> list.arm(item, arm(item, nowNs + 100 - (random.nextInt(10) == 0 ? random.nextInt(50) : 0)));
            }
            list = random.nextInt(500) == 0 ? reloaded(list) : list;
            assertAgrees(list);
        }
    }

    private long arm(int item, long deadlineNs) {
        remove(item);
        model.add(new Armed(item, deadlineNs, number++));
        model.sort(ORDER);
        return deadlineNs;
    }

    private int remove(int item) {
        model.removeIf(armed -> armed.item == item);
        return item;
    }

    private int removeFirst() {
        return model.isEmpty() ? -1 : model.remove(0).item;
    }

    private void assertAgrees(DeadlineHeap heap) {
        assertEquals(model.size(), heap.size(), this::toString);
        assertEquals(model.size() == heap.capacity(), heap.isFull(), this::toString);
        long firstNs = model.isEmpty() ? DeadlineHeap.NEVER_NS : model.get(0).deadlineNs;
        assertEquals(model.isEmpty() ? -1 : model.get(0).item, heap.first(), this::toString);
        assertEquals(firstNs, heap.firstNs(), this::toString);
        assertFalse(heap.isDue(firstNs - 1), this::toString);
        assertEquals(!model.isEmpty(), heap.isDue(firstNs), this::toString);
        if (!model.isEmpty()) {
            Armed any = model.get(random.nextInt(model.size()));
            assertTrue(heap.isArmed(any.item), this::toString);
            assertEquals(any.deadlineNs, heap.deadlineNs(any.item), this::toString);
        }
    }

    private void assertAgrees(DeadlineList list) {
        assertEquals(model.size(), list.size(), this::toString);
        long firstNs = model.isEmpty() ? DeadlineList.NEVER_NS : model.get(0).deadlineNs;
        assertEquals(firstNs, list.firstNs(), this::toString);
        assertFalse(list.isDue(firstNs - 1), this::toString);
        assertEquals(!model.isEmpty(), list.isDue(firstNs), this::toString);
        if (random.nextInt(50) == 0) {
            int item = list.first();
            for (Armed armed : model) {
                assertEquals(armed.item, item, this::toString);
                assertEquals(armed.deadlineNs, list.deadlineNs(item), this::toString);
                item = list.next(item);
            }
            assertEquals(DeadlineList.NONE, item, this::toString);
        }
    }

    private DeadlineHeap reloaded(DeadlineHeap heap) {
        DeadlineHeap loaded = new DeadlineHeap(heap.capacity());
        loaded.arm(0, 7);
        BufferStateWriter saved = new BufferStateWriter(64);
        heap.save(saved);
        BufferStateReader reader = saved.reader();
        loaded.load(reader);
        reader.expectEnd();
        return loaded;
    }

    private DeadlineList reloaded(DeadlineList list) {
        DeadlineList loaded = new DeadlineList(list.capacity());
        loaded.arm(0, 7);
        BufferStateWriter saved = new BufferStateWriter(64);
        list.save(saved);
        BufferStateReader reader = saved.reader();
        loaded.load(reader);
        reader.expectEnd();
        return loaded;
    }

    @Override
    public String toString() {
        return "replay with -Dmillrace.test.seed=" + SEED;
    }
}
