package io.millrace.ops.config;

import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.SequenceSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Windows, streams and patterns, which may read each other.
 *
 * @param windows in the order of the file
 * @param streams in the order of the file
 * @param patterns thresholds, in the order of the file
 * @param sequences patterns with stages, in the order of the file
 * @param order the names of all of these, each behind what it reads
 */
public record Items(
        List<WindowSection> windows,
        List<StreamSection> streams,
        List<PatternSection> patterns,
        List<SequenceSection> sequences,
        List<String> order) {

    /** {@return the names of the items that others read} */
    public Set<String> read() {
        List<Source> sources = new ArrayList<>();
        windows.forEach(window -> sources.add(window.source()));
        streams.forEach(stream -> sources.addAll(stream.sources()));
        patterns.forEach(pattern -> sources.add(pattern.source()));
        sequences.forEach(sequence -> sources.addAll(sequence.sources()));
        Set<String> items = new LinkedHashSet<>();
        sources.stream().filter(source -> !source.isOfPipeline()).forEach(source -> items.add(source.item()));
        return items;
    }

    /** {@return whether a pattern runs in its set: one that others read runs by itself} */
    public boolean isOfSet(SequenceSection sequence) {
        return !sequence.set().isEmpty() && !read().contains(sequence.name());
    }

    /** {@return the patterns that run in a set, in the order of the file} */
    public List<SequenceSection> ofSet(String set) {
        return sequences.stream()
                .filter(each -> each.set().equals(set) && isOfSet(each))
                .toList();
    }

    /** {@return the names of sets} */
    public Set<String> sets() {
        Set<String> sets = new LinkedHashSet<>();
        sequences.stream().filter(this::isOfSet).forEach(each -> sets.add(each.set()));
        return sets;
    }

    /** {@return the streams that are operators: those that put something out, or have state that others read} */
    public List<StreamSection> operatorStreams() {
        Set<String> read = read();
        return streams.stream()
                .filter(stream -> stream.isPutOut() || (stream.hasState() && read.contains(stream.name())))
                .toList();
    }

    /** {@return whether a stream takes events of the pipeline itself, maybe by way of streams without state} */
    public boolean isOfPipeline(StreamSection stream) {
        return stream.sources().stream()
                .anyMatch(source -> source.isOfPipeline()
                        || streams.stream()
                                .anyMatch(other -> other.name().equals(source.item())
                                        && !other.hasState()
                                        && isOfPipeline(other)));
    }
}
