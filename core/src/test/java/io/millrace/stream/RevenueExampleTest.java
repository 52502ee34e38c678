package io.millrace.stream;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.TestSeed;
import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.MutableEvent;
import io.millrace.event.TestSchemas;
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
    private static final long TIMEOUT_NS = 10_000_000_000L;

    private static StreamOperator revenue(EventType orderPlaced) {
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
        StreamOperator operator = orders.build();
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
    void shouldReachASubscriberByNames() {
        EventType orderPlaced = TestSchemas.type(0, "", "<field name=\"amountCents\" id=\"1\" type=\"int64\"/>");
        StreamOperator operator = revenue(orderPlaced);
        EventType row = operator.outputType("revenue");
        List<String> found = new ArrayList<>();
        try (Pipeline pipeline = Pipeline.create(new PipelineContext()
                .eventTypes(EventTypes.of(List.of(orderPlaced)))
                .operator(operator, "revenue of the last hour"))) {
            pipeline.subscribe(
                    row.id(),
                    "print",
                    output -> found.add(output.timestampNs() / MINUTE_NS + " revenue="
                            + row.field("revenue").getLong(output) + " average="
                            + row.field("average").getDouble(output)));
            pipeline.start();
            for (int i = 0; i < 3; i++) {
                MutableEvent event = orderPlaced.encode(MutableEvent.allocate(orderPlaced.encodedLength()));
                event.id(0, i).key(7).timestampNs(50 * i * MINUTE_NS);
                orderPlaced.field("amountCents").putLong(event, 100 + i);
                assertTrue(pipeline.publisher().publish(event) >= 0);
            }
            pipeline.publisher().end();
            assertTrue(pipeline.awaitDrained(TIMEOUT_NS));
        }

        assertEquals(
                List.of(
                        "55 revenue=201 average=100.5",
                        "60 revenue=201 average=100.5",
                        "105 revenue=203 average=101.5",
                        "110 revenue=203 average=101.5"),
                found.stream().filter(line -> !line.endsWith("100.0")).toList());
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
