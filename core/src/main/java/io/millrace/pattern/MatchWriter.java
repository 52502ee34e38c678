package io.millrace.pattern;

import io.millrace.event.MutableEvent;
import io.millrace.event.Outputs;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes a run as a {@link PatternMatch}. */
final class MatchWriter {
    private static final int MAX_NUMBER_LENGTH = 21;

    private final int pattern;
    private final MatchNodes nodes;
    private final int[][] labels;
    private final byte[][] stageNames;
    private final int maxLength;
    /** Nodes of the match at hand, first to last. */
    private final int[] path;
    /** The text of the match at hand. */
    private final UnsafeBuffer text;

    private int textLength;
    private int pathLength;

    MatchWriter(Pattern pattern, Automaton automaton, RunPool pool) {
        this.pattern = PatternMatch.idOf(pattern.name());
        this.nodes = pool.nodes;
        this.labels = automaton.labels;
        this.stageNames = automaton.stageNames.stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        this.maxLength = pattern.limits().maxMatchLength();
        this.path = pool.path;
        this.text = pool.text;
    }

    /** Puts out what a run has found. {@return whether all of its events are listed} */
    boolean write(Outputs outputs, long key, long stampNs, long startNs, int tail, int kind, long number) {
        unroll(tail);
        writeText();
        int eventsAt = PatternMatch.STAGES_OFFSET + PatternMatch.STAGES_PREFIX_LENGTH + textLength;
        int listRoom = (maxLength - eventsAt - PatternMatch.EVENTS_PREFIX_LENGTH) / PatternMatch.EVENT_LENGTH;
        int entryCount = entryCount();
        int listed = Math.min(listRoom, entryCount);
        int length = eventsAt + PatternMatch.EVENTS_PREFIX_LENGTH + listed * PatternMatch.EVENT_LENGTH;

        MutableEvent output = outputs.claim(PatternMatch.TYPE_ID, length);
        output.key(key).timestampNs(stampNs).schemaVersion(PatternMatch.SCHEMA_VERSION);
        MutableDirectBuffer record = output.buffer();
        int at = output.payloadOffset();
        PatternMatch.encode(record, at, pattern, number, kind);
        PatternMatch.encodeTimes(record, at, startNs, nodes.timestampNs(tail));
        PatternMatch.encodeSpan(record, at, nodes.sequence(path[0]), nodes.sequence(tail), pathLength);
        record.putShort(at + PatternMatch.STAGES_OFFSET, (short) textLength, PatternMatch.ORDER);
        record.putBytes(at + PatternMatch.STAGES_OFFSET + PatternMatch.STAGES_PREFIX_LENGTH, text, 0, textLength);
        record.putInt(at + eventsAt, listed * PatternMatch.EVENT_LENGTH, PatternMatch.ORDER);
        writeEvents(record, at + eventsAt + PatternMatch.EVENTS_PREFIX_LENGTH, listed);
        outputs.commit();
        return listed == entryCount;
    }

    private void unroll(int tail) {
        pathLength = nodes.depth(tail);
        int node = tail;
        for (int i = pathLength - 1; i >= 0; i--) {
            path[i] = node;
            node = nodes.parent(node);
        }
    }

    private int entryCount() {
        int count = 0;
        for (int i = 0; i < pathLength; i++) {
            count += labels[nodes.label(path[i])].length;
        }
        return count;
    }

    private void writeEvents(MutableDirectBuffer record, int from, int listed) {
        int at = from;
        int left = listed;
        for (int i = 0; i < pathLength && left > 0; i++) {
            int node = path[i];
            int[] stages = labels[nodes.label(node)];
            for (int j = 0; j < stages.length && left > 0; j++) {
                PatternMatch.encodeEvent(
                        record, at, nodes.sequence(node), nodes.idHi(node), nodes.idLo(node), stages[j]);
                at += PatternMatch.EVENT_LENGTH;
                left--;
            }
        }
    }

    private void writeText() {
        textLength = 0;
        int room = maxLength - PatternMatch.MIN_LENGTH;
        for (int stage = 0; stage < stageNames.length; stage++) {
            if (!writeStage(stage, room)) {
                return;
            }
        }
    }

    /** {@return whether there was room for all of it} */
    private boolean writeStage(int stage, int room) {
        boolean isFirst = true;
        for (int i = 0; i < pathLength; i++) {
            if (hasStage(nodes.label(path[i]), stage)) {
                byte[] name = stageNames[stage];
                if (textLength + name.length + 2 + MAX_NUMBER_LENGTH > room) {
                    return false;
                }
                if (isFirst) {
                    textLength += textLength == 0 ? 0 : put((byte) ' ');
                    text.putBytes(textLength, name);
                    textLength += name.length;
                }
                textLength += put((byte) (isFirst ? '=' : ','));
                textLength += text.putLongAscii(textLength, nodes.sequence(path[i]));
                isFirst = false;
            }
        }
        return true;
    }

    private int put(byte character) {
        text.putByte(textLength, character);
        return 1;
    }

    private boolean hasStage(int label, int stage) {
        for (int each : labels[label]) {
            if (each == stage) {
                return true;
            }
        }
        return false;
    }
}
