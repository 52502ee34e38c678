package io.millrace.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.pattern.oracle.Found;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.cep.configuration.SharedBufferCacheConfig;
import org.apache.flink.cep.nfa.NFA;
import org.apache.flink.cep.nfa.NFAState;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.nfa.compiler.NFACompiler;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBuffer;
import org.apache.flink.cep.nfa.sharedbuffer.SharedBufferAccessor;
import org.apache.flink.cep.pattern.Pattern;

/** Runs Flink's automaton as its operator does, without a cluster: its state is in maps that nothing serialises. */
final class FlinkMatcher {
    private static final int CACHE_SLOTS = 256;
    private static final Duration NEVER = Duration.ofDays(1);
    /** More than the longest within of a random pattern. */
    private static final int WAIT_MS = 64;

    private final NFACompiler.NFAFactory<JsonNode> factory;
    private final AfterMatchSkipStrategy skip;
    private final Map<String, Key> keys = new LinkedHashMap<>();

    final List<Found> matches = new ArrayList<>();
    final List<Found> timeouts = new ArrayList<>();

    FlinkMatcher(JsonNode pattern) {
        Pattern<JsonNode, JsonNode> flink = FlinkPatterns.of(pattern);
        this.factory = NFACompiler.compileFactory(flink, true);
        this.skip = flink.getAfterMatchSkipStrategy();
    }

    /**
     * Takes events whose time does not go back, then lets time go on. Time passes by the millisecond: in a longer step
     * Flink gives up all runs that it is over for before it lets a match go that one of them held back.
     */
    FlinkMatcher run(JsonNode input, long endMs) throws Exception {
        for (JsonNode event : input) {
            Key key = keys.computeIfAbsent(event.path("key").asText(""), name -> new Key());
            key.passTo(event.get("ts").asLong());
            key.take(event);
        }
        for (Key key : keys.values()) {
            key.passTo(key.nowMs + WAIT_MS);
            key.advanceTo(endMs);
            key.buffer.releaseCacheStatisticsTimer();
        }
        matches.sort(null);
        timeouts.sort(null);
        return this;
    }

    /** {@return the partial matches that are live, without the one that waits for a start, and those held back} */
    int runCount() {
        return keys.values().stream()
                .mapToInt(key -> key.state.getPartialMatches().size() - 1
                        + key.state.getCompletedMatches().size())
                .sum();
    }

    /** The automaton of one key. */
    @SuppressWarnings("try")
    private final class Key {
        private final NFA<JsonNode> nfa = factory.createNFA();
        private final NFAState state = nfa.createInitialNFAState();
        private final SharedBuffer<JsonNode> buffer = new SharedBuffer<>(
                stateStore(), unusedSerializer(), new SharedBufferCacheConfig(CACHE_SLOTS, CACHE_SLOTS, NEVER));

        private long nowMs = -1;

        private void passTo(long endMs) throws Exception {
            nowMs = nowMs < 0 ? endMs - 1 : nowMs;
            while (nowMs < endMs) {
                nowMs++;
                advanceTo(nowMs);
            }
        }

        private void advanceTo(long timeMs) throws Exception {
            try (SharedBufferAccessor<JsonNode> accessor = buffer.getAccessor()) {
                var both = nfa.advanceTime(accessor, state, timeMs, skip);
                add(both.f0);
                for (Tuple2<Map<String, List<JsonNode>>, Long> timeout : both.f1) {
                    timeouts.add(new Found(numbers(timeout.f0), timeout.f1));
                }
            }
        }

        private void take(JsonNode event) throws Exception {
            try (SharedBufferAccessor<JsonNode> accessor = buffer.getAccessor()) {
                add(nfa.process(accessor, state, event, event.get("ts").asLong(), skip, () -> 0));
            }
        }

        private void add(Collection<Map<String, List<JsonNode>>> found) {
            found.forEach(match -> matches.add(new Found(numbers(match), 0)));
        }
    }

    private static Map<String, List<Long>> numbers(Map<String, List<JsonNode>> match) {
        Map<String, List<Long>> numbers = new TreeMap<>();
        match.forEach((stage, events) -> numbers.put(
                stage,
                events.stream().map(event -> event.get("n").asLong()).toList()));
        return numbers;
    }

    @SuppressWarnings("unchecked")
    private static TypeSerializer<JsonNode> unusedSerializer() {
        return (TypeSerializer<JsonNode>) (TypeSerializer<?>) IntSerializer.INSTANCE;
    }

    /** The shared buffer asks for nothing but maps. */
    private static KeyedStateStore stateStore() {
        return (KeyedStateStore) Proxy.newProxyInstance(
                FlinkMatcher.class.getClassLoader(), new Class<?>[] {KeyedStateStore.class}, (proxy, method, args) -> {
                    if (!method.getName().equals("getMapState")) {
                        throw new UnsupportedOperationException(method.toString());
                    }
                    return new MemoryMap<>();
                });
    }

    /** A map that is Flink's map state. */
    private static final class MemoryMap<K, V> implements MapState<K, V> {
        private final Map<K, V> map = new HashMap<>();

        @Override
        public V get(K key) {
            return map.get(key);
        }

        @Override
        public void put(K key, V value) {
            map.put(key, value);
        }

        @Override
        public void putAll(Map<K, V> others) {
            map.putAll(others);
        }

        @Override
        public void remove(K key) {
            map.remove(key);
        }

        @Override
        public boolean contains(K key) {
            return map.containsKey(key);
        }

        @Override
        public Iterable<Map.Entry<K, V>> entries() {
            return map.entrySet();
        }

        @Override
        public Iterable<K> keys() {
            return map.keySet();
        }

        @Override
        public Iterable<V> values() {
            return map.values();
        }

        @Override
        public Iterator<Map.Entry<K, V>> iterator() {
            return map.entrySet().iterator();
        }

        @Override
        public boolean isEmpty() {
            return map.isEmpty();
        }

        @Override
        public void clear() {
            map.clear();
        }
    }
}
