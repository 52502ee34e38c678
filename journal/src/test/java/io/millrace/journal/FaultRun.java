package io.millrace.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.thread.ChildProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A data directory, the victims that write it one after another, and what they acknowledged: the expected state, kept
 * outside of them. {@link #judge} lets {@code read_journal.py} compare.
 */
final class FaultRun {
    private static final long TIMEOUT_S = 60;

    private final Path directory;
    private final int maxPayloadLength;
    private String bootId;
    private final TreeMap<Long, Ack> synced = new TreeMap<>();
    private final TreeMap<Long, Ack> journaled = new TreeMap<>();

    FaultRun(Path directory, int maxPayloadLength) {
        this.directory = directory;
        this.maxPayloadLength = maxPayloadLength;
        bootId = BootId.current();
    }

    /** The power was cut: victims and judge are in another boot from now on. */
    void cut(String nextBootId) {
        bootId = nextBootId;
    }

    /** {@return a run on a copy of the directory, with the same expectation} */
    FaultRun copyTo(Path target) throws IOException {
        Journals.copy(directory, target);
        FaultRun copy = new FaultRun(target, maxPayloadLength);
        copy.synced.putAll(synced);
        copy.journaled.putAll(journaled);
        return copy;
    }

    /** Whose event has a sequence, and by which monotone time of the victim that was so. */
    private record Ack(long producer, long counter, long timeNs) {}

    Path directory() {
        return directory;
    }

    /** {@return events acknowledged so far at the level that counts} */
    long ackedCount(boolean isSynced) {
        return isSynced ? synced.size() : journaled.size();
    }

    /** {@return how many were acknowledged as synced behind a time of the monotone clock} */
    long syncedCountAfter(long timeNs) {
        return synced.values().stream().filter(ack -> ack.timeNs() > timeNs).count();
    }

    /** {@return the counter behind the last one acknowledged by a producer that sends again} */
    long nextCounter(long producer) {
        long next = 0;
        for (TreeMap<Long, Ack> acks : List.of(synced, journaled)) {
            for (Ack ack : acks.values()) {
                next = ack.producer() == producer ? Math.max(next, ack.counter() + 1) : next;
            }
        }
        return next;
    }

    static String[] with(String[] options, String... more) {
        return Stream.concat(Arrays.stream(options), Arrays.stream(more)).toArray(String[]::new);
    }

    static List<String> with(List<String> command, String... more) {
        return Stream.concat(command.stream(), Arrays.stream(more)).toList();
    }

    Victim start(long producer, String... options) throws IOException {
        return start(List.of(), producer, options);
    }

    /**
     * Starts a victim.
     *
     * @param wrapper command and arguments before {@code java}
     */
    Victim start(List<String> wrapper, long producer, String... options) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--") || argument.startsWith("-XX:+Ignore"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        command.add("-Dmillrace.boot.id=" + bootId);
        List<String> arguments = new ArrayList<>();
        for (String option : options) {
            (option.startsWith("-") ? command : arguments).add(option);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FaultVictim.class.getName()));
        command.addAll(arguments);
        command.addAll(List.of("directory=" + directory, "producer=" + producer, "payload=" + maxPayloadLength));
        return new Victim(producer, new ProcessBuilder(command).redirectErrorStream(true));
    }

    /** {@return the sequence behind the last one acknowledged as journaled, 0 if none was} */
    long endOfJournaled() {
        return journaled.isEmpty() ? 0 : journaled.lastKey() + 1;
    }

    /** What of the journaled level a power cut takes; such sequences are given again. */
    void forgetJournaledFrom(long sequence) {
        journaled.tailMap(sequence, true).clear();
    }

    /** Compares all that was acknowledged with what the directory holds now; {@return the verdict, which is 0} */
    ReadJournal.Verdict judge(String what) throws IOException, InterruptedException {
        return judge(acked(), what);
    }

    /** Compares the same; {@return the verdict, whatever it is} */
    ReadJournal.Verdict verdict() throws IOException, InterruptedException {
        return verdict(acked());
    }

    private TreeMap<Long, Ack> acked() {
        TreeMap<Long, Ack> acked = new TreeMap<>(journaled);
        acked.putAll(synced);
        return acked;
    }

    /** The same of the synced level only. */
    ReadJournal.Verdict judgeSynced(String what) throws IOException, InterruptedException {
        return judge(synced, what);
    }

    private ReadJournal.Verdict judge(TreeMap<Long, Ack> acked, String what) throws IOException, InterruptedException {
        ReadJournal.Verdict verdict = verdict(acked);
        assertEquals(0, verdict.exitCode(), () -> what + ": " + verdict.text());
        return verdict;
    }

    private ReadJournal.Verdict verdict(TreeMap<Long, Ack> acked) throws IOException, InterruptedException {
        Path file = Files.createTempFile("acked", ".txt");
        List<String> lines = new ArrayList<>();
        acked.forEach((sequence, ack) -> lines.add(sequence + " " + ack.producer() + ' ' + ack.counter() + ' '
                + Long.toHexString(FaultEvents.payloadCrc(ack.producer(), ack.counter(), maxPayloadLength))));
        Files.write(file, lines);
        ReadJournal.Verdict verdict = ReadJournal.verify(directory, "--acked", file.toString(), "--boot-id", bootId);
        Files.delete(file);
        return verdict;
    }

    /** A process under test, and the thread that takes down what it says. */
    final class Victim {
        private final long producer;
        private final Process process;
        private final Thread reader;
        private final CountDownLatch ready = new CountDownLatch(1);
        private final List<String> said = new ArrayList<>();
        private long ackCount;

        private Victim(long producer, ProcessBuilder builder) throws IOException {
            this.producer = producer;
            process = ChildProcess.start(builder);
            reader = new Thread(this::read, "victim");
            reader.setDaemon(true);
            reader.start();
        }

        Process process() {
            return process;
        }

        /** Waits until it is ready to write, or has ended. */
        Victim awaitReady() throws InterruptedException {
            assertTrue(ready.await(TIMEOUT_S, TimeUnit.SECONDS), () -> "not ready: " + said());
            return this;
        }

        /** Waits for so many acknowledgements, or for its end. */
        Victim awaitAcks(long count) throws InterruptedException {
            awaitUntil(() -> ackCount() >= count, count + " acknowledgements");
            return this;
        }

        /** Waits until it has said something that begins so, or has ended. */
        Victim awaitSaid(String begin) throws InterruptedException {
            awaitUntil(() -> said().contains("\n" + begin), begin);
            return this;
        }

        /** Kills it with SIGKILL, and waits until all that it had said is taken down. */
        void kill() throws InterruptedException {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            awaitEnd();
        }

        /** {@return its exit status; fails if it hangs} */
        int awaitEnd() throws InterruptedException {
            boolean hasEnded = process.waitFor(TIMEOUT_S, TimeUnit.SECONDS);
            if (!hasEnded) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            reader.join(TIMEOUT_S * 1000);
            assertTrue(hasEnded, () -> "hangs: " + said());
            return process.exitValue();
        }

        /** {@return all that it said but acknowledgements, each line behind a line end} */
        synchronized String said() {
            return "\n" + String.join("\n", said);
        }

        synchronized long ackCount() {
            return ackCount;
        }

        private interface Condition {
            boolean isMet();
        }

        private void awaitUntil(Condition condition, String what) throws InterruptedException {
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
            while (!condition.isMet() && reader.isAlive()) {
                assertTrue(System.nanoTime() < endNs, () -> "waited for " + what + ": " + said());
                Thread.sleep(1);
            }
        }

        private void read() {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
                String line;
                while ((line = lines.readLine()) != null) {
                    take(line);
                }
            } catch (IOException closed) {
                take("reading ended: " + closed);
            } finally {
                ready.countDown();
            }
        }

        private synchronized void take(String line) {
            String[] words = line.split(" ");
            if (words.length == 5 && (words[0].equals("J") || words[0].equals("S"))) {
                acknowledge(words);
                return;
            }
            said.add(line);
            if (line.startsWith("ready")) {
                ready.countDown();
            }
        }

        private void acknowledge(String[] words) {
            TreeMap<Long, Ack> acks = words[0].equals("S") ? synced : journaled;
            long counter = Long.parseLong(words[1]);
            long sequence = Long.parseLong(words[2]);
            for (int i = 0; i < Integer.parseInt(words[3]); i++) {
                Ack ack = new Ack(producer, counter + i, Long.parseLong(words[4]));
                Ack earlier = acks.put(sequence + i, ack);
                boolean isAgain =
                        earlier != null && (earlier.producer() != producer || earlier.counter() != counter + i);
                if (isAgain) {
                    said.add("given twice: " + String.join(" ", words) + ", before " + earlier);
                    acks.put(-1 - sequence, ack);
                }
            }
            ackCount += Integer.parseInt(words[3]);
        }
    }
}
