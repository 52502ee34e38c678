package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why a pattern did not match, as a user of the command sees it. */
final class WhyNotSystemTest {
    @TempDir
    Path directory;

    private CommandCall whyNot(Path data, String... more) {
        String[] all = new String[7 + more.length];
        System.arraycopy(
                new String[] {"why-not", "--data", data.toString(), "--pattern", "delay-cascade", "--key", "DTW"},
                0,
                all,
                0,
                7);
        System.arraycopy(more, 0, all, 7, more.length);
        return CommandCall.of(all);
    }

    private CommandCall run(Path data, String moreOfCascade) throws IOException {
        Path config = directory.resolve("small.yaml");
        Files.writeString(directory.resolve("in.csv"), """
                date,delay,distance,origin,destination
                2001/01/01 09:00,35,1750,DTW,LAS
                2001/01/01 09:10,50,300,ORD,DTW
                2001/01/01 09:30,45,1100,DTW,BOS
                2001/01/01 09:40,40,900,DTW,JFK
                """);
        Files.writeString(
                config,
                Files.readString(CommandRun.flights("flights.yaml"))
                        .replace(
                                "flights.xml", CommandRun.flights("flights.xml").toString())
                        .replace("file: flights-20k.csv", "file: in.csv")
                        .replace("1048576", "1024")
                        .replace("16MiB", "1MiB")
                        .replace("    skip: past-last ", moreOfCascade + "    skip: past-last "));
        return CommandCall.of("run", "-c", config.toString(), "--data", data.toString());
    }

    @Test
    void shouldTellAtTheEndOfARunWhatBoundsCost() throws IOException {
        CommandCall called = run(directory.resolve("data"), "    maxRunsPerKey: 1\n");

        assertEquals(0, called.exitCode(), called::err);
        assertTrue(called.out().contains("1   delay-cascade: refusedStarts, at a bound"), called::out);
    }

    @Test
    void shouldSayForEachEventWhichConditionFailedForWhichRun() throws Exception {
        Path data = directory.resolve("data");
        assertEquals(0, run(data, "").exitCode());

        CommandCall called = whyNot(data);
        assertEquals(0, called.exitCode(), called::err);
        assertTrue(called.out().contains("run [late=0 late=2] awaits late with count(late)=2, last(late.delay)=45"));
        assertTrue(
                called.out()
                        .contains("take late: no, fails delay > 30 and (count(late) == 0 or delay > last(late.delay))"),
                called::out);
        assertTrue(called.out().contains("the run is over"), called::out);
        assertTrue(!called.out().contains("ORD"), called::out);

        CommandCall threshold =
                CommandCall.of("why-not", "--data", data.toString(), "--pattern", "bad-day", "--key", "DTW");
        assertEquals(0, threshold.exitCode(), threshold::err);
        assertTrue(
                threshold.out().contains("    count=2 >= 3: no\n    distinct(destination)=2 >= 3: no\n"),
                threshold::out);
        assertTrue(threshold.out().contains("match count=3 distinct=3"), threshold::out);

        CommandCall last = whyNot(data, "--from", "3", "--json");
        assertEquals(1, last.out().lines().count(), last::out);
        assertEquals(3, last.json().at("/sequence").asLong());
        assertEquals(
                78,
                CommandCall.of("why-not", "--data", data.toString(), "--pattern", "x", "--key", "DTW")
                        .exitCode());
    }
}
