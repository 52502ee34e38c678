package io.millrace.window;

import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.expression.DoubleExpression;
import io.millrace.expression.Expression;
import io.millrace.expression.LongExpression;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One result of a window: its name in the row, what is computed and of what.
 *
 * <pre>{@code
 *   Aggregate.count("orders")
 *   Aggregate.sum("revenue").of(amount)
 *   Aggregate.quantile("p99", 0.99).of(amount).between(0, 1_000_000)
 *   Aggregate.distinct("cards").of(cardNumber).exactUpTo(256)
 * }</pre>
 *
 * <p>Nulls are not aggregated. A result of no values is null, a count 0. Of longs all but {@code avg} and {@code
 * stddev} are longs; a sum is exact, modulo 2^64. Of doubles all but {@code count} and {@code distinct} are doubles,
 * summed pane by pane, newest pane first, never subtracted.
 *
 * <p><b>Threading</b>: immutable. <b>Failure</b>: what does not fit an event type is refused by {@link
 * AggregateSpec.Builder#build}.
 */
public final class Aggregate {
    /** What can be computed. */
    enum Kind {
        COUNT,
        SUM,
        MIN,
        MAX,
        AVG,
        FIRST,
        LAST,
        STDDEV,
        STDDEV_POPULATION,
        DISTINCT,
        DISTINCT_ESTIMATED,
        QUANTILE,
        OWN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String name;
    private final Kind kind;
    private final @Nullable Input input;
    private final Settings settings;
    private final @Nullable Part own;

    private Aggregate(String name, Kind kind, @Nullable Input input, Settings settings, @Nullable Part own) {
        this.name = Objects.requireNonNull(name, "name");
        this.kind = kind;
        this.input = input;
        this.settings = settings;
        this.own = own;
    }

    private static Aggregate simple(String name, Kind kind) {
        return new Aggregate(name, kind, null, Settings.NONE, null);
    }

    /** {@return how many events there are; with {@link #of} only those where that is not null} */
    public static Aggregate count(String name) {
        return simple(name, Kind.COUNT);
    }

    public static Aggregate sum(String name) {
        return simple(name, Kind.SUM);
    }

    public static Aggregate min(String name) {
        return simple(name, Kind.MIN);
    }

    public static Aggregate max(String name) {
        return simple(name, Kind.MAX);
    }

    /** {@return the sum divided by the count, a double} */
    public static Aggregate avg(String name) {
        return simple(name, Kind.AVG);
    }

    /** {@return the value of the event that is first by (event time, sequence)} */
    public static Aggregate first(String name) {
        return simple(name, Kind.FIRST);
    }

    /** {@return the value of the event that is last by (event time, sequence)} */
    public static Aggregate last(String name) {
        return simple(name, Kind.LAST);
    }

    /** {@return the standard deviation of the sample (divided by n - 1), a double; null for one value} */
    public static Aggregate stddev(String name) {
        return simple(name, Kind.STDDEV);
    }

    /** {@return the standard deviation of the values as all there are (divided by n), a double} */
    public static Aggregate stddevPopulation(String name) {
        return simple(name, Kind.STDDEV_POPULATION);
    }

    /**
     * {@return how many distinct values there are: exact up to {@link #exactUpTo}, then an estimate with a standard
     * error of
     * 2.3 %, or as {@link #precision} says}
     */
    public static Aggregate distinct(String name) {
        return distinct(name, Kind.DISTINCT);
    }

    /** {@return 1 if the {@link #distinct} of the same value and settings is an estimate, else 0} */
    public static Aggregate distinctIsEstimated(String name) {
        return distinct(name, Kind.DISTINCT_ESTIMATED);
    }

    private static Aggregate distinct(String name, Kind kind) {
        int exactCount = DistinctCells.EXACT_COUNT_DEFAULT;
        Settings settings = new Settings(0, DistinctCells.INDEX_BITS_DEFAULT, exactCount, 0, 0);
        return new Aggregate(name, kind, null, settings, null);
    }

    /**
     * {@return the value below which a share of the values lies, with a relative error of at most 1.6 %, or as {@link
     * #precision} says; small integers are exact} Say with {@link #between} where values lie: that is what memory it
     * takes. Quantiles of the same value and settings share it.
     *
     * @param quantile 0 to 1; 0.5 is the median
     */
    public static Aggregate quantile(String name, double quantile) {
        int precision = QuantileCells.PRECISION_BITS_DEFAULT;
        double min = QuantileCells.MIN_DEFAULT;
        double max = QuantileCells.MAX_DEFAULT;
        return new Aggregate(name, Kind.QUANTILE, null, new Settings(quantile, precision, 0, min, max), null);
    }

    /**
     * {@return an aggregate of one's own}
     *
     * @param type of the result: an integer of up to 64 bits but no uint64, or double
     */
    public static Aggregate own(String name, AggregateFunction function, FieldType type, CellResult result) {
        return new Aggregate(name, Kind.OWN, null, Settings.NONE, new Part(name, type, function, result));
    }

    /** Aggregates a field of the event or of its header. */
    public Aggregate of(Field field) {
        return with(Input.of(field));
    }

    /** Aggregates what an expression gives: a number. */
    public Aggregate of(Expression expression) {
        return with(Input.of(expression));
    }

    /** Aggregates what a function gives. */
    public Aggregate of(LongExpression expression) {
        return with(Input.of(expression));
    }

    /** Aggregates what a function gives. */
    public Aggregate ofDoubles(DoubleExpression expression) {
        return with(Input.ofDoubles(expression));
    }

    private Aggregate with(Input newInput) {
        return new Aggregate(name, kind, newInput, settings, own);
    }

    /** Says how many distinct values are counted exactly, 1 to 16384; each takes up to 32 bytes per pane. */
    public Aggregate exactUpTo(int count) {
        return new Aggregate(name, kind, input, settings.exactUpTo(count), own);
    }

    /**
     * Says how precise an estimate is: of distinct values 4 to 16 (2^bits bytes per pane, standard error 1.04 /
     * sqrt(2^bits)),
     * of quantiles 1 to 10 (4 * 2^bits bytes per doubling of the range, relative error 1 / 2^(bits + 1)).
     */
    public Aggregate precision(int bits) {
        return new Aggregate(name, kind, input, settings.precision(bits), own);
    }

    /** Says where the values of a quantile lie; those outside count as the least or the greatest. */
    public Aggregate between(double newMin, double newMax) {
        return new Aggregate(name, kind, input, settings.between(newMin, newMax), own);
    }

    public String name() {
        return name;
    }

    Kind kind() {
        return kind;
    }

    @Nullable
    Input input() {
        return input;
    }

    Settings settings() {
        return settings;
    }

    /** {@return how it is computed; its settings have been checked} */
    Part part() {
        return switch (kind) {
            case COUNT ->
                input == null
                        ? longs(new NumberCells.Events(), NumberCells::count)
                        : longs(totals(input), NumberCells::count);
            case OWN -> Objects.requireNonNull(own);
            default -> part(Objects.requireNonNull(input));
        };
    }

    private Part part(Input of) {
        boolean isDouble = of.isDouble();
        return switch (kind) {
            case SUM ->
                isDouble
                        ? doubles(totals(of), NumberCells.DoubleTotals::sum)
                        : longs(totals(of), NumberCells.LongTotals::sum);
            case AVG -> doubles(totals(of), isDouble ? NumberCells.DoubleTotals::avg : NumberCells.LongTotals::avg);
            case MIN, MAX -> extreme(of, kind == Kind.MAX);
            case FIRST, LAST -> same(of, new NumberCells.Edge(of, kind == Kind.LAST), NumberCells.Edge::result);
            case STDDEV -> doubles(new NumberCells.Deviation(of), NumberCells.Deviation::sample);
            case STDDEV_POPULATION -> doubles(new NumberCells.Deviation(of), NumberCells.Deviation::population);
            case DISTINCT, DISTINCT_ESTIMATED ->
                distinct(new DistinctCells(of, settings.exactCountMax, settings.precision));
            default -> quantile(of);
        };
    }

    private Part extreme(Input of, boolean isGreatest) {
        return of.isDouble()
                ? doubles(new NumberCells.DoubleExtreme(of, isGreatest), (cells, at) -> cells[at])
                : longs(new NumberCells.LongExtreme(of, isGreatest), NumberCells.LongExtreme::result);
    }

    private Part distinct(DistinctCells cells) {
        return longs(cells, kind == Kind.DISTINCT ? cells::result : DistinctCells::isEstimated);
    }

    private Part quantile(Input of) {
        double least = of.isDouble() ? QuantileCells.LEAST_DOUBLE_DEFAULT : 1;
        QuantileCells cells = new QuantileCells(of, settings.precision, least, settings.min, settings.max);
        double share = settings.quantile;
        return same(of, cells, (slab, at) -> cells.result(slab, at, share));
    }

    private static AggregateFunction totals(Input of) {
        return of.isDouble() ? new NumberCells.DoubleTotals(of) : new NumberCells.LongTotals(of);
    }

    private Part same(Input of, AggregateFunction function, CellResult result) {
        return of.isDouble() ? doubles(function, result) : longs(function, result);
    }

    private Part longs(AggregateFunction function, CellResult result) {
        return new Part(name, FieldType.INT64, function, result);
    }

    private Part doubles(AggregateFunction function, CellResult result) {
        return new Part(name, FieldType.DOUBLE, function, result);
    }

    @Override
    public String toString() {
        return name
                + '='
                + kind
                + '('
                + (input == null ? "" : input)
                + (kind == Kind.QUANTILE ? ", " + settings.quantile : "")
                + ')';
    }

    /** A result: a field of a row, and how it comes from which cells. */
    record Part(String name, FieldType type, AggregateFunction function, CellResult result) {}

    /** What distinct counts and quantiles can be told, of the others all zero. */
    record Settings(double quantile, int precision, int exactCountMax, double min, double max) {
        static final Settings NONE = new Settings(0, 0, 0, 0, 0);

        Settings precision(int bits) {
            return new Settings(quantile, bits, exactCountMax, min, max);
        }

        Settings exactUpTo(int count) {
            return new Settings(quantile, precision, count, min, max);
        }

        Settings between(double newMin, double newMax) {
            return new Settings(quantile, precision, exactCountMax, newMin, newMax);
        }
    }
}
