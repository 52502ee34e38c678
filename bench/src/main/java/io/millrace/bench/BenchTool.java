package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures the subjects of a comparison in turn, in one run: each in a JVM of its own, warmed up, then A B A B ...
 * until each has enough quiet intervals. The figure is the median of those, the result the ratio of two such figures.
 *
 * <p>An interval is quiet if all else on the machine took at most a few percent of its CPU time; the filter looks at
 * nothing else, never at the figure. If there are not enough, the quietest are taken and the row says NOISY.
 */
public final class BenchTool {
    private static final Path RESULTS = Path.of("bench/target/results.md");
    private static final int STOLEN_MAX_MS = 500;
    private static final String DEFAULT_HEAP = "3g";

    private final Comparison comparison;
    private final Map<String, String> options;
    private final List<String> lines = new ArrayList<>();

    private BenchTool(Comparison comparison, Map<String, String> options) {
        this.comparison = comparison;
        this.options = options;
    }

    /** Runs the comparison that the first argument names, with options {@code name=value} behind it. */
    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            Comparison.ALL.forEach(each -> System.out.printf("%-28s %s%n", each.name(), each.what()));
            return;
        }
        Comparison comparison = Comparison.named(args[0]);
        Map<String, String> options = new LinkedHashMap<>(comparison.defaults());
        options.putAll(SubjectProcess.options(args, 1));
        new BenchTool(comparison, options).run();
    }

    private int option(String name, int otherwise) {
        return Integer.parseInt(options.getOrDefault(name, Integer.toString(otherwise)));
    }

    private void run() throws IOException {
        say("");
        say("### " + comparison.name());
        say(comparison.what() + "  ");
        say(Machine.describe() + "; options " + options);
        say("");
        List<Result> results = measure();
        say(Result.head(comparison.metric()));
        results.forEach(result -> say(result.row()));
        if (results.get(0).hasLatencies()) {
            say("");
            say(Result.latencyHead());
            results.forEach(result -> say(result.latencyRow()));
        }
        say("");
        comparison.targets().stream()
                .filter(target -> target.peer().isEmpty())
                .forEach(target -> say(figure(results.get(0), target)));
        results.stream().skip(1).forEach(peer -> say(ratio(results.get(0), peer)));
        keep();
    }

    private List<Result> measure() throws IOException {
        int wanted = option("reps", 3);
        int noise = option("noise", comparison.noisePercent());
        int stolen = option("stolenMs", STOLEN_MAX_MS);
        List<SubjectProxy> proxies = new ArrayList<>();
        List<Result> results = new ArrayList<>();
        try {
            for (String subject : subjects()) {
                System.err.println("warming up " + subject);
                proxies.add(SubjectProxy.start(subject, commandLine(subject)));
                results.add(new Result(subject, comparison.metric(), noise, stolen, wanted));
            }
            int rounds = option("rounds", 4 * wanted);
            for (int round = 0; round < rounds && !results.stream().allMatch(Result::isEnough); round++) {
                takeTurns(proxies, results, round);
            }
        } finally {
            for (SubjectProxy proxy : proxies) {
                proxy.close();
            }
        }
        return results;
    }

    private List<String> subjects() {
        String chosen = options.get("subjects");
        return chosen == null ? comparison.subjects() : List.of(chosen.split(","));
    }

    private void takeTurns(List<SubjectProxy> proxies, List<Result> results, int round) throws IOException {
        long durationNs = option("secs", 5) * 1_000_000_000L;
        for (int i = 0; i < proxies.size(); i++) {
            Sample sample = proxies.get(i).measure(durationNs, !comparison.isPiece());
            results.get(i).add(sample);
            System.err.printf(
                    Locale.ROOT,
                    "round %d %-24s %s=%.1f others=%.0f%% stolen=%.0f ms%n",
                    round,
                    proxies.get(i).name(),
                    comparison.metric(),
                    comparison.metric().of(sample),
                    sample.othersPercent(),
                    sample.stolenMs());
        }
    }

    private List<String> commandLine(String subject) {
        List<String> line = new ArrayList<>();
        String home = options.getOrDefault("java", System.getProperty("java.home"));
        line.add(home + "/bin/java");
        line.add("@ops/bin/jvm.flags");
        String heap = options.getOrDefault("heap", DEFAULT_HEAP);
        line.addAll(List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch", "-XX:+UseTransparentHugePages"));
        line.addAll(List.of(options.getOrDefault("gc", "-XX:+UseG1GC"), "-Dagrona.disable.bounds.checks=true"));
        for (String flag : options.getOrDefault("jvm", "").split(",")) {
            if (!flag.isBlank()) {
                line.add(flag);
            }
        }
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), SubjectProcess.class.getName(), subject));
        options.forEach((name, value) -> line.add(name + "=" + value));
        return line;
    }

    private String figure(Result result, Comparison.Target target) {
        return String.format(
                Locale.ROOT,
                "- %s, %s = **%.2f** (target %s: %s)",
                comparison.metric(),
                result.subject(),
                result.value(),
                target,
                target.isMet(result.value()) ? "met" : "MISSED");
    }

    private String ratio(Result first, Result peer) {
        double ratio = first.value() / peer.value();
        String target = comparison.targets().stream()
                .filter(each -> each.peer().equals(peer.subject()))
                .findFirst()
                .map(each -> " (target " + each + ": " + (each.isMet(ratio) ? "met" : "MISSED") + ")")
                .orElse("");
        return String.format(
                Locale.ROOT,
                "- %s, %s / %s = **%.2f**%s",
                comparison.metric(),
                first.subject(),
                peer.subject(),
                ratio,
                target);
    }

    private void say(String line) {
        System.out.println(line);
        lines.add(line);
    }

    private void keep() throws IOException {
        Files.createDirectories(RESULTS.getParent());
        Files.write(RESULTS, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
