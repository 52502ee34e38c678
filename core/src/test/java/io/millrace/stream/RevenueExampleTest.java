package io.millrace.stream;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.event.TestSchemas;
import io.millrace.state.Operator;
import io.millrace.window.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The classic: revenue of the last hour, every five minutes; as the README shows it, against sums over a list. */
class RevenueExampleTest {
    private static final long MINUTE_NS = 60_000_000_000L;
    private static final int EVENT_COUNT = 2_000;

    private static Operator revenue(EventType orderPlaced) {
        // README begin
        StreamBuilder orders = StreamBuilder.named("orders");
        orders.from(orderPlaced)
                .filter("amountCents > 0")
                .map("amount", "amountCents")
                .window(Window.hopping(1, HOURS, 5, MINUTES))
                .start("periodStart")
                .end("periodEnd")
                .sum("revenue", "amount")
                .count("orders")
                .avg("average", "amount")
                .having("orders >= 2")
                .to("revenue");
        Operator operator = orders.build();
        // README end
        return operator;
    }

    @Test
    void shouldAgreeWithSumsOverAList() {
        EventType orderPlaced = TestSchemas.type(0, "", "<field name=\"amountCents\" id=\"1\" type=\"int64\"/>");
        StreamRun run = new StreamRun(() -> revenue(orderPlaced), 0, 100);
        Random random = new Random(TestSeed.of(RevenueExampleTest.class));
        TreeMap<String, List<Long>> windows = new TreeMap<>();
        MutableEvent event = MutableEvent.allocate(32);
        long minute = 28_000_000;
        for (int i = 0; i < EVENT_COUNT; i++) {
            minute += random.nextInt(30) == 0 ? random.nextInt(200) : random.nextInt(3);
            long key = random.nextInt(5);
            long amountCents = random.nextInt(10_000) - 100;
            event.sequence(i).key(key).timestampNs(minute * MINUTE_NS);
            orderPlaced.encode(event);
            orderPlaced.field("amountCents").putLong(event, amountCents);
            run.onEvent(event);
            for (long end = minute - minute % 5 + 5; amountCents > 0 && end <= minute + 60; end += 5) {
                windows.computeIfAbsent(end + " " + key, one -> new ArrayList<>())
                        .add(amountCents);
            }
        }
        run.onEnd(EVENT_COUNT);

        List<String> expected = new ArrayList<>();
        windows.forEach((window, amounts) -> {
            if (amounts.size() >= 2) {
                expected.add(row(window, amounts));
            }
        });
        List<String> found = run.words();
        expected.sort(null);
        found.sort(null);
        assertEquals(String.join("\n", expected), String.join("\n", found));
    }

    private static String row(String window, List<Long> amounts) {
        long endNs = Long.parseLong(window.substring(0, window.indexOf(' '))) * MINUTE_NS;
        long sum = amounts.stream().mapToLong(Long::longValue).sum();
        return "revenue" + window.substring(window.indexOf(' ')) + " @" + endNs + " periodStart="
                + (endNs - 60 * MINUTE_NS) + " periodEnd=" + endNs + " revenue=" + sum + " orders=" + amounts.size()
                + " average=" + (double) sum / amounts.size() + " revision=0";
    }

    @Test
    void shouldStandInTheReadme() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve(".mvn"))) {
            root = root.getParent();
        }
        String source = Files.readString(root.resolve("core/src/test/java/io/millrace/stream/RevenueExampleTest.java"));
        String region = source.substring(
                source.indexOf('\n', source.indexOf("// README begin")) + 1,
                source.lastIndexOf('\n', source.indexOf("// README end")) + 1);
        String readme = Files.readString(root.resolve("core/README.md"));

        assertTrue(readme.contains("```java\n" + region.stripTrailing().stripIndent() + "\n```\n"), region);
    }
}
