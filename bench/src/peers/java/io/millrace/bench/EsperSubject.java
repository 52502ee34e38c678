package io.millrace.bench;

import com.espertech.esper.common.client.EventSender;
import com.espertech.esper.common.client.configuration.Configuration;
import com.espertech.esper.common.client.configuration.runtime.ConfigurationRuntimeThreading;
import com.espertech.esper.common.client.util.NameAccessModifier;
import com.espertech.esper.compiler.client.CompilerArguments;
import com.espertech.esper.compiler.client.EPCompilerProvider;
import com.espertech.esper.runtime.client.EPDeployment;
import com.espertech.esper.runtime.client.EPEventService;
import com.espertech.esper.runtime.client.EPRuntime;
import com.espertech.esper.runtime.client.EPRuntimeProvider;
import io.millrace.workload.Payments;
import java.util.Locale;

/**
 * A query in Esper, set up in its favour: time follows the events, no timer thread, no locks, no order of dispatch
 * between threads, a subscriber instead of a listener. The last ids of Q1 are a named window that an event is merged
 * into; the window of Q2 is 1 ms longer, as Esper's ends behind the millisecond that it is asked for.
 */
public final class EsperSubject extends PeerSubject {
    private static final String ROWS = "rows";

    private static final String Q1 =
            """
            create window LastIds#length(1000000) (eventId long);
            create schema Kept (eventId long);
            on Payment p merge LastIds w where w.eventId = p.eventId
              when not matched
                then insert (eventId) select p.eventId as eventId
                then insert into Kept select p.eventId as eventId;
            @name('rows') select eventId from Kept;
            """;

    private static final String Q2 =
            """
            @name('rows') select customerId, sum(amountCents), count(*), avg(amountCents)
              from Payment(type = 1)#time(%d msec)
              group by customerId output snapshot every %d msec;
            """;

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
        deploy(configuration);
        sender = service.getEventSender("Payment");
    }

    private static String epl(Query query) {
        return switch (query) {
            case Q1 -> Q1;
            case Q2, Q2L -> String.format(Locale.ROOT, Q2, query.windowMs + 1, query.slideMs);
            default -> throw new IllegalArgumentException("no EPL for " + query);
        };
    }

    private Object subscriber() {
        return query == Query.Q1 ? new KeptSubscriber() : new WindowSubscriber();
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

    private void deploy(Configuration configuration) throws ReflectiveOperationException {
        try {
            EPDeployment deployment = runtime.getDeploymentService()
                    .deploy(EPCompilerProvider.getCompiler().compile(epl(query), new CompilerArguments(configuration)));
            runtime.getDeploymentService()
                    .getStatement(deployment.getDeploymentId(), ROWS)
                    .setSubscriber(subscriber());
        } catch (com.espertech.esper.compiler.client.EPCompileException
                | com.espertech.esper.runtime.client.EPDeployException e) {
            throw new ReflectiveOperationException("cannot deploy", e);
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

    /** Takes the rows of Q1; Esper calls it by reflection made into code. */
    public final class KeptSubscriber {
        /** A row of Q1. */
        public void update(long eventId) {
            rows.add(1, eventId, 0, 0);
        }
    }

    /** Takes the rows of Q2 and Q2L, likewise. */
    public final class WindowSubscriber {
        /** A row: the window ends now. */
        public void update(long customerId, long sum, long count, double avg) {
            rows.add(nowMs, customerId, sum, count);
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
