package io.millrace.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the flights example has to give, worked out again from the file with nothing but java.util: no code of the
 * pipeline, other arithmetic (minutes, maps of lists), everything kept.
 */
final class FlightsOracle {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm");
    private static final long SIZE_MIN = 180;
    private static final long SLIDE_MIN = 30;
    private static final long WITHIN_MIN = 120;
    private static final int LATE_MIN = 20;
    private static final int CASCADE_MIN = 30;
    private static final long DAY_MIN = 24 * 60;

    private FlightsOracle() {}

    /** A row of the file; time in minutes since the epoch. */
    private record Flight(long timeMin, int delayMin, String origin, String destination) {}

    /** {@return every window as {@code ORIGIN START END count=N sum=N min=N max=N}, times in minutes, sorted} */
    static List<String> windows(Path csv) throws IOException {
        Map<String, List<Integer>> delays = new TreeMap<>();
        for (Flight flight : flights(csv)) {
            long lastStart = flight.timeMin - flight.timeMin % SLIDE_MIN;
            for (long start = lastStart; start > flight.timeMin - SIZE_MIN; start -= SLIDE_MIN) {
                String window = flight.origin + ' ' + start + ' ' + (start + SIZE_MIN);
                delays.computeIfAbsent(window, key -> new ArrayList<>()).add(flight.delayMin);
            }
        }
        List<String> rows = new ArrayList<>();
        delays.forEach((window, values) -> rows.add(window + " count=" + values.size() + " sum="
                + values.stream().mapToLong(Integer::intValue).sum() + " min="
                + values.stream().mapToInt(Integer::intValue).min().orElseThrow() + " max="
                + values.stream().mapToInt(Integer::intValue).max().orElseThrow()));
        rows.sort(null);
        return rows;
    }

    /** {@return every match as {@code ORIGIN FIRST LAST count=N distinct=N}, in the order in which they come} */
    static List<String> matches(Path csv) throws IOException {
        Map<String, Deque<Flight>> lateOnes = new TreeMap<>();
        List<String> rows = new ArrayList<>();
        for (Flight flight : flights(csv)) {
            if (flight.delayMin >= LATE_MIN) {
                Deque<Flight> recent = lateOnes.computeIfAbsent(flight.origin, key -> new ArrayDeque<>());
                recent.add(flight);
                recent.removeIf(old -> flight.timeMin - old.timeMin >= WITHIN_MIN);
                Set<String> destinations = new HashSet<>();
                recent.forEach(one -> destinations.add(one.destination));
                if (recent.size() >= 3 && destinations.size() >= 3) {
                    rows.add(flight.origin + ' ' + recent.getFirst().timeMin + ' ' + flight.timeMin + " count="
                            + recent.size() + " distinct=" + destinations.size());
                    recent.clear();
                }
            }
        }
        return rows;
    }

    /** {@return every cascade as {@code ORIGIN FIRST LAST}, in the order in which they come} */
    static List<String> cascades(Path csv) throws IOException {
        Map<String, List<Flight>> rows = new TreeMap<>();
        List<String> cascades = new ArrayList<>();
        for (Flight flight : flights(csv)) {
            List<Flight> row = rows.computeIfAbsent(flight.origin, key -> new ArrayList<>());
            if (!row.isEmpty() && flight.delayMin <= row.get(row.size() - 1).delayMin) {
                row.clear();
            }
            if (flight.delayMin > CASCADE_MIN) {
                row.add(flight);
            } else {
                row.clear();
            }
            row.removeIf(old -> flight.timeMin - old.timeMin >= WITHIN_MIN);
            if (row.size() == 3) {
                cascades.add(flight.origin + ' ' + row.get(0).timeMin + ' ' + flight.timeMin);
                row.clear();
            }
        }
        return cascades;
    }

    /** {@return every departure that none followed for 3 h between 7 and 20 h, as {@code ORIGIN TIME}, sorted} */
    static List<String> quiet(Path csv) throws IOException {
        Map<String, List<Flight>> byOrigin = new TreeMap<>();
        flights(csv)
                .forEach(flight -> byOrigin.computeIfAbsent(flight.origin, key -> new ArrayList<>())
                        .add(flight));
        List<String> quiet = new ArrayList<>();
        byOrigin.forEach((origin, all) -> {
            for (int i = 0; i < all.size(); i++) {
                long timeMin = all.get(i).timeMin;
                long minuteOfDay = timeMin % DAY_MIN;
                boolean isFollowed = i + 1 < all.size() && all.get(i + 1).timeMin - timeMin < SIZE_MIN;
                if (!isFollowed && minuteOfDay >= 7 * 60 && minuteOfDay + SIZE_MIN <= 20 * 60) {
                    quiet.add(origin + ' ' + timeMin);
                }
            }
        });
        quiet.sort(null);
        return quiet;
    }

    private static List<Flight> flights(Path csv) throws IOException {
        List<Flight> flights = new ArrayList<>();
        for (String line : Files.readAllLines(csv)) {
            String[] cells = line.split(",");
            if (!cells[0].equals("date")) {
                long timeMin = LocalDateTime.parse(cells[0], DATE).toEpochSecond(ZoneOffset.UTC) / 60;
                flights.add(new Flight(timeMin, Integer.parseInt(cells[1]), cells[3], cells[4]));
            }
        }
        return flights;
    }
}
