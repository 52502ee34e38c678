package io.millrace.ops.config;

import io.millrace.event.EventType;
import io.millrace.expression.ExpressionException;
import io.millrace.ops.config.StreamSection.Step;
import io.millrace.stream.WindowedStream;
import io.millrace.window.LatePolicy;
import io.millrace.window.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads {@code window}, {@code aggregates} and {@code top} of a stream. */
final class StreamWindowReader {
    static final ConfigType KINDS =
            ConfigType.choice("tumbling", "hopping", "cumulating", "session", "count", "sliding");
    static final ConfigType LATE = ConfigType.choice("drop", "side-output", "update");

    private final ConfigSection section;
    private final EventType type;
    private final StringBuilder settings;
    private boolean needsOrder;

    /** @param settings to which is added what decides the rows */
    StreamWindowReader(ConfigSection section, EventType type, StringBuilder settings) {
        this.section = section;
        this.type = type;
        this.settings = settings;
    }

    /** {@return the window as a step of the stream, null if there is none or it is wrong} */
    @Nullable
    Step read() {
        Map<String, AggregateText> aggregates = aggregates();
        if (!section.has(ConfigKey.STREAM_WINDOW)) {
            if (!aggregates.isEmpty()) {
                section.wrong(ConfigKey.STREAM_WINDOW, "is missing. Allowed: the window that aggregates are over.");
            }
            return null;
        }
        ConfigSection of = section.section(ConfigKey.STREAM_WINDOW);
        List<Window> windows = windows(of);
        needsOrder = windows.stream()
                .anyMatch(window -> window.kind() == Window.Kind.COUNT || window.kind() == Window.Kind.SLIDING);
        LatePolicy late = late(of);
        Settings rest = settings(of);
        Top top = top();
        if (windows.isEmpty() || aggregates.isEmpty()) {
            if (!section.has(ConfigKey.STREAM_AGGREGATES)) {
                section.wrong(ConfigKey.STREAM_AGGREGATES, "is missing. Allowed: field: function(expression).");
            }
            return null;
        }
        settings.append(", window=").append(windows).append(", keyed=").append(rest.isKeyed);
        settings.append(", late=")
                .append(late)
                .append(", start=")
                .append(rest.start)
                .append(", end=");
        settings.append(rest.end).append(", aggregates=").append(aggregates);
        if (top != null) {
            settings.append(", top=").append(top.count).append(" by ").append(top.by);
        }
        return (inputs, before) -> {
            WindowedStream windowed =
                    before.window(windows.toArray(new Window[0])).late(late);
            rest.apply(windowed);
            aggregates.forEach((field, text) -> text.addTo(windowed, field));
            if (top != null) {
                windowed.top(top.count, top.by);
            }
            return windowed.rows();
        };
    }

    /** {@return whether the window that was read takes events in the order of their times} */
    boolean needsOrder() {
        return needsOrder;
    }

    /** What a window has beside its bounds in time. */
    private record Settings(boolean isKeyed, String start, String end, int maxKeys, int maxPanes, long maxBytes) {
        void apply(WindowedStream windowed) {
            if (!isKeyed) {
                windowed.unkeyed();
            }
            windowed.start(start).end(end).maxKeys(maxKeys).maxBytes(maxBytes);
            if (maxPanes > 0) {
                windowed.maxPanes(maxPanes);
            }
        }
    }

    private record Top(int count, String by) {}

    private static Settings settings(ConfigSection of) {
        return new Settings(
                of.flag(ConfigKey.STREAM_WINDOW_KEYED),
                of.text(ConfigKey.STREAM_WINDOW_START),
                of.text(ConfigKey.STREAM_WINDOW_END),
                (int) of.number(ConfigKey.STREAM_WINDOW_MAX_KEYS),
                (int) of.number(ConfigKey.STREAM_WINDOW_MAX_PANES),
                of.number(ConfigKey.STREAM_WINDOW_MAX_BYTES));
    }

    private @Nullable Top top() {
        if (!section.has(ConfigKey.STREAM_TOP)) {
            return null;
        }
        ConfigSection of = section.section(ConfigKey.STREAM_TOP);
        return new Top((int) of.number(ConfigKey.TOP_COUNT), of.text(ConfigKey.TOP_BY));
    }

    private static LatePolicy late(ConfigSection of) {
        String late = of.text(ConfigKey.STREAM_WINDOW_LATE);
        long latenessNs = of.number(ConfigKey.STREAM_WINDOW_LATENESS);
        if (late.equals("update") != of.has(ConfigKey.STREAM_WINDOW_LATENESS)) {
            of.wrong(ConfigKey.STREAM_WINDOW_LATENESS, "and late: update go together. Allowed: both or neither.");
            return LatePolicy.DROP;
        }
        return switch (late) {
            case "update" -> LatePolicy.update(latenessNs, TimeUnit.NANOSECONDS);
            case "side-output" -> LatePolicy.SIDE_OUTPUT;
            default -> LatePolicy.DROP;
        };
    }

