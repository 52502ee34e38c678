package io.millrace.journal.deadletter;

import io.millrace.Pipeline;
import io.millrace.journal.AuditLog;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the requests on dead letters of a directory, on a thread of its own, one letter at a time: hands each to
 * its handler and waits for what becomes of it, no faster than the request says. A handler that asked for order gets
 * what waits of a key in order, and after it is redriven or discarded all that waited behind it.
 *
 * <pre>
 *   requests/*.request --> Redriver --offer--> RedriveTarget --> handler
 *                             ^                                     |
 *                             '------ marks of DeadLetterQueue <----'
 * </pre>
 *
 * <p>A letter that is redriven or discarded already is passed over, so a request, asked or carried out twice, is done
 * once. A process that dies between the handler's return and the mark leaves the letter open: a handler that must not
 * see an event twice then keeps its id.
 *
 * <p><b>Threading</b>: {@link #start} begins a thread; or call {@link #doWork} from one. <b>Failure</b>: what cannot be
 * done is reported and tried again; requests are never lost.
 */
public final class Redriver implements AutoCloseable {
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long OFFER_INTERVAL_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long AWAIT_MS = 20;

    private final Path dataDirectory;
    private final DeadLetterQueue letters;
    private final Consumer<String> reports;
    private final LetterCursor cursor;
    private final Map<String, RedriveTarget> targets = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::run, "millrace-redrive");
    private volatile @Nullable RedriveTarget rows;
    private volatile @Nullable RedriveTarget subscribers;
    private volatile @Nullable Pipeline pipeline;
    private volatile boolean isClosing;
    private volatile boolean isWorking;
    private @Nullable String lastReport;
    private long lastOfferNs;

    /** @param reports takes lines for people, from the redriver's thread */
    public Redriver(Journal journal, DeadLetterQueue letters, Consumer<String> reports) {
        this.dataDirectory = journal.context().directory();
        this.letters = letters;
        this.reports = reports;
        this.cursor = new LetterCursor(dataDirectory);
    }

    /** Adds a handler by the name that its dead letters have. */
    public Redriver target(String handler, RedriveTarget target) {
        targets.put(handler, target);
        return this;
    }

    /** Sets what takes rows, whatever file they are of. */
    public Redriver rows(RedriveTarget target) {
        rows = target;
        return this;
    }

    /** Adds the subscribers of a pipeline, which runs. */
    public Redriver subscribers(Pipeline of) {
        subscribers = RedriveTarget.of(of);
        pipeline = of;
        return this;
    }

    /** Begins to look for requests. */
    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** {@return whether a request is there that is not carried out; any thread} */
    public boolean isBusy() {
        try {
            return isWorking || !DeadLetterRequest.pending(dataDirectory).isEmpty();
        } catch (JournalException e) {
            // Its thread says so.
            return false;
        }
    }

    private void run() {
        while (!isClosing) {
            try {
                doWork();
            } catch (RuntimeException e) {
                report("dead letters cannot be redriven: " + e.getMessage());
            } catch (InterruptedException e) {
                return;
            }
            LockSupport.parkNanos(LOOK_INTERVAL_NS);
        }
    }

    /** Carries out what is there, and lets go what nothing stands before any more: {@return how many letters} */
    public int doWork() throws InterruptedException {
        isWorking = true;
        try {
            int count = 0;
            for (DeadLetterRequest request : DeadLetterRequest.pending(dataDirectory)) {
                count += handle(request);
            }
            for (OpenLetter first : letters.firstsThatWait()) {
                count += redrive(first, 0) ? 1 : 0;
            }
            return count;
        } finally {
            isWorking = false;
        }
    }

    private int handle(DeadLetterRequest request) throws InterruptedException {
        int done = 0;
        int failed = 0;
        int passedOver = 0;
        for (long place : request.places()) {
            OpenLetter letter = letters.open(place);
            if (isClosing) {
                return done;
            }
            if (letter == null) {
                passedOver++;
            } else if (carryOut(request, letter)) {
                done++;
            } else {
                failed++;
            }
        }
        end(request, done, failed, passedOver);
        return done;
    }

    private void end(DeadLetterRequest request, int done, int failed, int passedOver) {
        if (isClosing) {
            return;
        }
        letters.sync();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("request", request.id());
        details.put("done", done);
        details.put("failed", failed);
        details.put("passedOver", passedOver);
        details.put("reason", request.reason());
        String action = request.action() == DeadLetterRequest.Action.REDRIVE ? "redriven" : "discarded";
        AuditLog.append(dataDirectory, "dead-letters-" + action, details);
        request.remove(dataDirectory);
        reports.accept("dead letters " + action + ": " + done + ", failed: " + failed + ", passed over: " + passedOver);
    }

    private boolean carryOut(DeadLetterRequest request, OpenLetter letter) throws InterruptedException {
        if (request.action() == DeadLetterRequest.Action.REDRIVE) {
            return redrive(letter, request.ratePerSecond());
        }
        DeadLetter full = cursor.at(letter.place());
        letters.discard(letter.place(), request.reason());
        RedriveTarget target = target(letter);
        if (target != null && full != null) {
            while (!isClosing && !target.giveUp(full)) {
                LockSupport.parkNanos(OFFER_INTERVAL_NS);
            }
        }
        return true;
    }

    /** {@return whether the letter was taken} What stands before it goes first, what waits behind it follows. */
    private boolean redrive(OpenLetter letter, long ratePerSecond) throws InterruptedException {
        OpenLetter next = letter.isWaiting() ? letters.first(letter) : letter;
        while (next != null && deliver(next, ratePerSecond)) {
            OpenLetter first = letter.isRow() ? null : letters.first(letter);
            next = first == null || !first.isWaiting() ? null : first;
        }
        return letters.open(letter.place()) == null;
    }

    private boolean deliver(OpenLetter letter, long ratePerSecond) throws InterruptedException {
        RedriveTarget target = target(letter);
        DeadLetter full = cursor.at(letter.place());
        if (target == null || full == null) {
            report("cannot redrive dead letter: place=" + letter.place() + ", handler=" + letter.handler()
                    + " (expected: a handler that runs); start what it belongs to");
            return false;
        }
        awaitRate(ratePerSecond);
        while (!target.offer(full)) {
            if (isClosing) {
                return false;
            }
            LockSupport.parkNanos(OFFER_INTERVAL_NS);
        }
        while (!letters.awaitOutcome(letter, AWAIT_MS)) {
            if (isClosing) {
                return false;
            }
        }
        return letters.open(letter.place()) == null;
    }

    private void awaitRate(long ratePerSecond) {
        if (ratePerSecond > 0) {
            long dueNs = lastOfferNs + TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
            long restNs = dueNs - System.nanoTime();
            while (restNs > 0 && !isClosing) {
                LockSupport.parkNanos(restNs);
                restNs = dueNs - System.nanoTime();
            }
        }
        lastOfferNs = System.nanoTime();
    }

    private @Nullable RedriveTarget target(OpenLetter letter) {
        if (letter.isRow()) {
            return rows;
        }
        RedriveTarget target = targets.get(letter.handler());
        Pipeline running = pipeline;
        boolean isSubscriber = running != null && running.hasSubscriber(letter.handler());
        return target == null && isSubscriber ? subscribers : target;
    }

    private void report(String text) {
        if (!text.equals(lastReport)) {
            lastReport = text;
            reports.accept(text);
        }
    }

    /** Stops after the letter at hand; what is left is done when the directory is next opened. */
    @Override
    public void close() {
        isClosing = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        cursor.close();
    }
}
