package io.millrace.window;

import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.HeaderField;
import io.millrace.state.KeyTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Checks the settings of an {@link AggregateSpec}, throws at the first that is wrong, and says what its state takes.
 */
final class AggregateLimits {
    private static final long MAX_SLAB_LENGTH = Integer.MAX_VALUE - 64L;
    private static final int SHARED_PANES_DEFAULT = 1 << 10;
    private static final int SLIDING_EVENTS_PER_KEY_DEFAULT = 16;
    private static final int SLIDING_EVENTS_DEFAULT = 1 << 16;

    private final AggregateSpec.Builder settings;
    private final CellLayout layout;
    private final int maxKeys;
    private final int maxPanes;
    private final int maxBlocks;
    private final boolean isRunning;

    AggregateLimits(AggregateSpec.Builder settings) {
        this.settings = settings;
        if (settings.name.isBlank()) {
            throw refuse("name=" + settings.name, "not blank", "give the window a name");
        }
        EventType type = settings.type;
        if (type == null) {
            throw refuse("type=null", "an event type", "call over(type)");
        }
        checkWindows();
        checkAggregates(type);
        checkRange(
                "maxKeys", settings.maxKeys, 1, WindowSpec.MAX_KEYS_LIMIT, "set how many keys may be live at a time");
        checkRange("sweepBudget", settings.sweepBudget, 1, WindowSpec.MAX_SWEEP_BUDGET, "set keys per record");
        checkTop();
        checkLate();
        boolean hasWindow = settings.windows.size() > 1;
        layout = new CellLayout(settings.name, settings.aggregates, hasWindow, settings.topCount > 0);
        maxKeys = settings.isKeyed ? settings.maxKeys : 1;
        maxPanes = checkPanes();
        boolean isOnGrid = settings.windows.get(0).isOnGrid();
        isRunning = isOnGrid && !hasWindow && !settings.late.isUpdate() && layout.isAdditive();
        maxBlocks = isOnGrid && !isRunning ? PaneBlocks.maxBlocks(ruler(), maxKeys, maxPanes) : 0;
        checkBytes();
    }

    private void checkWindows() {
        List<Window> windows = settings.windows;
        if (windows.isEmpty()) {
            throw refuse("windows=0", "at least 1", "call window(...)");
        }
        checkRange("windows", windows.size(), 1, AggregateSpec.MAX_WINDOWS, "split them over several operators");
        for (Window window : windows) {
            checkWindow(window);
        }
        if (windows.size() > 1) {
            checkShared(windows);
        }
        if (windows.get(0).isOnGrid()) {
            long paneNs = PaneRuler.paneNs(windows);
            for (Window window : windows) {
                checkPaneCount(window, "paneNs=" + paneNs, window.size() / paneNs);
            }
        }
    }

    private void checkWindow(Window window) {
        String size = window.kind() == Window.Kind.COUNT ? "size" : "sizeNs";
        long max = window.kind() == Window.Kind.COUNT ? Integer.MAX_VALUE : WindowSpec.MAX_DURATION_NS;
        checkRange(size, window.size(), 1, max, "set the size of " + window + " to more than nothing");
        checkRange(size.replace("size", "slide"), window.slide(), 1, max, "set the slide of " + window);
        if (window.slide() > window.size()) {
            throw refuse(
                    "slide=" + window.slide() + " of " + window,
                    "1 to size=" + window.size(),
                    "a longer slide would lose the events between windows; filter them out instead");
        }
        if (window.kind() == Window.Kind.CUMULATING && window.size() % window.slide() != 0) {
            throw refuse(
                    "stepNs=" + window.slide() + " of " + window,
                    "a divisor of sizeNs=" + window.size(),
                    "choose a step that divides the size");
        }
        if (window.offsetNs() != 0 && !window.isOnGrid()) {
            throw refuse("offsetNs=" + window.offsetNs() + " of " + window, "0", "these windows are not aligned");
        }
        checkRange(
                "offsetNs",
                window.offsetNs(),
                -WindowSpec.MAX_DURATION_NS,
                WindowSpec.MAX_DURATION_NS,
                "set a shorter offset");
        if (window.kind() == Window.Kind.COUNT) {
            long pane = PaneGrid.gcd(window.size(), window.slide());
            checkPaneCount(window, "pane=" + pane, window.size() / pane);
        }
    }