    private static List<Window> windows(ConfigSection of) {
        String kind = of.text(ConfigKey.STREAM_WINDOW_KIND);
        long offsetNs = of.number(ConfigKey.STREAM_WINDOW_OFFSET);
        List<Window> windows = new ArrayList<>();
        switch (kind) {
            case "tumbling" -> tumbling(of, windows);
            case "hopping" -> pair(of, ConfigKey.STREAM_WINDOW_SLIDE, windows, true);
            case "cumulating" -> pair(of, ConfigKey.STREAM_WINDOW_STEP, windows, false);
            case "session" -> session(of, windows);
            case "count" -> count(of, windows);
            case "sliding" -> sliding(of, windows);
            default -> {}
        }
        windows.replaceAll(window -> offsetNs == 0 ? window : window.offset(offsetNs, TimeUnit.NANOSECONDS));
        return windows;
    }

    private static long needed(ConfigSection of, ConfigKey key) {
        if (!of.has(key)) {
            String kind = of.text(ConfigKey.STREAM_WINDOW_KIND);
            of.wrong(
                    key,
                    "is missing, which " + kind + " takes. Allowed: "
                            + key.type().allowed() + '.');
            return 0;
        }
        return of.number(key);
    }

    private static void tumbling(ConfigSection of, List<Window> windows) {
        if (of.has(ConfigKey.STREAM_WINDOW_SIZES)) {
            of.texts(ConfigKey.STREAM_WINDOW_SIZES).forEach(size -> {
                Long sizeNs = Units.parseDurationNs(size.value());
                if (sizeNs == null || sizeNs < 1) {
                    of.wrong(
                            ConfigKey.STREAM_WINDOW_SIZES,
                            size.value() + " is not a duration. Allowed: such as 30min, 3h, 1d.");
                } else {
                    windows.add(Window.tumbling(sizeNs, TimeUnit.NANOSECONDS));
                }
            });
            return;
        }
        long sizeNs = needed(of, ConfigKey.STREAM_WINDOW_SIZE);
        if (sizeNs > 0) {
            windows.add(Window.tumbling(sizeNs, TimeUnit.NANOSECONDS));
        }
    }

    private static void pair(ConfigSection of, ConfigKey stepKey, List<Window> windows, boolean isHopping) {
        long sizeNs = needed(of, ConfigKey.STREAM_WINDOW_SIZE);
        long stepNs = needed(of, stepKey);
        if (sizeNs > 0 && stepNs > 0) {
            TimeUnit ns = TimeUnit.NANOSECONDS;
            windows.add(isHopping ? Window.hopping(sizeNs, ns, stepNs, ns) : Window.cumulating(sizeNs, ns, stepNs, ns));
        }
    }

    private static void session(ConfigSection of, List<Window> windows) {
        long gapNs = needed(of, ConfigKey.STREAM_WINDOW_GAP);
        if (gapNs > 0) {
            windows.add(Window.session(gapNs, TimeUnit.NANOSECONDS));
        }
    }

    private static void count(ConfigSection of, List<Window> windows) {
        long events = needed(of, ConfigKey.STREAM_WINDOW_EVENTS);
        long every = of.has(ConfigKey.STREAM_WINDOW_EVERY) ? of.number(ConfigKey.STREAM_WINDOW_EVERY) : events;
        if (events > 0 && every > 0) {
            windows.add(Window.count(events, every));
        }
    }

    private static void sliding(ConfigSection of, List<Window> windows) {
        long sizeNs = needed(of, ConfigKey.STREAM_WINDOW_SIZE);
        if (sizeNs > 0) {
            windows.add(Window.sliding(sizeNs, TimeUnit.NANOSECONDS));
        }
    }

    private Map<String, AggregateText> aggregates() {
        Map<String, AggregateText> aggregates = new LinkedHashMap<>();
        section.names(ConfigKey.STREAM_AGGREGATES).forEach((field, names) -> {
            String text = names.value().value();
            try {
                AggregateText aggregate = AggregateText.parse(text);
                aggregate.check(type);
                aggregates.put(field, aggregate);
            } catch (ExpressionException e) {
                section.wrongWithin(ConfigKey.STREAM_AGGREGATES, field, e.offset(), text + ": " + e.problem());
            }
        });
        return aggregates;
    }
}
