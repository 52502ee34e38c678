package io.millrace.bench;

import static io.millrace.pattern.EventPattern.count;
import static io.millrace.pattern.EventPattern.distinct;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.millrace.ClaimPolicy;
import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.Publisher;
import io.millrace.dedup.LastIds;
import io.millrace.event.EventHandler;
import io.millrace.event.MutableEvent;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.Match;
import io.millrace.pattern.Pattern;
import io.millrace.pattern.PatternMatch;
import io.millrace.pattern.PatternOperator;
import io.millrace.pattern.ThresholdOperator;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowResult;
import io.millrace.window.WindowSpec;
import io.millrace.workload.Payments;

/**
 * A pipeline that answers queries of the payments workload, fed by the calling thread, its rows summed up by
 * subscribers in the process.
 *
 * <p><b>Threading</b>: one thread publishes; rows are to be read when the pipeline has drained.
 */
final class PaymentsPipeline implements AutoCloseable {
    private static final int CUSTOMERS = 100_000;
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final long SNAPSHOT_LOOK_NS = 1_000_000;

    private final ClaimPolicy policy = ClaimPolicy.spin(TIMEOUT_NS);
    private final Payments payments = new Payments(Payments.SEED);
    private final PaymentTypes types;
    private final QueryRows rows = new QueryRows();
    private final Pipeline pipeline;
    private final Publisher publisher;

    /**
     * Starts the pipeline.
     *
     * @param context with what the query leaves open: threads, waiting, store
     */
    PaymentsPipeline(Query query, PipelineContext context) {
        this.types = new PaymentTypes();
        this.pipeline = Pipeline.create(configure(query, context, types));
        if (query == Query.Q1) {
            subscribeToEvents("kept", rows.kept::addKept);
        }
        pipeline.subscribe(WindowResult.TYPE_ID, "windows", rows.windows::addWindow);
        pipeline.subscribe(Match.TYPE_ID, "matches", rows.matches::addMatch);
        pipeline.subscribe(
                PatternMatch.TYPE_ID,
                "sequences",
                query == Query.RULES ? rows.sequences::addRule : rows.sequences::addSequence);
        pipeline.start();
        this.publisher = pipeline.publisher();
    }

    /**
     * Starts the pipeline with handlers of the caller's instead of rows.
     *
     * @param sweepBudget keys that one record closes a window of
     */
    PaymentsPipeline(
            Query query, PipelineContext context, int sweepBudget, EventHandler onEvent, EventHandler onOutput) {
        this.types = new PaymentTypes();
        this.pipeline = Pipeline.create(configure(query, context, types, sweepBudget));
        subscribeToEvents("events", onEvent);
        pipeline.subscribe(WindowResult.TYPE_ID, "windows", onOutput);
        pipeline.subscribe(Match.TYPE_ID, "matches", onOutput);
        pipeline.subscribe(PatternMatch.TYPE_ID, "sequences", onOutput);
        pipeline.start();
        this.publisher = pipeline.publisher();
    }

    /** Adds event types, dedup and operators of a query. */
    static PipelineContext configure(Query query, PipelineContext context, PaymentTypes types) {
        return configure(query, context, types, WindowSpec.SWEEP_BUDGET_DEFAULT);
    }

    /** The same with another number of keys that one record closes a window of. */
    static PipelineContext configure(Query query, PipelineContext context, PaymentTypes types, int sweepBudget) {
        context.eventTypes(types.types).maxPayloadLength(64);
        if (query.hasDedup) {
            context.dedup(new LastIds("dedup", Query.DEDUP_IDS));
        }
        if (query.hasWindow) {
            context.operator(new WindowOperator(window(query, types, sweepBudget)));
        }
        if (query.hasPattern) {
            context.operator(new ThresholdOperator(pattern(query, types)));
        }
        if (query.hasSequence) {
            context.operator(new PatternOperator(sequence(types)));
        }
        if (query == Query.RULES) {
            context.operator(ManyRules.set(types));
        }
        return context;
    }

    static WindowSpec window(Query query, PaymentTypes types, int sweepBudget) {
        return WindowSpec.named("orders")
                .over(types.placed)
                .value(types.placedAmount)
                .size(query.windowMs, MILLISECONDS)
                .slide(query.slideMs, MILLISECONDS)
                .withoutExtremes()
                .maxKeys(CUSTOMERS)
                .sweepBudget(sweepBudget)
                .build();
    }

    static EventPattern pattern(Query query, PaymentTypes types) {
        return EventPattern.named("fraud")
                .where(count(types.attempted).ge(Query.MIN_ATTEMPTS))
                .where(distinct(types.attemptedCard).ge(Query.MIN_CARDS))
                .within(Query.ATTEMPTS_MS, MILLISECONDS)
                .mode(query.mode())
                .maxKeys(CUSTOMERS)
                .maxEvents(1 << 18)
                .build();
    }

    static Pattern sequence(PaymentTypes types) {
        return Pattern.begin("attempt")
                .where(types.attempted, "amountCents >= " + Query.MIN_AMOUNT_CENTS)
                .followedBy("order")
                .where(types.placed)
                .followedBy("completion")
                .where(types.completed)
                .within(Query.SEQUENCE_MS, MILLISECONDS)
                .named("paid")
                .build();
    }

    private void subscribeToEvents(String name, EventHandler handler) {
        types.types.all().forEach(type -> pipeline.subscribe(type.id(), name, handler));
    }

    /** Publishes the workload's next event; waits, spinning, while the ring is full. */
    void publishNext() {
        publishNext(0);
    }

    /** The same, with a number in {@code sourceId} that the queries do not read. */
    void publishNext(int sourceId) {
        payments.next();
        long ticket = publisher.claim(types.typeId(payments), PaymentTypes.PAYLOAD_LENGTH, policy);
        if (ticket < 0) {
            throw new IllegalStateException("cannot publish: code=" + Publisher.describe(ticket) + ", fault="
                    + pipeline.fault() + " (expected: a ticket within a minute)");
        }
        MutableEvent event = publisher.event();
        types.encode(payments, event);
        event.sourceId(sourceId);
        publisher.commit();
    }

    /** Waits until all that was published has been emitted. */
    void drain() {
        if (!pipeline.awaitDrained(TIMEOUT_NS)) {
            throw new IllegalStateException(
                    "cannot drain: fault=" + pipeline.fault() + " (expected: drained within a minute)");
        }
    }

    /** Takes a snapshot and waits until it counts. */
    void snapshot() {
        long before = pipeline.snapshotSequence();
        boolean isAsked = pipeline.requestSnapshot();
        long beganNs = System.nanoTime();
        while (pipeline.snapshotSequence() == before) {
            if (!isAsked || System.nanoTime() - beganNs > TIMEOUT_NS) {
                throw new IllegalStateException("cannot take snapshot: asked=" + isAsked + ", fault=" + pipeline.fault()
                        + " (expected: one within a minute)");
            }
            publisher.onIdle(0);
            Pause.forNs(SNAPSHOT_LOOK_NS);
        }
    }

    Pipeline pipeline() {
        return pipeline;
    }

    QueryRows rows() {
        return rows;
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
