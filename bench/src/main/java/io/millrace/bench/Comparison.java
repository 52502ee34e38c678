package io.millrace.bench;

import java.util.List;
import java.util.Map;

/**
 * Subjects that are measured in turn in one run, the first of them against the others.
 *
 * @param what is measured, in a line
 * @param subjects by the names of {@link Subjects}
 * @param noisePercent of the machine's CPU time that others may take in an interval that counts
 * @param isPiece whether a turn is a piece of work of a fixed size, so that it has no duration and no lead-in
 * @param defaults of options, which the command line overrides
 */
record Comparison(
        String name,
        String what,
        List<String> subjects,
        Metric metric,
        List<Target> targets,
        int noisePercent,
        boolean isPiece,
        Map<String, String> defaults) {

    /**
     * A bound of the first subject's figure divided by that of another, or of the figure itself.
     *
     * @param peer the other subject; empty for the figure itself
     * @param isLeast whether the ratio shall be that or more; else that or less
     */
    record Target(String peer, double ratio, boolean isLeast) {
        boolean isMet(double measured) {
            return isLeast ? measured >= ratio : measured <= ratio;
        }

        @Override
        public String toString() {
            return (isLeast ? ">= " : "<= ") + ratio;
        }
    }

    static final List<Comparison> ALL = List.of(
            throughput(
                    "fused-vs-disruptor",
                    "FUSED with stages that only hand on, and a subscriber that reads a field, against a bare ring",
                    List.of("fused-noop", "disruptor"),
                    atLeast("disruptor", 0.7)),
            throughput(
                    "fused-vs-disruptor-unread",
                    "the same without a subscriber, against a consumer that reads nothing",
                    List.of("fused-noop-unread", "disruptor-unread"),
                    atLeast("disruptor-unread", 0.7)),
            throughput(
                    "q1",
                    "Q1: drop what is one of the last 1,000,000 ids",
                    List.of("millrace-q1", "esper-q1", "collections-q1", "generator"),
                    atLeast("esper-q1", 20),
                    atLeast("collections-q1", 6)),
            throughput(
                    "q1-vs-collections",
                    "Q1 without Esper",
                    List.of("millrace-q1", "collections-q1", "generator"),
                    atLeast("collections-q1", 6)),
            throughput(
                    "q2",
                    "Q2: orders per customer in 60 s sliding by 5 s, 1.5 rows per event",
                    List.of("millrace-q2", "esper-q2", "collections-q2", "collections-q2-loop", "generator"),
                    atLeast("esper-q2", 12),
                    atLeast("collections-q2", 5)),
            new Comparison(
                    "q2l",
                    "Q2L: orders per customer in 1 h sliding by 5 min",
                    List.of("millrace-q2l", "esper-q2l", "collections-q2l", "generator"),
                    Metric.EVENTS_PER_SECOND,
                    List.of(atLeast("esper-q2l", 15), atLeast("collections-q2l", 1.3)),
                    8,
                    false,
                    Map.of("warmMs", "14000")),
            patternThroughput(
                    "q3",
                    "Q3: 6 attempts on 4 cards of a customer in 30 s",
                    List.of("millrace-q3", "esper-q3", "collections-q3", "generator"),
                    atLeast("esper-q3", 6)),
            patternThroughput(
                    "q3r",
                    "Q3, but a match begins the count anew, as in Flink's automaton; and Q3",
                    List.of("millrace-q3r", "millrace-q3", "generator")),
            patternThroughput(
                    "q4",
                    "Q4: large attempt, order, completion of a customer in 60 s",
                    List.of("millrace-q4", "esper-q4", "collections-q4", "generator"),
                    atLeast("esper-q4", 5)),
            patternThroughput(
                    "all",
                    "Q1 as a filter, Q2 + Q3 + Q4 behind it, journal on; the others journal nothing",
                    List.of("millrace-all-journal", "millrace-all", "esper-all", "collections-all", "generator"),
                    atLeast("esper-all", 10)),
            throughput(
                    "streams",
                    "Q2 as a stream (filter, map, window, having), and by the operator of windows alone",
                    List.of("stream-q2", "millrace-q2", "generator")),
            new Comparison(
                    "hop-panes",
                    "a window of 1 h over 1,000 keys, sliding by 1 s and by 5 min: an event where no window closes",
                    List.of("hop-1s", "hop-5min"),
                    Metric.BETWEEN,
                    List.of(new Target("hop-5min", 1.3, false)),
                    8,
                    false,
                    Map.of("secs", "2", "heap", "1g")),
            new Comparison(
                    "sweep-keys",
                    "planned send times, a window of 12 panes closed for 1,000,000 keys and for 10,000",
                    List.of("sweep-1m", "sweep-10k", "hiccup"),
                    Metric.P999,
                    List.of(new Target("sweep-10k", 3, false)),
                    8,
                    false,
                    Map.of("rate", "1000000", "secs", "4", "stolenMs", "10", "rounds", "8")),
            throughput(
                    "q123",
                    "Q1 + Q2 + Q3, journal off and on",
                    List.of("millrace-q123", "millrace-q123-journal", "millrace-q1", "generator")),
            throughput(
                    "patterns-1000",
                    "1,000 patterns over 50 conditions",
                    List.of("millrace-rules", "esper-rules", "generator"),
                    atLeast("esper-rules", 5)),
            throughput(
                    "patterns",
                    "Q3 and Q4, each alone, and Q1 + Q2 + Q3 + Q4",
                    List.of("millrace-q3", "millrace-q4", "millrace-all", "generator")),
            new Comparison(
                    "journal-burst",
                    "512 MB of records appended to files touched beforehand, on tmpfs",
                    List.of("frames-burst", "chronicle-burst", "chronicle-burst-direct"),
                    Metric.CALLER_CPU,
                    List.of(new Target("chronicle-burst", 0.2, false)),
                    8,
                    true,
                    Map.of("dir", "/dev/shm")),
            new Comparison(
                    "journal-sustained",
                    "records appended to the disk for a time, forced at its end",
                    List.of("frames-sustained", "channel-sustained"),
                    Metric.MEGABYTES_PER_SECOND,
                    List.of(atLeast("channel-sustained", 0.8)),
                    25,
                    true,
                    Map.of("secs", "60", "warmMs", "10000")),
            new Comparison(
                    "reservation",
                    "1.5 GB of records appended to the disk: segments reserved ahead, and files of holes",
                    List.of("frames-reserved", "frames-unreserved", "hiccup"),
                    Metric.MEGABYTES_PER_SECOND,
                    List.of(atLeast("frames-unreserved", 1)),
                    25,
                    true,
                    Map.of("secs", "4")),
            new Comparison(
                    "open-loop",
                    "planned send times, FUSED, journal on, Q1 + Q2 + Q3: emit time less planned time",
                    List.of("millrace-open", "disruptor-open", "floor-open", "hiccup"),
                    Metric.P99,
                    List.of(new Target("disruptor-open", 3, false)),
                    8,
                    false,
                    Map.of("rate", "100000", "secs", "4", "wait", "adaptive", "stolenMs", "10", "rounds", "16")),
            new Comparison(
                    "synced",
                    "planned times, journal synced in groups: SYNCED told less planned time, against bare fdatasync",
                    List.of("millrace-synced", "floor-synced"),
                    Metric.P99,
                    List.of(new Target("floor-synced", 2.5, false)),
                    10,
                    false,
                    Map.of("rate", "100000", "secs", "4", "wait", "park", "rounds", "16")),
            new Comparison(
                    "idle",
                    "AUTO with a journal and no events, beside a JVM without a pipeline",
                    List.of("millrace-idle", "jvm-idle"),
                    Metric.CPU_PERCENT,
                    List.of(new Target("", 3, false)),
                    8,
                    false,
                    Map.of("secs", "10", "warmMs", "10000")),
            new Comparison(
                    "wake-up",
                    "one event after 5 ms of silence, from publish to emit",
                    List.of("millrace-wake-up", "disruptor-wake-up"),
                    Metric.P50,
                    List.of(),
                    8,
                    false,
                    Map.of()),
            new Comparison(
                    "start",
                    "from the start of the JVM to ready, empty data directory",
                    List.of("start-empty"),
                    Metric.WALL_MS,
                    List.of(new Target("", 2_000, false)),
                    8,
                    true,
                    Map.of("warmMs", "1000", "heap", "256m", "outbox", "true")),
            new Comparison(
                    "start-10m",
                    "the same on a journal of 10 million events, beside an empty one",
                    List.of("start-10m", "start-empty"),
                    Metric.WALL_MS,
                    List.of(),
                    8,
                    true,
                    Map.of("warmMs", "1000", "heap", "1g", "outbox", "true")),
            new Comparison(
                    "replay-rate",
                    "Q1 + Q2 + Q3 over the same events: replayed at full speed, and live with a journal",
                    List.of("replay-max", "replay-live"),
                    Metric.EVENTS_PER_SECOND,
                    List.of(atLeast("replay-live", 1.5)),
                    8,
                    true,
                    Map.of("warmMs", "10000")),
            new Comparison(
                    "recovery",
                    "from the start of the JVM to ready: a snapshot and 200,000 events, and 10 million events",
                    List.of("recovery-snapshot", "recovery-full"),
                    Metric.WALL_MS,
                    List.of(new Target("recovery-full", 0.2, false)),
                    8,
                    true,
                    Map.of("warmMs", "1000", "heap", "1g", "outbox", "true")),
            new Comparison(
                    "follower",
                    "open loop with 200 MB of state: snapshots of a follower, none, and inline, one every 2 s",
                    List.of("open-follower", "open-none", "open-inline"),
                    Metric.P999,
                    List.of(new Target("open-none", 1.2, false)),
                    8,
                    false,
                    Map.of("rate", "100000", "secs", "5", "stolenMs", "10", "rounds", "8", "snapshotMs", "2000")));

    private static Comparison throughput(String name, String what, List<String> subjects, Target... targets) {
        return new Comparison(name, what, subjects, Metric.EVENTS_PER_SECOND, List.of(targets), 8, false, Map.of());
    }

    /** In a ring of which slots and views lie in the second cache. */
    private static Comparison patternThroughput(String name, String what, List<String> subjects, Target... targets) {
        return new Comparison(
                name, what, subjects, Metric.EVENTS_PER_SECOND, List.of(targets), 8, false, Map.of("ring", "4096"));
    }

    private static Target atLeast(String peer, double ratio) {
        return new Target(peer, ratio, true);
    }

    static Comparison named(String name) {
        return ALL.stream()
                .filter(comparison -> comparison.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown comparison: name=" + name + " (expected: "
                        + String.join(", ", ALL.stream().map(Comparison::name).toList()) + ")"));
    }
}
