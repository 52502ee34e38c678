package io.millrace.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What the windows over the flights have to give, worked out again from the file with nothing but java.util: lists of
 * all flights, times in minutes.
 */
final class FlightsWindowsOracle {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm");
    private static final long DAY_MIN = 24 * 60;
    /** A flight exactly this long behind the last one is of the same session. */
    private static final long GAP_MIN = 45;

    private final List<Flight> flights = new ArrayList<>();

    FlightsWindowsOracle(Path csv) throws IOException {
        for (String line : Files.readAllLines(csv)) {
            String[] cells = line.split(",");
            if (!cells[0].equals("date")) {
                long timeMin = LocalDateTime.parse(cells[0], DATE).toEpochSecond(ZoneOffset.UTC) / 60;
                flights.add(new Flight(timeMin, Integer.parseInt(cells[1]), cells[3], cells[4]));
            }
        }
    }

    /** A row of the file. */
    record Flight(long timeMin, int delayMin, String origin, String destination) {
        String route() {
            return origin + '-' + destination;
        }
    }

    /** {@return the flights of each window, by {@code KEY START END}} */
    Map<String, List<Flight>> windows(Function<Flight, String> key, long... sizesMin) {
        Map<String, List<Flight>> windows = new TreeMap<>();
        for (Flight flight : flights) {
            for (long sizeMin : sizesMin) {
                long start = flight.timeMin - flight.timeMin % sizeMin;
                String window = key.apply(flight) + ' ' + start + ' ' + (start + sizeMin);
                windows.computeIfAbsent(window, one -> new ArrayList<>()).add(flight);
            }
        }
        return windows;
    }

    /** {@return every window as {@code KEY START END flights=N sum=N worst=N}, sorted} */
    List<String> sums(Function<Flight, String> key, long... sizesMin) {
        List<String> rows = new ArrayList<>();
        windows(key, sizesMin)
                .forEach((window, of) -> rows.add(window + " flights=" + of.size() + " sum="
                        + of.stream().mapToLong(Flight::delayMin).sum() + " worst="
                        + of.stream().mapToInt(Flight::delayMin).max().orElseThrow()));
        rows.sort(null);
        return rows;
    }

    /** {@return every session of 3 flights or more as {@code ORIGIN START END flights=N places=N late=N}, sorted} */
    List<String> sessions() {
        Map<String, List<Flight>> byOrigin = new TreeMap<>();
        flights.forEach(flight -> byOrigin.computeIfAbsent(flight.origin, one -> new ArrayList<>())
                .add(flight));
        List<String> rows = new ArrayList<>();
        byOrigin.forEach((origin, all) -> {
            List<Flight> session = new ArrayList<>();
            for (Flight flight : all) {
                boolean isApart =
                        !session.isEmpty() && flight.timeMin - session.get(session.size() - 1).timeMin > GAP_MIN;
                if (isApart) {
                    addSession(origin, session, rows);
                    session.clear();
                }
                session.add(flight);
            }
            addSession(origin, session, rows);
        });
        rows.sort(null);
        return rows;
    }

    private static void addSession(String origin, List<Flight> session, List<String> rows) {
        if (session.size() >= 3) {
            HashSet<String> places = new HashSet<>();
            session.forEach(flight -> places.add(flight.destination));
            long end = session.get(session.size() - 1).timeMin + GAP_MIN;
            rows.add(origin + ' ' + session.get(0).timeMin + ' ' + end + " flights=" + session.size() + " places="
                    + places.size() + " late="
                    + session.stream().filter(flight -> flight.delayMin >= 20).count());
        }
    }

    /** {@return the ten airports of each day as {@code DAY RANK ORIGIN flights=N}, in the order of days and ranks} */
    List<String> topOfDays() {
        Map<Long, Map<String, Integer>> counts = new TreeMap<>();
        for (Flight flight : flights) {
            counts.computeIfAbsent(flight.timeMin / DAY_MIN, day -> new TreeMap<>())
                    .merge(flight.origin, 1, Integer::sum);
        }
        List<String> rows = new ArrayList<>();
        counts.forEach((day, byOrigin) -> {
            List<String> best = byOrigin.keySet().stream()
                    .sorted(Comparator.comparing((String origin) -> -byOrigin.get(origin))
                            .thenComparing(origin -> origin))
                    .limit(10)
                    .toList();
            for (int i = 0; i < best.size(); i++) {
                rows.add(day + " " + (i + 1) + ' ' + best.get(i) + " flights=" + byOrigin.get(best.get(i)));
            }
        });
        return rows;
    }
}
