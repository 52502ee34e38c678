package io.millrace.ops;

import io.millrace.Pipeline;
import io.millrace.journal.AuditLog;
import io.millrace.journal.JournalException;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.RuleAnswer;
import io.millrace.ops.command.RuleFiles;
import io.millrace.ops.command.RuleRequest;
import io.millrace.ring.Rules;
import io.millrace.rule.RuleChange;
import io.millrace.rule.RuleChange.Action;
import io.millrace.rule.RuleException;
import io.millrace.rule.RuleStatus;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what {@code millrace rule} asks a run for, one request after the other. One that a crash left half done
 * is made again, and answered as made if there is nothing left to do.
 *
 * <p><b>Threading</b>: {@link #serveAll} by the writer before it publishes; then a thread of its own, which looks ten
 * times a second.
 */
final class RuleRequests implements AutoCloseable {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long WAIT_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Path dataDirectory;
    private final RuleFiles files;
    private final Pipeline pipeline;
    private final PrintWriter err;
    private final Thread thread = new Thread(this::run, "rule-requests");
    private volatile boolean isClosed;

    RuleRequests(Path dataDirectory, Pipeline pipeline, PrintWriter err) {
        this.dataDirectory = dataDirectory;
        this.files = new RuleFiles(dataDirectory);
        this.pipeline = pipeline;
        this.err = err;
        thread.setDaemon(true);
    }

    /**
     * Makes the changes that were asked for while nobody had the directory.
     *
     * @param onIdle lets the writer take them
     */
    void serveAll(Runnable onIdle) {
        files.note(pipeline.rules().list());
        for (RuleRequest request : files.pending()) {
            serve(request, onIdle);
        }
    }

    /** Goes on with what is asked for from now on; the writer's own duty cycle takes it. */
    void start() {
        thread.start();
    }

    @Override
    public void close() {
        isClosed = true;
        if (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        while (!isClosed && pipeline.fault() == null) {
            try {
                files.pending().forEach(request -> serve(request, () -> {}));
            } catch (CommandException | JournalException e) {
                err.println("millrace: cannot look for requests of rules: " + e.getMessage());
                return;
            }
            LockSupport.parkNanos(INTERVAL_NS);
        }
    }

    private void serve(RuleRequest request, Runnable onIdle) {
        RuleAnswer answer = isMade(request) ? new RuleAnswer(sequence(request), "") : answer(request, onIdle);
        if (answer == null) {
            return;
        }
        boolean isRefused = !answer.message().isEmpty();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("name", request.name());
        details.put("sequence", answer.sequence());
        details.put("reason", request.reason());
        if (isRefused) {
            details.put("message", answer.message());
            err.println("millrace: rule is not changed: " + answer.message());
        }
        String action = request.action().name().toLowerCase(Locale.ROOT);
        AuditLog.append(dataDirectory, "rule-" + action + (isRefused ? "-refused" : ""), details);
        files.note(pipeline.rules().list());
        files.answer(request, answer);
    }

    /** {@return whether a run that ended before it could answer has made the change} */
    private boolean isMade(RuleRequest request) {
        RuleStatus rule = find(request.name());
        return switch (request.action()) {
            case DEPLOY, REPLACE -> rule != null && rule.text().equals(request.text());
            case UNDEPLOY ->
                rule == null && files.rows().stream().anyMatch(row -> row.name().equals(request.name()));
            case PAUSE -> rule != null && rule.isPaused();
            case RESUME -> rule != null && !rule.isPaused();
        };
    }

    private long sequence(RuleRequest request) {
        RuleStatus rule = find(request.name());
        return rule == null ? -1 : rule.sequence();
    }

    private @Nullable RuleStatus find(String name) {
        return pipeline.rules().list().stream()
                .filter(status -> status.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** {@return what became of a request, null if the run ends before it is made} */
    private @Nullable RuleAnswer answer(RuleRequest request, Runnable onIdle) {
        try {
            CompletableFuture<Long> change = change(pipeline.rules(), request);
            while (!change.isDone()) {
                if (isClosed || pipeline.fault() != null) {
                    return null;
                }
                onIdle.run();
                LockSupport.parkNanos(WAIT_NS);
            }
            return new RuleAnswer(change.join(), "");
        } catch (RuleException e) {
            return new RuleAnswer(-1, String.valueOf(e.getMessage()));
        } catch (CompletionException e) {
            return pipeline.fault() != null ? null : new RuleAnswer(-1, message(e));
        }
    }

    private static String message(CompletionException e) {
        Throwable cause = e.getCause();
        return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
    }

    private CompletableFuture<Long> change(Rules rules, RuleRequest request) {
        boolean isWarmed = request.action() == Action.DEPLOY && request.warmCount() > 0;
        long warmFrom = isWarmed ? Math.max(0, pipeline.admitted().sequence() + 1 - request.warmCount()) : -1;
        return rules.request(
                new RuleChange(request.action(), request.name(), request.text(), request.isKeepingState(), warmFrom));
    }
}