    private void checkShared(List<Window> windows) {
        for (int i = 0; i < windows.size(); i++) {
            if (!windows.get(i).isOnGrid()) {
                throw refuse(
                        windows.get(i) + " beside others",
                        "tumbling, hopping or cumulating windows",
                        "use an operator for each of the rest");
            }
            for (int j = 0; j < i; j++) {
                if (windows.get(i).toString().equals(windows.get(j).toString())) {
                    throw refuse("window=" + windows.get(i) + " twice", "each window once", "leave one out");
                }
            }
        }
    }

    private void checkPaneCount(Window window, String pane, long count) {
        if (count > WindowSpec.MAX_PANES_PER_WINDOW) {
            throw refuse(
                    "panesPerWindow=" + count + " of " + pane + " in " + window,
                    "1 to " + WindowSpec.MAX_PANES_PER_WINDOW,
                    "choose slides, sizes and offsets that have a greater common divisor");
        }
    }

    private void checkAggregates(EventType type) {
        List<Aggregate> aggregates = settings.aggregates;
        if (aggregates.isEmpty()) {
            throw refuse("aggregates=0", "at least 1", "call aggregate(...)");
        }
        checkRange("aggregates", aggregates.size(), 1, AggregateSpec.MAX_AGGREGATES, "use several operators");
        List<String> names = new ArrayList<>(CellLayout.TAKEN_NAMES);
        for (Aggregate aggregate : aggregates) {
            if (names.contains(aggregate.name())) {
                throw refuse(
                        "aggregate name=" + aggregate.name(),
                        "each name once, and none of " + CellLayout.TAKEN_NAMES,
                        "rename it");
            }
            names.add(aggregate.name());
            checkInput(aggregate, type);
            checkPrecision(aggregate);
        }
    }

    private void checkInput(Aggregate aggregate, EventType type) {
        Input input = aggregate.input();
        Aggregate.Kind kind = aggregate.kind();
        if (kind == Aggregate.Kind.OWN) {
            checkOwn(aggregate.part(), aggregate);
            return;
        }
        if (input == null) {
            if (kind != Aggregate.Kind.COUNT) {
                throw refuse(aggregate + " of nothing", "a field or an expression", "call of(field)");
            }
            return;
        }
        Field field = input.field();
        if (field != null && !(field instanceof HeaderField) && field.typeId() != type.id()) {
            throw refuse(
                    aggregate + " of a field of typeId=" + field.typeId(),
                    "a field of " + type,
                    "take it from the type that the window is over");
        }
        boolean isCounted = kind == Aggregate.Kind.COUNT
                || kind == Aggregate.Kind.DISTINCT
                || kind == Aggregate.Kind.DISTINCT_ESTIMATED;
        if (isCounted ? !input.isLong() && !input.isDouble() : !input.isNumber()) {
            throw refuse(
                    aggregate + " of type=" + input.type(),
                    isCounted ? "a field, or an expression that is a number" : "a number of up to 64 bits with sign",
                    input.type().equals("text")
                            ? "a pane holds numbers, so text can only be counted (count, distinct); map it to a number,"
                                    + " or keep it in the key by keyBy"
                            : "aggregate another field, or count it");
        }
    }

    private void checkOwn(Aggregate.Part part, Aggregate aggregate) {
        checkRange(
                "cellCount of " + aggregate,
                part.function().cellCount(),
                1,
                AggregateSpec.MAX_CELLS,
                "use fewer cells");
        boolean isKnown = switch (part.type()) {
            case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, DOUBLE -> true;
            default -> false;
        };
        if (!isKnown) {
            throw refuse(
                    aggregate + " with the result type=" + part.type().sbeName(),
                    "an integer but uint64, or double",
                    "give it another type");
        }
    }

    private void checkPrecision(Aggregate aggregate) {
        switch (aggregate.kind()) {
            case DISTINCT, DISTINCT_ESTIMATED -> {
                String what = " of " + aggregate;
                int bitsMin = DistinctCells.INDEX_BITS_MIN;
                int bitsMax = DistinctCells.INDEX_BITS_LIMIT;
                checkRange(
                        "exactUpTo" + what,
                        aggregate.settings().exactCountMax(),
                        1,
                        DistinctCells.EXACT_COUNT_LIMIT,
                        "set it");
                checkRange(
                        "precision" + what,
                        aggregate.settings().precision(),
                        bitsMin,
                        bitsMax,
                        "set bits of the register index");
            }
            case QUANTILE -> checkQuantile(aggregate);
            default -> {}
        }
    }

