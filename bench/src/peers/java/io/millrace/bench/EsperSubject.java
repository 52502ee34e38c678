package io.millrace.bench;

import com.espertech.esper.common.client.EventSender;
import com.espertech.esper.common.client.configuration.Configuration;
import com.espertech.esper.common.client.configuration.runtime.ConfigurationRuntimeThreading;
import com.espertech.esper.common.client.util.NameAccessModifier;
import com.espertech.esper.compiler.client.CompilerArguments;
import com.espertech.esper.compiler.client.EPCompileException;
import com.espertech.esper.compiler.client.EPCompilerProvider;
import com.espertech.esper.runtime.client.EPDeployException;
import com.espertech.esper.runtime.client.EPDeployment;
import com.espertech.esper.runtime.client.EPEventService;
import com.espertech.esper.runtime.client.EPRuntime;
import com.espertech.esper.runtime.client.EPRuntimeProvider;
import com.espertech.esper.runtime.client.EPStatement;
import io.millrace.workload.Payments;
import java.util.List;

/**
 * The queries in Esper, set up in its favour: time follows the events, no timer thread, no locks, no order of dispatch
 * between threads, subscribers instead of listeners. The last ids are a named window that an event is merged into; the
 * window of Q2 is 1 ms longer, as Esper's ends behind the millisecond that it is asked for.
 */
public final class EsperSubject extends PeerSubject {
    private final EPRuntime runtime;
    private final EPEventService service;
    private final EventSender sender;
    private long nowMs = Payments.START_MS;

    /** Compiles and deploys the statements. */
    EsperSubject(Query query) throws ReflectiveOperationException {
        super(query);
        Configuration configuration = configuration();
        runtime = EPRuntimeProvider.getRuntime("bench", configuration);
        runtime.initialize();
        service = runtime.getEventService();
        service.advanceTime(nowMs);
        for (String module : query == Query.RULES ? EsperRules.modules() : List.of(epl(query))) {
            deploy(module, configuration);
        }
        sender = service.getEventSender("Payment");
    }

    private static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.getCommon().addEventType("Payment", Payment.class);
        configuration.getCompiler().getByteCode().setAllowSubscriber(true);
        configuration.getCompiler().getByteCode().setAccessModifierEventType(NameAccessModifier.PUBLIC);
        configuration.getRuntime().getExecution().setDisableLocking(true);
        ConfigurationRuntimeThreading threading = configuration.getRuntime().getThreading();
        threading.setInternalTimerEnabled(false);
        threading.setListenerDispatchPreserveOrder(false);
        threading.setInsertIntoDispatchPreserveOrder(false);
        threading.setNamedWindowConsumerDispatchPreserveOrder(false);
        return configuration;
    }

    private static String epl(Query query) {
        String source = query.hasDedup ? "Kept" : "Payment";
        return (query.hasDedup ? dedup() : "")
                + (query == Query.Q1 ? "@name('kept') select eventId from Kept;\n" : "")
                + (query.hasWindow ? window(query, source) : "")
                + (query.hasPattern ? pattern(source) : "")
                + (query.hasSequence ? sequence(source) : "");
    }

    private static String dedup() {
        return """
                create window LastIds#length(%d) (eventId long);
                create schema Kept as %s;
                on Payment p merge LastIds w where w.eventId = p.eventId
                  when not matched
                    then insert (eventId) select p.eventId as eventId
                    then insert into Kept select p.*;
                """
                .formatted(Query.DEDUP_IDS, Payment.class.getName());
    }

    private static String window(Query query, String source) {
        return """
                @name('windows') select customerId, sum(amountCents), count(*), avg(amountCents)
                  from %s(type = 1)#time(%d msec) group by customerId output snapshot every %d msec;
                """
                .formatted(source, query.windowMs + 1, query.slideMs);
    }

    private static String pattern(String source) {
        return """
                @name('matches') select eventId, customerId, count(*), count(distinct cardNumber)
                  from %s(type = 0)#time(%d msec) group by customerId
                  having count(*) >= %d and count(distinct cardNumber) >= %d;
                """
                .formatted(source, Query.ATTEMPTS_MS, Query.MIN_ATTEMPTS, Query.MIN_CARDS);
    }

    private static String sequence(String source) {
        return """
                @name('sequences') select a.eventId, b.eventId, c.eventId from pattern [
                  every a=%1$s(type = 0, amountCents >= %2$d)
                  -> (b=%1$s(type = 1, customerId = a.customerId) -> c=%1$s(type = 2, customerId = a.customerId))
                  where timer:within(%3$d msec)];
                """
                .formatted(source, Query.MIN_AMOUNT_CENTS, Query.SEQUENCE_MS);
    }

    private void deploy(String epl, Configuration configuration) throws ReflectiveOperationException {
        try {
            EPDeployment deployment = runtime.getDeploymentService()
                    .deploy(EPCompilerProvider.getCompiler().compile(epl, new CompilerArguments(configuration)));
            for (EPStatement statement : deployment.getStatements()) {
                subscribe(statement);
            }
        } catch (EPCompileException | EPDeployException e) {
            throw new ReflectiveOperationException("cannot deploy", e);
        }
    }

    private void subscribe(EPStatement statement) {
        switch (statement.getName()) {
            case "kept" -> statement.setSubscriber(new Kept());
            case "windows" -> statement.setSubscriber(new Windows());
            case "matches" -> statement.setSubscriber(new Matches());
            case "sequences" -> statement.setSubscriber(new Sequences());
            default -> {
                if (query == Query.RULES) {
                    EsperRules.subscribe(statement, rows.sequences);
                }
            }
        }
    }

    @Override
    void onPayment() {
        if (payments.timestampMs != nowMs) {
            nowMs = payments.timestampMs;
            service.advanceTime(nowMs);
        }
        sender.sendEvent(new Payment(payments));
    }

    @Override
    public void close() {
        runtime.destroy();
    }

    /** Takes the rows of Q1; Esper calls a subscriber by reflection made into code. */
    public final class Kept {
        /** A row. */
        public void update(long eventId) {
            rows.kept.add(1, eventId, 0, 0);
        }
    }

    /** Takes the rows of Q2. */
    public final class Windows {
        /** A row. */
        public void update(long customerId, long sum, long count, double average) {
            rows.windows.add(nowMs, customerId, sum, count);
        }
    }

    /** Takes the rows of Q3. */
    public final class Matches {
        /** A row. */
        public void update(long eventId, long customerId, long attempts, long cards) {
            rows.matches.add(eventId, customerId, attempts, cards);
        }
    }

    /** Takes the rows of Q4. */
    public final class Sequences {
        /** A row. */
        public void update(long attemptId, long orderId, long completionId) {
            rows.sequences.add(4, attemptId, orderId, completionId);
        }
    }

    /** An event; each send needs its own, as Esper keeps them. */
    public static final class Payment {
        private final long eventId;
        private final int type;
        private final long customerId;
        private final long cardNumber;
        private final long amountCents;

        Payment(Payments from) {
            eventId = from.eventId;
            type = from.type;
            customerId = from.customerId;
            cardNumber = from.cardNumber;
            amountCents = from.amountCents;
        }

        public long getEventId() {
            return eventId;
        }

        public int getType() {
            return type;
        }

        public long getCustomerId() {
            return customerId;
        }

        public long getCardNumber() {
            return cardNumber;
        }

        public long getAmountCents() {
            return amountCents;
        }
    }
}
