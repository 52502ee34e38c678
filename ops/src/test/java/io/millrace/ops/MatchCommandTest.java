package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pattern tried on lines of JSON, and explained. */
final class MatchCommandTest {
    @TempDir
    Path directory;

    private Path pattern;
    private Path events;

    @BeforeEach
    void write() throws IOException {
        pattern = directory.resolve("refused.yaml");
        events = directory.resolve("day.jsonl");
        Files.writeString(pattern, """
                patterns:
                  - name: refused-then-paid
                    within: 10s
                    timeouts: true
                    stages:
                      - {stage: order, of: order, where: amount > 100}
                      - {stage: attempts, of: payment, where: status == 'refused', times: 2+}
                      - {stage: paid, of: payment, where: status == 'ok' and amount >= first(order.amount)}
                """);
        Files.writeString(events, """
                {"type": "order", "key": "ann", "ts": 1000, "amount": 250}
                {"type": "payment", "key": "ann", "ts": 2000, "status": "refused", "amount": 250}
                {"type": "payment", "key": "bob", "ts": 2500, "status": "ok", "amount": 5}
                {"type": "payment", "key": "ann", "ts": 3000, "status": "refused", "amount": 250}

                {"type": "payment", "key": "ann", "ts": 4000, "status": "ok", "amount": 250}
                {"type": "order", "key": "ann", "ts": 20000, "amount": 300}
                """);
    }

    private CommandCall match(String... more) {
        String[] all = new String[5 + more.length];
        System.arraycopy(
                new String[] {"match", "--pattern", pattern.toString(), "--events", events.toString()}, 0, all, 0, 5);
        System.arraycopy(more, 0, all, 5, more.length);
        return CommandCall.of(all);
    }

    @Test
    void shouldPrintMatchesAndTimeouts() {
        CommandCall called = match("--flush");

        assertEquals(0, called.exitCode(), called::err);
        assertEquals("""
                match   refused-then-paid key=ann ts=4000: order=1 attempts=2,4 paid=6
                timeout refused-then-paid key=ann ts=11000: order=1 attempts=2,4
                timeout refused-then-paid key=ann ts=30000: order=7
                """, called.out());
    }

    @Test
    void shouldShowTheLiveRunsBehindEachEvent() {
        CommandCall called = match("--trace");

        assertEquals(0, called.exitCode(), called::err);
        assertEquals("""
                event 1 order {amount=250} key=ann ts=1000
                  run [order=1] awaits attempts until ts=11000
                event 2 payment {status=refused amount=250} key=ann ts=2000
                  run [order=1 attempts=2] awaits attempts until ts=11000
                """, called.out().lines().limit(4).map(line -> line + "\n").reduce("", String::concat));
    }

    @Test
    void shouldPrintJson() {
        CommandCall called = match("--json");

        assertEquals(0, called.exitCode(), called::err);
        assertEquals(
                "{\"kind\":\"match\",\"pattern\":\"refused-then-paid\",\"key\":\"ann\",\"timeMs\":4000,\"stages\":"
                        + "{\"order\":[1],\"attempts\":[2,4],\"paid\":[6]}}\n",
                called.out().lines().findFirst().orElseThrow() + "\n");
    }

    @Test
    void shouldCountForAThreshold() throws IOException {
        Files.writeString(pattern, """
                patterns:
                  - name: refusals
                    where: status == 'refused'
                    count: {of: payment, ge: 2}
                    distinct: {of: amount, ge: 2}
                    within: 10s
                """);
        Files.writeString(events, """
                {"type": "order", "key": "ann", "ts": 500, "amount": 250}
                {"type": "payment", "key": "ann", "ts": 1000, "status": "refused", "amount": 250}
                {"type": "payment", "key": "ann", "ts": 2000, "status": "refused", "amount": 250}
                {"type": "payment", "key": "ann", "ts": 3000, "status": "ok", "amount": 250}
                {"type": "payment", "key": "ann", "ts": 4000, "status": "refused", "amount": 300}
                """);
        CommandCall called = match("--trace");

        assertEquals(0, called.exitCode(), called::err);
        assertEquals("""
                event 1 order {amount=250} key=ann ts=500
                  not counted: not a payment
                event 2 payment {status=refused amount=250} key=ann ts=1000
                  counted
                    count=1 >= 2: no
                    distinct(amount)=1 >= 2: no
                event 3 payment {status=refused amount=250} key=ann ts=2000
                  counted
                    count=2 >= 2: yes
                    distinct(amount)=1 >= 2: no
                event 4 payment {status=ok amount=250} key=ann ts=3000
                  not counted: where fails
                event 5 payment {status=refused amount=300} key=ann ts=4000
                  matched, so that what was counted counts no more
                match   refusals key=ann ts=4000: count=3 distinct=2 lines 2 to 5
                """, called.out());
        assertEquals(
                "{\"kind\":\"match\",\"pattern\":\"refusals\",\"key\":\"ann\",\"timeMs\":4000,\"count\":3,"
                        + "\"distinct\":2,\"first\":2,\"last\":5}\n",
                match("--json").out());
    }

    @Test
    void shouldSayWhatIsWrongWithTheEventsAndThePattern() throws IOException {
        Files.writeString(events, "{\"type\": \"order\"}\n");
        CommandCall untimed = match();
        assertEquals(66, untimed.exitCode(), untimed::out);
        assertTrue(untimed.err().contains("day.jsonl:1: line has neither ts"), untimed.err());

        Files.writeString(events, "{\"type\": \"order\", \"ts\": 1, \"amount\": 1}\n");
        CommandCall unknown = match();
        assertEquals(78, unknown.exitCode(), unknown::out);
        assertTrue(unknown.err().contains("refused.yaml:7:"), unknown.err());
        assertTrue(unknown.err().contains("payment is no event type"), unknown.err());
    }

    @Test
    void shouldExplainThePatternsOfAConfiguration() {
        String flights = CommandRun.flights("flights.yaml").toString();
        CommandCall called = CommandCall.of("explain", "-c", flights, "--json");

        assertEquals(0, called.exitCode(), called::err);
        assertEquals("bad-day", called.json().at("/patterns/0/pattern").asText());
        assertEquals("delay-cascade", called.json().at("/patterns/1/pattern").asText());
        assertEquals(
                "last(late.delay)", called.json().at("/patterns/1/registers/1").asText(), called::out);
        assertTrue(called.json().at("/patterns/2/notPortable/0").asText().startsWith("absentFor"), called::out);

        CommandCall text = CommandCall.of("explain", "-c", flights, "--pattern", "quiet-airport");
        assertTrue(text.out().contains("absence of another is complete 3h after the stage before"), text.out());
        assertEquals(
                78,
                CommandCall.of("explain", "-c", flights, "--pattern", "none").exitCode());
    }
}
