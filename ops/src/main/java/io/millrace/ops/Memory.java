package io.millrace.ops;

import io.millrace.dedup.LastIds;
import io.millrace.dedup.ProducerWindows;
import io.millrace.event.Event;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.ExitCode;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.ops.config.Units;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.PatternSet;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.window.ReorderBuffer;
import io.millrace.window.ReorderSpec;
import io.millrace.window.WindowOperator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.BitUtil;

/**
 * What memory a configuration takes, in bytes: rings outside the heap, state within it.
 *
 * @param rings part to bytes
 * @param state part to bytes
 */
record Memory(Map<String, Long> rings, Map<String, Long> state) {
    /** What everything else needs of the heap. */
    private static final long HEAP_MARGIN = 128L << 20;

    private static final long GIB = 1L << 30;

    static Memory of(RunConfig config) {
        RunConfig.PipelineSection pipeline = config.pipeline();
        long recordLength = BitUtil.align(Event.HEADER_LENGTH + pipeline.maxPayloadLength(), Event.HEADER_LENGTH);
        Map<String, Long> rings = new LinkedHashMap<>();
        rings.put("ring", recordLength * pipeline.ringCapacity());
        long outputLength = BitUtil.align(Event.HEADER_LENGTH + config.maxOutputPayloadLength(), Event.HEADER_LENGTH);
        rings.put("output ring", outputLength * pipeline.outputRingCapacity());
        Map<String, Long> state = new LinkedHashMap<>();
        state.put("dedup", dedupLength(config.dedup()));
        config.windows()
                .forEach(section ->
                        state.put("window " + section.name(), WindowOperator.bytes(Operators.window(section))));
        config.operatorStreams().forEach(section -> state.put("stream " + section.name(), section.bytes()));
        config.patterns()
                .forEach(section ->
                        state.put("pattern " + section.name(), ThresholdOperator.bytes(Operators.pattern(section))));
        config.sequences().stream()
                .filter(section -> !config.items().isOfSet(section))
                .forEach(section -> state.put("pattern " + section.name(), PatternOperator.bytes(section.pattern())));
        config.items().sets().forEach(set -> state.put("patterns " + set, setLength(config, set)));
        buffers(config, rings);
        return new Memory(rings, state);
    }

    /** Those before patterns, and those that the pipeline puts before what needs order. */
    private static void buffers(RunConfig config, Map<String, Long> rings) {
        boolean mayLackOrder = config.eventTime().mayLackOrder();
        config.patterns().stream()
                .filter(section -> Operators.isBuffered(config, section))
                .forEach(section -> put(rings, section.name(), Operators.reorder(config, section)));
        config.items().sets().stream()
                .filter(set -> mayLackOrder)
                .forEach(set -> put(rings, set, Operators.reorder(config)));
        config.sequences().stream()
                .filter(section -> !config.items().isOfSet(section))
                .filter(section -> mayLackOrder || Operators.isBuffered(section))
                .forEach(section -> put(rings, section.name(), Operators.reorder(config, section)));
        config.operatorStreams().stream()
                .filter(section ->
                        mayLackOrder && section.needsOrder() && config.items().isOfPipeline(section))
                .forEach(section -> put(rings, section.name(), Operators.reorder(config)));
    }

    private static void put(Map<String, Long> rings, String name, ReorderSpec spec) {
        rings.put("order of " + name, ReorderBuffer.bytes(spec));
    }

    /** {@return bytes that the patterns of a set take together} */
    static long setLength(RunConfig config, String set) {
        List<Pattern> patterns =
                config.items().ofSet(set).stream().map(SequenceSection::pattern).toList();
        return PatternSet.bytes(patterns, Operators.limits(patterns));
    }

    private static long dedupLength(RunConfig.DedupSection dedup) {
        return switch (dedup.kind()) {
            case LAST_IDS -> LastIds.bytes(dedup.size());
            case PRODUCERS -> ProducerWindows.bytes(dedup.maxProducers(), dedup.windowBits());
            case NONE -> 0;
        };
    }

    /** {@return bytes of heap that the state takes} */
    long stateLength() {
        return state.values().stream().mapToLong(Long::longValue).sum();
    }

    /** {@return the least whole number of GiB that {@code -Xmx} must give} */
    long heapGib() {
        return (stateLength() + HEAP_MARGIN + GIB - 1) / GIB;
    }

    /** {@return bytes that are left of a heap, below 0 if it is too small} */
    long left(long heapLength) {
        return heapLength - HEAP_MARGIN - stateLength();
    }

    /** Refuses a run whose state does not fit into the heap of this JVM, instead of dying of it. */
    void check(long heapLength) {
        if (stateLength() + HEAP_MARGIN > heapLength) {
            throw new CommandException(
                    ExitCode.CONFIG,
                    "cannot start: state takes " + Units.size(stateLength()) + " of heap (expected: up to "
                            + Units.size(Math.max(0, heapLength - HEAP_MARGIN)) + "); set MILLRACE_JAVA_OPTS=-Xmx"
                            + heapGib() + "g or lower what `millrace check` shows as large");
        }
    }
}