    private void checkQuantile(Aggregate aggregate) {
        if (!(aggregate.settings().quantile() >= 0 && aggregate.settings().quantile() <= 1)) {
            throw refuse(
                    "quantile=" + aggregate.settings().quantile() + " of " + aggregate,
                    "0 to 1",
                    "0.99 is the 99th percentile");
        }
        int bits = QuantileCells.PRECISION_BITS_LIMIT;
        checkRange(
                "precision of " + aggregate, aggregate.settings().precision(), 1, bits, "set bits of the bucket index");
        double limit = 0x1p62;
        if (!(aggregate.settings().min() < aggregate.settings().max()
                && aggregate.settings().min() >= -limit
                && aggregate.settings().max() <= limit)) {
            throw refuse(
                    "between=" + aggregate.settings().min() + ", "
                            + aggregate.settings().max() + " of " + aggregate,
                    "min < max, both within 2^62 of 0",
                    "say where the values lie");
        }
    }

    private void checkTop() {
        if (settings.topCount == 0 && settings.topName.isEmpty()) {
            return;
        }
        checkRange("top", settings.topCount, 1, AggregateSpec.MAX_TOP, "set how many keys have a row");
        if (settings.aggregates.stream().noneMatch(each -> each.name().equals(settings.topName))) {
            throw refuse("top by=" + settings.topName, "the name of one of " + settings.aggregates, "rank by another");
        }
        if (!settings.windows.get(0).isOnGrid() || !settings.isKeyed) {
            throw refuse(
                    "top=" + settings.topCount + " of " + (settings.isKeyed ? settings.windows.get(0) : "one key"),
                    "keyed tumbling, hopping or cumulating windows",
                    "leave it out: only windows that all keys share can rank them");
        }
    }

    private void checkLate() {
        LatePolicy late = settings.late;
        if (!late.isUpdate()) {
            return;
        }
        Window window = settings.windows.get(0);
        if (!window.isOnGrid() && window.kind() != Window.Kind.SESSION) {
            throw refuse(
                    "late=" + late + " of " + window, "drop or side-output", "its rows depend on the order of events");
        }
        if (settings.topCount > 0) {
            throw refuse("late=" + late + " with top", "drop or side-output", "ranks cannot be corrected one by one");
        }
        if (window.isOnGrid()) {
            PaneRuler ruler = new PaneRuler(settings.windows, late.allowedLatenessNs());
            checkRange(
                    "windows of one event with late=" + late,
                    ruler.overlap(),
                    1,
                    AggregateSpec.MAX_UPDATES,
                    "hop less");
            checkRange(
                    "panes of allowedLatenessNs=" + late.allowedLatenessNs(),
                    ruler.keepPanes,
                    0,
                    1 << 20,
                    "allow less lateness");
        }
    }

    private int checkPanes() {
        Window window = settings.windows.get(0);
        if (window.kind() == Window.Kind.COUNT) {
            String setting = "maxKeys=" + maxKeys + " times panes";
            long panes = maxKeys * panesPerCount(window);
            checkRange(setting, panes, 1, WindowSpec.MAX_KEYS_LIMIT, "lower maxKeys, or take a longer slide");
            return (int) panes;
        }
        if (!settings.isMaxPanesSet) {
            return maxPanesDefault();
        }
        String remedy = "leave it out, or set what memory allows";
        checkRange("maxPanes", settings.maxPanes, 1, WindowSpec.MAX_KEYS_LIMIT, remedy);
        return settings.maxPanes;
    }

    /** Enough for all keys, but for what would take more than half of the bytes allowed; at least one each. */
    private int maxPanesDefault() {
        Window window = settings.windows.get(0);
        long all = switch (window.kind()) {
            case HOPPING, CUMULATING -> Math.max(SHARED_PANES_DEFAULT, maxKeys * ruler().panesPerKey());
            case SESSION -> Math.max(64, 2L * maxKeys);
            default -> Math.max(SLIDING_EVENTS_DEFAULT, (long) SLIDING_EVENTS_PER_KEY_DEFAULT * maxKeys);
        };
        long paneBytes = (long) (EntryChains.ENTRY_HEADER + cellsPerPane()) * Long.BYTES;
        long limit = Math.max(maxKeys, settings.maxBytes / 2 / paneBytes);
        return (int) Math.min(Math.min(all, limit), WindowSpec.MAX_KEYS_LIMIT);
    }

