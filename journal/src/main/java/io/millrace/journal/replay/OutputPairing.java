package io.millrace.journal.replay;

import io.millrace.event.Event;
import io.millrace.event.MutableEvent;
import io.millrace.pattern.Match;
import io.millrace.window.LateEvent;
import io.millrace.window.WindowResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Pairs the outputs of two replays by name. What has found its pair is forgotten at once, so that memory goes with the
 * differences.
 *
 * <p>The number of a match within its pattern is not compared: one match more would change all behind it.
 */
final class OutputPairing {
    private static final int PENDING_MAX = 2_000_000;
    private static final int OPERATOR_SHIFT = 32;
    private static final int OPERATOR_MASK = 0xFFFF;

    private final int maxDifferences;
    private final Map<Name, Event> pendingLeft = new HashMap<>();
    private final Map<Name, Event> pendingRight = new HashMap<>();
    private final Map<Integer, Tally> tallies = new TreeMap<>();
    private final List<OutputDifference> differences = new ArrayList<>();
    private long differenceCount;

    OutputPairing(int maxDifferences) {
        this.maxDifferences = maxDifferences;
    }

    /** What an output is about, whatever its values. */
    private record Name(int operatorId, int typeId, long key, long about, long ordinal) {
        static Name of(Event output) {
            int operatorId = operatorOf(output);
            int typeId = output.typeId();
            return switch (typeId) {
                case WindowResult.TYPE_ID -> new Name(operatorId, typeId, output.key(), output.timestampNs(), 0);
                case Match.TYPE_ID, LateEvent.TYPE_ID -> new Name(operatorId, typeId, output.key(), output.idLo(), 0);
                default -> new Name(operatorId, typeId, output.key(), output.idLo(), output.idHi() & 0xFFFF_FFFFL);
            };
        }

        static Name ofRefused(Event record, long reason) {
            return new Name(OutputCounts.DEAD_LETTERS, 0, reason, record.sequence(), 0);
        }
    }

    private static final class Tally {
        private int typeId;
        private long same;
        private long changed;
        private long onlyLeft;
        private long onlyRight;
    }

    private static int operatorOf(Event output) {
        return (int) (output.idHi() >>> OPERATOR_SHIFT) & OPERATOR_MASK;
    }

    void onOutput(Event output, boolean isLeft) {
        Name name = Name.of(output);
        Event other = pair(name, output, isLeft);
        if (other != null) {
            Tally tally = tally(name);
            if (isSame(other, output)) {
                tally.same++;
            } else {
                tally.changed++;
                Event copy = copy(output);
                keep(new OutputDifference(name.operatorId, isLeft ? copy : other, isLeft ? other : copy, 0));
            }
        }
    }

    void onRefused(Event record, long reason, boolean isLeft) {
        Name name = Name.ofRefused(record, reason);
        if (pair(name, record, isLeft) != null) {
            tally(name).same++;
        }
    }

    /** {@return what the other side gave under the name, null if this one now waits for it} */
    private @Nullable Event pair(Name name, Event event, boolean isLeft) {
        Event other = (isLeft ? pendingRight : pendingLeft).remove(name);
        if (other == null) {
            if (pendingLeft.size() + pendingRight.size() >= PENDING_MAX) {
                throw new IllegalStateException("cannot compare replays: outputs that only one of them gave="
                        + PENDING_MAX + " (expected: fewer); compare a shorter range");
            }
            (isLeft ? pendingLeft : pendingRight).put(name, copy(event));
        }
        return other;
    }

    private Tally tally(Name name) {
        Tally tally = tallies.computeIfAbsent(name.operatorId, id -> new Tally());
        tally.typeId = name.typeId;
        return tally;
    }

    private void keep(OutputDifference difference) {
        differenceCount++;
        differences.add(difference);
    }

    /** What waits now has no pair. */
    void end() {
        pendingLeft.forEach((name, event) -> {
            tally(name).onlyLeft++;
            keep(new OutputDifference(name.operatorId, event, null, reason(name)));
        });
        pendingRight.forEach((name, event) -> {
            tally(name).onlyRight++;
            keep(new OutputDifference(name.operatorId, null, event, reason(name)));
        });
        differences.sort(Comparator.comparingLong(OutputDifference::cause)
                .thenComparingInt(OutputDifference::operatorId)
                .thenComparingLong(difference -> difference.any().key()));
    }

    private static long reason(Name name) {
        return name.operatorId == OutputCounts.DEAD_LETTERS ? name.key : 0;
    }

    private static boolean isSame(Event left, Event right) {
        int length = left.payloadLength();
        if (left.typeId() != right.typeId() || length != right.payloadLength()) {
            return false;
        }
        boolean isMatch = left.typeId() == Match.TYPE_ID;
        for (int i = 0; i < length; i++) {
            int at = Event.HEADER_LENGTH + i;
            boolean isNumber = isMatch && i >= Match.NUMBER_OFFSET && i < Match.COUNT_OFFSET;
            if (!isNumber && left.buffer().getByte(at) != right.buffer().getByte(at)) {
                return false;
            }
        }
        return true;
    }

    private static Event copy(Event event) {
        return MutableEvent.allocate(event.payloadLength()).copyFrom(event);
    }

    List<OutputCounts> counts() {
        List<OutputCounts> counts = new ArrayList<>();
        tallies.forEach((id, tally) -> counts.add(
                new OutputCounts(id, tally.typeId, tally.same, tally.changed, tally.onlyLeft, tally.onlyRight)));
        return counts;
    }

    List<OutputDifference> differences() {
        return List.copyOf(differences.subList(0, Math.min(differences.size(), maxDifferences)));
    }

    long differenceCount() {
        return differenceCount;
    }
}
