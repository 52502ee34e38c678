package io.millrace.journal.deadletter;

import io.millrace.journal.RetentionFloor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The dead letters that are neither redriven nor discarded, by place, by event and by handler and key. */
final class OpenLetters {
    private final TreeMap<Long, OpenLetter> byPlace = new TreeMap<>();
    private final Map<Identity, Long> placeByEvent = new HashMap<>();
    private final Map<Line, TreeSet<Long>> placesByLine = new HashMap<>();
    private final Map<String, Integer> countByHandler = new HashMap<>();

    private record Identity(String handler, long sequence, long idHi, long idLo) {
        static Identity of(OpenLetter letter) {
            return new Identity(letter.handler(), letter.sequence(), letter.idHi(), letter.idLo());
        }
    }

    /** What a handler that asked for order gets one after the other. */
    private record Line(String handler, long key) {
        static Line of(OpenLetter letter) {
            return new Line(letter.handler(), letter.key());
        }
    }

    void add(OpenLetter letter) {
        byPlace.put(letter.place(), letter);
        placeByEvent.put(Identity.of(letter), letter.place());
        countByHandler.merge(letter.handler(), 1, Integer::sum);
        if (!letter.isRow()) {
            placesByLine
                    .computeIfAbsent(Line.of(letter), line -> new TreeSet<>())
                    .add(letter.place());
        }
    }

    void apply(DeadLetterMark mark) {
        OpenLetter letter = byPlace.get(mark.place());
        if (letter != null) {
            if (mark.kind() == DeadLetterMark.Kind.FAILED_AGAIN) {
                byPlace.put(mark.place(), letter.failedAgain(mark.attempts()));
            } else {
                remove(letter);
            }
        }
    }

    private void remove(OpenLetter letter) {
        byPlace.remove(letter.place());
        placeByEvent.remove(Identity.of(letter));
        countByHandler.merge(letter.handler(), -1, Integer::sum);
        Line line = Line.of(letter);
        TreeSet<Long> places = placesByLine.get(line);
        if (places != null) {
            places.remove(letter.place());
            if (places.isEmpty()) {
                placesByLine.remove(line);
            }
        }
    }

    @Nullable
    OpenLetter get(long place) {
        return byPlace.get(place);
    }

    /** {@return from which place on the log of dead letters is needed} */
    RetentionFloor retentionFloor() {
        return byPlace.isEmpty()
                ? new RetentionFloor(Long.MAX_VALUE, "no dead letter is open")
                : new RetentionFloor(byPlace.firstKey(), "dead letter=" + byPlace.firstKey() + " is open");
    }

    boolean contains(String handler, long sequence, long idHi, long idLo) {
        return placeByEvent.containsKey(new Identity(handler, sequence, idHi, idLo));
    }

    int count(String handler) {
        return countByHandler.getOrDefault(handler, 0);
    }

    int count() {
        return byPlace.size();
    }

    /** {@return the first of those that have the handler and the key of a letter, null if none is open} */
    @Nullable
    OpenLetter first(OpenLetter ofLine) {
        TreeSet<Long> places = placesByLine.get(Line.of(ofLine));
        return places == null ? null : byPlace.get(places.first());
    }

    /** {@return those that wait although nothing before them is open any more} */
    List<OpenLetter> firstsThatWait() {
        List<OpenLetter> found = new ArrayList<>();
        for (TreeSet<Long> places : placesByLine.values()) {
            OpenLetter first = byPlace.get(places.first());
            if (first != null && first.isWaiting()) {
                found.add(first);
            }
        }
        return found;
    }

    void forEachKey(String handler, LongConsumer consumer) {
        byPlace.values().stream()
                .filter(letter -> letter.handler().equals(handler) && !letter.isRow())
                .forEach(letter -> consumer.accept(letter.key()));
    }
}
