package io.millrace.ops;

import io.millrace.event.EventTypes;
import io.millrace.event.Schema;
import io.millrace.journal.outbox.SinkRunner;
import io.millrace.ops.config.RunConfig;
import io.millrace.ops.config.RunConfig.PatternSection;
import io.millrace.ops.config.RunConfig.SinkSection;
import io.millrace.ops.config.RunConfig.WindowSection;
import io.millrace.ops.format.EventJson;
import io.millrace.ops.format.KeyNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The sinks of a run. */
final class Sinks implements AutoCloseable {
    private final List<SinkThread> threads = new ArrayList<>();

    /** Starts to deliver; the outbox must be there. Names of hashed keys are not known here: a restart has none. */
    void open(RunConfig config, Path dataDirectory) {
        EventTypes types = config.eventTypes().with(Schema.outputs());
        List<String> operators = Stream.concat(
                        config.windows().stream().map(WindowSection::name),
                        config.patterns().stream().map(PatternSection::name))
                .toList();
        for (SinkSection section : config.sinks()) {
            JsonLinesSink sink = new JsonLinesSink(
                    section.name(),
                    dataDirectory.resolve(section.file()),
                    new EventJson(types, new KeyNames()),
                    operators);
            threads.add(new SinkThread(section.name(), new SinkRunner(dataDirectory, sink)));
        }
    }

    /** Delivers what is left, when nothing is added any more. */
    void finish() {
        threads.forEach(SinkThread::finish);
    }

    @Override
    public void close() {
        threads.forEach(SinkThread::close);
    }
}