    private PaneRuler ruler() {
        return new PaneRuler(settings.windows, settings.late.allowedLatenessNs());
    }

    static long panesPerCount(Window window) {
        return window.size() / PaneGrid.gcd(window.size(), window.slide());
    }

    private int cellsPerPane() {
        int windowCount = settings.windows.size();
        return switch (settings.windows.get(0).kind()) {
            case HOPPING, CUMULATING -> PaneCells.lead(settings.late.isUpdate(), windowCount) + layout.cellCount();
            case SESSION -> SessionAggregates.LEAD + layout.cellCount();
            case COUNT -> CountAggregates.PANE_LEAD + layout.cellCount();
            case SLIDING -> layout.cellCount();
        };
    }

    private void checkBytes() {
        checkRange("cells", layout.cellCount(), 1, AggregateSpec.MAX_CELLS, "lower precision, or use fewer aggregates");
        long slab = (long) maxPanes * (EntryChains.ENTRY_HEADER + cellsPerPane());
        if (bytes() > settings.maxBytes || slab > MAX_SLAB_LENGTH) {
            throw refuse(
                    "bytes=" + bytes() + " of " + bytesText(),
                    "up to maxBytes=" + Math.min(settings.maxBytes, MAX_SLAB_LENGTH * Long.BYTES),
                    "lower maxKeys, maxPanes or precision, or raise maxBytes");
        }
    }

    /** {@return bytes that the state takes} */
    long bytes() {
        return keyBytes() + paneBytes();
    }

    private long keyBytes() {
        long table = KeyTable.bytes(maxKeys);
        return switch (settings.windows.get(0).kind()) {
            case HOPPING, CUMULATING ->
                table
                        + EntryChains.bytes(maxKeys, 0, 0)
                        + SlotSet.bytes(maxKeys)
                        + (isRunning ? RunningCells.bytes(maxKeys, layout.cellCount()) : 0)
                        + (maxBlocks == 0 ? 0 : EntryChains.bytes(maxKeys, 0, 0))
                        + TopRows.bytes(settings.windows.size(), settings.topCount, layout.resultCount());
            case SESSION -> table + EntryChains.bytes(maxKeys, 0, 0);
            case COUNT -> table + (long) maxKeys * Long.BYTES;
            case SLIDING -> table + SlidingAggregates.keyBytes(maxKeys, layout.cellCount());
        };
    }

    private long paneBytes() {
        return switch (settings.windows.get(0).kind()) {
            case HOPPING, CUMULATING ->
                EntryChains.bytes(0, maxPanes, cellsPerPane())
                        + EntryChains.bytes(0, maxBlocks, PaneBlocks.LEAD + layout.cellCount());
            case SLIDING -> EntryChains.bytes(0, maxPanes, cellsPerPane());
            case SESSION -> EntryChains.bytes(0, maxPanes, cellsPerPane()) + SessionAggregates.deadlineBytes(maxPanes);
            case COUNT -> (long) maxPanes * cellsPerPane() * Long.BYTES;
        };
    }

    /** {@return how the bytes come together, in words} */
    String bytesText() {
        return "maxKeys=" + maxKeys + " (" + keyBytes() + " bytes) and maxPanes=" + maxPanes + " of " + cellsPerPane()
                + " cells" + (maxBlocks == 0 ? "" : " and maxBlocks=" + maxBlocks) + " (" + paneBytes() + " bytes)";
    }

    CellLayout layout() {
        return Objects.requireNonNull(layout);
    }

    int maxKeys() {
        return maxKeys;
    }

    int maxPanes() {
        return maxPanes;
    }

    int maxBlocks() {
        return maxBlocks;
    }

    boolean isRunning() {
        return isRunning;
    }

    int sweepBudget() {
        return settings.sweepBudget;
    }

    private void checkRange(String setting, long value, long min, long max, String remedy) {
        if (value < min || value > max) {
            throw refuse(setting + '=' + value, min + " to " + max, remedy);
        }
    }

    private IllegalArgumentException refuse(String setting, String expected, String remedy) {
        return new IllegalArgumentException(
                "cannot build window " + settings.name + ": " + setting + " (expected: " + expected + "); " + remedy);
    }
}
