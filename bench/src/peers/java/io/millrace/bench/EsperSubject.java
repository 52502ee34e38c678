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

/**
 * Q1 in Esper, set up in its favour: time follows the events, no timer thread, no locks, no order of dispatch between
 * threads, a subscriber instead of a listener. The last ids are a named window that an event is merged into.
 */
public final class EsperSubject implements Subject {
    private static final String EPL =
            """
            create window LastIds#length(1000000) (eventId long);
            create schema Kept (eventId long);
            on Payment p merge LastIds w where w.eventId = p.eventId
              when not matched
                then insert (eventId) select p.eventId as eventId
                then insert into Kept select p.eventId as eventId;
            @name('kept') select eventId from Kept;
            """;

    private final Payments payments = new Payments(Payments.SEED);
    private final Rows rows = new Rows();
    private final Runnable step = this::next;
    private final EPRuntime runtime;
    private final EPEventService service;
    private final EventSender sender;
    private long nowMs = Payments.START_MS;

    /** Compiles and deploys the statements. */
    public EsperSubject() throws ReflectiveOperationException {
        Configuration configuration = configuration();
        runtime = EPRuntimeProvider.getRuntime("bench", configuration);
        runtime.initialize();
        service = runtime.getEventService();
        service.advanceTime(nowMs);
        deploy(configuration);
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

    private void deploy(Configuration configuration) throws ReflectiveOperationException {
        try {
            EPDeployment deployment = runtime.getDeploymentService()
                    .deploy(EPCompilerProvider.getCompiler().compile(EPL, new CompilerArguments(configuration)));
            runtime.getDeploymentService()
                    .getStatement(deployment.getDeploymentId(), "kept")
                    .setSubscriber(new Subscriber());
        } catch (com.espertech.esper.compiler.client.EPCompileException
                | com.espertech.esper.runtime.client.EPDeployException e) {
            throw new ReflectiveOperationException("cannot deploy", e);
        }
    }

    @Override
    public long fillCount() {
        return Query.Q1.fillCount;
    }

    @Override
    public void measure(long durationNs, Meter meter) {
        meter.begin();
        long count = Loop.repeat(durationNs, step);
        meter.end(count);
        meter.put("rows", rows.count());
    }

    private void next() {
        payments.next();
        if (payments.timestampMs != nowMs) {
            nowMs = payments.timestampMs;
            service.advanceTime(nowMs);
        }
        sender.sendEvent(new Payment(payments));
    }

    /** {@return rows and checksum so far} */
    String result() {
        return rows.toString();
    }

    @Override
    public void close() {
        runtime.destroy();
    }

    /** Takes the rows; Esper calls it by reflection made into code. */
    public final class Subscriber {
        /** A row of Q1. */
        public void update(long eventId) {
            rows.add(1, eventId, 0, 0);
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
