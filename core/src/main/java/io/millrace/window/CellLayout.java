package io.millrace.window;

import io.millrace.event.DerivedType;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.MutableEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cells of all aggregates of a window one behind the other, and how a row is read from them.
 *
 * <pre>
 *   sum(amount), avg(amount), count()
 *   +---------------+-------------+--------+
 *   | count(amount) | sum(amount) | events |      sum and avg share theirs
 *   +---------------+-------------+--------+
 * </pre>
 */
final class CellLayout {
    private static final String START = "startNs";
    private static final String END = "endNs";
    private static final String WINDOW = "window";
    private static final String RANK = "rank";
    private static final String REVISION = "revision";
    /** Fields of every row, which no aggregate may be named like. */
    static final List<String> TAKEN_NAMES = List.of(START, END, WINDOW, RANK, REVISION);

    private final AggregateFunction[] functions;
    private final int[] offsets;
    private final int cellCount;
    private final CellResult[] results;
    private final int[] resultOffsets;
    private final boolean[] isDouble;

    private final EventType type;
    private final Field[] fields;
    private final Field startNs;
    private final Field endNs;
    private final @Nullable Field window;
    private final @Nullable Field rank;
    private final Field revision;

    CellLayout(String name, List<Aggregate> aggregates, boolean hasWindow, boolean hasRank) {
        List<AggregateFunction> distinct = new ArrayList<>();
        List<Integer> offsetList = new ArrayList<>();
        int count = aggregates.size();
        results = new CellResult[count];
        resultOffsets = new int[count];
        isDouble = new boolean[count];
        int end = 0;
        DerivedType rows = DerivedType.named(name).field(START, FieldType.INT64).field(END, FieldType.INT64);
        for (int i = 0; i < count; i++) {
            Aggregate.Part part = aggregates.get(i).part();
            int index = distinct.indexOf(part.function());
            if (index < 0) {
                index = distinct.size();
                distinct.add(part.function());
                offsetList.add(end);
                end += part.function().cellCount();
            }
            results[i] = part.result();
            resultOffsets[i] = offsetList.get(index);
            isDouble[i] = part.type().isFloating();
            rows.field(part.name(), part.type());
        }
        functions = distinct.toArray(new AggregateFunction[0]);
        offsets = offsetList.stream().mapToInt(Integer::intValue).toArray();
        cellCount = end;
        if (hasWindow) {
            rows.field(WINDOW, FieldType.INT32);
        }
        if (hasRank) {
            rows.field(RANK, FieldType.INT32);
        }
        type = rows.field(REVISION, FieldType.INT32).build();
        fields = aggregates.stream().map(each -> type.field(each.name())).toArray(Field[]::new);
        startNs = type.field(START);
        endNs = type.field(END);
        window = type.fieldOrNull(WINDOW);
        rank = type.fieldOrNull(RANK);
        revision = type.field(REVISION);
    }

    /** {@return whether the cells of a window are the sums of those of its panes, and of nothing but longs} */
    boolean isAdditive() {
        for (AggregateFunction function : functions) {
            if (!(function instanceof NumberCells.Events || function instanceof NumberCells.LongTotals)) {
                return false;
            }
        }
        return true;
    }

    /** {@return longs that all aggregates take} */
    int cellCount() {
        return cellCount;
    }

    int resultCount() {
        return results.length;
    }

    EventType type() {
        return type;
    }

    void init(long[] cells, int at) {
        for (int i = 0; i < functions.length; i++) {
            functions[i].init(cells, at + offsets[i]);
        }
    }

    void add(long[] cells, int at, Event event) {
        for (int i = 0; i < functions.length; i++) {
            functions[i].add(cells, at + offsets[i], event);
        }
    }

    void merge(long[] cells, int at, long[] from, int fromAt) {
        for (int i = 0; i < functions.length; i++) {
            functions[i].merge(cells, at + offsets[i], from, fromAt + offsets[i]);
        }
    }

    long result(int index, long[] cells, int at) {
        return results[index].of(cells, at + resultOffsets[index]);
    }

    boolean isDouble(int index) {
        return isDouble[index];
    }

    void results(long[] cells, int at, long[] to, int toAt) {
        for (int i = 0; i < results.length; i++) {
            to[toAt + i] = result(i, cells, at);
        }
    }

    /** Makes an output a row, of which the key is still to be set. */
    void encode(MutableEvent row, long start, long end, long[] values, int at) {
        type.encode(row);
        startNs.putLong(row, start);
        endNs.putLong(row, end);
        for (int i = 0; i < fields.length; i++) {
            long value = values[at + i];
            if (isDouble[i]) {
                fields[i].putDouble(row, Double.longBitsToDouble(value));
            } else if (value != fields[i].nullValue() || !fields[i].isOptional()) {
                fields[i].putLong(row, value);
            }
        }
    }

    /** Writes what is special to some rows: what the type does not have is left out. */
    void encodeMore(MutableEvent row, int windowIndex, int place, int number) {
        if (window != null) {
            window.putLong(row, windowIndex);
        }
        if (rank != null) {
            rank.putLong(row, place);
        }
        revision.putLong(row, number);
    }
}
