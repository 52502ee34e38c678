package io.millrace.ops;

import io.millrace.event.Event;
import io.millrace.journal.FrameReader;
import io.millrace.journal.LogKind;
import io.millrace.pattern.Match;
import io.millrace.pattern.PatternMatch;
import io.millrace.ring.OperatorIds;
import io.millrace.window.WindowResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** What a data directory's logs hold, as the rows of {@link FlightsOracle} and as whole records. */
final class Outbox {
    private static final long MINUTE_NS = 60_000_000_000L;

    private Outbox() {}

    static List<String> windows(Path data) {
        List<String> rows = new ArrayList<>();
        WindowResult window = new WindowResult();
        forEach(data, LogKind.OUTBOX, event -> {
            if (event.typeId() == WindowResult.TYPE_ID) {
                window.wrap(event);
                rows.add(text(event.key()) + ' ' + minute(window.startNs()) + ' ' + minute(window.endNs()) + " count="
                        + window.count() + " sum=" + window.sum() + " min=" + window.min() + " max=" + window.max());
            }
        });
        return rows;
    }

    static List<String> matches(Path data) {
        List<String> rows = new ArrayList<>();
        Match match = new Match();
        forEach(data, LogKind.OUTBOX, event -> {
            if (event.typeId() == Match.TYPE_ID) {
                match.wrap(event);
                rows.add(text(event.key()) + ' ' + minute(match.startNs()) + ' ' + minute(match.endNs()) + " count="
                        + match.count() + " distinct=" + match.distinct());
            }
        });
        return rows;
    }

    /** {@return the matches of a pattern with stages as key and time of the first event, and of the last if asked} */
    static List<String> sequences(Path data, String pattern, boolean isWithEnd) {
        List<String> rows = new ArrayList<>();
        PatternMatch match = new PatternMatch();
        forEach(data, LogKind.OUTBOX, event -> {
            if (event.typeId() == PatternMatch.TYPE_ID && (event.idHi() >>> 32 & 0xFFFF) == OperatorIds.idOf(pattern)) {
                match.wrap(event);
                rows.add(text(event.key())
                        + ' '
                        + minute(match.startNs())
                        + (isWithEnd ? " " + minute(match.endNs()) : ""));
            }
        });
        return rows;
    }

    /** {@return identity, type, key, time and payload of every output, in order} */
    static List<String> records(Path data) {
        List<String> rows = new ArrayList<>();
        forEach(data, LogKind.OUTBOX, event -> {
            byte[] payload = new byte[event.payloadLength()];
            event.buffer().getBytes(Event.HEADER_LENGTH, payload);
            rows.add(Long.toHexString(event.idHi())
                    + ':'
                    + event.idLo()
                    + ' '
                    + event.typeId()
                    + ' '
                    + event.key()
                    + ' '
                    + event.timestampNs()
                    + ' '
                    + HexFormat.of().formatHex(payload));
        });
        return rows;
    }

    static long journaledCount(Path data) {
        long[] count = {0};
        forEach(data, LogKind.JOURNAL, event -> count[0]++);
        return count[0];
    }

    static void forEach(Path data, LogKind kind, Consumer<Event> consumer) {
        Event view = new Event();
        try (FrameReader reader = FrameReader.open(data, kind)) {
            while (reader.nextRecord(view)) {
                consumer.accept(view);
            }
        }
    }

    private static long minute(long ns) {
        return Math.floorDiv(ns, MINUTE_NS);
    }

    /** The airport's three letters, highest byte first. */
    private static String text(long key) {
        byte[] bytes = {(byte) (key >>> 56), (byte) (key >>> 48), (byte) (key >>> 40)};
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
