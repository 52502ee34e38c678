package io.millrace.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.Pipeline;
import io.millrace.PipelineContext;
import io.millrace.dedup.LastIds;
import io.millrace.event.EventHandler;
import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.MutableEvent;
import io.millrace.event.Schema;
import io.millrace.journal.Journal;
import io.millrace.journal.JournalContext;
import io.millrace.ring.Level;
import io.millrace.window.WindowOperator;
import io.millrace.window.WindowResult;
import io.millrace.window.WindowSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the top README: it compiles, runs, and gives what the README says. */
class EmbedExampleTest {
    @TempDir
    private Path directory;

    @Test
    void shouldRun() throws IOException {
        StringWriter printed = new StringWriter();
        try (InputStream xml = Files.newInputStream(CommandRun.flights("flights.xml"))) {
            run(xml, new PrintWriter(printed, true));
        }

        assertEquals("66.0", printed.toString().strip());
    }

    private void run(InputStream xml, PrintWriter out) {
        // README begin
        Schema schema = Schema.parse(xml, "flights.xml");
        EventType flight = EventTypes.of(schema).byName("flight");
        WindowSpec.Builder delays = WindowSpec.named("delays").over(flight).value(flight.field("delay"));
        PipelineContext context = new PipelineContext().eventTypes(EventTypes.of(schema, Schema.outputs()));
        context.dedup(new LastIds("dedup", 1 << 20));
        context.operator(new WindowOperator(delays.size(3, TimeUnit.HOURS).build()));
        WindowResult window = new WindowResult();
        EventHandler print = output -> out.println(window.wrap(output).avg());
        try (Journal store = Journal.open(new JournalContext().directory(directory));
                Pipeline pipeline = Pipeline.create(context.store(store))) {
            pipeline.subscribe(WindowResult.TYPE_ID, "print", print);
            pipeline.start(); // recovers what an earlier process left
            MutableEvent event = flight.encode(MutableEvent.allocate(flight.encodedLength()));
            event.id(0, 1).key(42).timestampNs(978_310_020_000_000_000L);
            flight.field("delay").putLong(event, 66);
            long ticket = pipeline.publisher().publish(event);
            pipeline.awaitLevel(ticket, Level.JOURNALED, 10_000_000_000L); // it outlives the process from here on
            pipeline.publisher().end(); // no more events: every window closes
            pipeline.awaitDrained(10_000_000_000L);
        }
        // README end
    }
}
