package io.millrace.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** What one interval of one subject gave: numbers by name, sent from its JVM to the harness in one line. */
record Sample(Map<String, Double> values) {
    static final String WALL_NS = "wallNs";
    static final String EVENTS = "events";
    static final String BYTES = "bytes";
    static final String CPU_NS = "cpuNs";
    static final String CALLER_CPU_NS = "callerCpuNs";
    static final String ALLOCATED = "allocated";
    static final String PATH_ALLOCATED = "pathAllocated";
    static final String OTHERS_PERCENT = "othersPercent";
    static final String STOLEN_NS = "stolenNs";
    static final String P50_NS = "p50Ns";
    static final String P99_NS = "p99Ns";
    static final String P999_NS = "p999Ns";
    static final String MAX_NS = "maxNs";
    static final String MINOR_FAULTS = "minorFaults";
    static final String ROWS = "rows";
    static final String BETWEEN_NS = "betweenNs";
    static final String OUTPUT_P99_NS = "outputP99Ns";

    static Sample parse(String line) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (String pair : line.strip().split(" ")) {
            int at = pair.indexOf('=');
            values.put(pair.substring(0, at), Double.valueOf(pair.substring(at + 1)));
        }
        return new Sample(values);
    }

    String format() {
        StringJoiner line = new StringJoiner(" ");
        values.forEach((name, value) -> line.add(name + '=' + value));
        return line.toString();
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    double value(String name) {
        Double value = values.get(name);
        return value == null ? Double.NaN : value;
    }

    double perEvent(String name) {
        return value(name) / value(EVENTS);
    }

    double eventsPerSecond() {
        return 1e9 / perEvent(WALL_NS);
    }

    double megabytesPerSecond() {
        return value(BYTES) * 1e3 / value(WALL_NS);
    }

    double stolenMs() {
        return value(STOLEN_NS) / 1e6;
    }

    double othersPercent() {
        return value(OTHERS_PERCENT);
    }
}
