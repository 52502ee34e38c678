package io.millrace.ops.command;

import io.millrace.event.EventType;
import io.millrace.event.EventTypes;
import io.millrace.event.SystemTypes;
import io.millrace.ops.config.ConfigException;
import io.millrace.ops.config.RuleReader;
import io.millrace.ops.config.RunConfig;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The event types of a configuration, and those that streams of rules put out.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class RuleTypes {
    private final RunConfig config;
    private final Supplier<? extends Collection<String>> texts;
    private EventTypes types;

    /**
     * Takes what is known now.
     *
     * @param types of the configuration and of outputs
     * @param texts of the rules, as they are at any time
     */
    public RuleTypes(RunConfig config, EventTypes types, Supplier<? extends Collection<String>> texts) {
        this.config = config;
        this.types = types;
        this.texts = texts;
    }

    /** {@return the type of an id, null if it is not known} */
    public @Nullable EventType byId(int id) {
        EventType type = types.byId(id);
        if (type == null && id >= SystemTypes.DERIVED_ID_MIN) {
            types = all();
            type = types.byId(id);
        }
        return type;
    }

    /** {@return all types that are known, of two rules with the same the one that comes first} */
    public EventTypes all() {
        EventTypes known = types;
        for (String text : texts.get()) {
            for (EventType type : of(text)) {
                if (known.byId(type.id()) == null && known.byNameOrNull(type.name()) == null) {
                    known = known.with(List.of(type));
                }
            }
        }
        return known;
    }

    /** A text that is no rule any more has no types: its outputs are shown as bytes. */
    private List<EventType> of(String text) {
        try {
            return RuleReader.read("rule", text, config).types().all().stream()
                    .filter(EventType::isDerived)
                    .toList();
        } catch (ConfigException | IllegalArgumentException e) {
            return List.of();
        }
    }
}
