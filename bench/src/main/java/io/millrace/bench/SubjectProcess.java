package io.millrace.bench;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The JVM of one subject: makes it, warms it up, and then measures whenever a line on standard input says so.
 *
 * <pre>
 *   harness                                       subject's JVM
 *                                                 ready
 *   measure 5000000000  ------------------------> works
 *                       <------------------------ sample wallNs=... events=...
 *   quit, or end of input
 * </pre>
 */
public final class SubjectProcess {
    static final String READY = "ready";
    static final String MEASURE = "measure ";
    static final String SAMPLE = "sample ";
    static final String QUIT = "quit";

    private static final long STEP_NS = 500_000_000L;

    private SubjectProcess() {}

    /** Runs the subject that the first argument names, with options {@code name=value} behind it. */
    public static void main(String[] args) throws Exception {
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        Map<String, String> options = options(args, 1);
        try (Subject subject = Subjects.named(args[0]).open(options)) {
            Meter meter = new Meter();
            warmUp(subject, meter, options);
            answers.println(READY);
            serve(subject, meter, answers);
        }
        System.exit(0);
    }

    static Map<String, String> options(String[] args, int from) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = from; i < args.length; i++) {
            int at = args[i].indexOf('=');
            if (at < 1) {
                throw new IllegalArgumentException(
                        "cannot read option: " + args[i] + " (expected: name=value); see bench/README.md");
            }
            options.put(args[i].substring(0, at), args[i].substring(at + 1));
        }
        return options;
    }

    private static void warmUp(Subject subject, Meter meter, Map<String, String> options) throws Exception {
        long warmNs = Long.parseLong(options.getOrDefault("warmMs", "8000")) * 1_000_000;
        long warmMaxNs = 5 * warmNs;
        long beganNs = System.nanoTime();
        long eventCount = subject.verify();
        long passedNs = 0;
        while (passedNs < warmNs || (eventCount < subject.fillCount() && passedNs < warmMaxNs)) {
            subject.measure(STEP_NS, meter);
            eventCount += (long) meter.sample().value(Sample.EVENTS);
            passedNs = System.nanoTime() - beganNs;
        }
        if (eventCount < subject.fillCount()) {
            System.err.println(
                    "state not full: events=" + eventCount + " (expected: " + subject.fillCount() + "); raise warmMs");
        }
    }

    private static void serve(Subject subject, Meter meter, PrintStream answers) throws Exception {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String command = readLine(commands);
        while (command.startsWith(MEASURE)) {
            subject.measure(Long.parseLong(command.substring(MEASURE.length())), meter);
            answers.println(SAMPLE + meter.sample().format());
            command = readLine(commands);
        }
    }

    private static String readLine(BufferedReader commands) throws IOException {
        String line = commands.readLine();
        return line == null ? QUIT : line;
    }
}
