package io.millrace.pattern;

import static java.util.concurrent.TimeUnit.HOURS;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.event.DerivedType;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.FieldType;
import io.millrace.event.MutableEvent;
import io.millrace.pattern.StateGraph.Kind;
import io.millrace.pattern.StateGraph.State;
import io.millrace.workload.CepCases;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A match-recognize case: its rows as events, its variables as conditions over them and over registers, its pattern as
 * an automaton. What SQL asks of earlier rows of the partition is written into the row; behind the last row comes one
 * that marks the end.
 */
final class RowCase {
    private static final String FIRST = "^";
    private static final String END = "$";
    private static final String EXCLUDED = "-";
    private static final int BACK_MAX = 3;
    private static final List<String> NUMBERS = List.of("id", "value", "price", "secondary", "ternary", "nullField");
    private static final List<String> TEXTS = List.of("type", "name", "symbol");
    private static final EventType ROW = rowType();

    private final JsonNode one;
    private final Pattern pattern;

    RowCase(JsonNode one) {
        this.one = one;
        this.pattern = pattern();
    }

    private static EventType rowType() {
        DerivedType type =
                DerivedType.named("row").field("row", FieldType.INT64).field("end", FieldType.INT8);
        TEXTS.forEach(name -> type.text(name, 24));
        for (String name : NUMBERS) {
            for (int back = 0; back <= BACK_MAX; back++) {
                type.field(column(name, back), FieldType.DOUBLE);
            }
        }
        return type.build();
    }

    private static String column(String name, int back) {
        return back == 0 ? name : name + "Before" + back;
    }

    /** {@return the pattern whose stages are the variables, the anchors and the mark of rows that are not shown} */
    private Pattern pattern() {
        PatternBuilder builder = Pattern.begin(FIRST)
                .where("row == 1")
                .next(END)
                .where("end == 1")
                .next(EXCLUDED);
        for (String name : variables()) {
            builder.next(name);
            JsonNode define = one.get("pattern").get("define").get(name);
            if (define != null) {
                builder.where(text(define, name));
            }
        }
        PatternLimits limits = new PatternLimits(16, 500, 500, 2_000, 500, 500, 4_096, 8, Overflow.HALT);
        return builder.over(ROW).named("rows").limits(limits).within(1, HOURS).build();
    }

    private List<String> variables() {
        String text = one.get("pattern").get("pattern").asText().replace("PERMUTE", "");
        return java.util.regex.Pattern.compile("[A-Z]+")
                .matcher(text)
                .results()
                .map(found -> found.group())
                .distinct()
                .toList();
    }

    Pattern stages() {
        return pattern;
    }

    /** {@return the automaton} @param isAll whether every match is wanted, not the most preferred one of each start */
    Automaton automaton(boolean isAll) {
        Predicates predicates = new Predicates();
        StageTakes takes = new StageTakes(pattern, predicates);
        State end = new State(Kind.FINAL, 0);
        State done = new State(Kind.NORMAL, 0);
        if (isAll) {
            done.proceed(end);
        } else {
            done.ignore(end);
        }
        State start = RowPattern.parse(one.get("pattern").get("pattern").asText(), symbols(takes), done);
        predicates.conclude();
        takes.registers().conclude();
        return new Automaton(pattern, start, predicates, takes);
    }

    private RowPattern.Symbols symbols(StageTakes takes) {
        return new RowPattern.Symbols() {
            @Override
            public RowPattern.Variable variable(String name, boolean isExcluded) {
                int stage = takes.stage(stage(name));
                int label = isExcluded ? takes.label(new int[] {stage, takes.stage(stage(EXCLUDED))}) : stage;
                return new RowPattern.Variable(label, takes.take(stage(name)).literal(), Predicates.not(anchor('$')));
            }

            @Override
            public int anchor(char anchor) {
                return takes.take(stage(String.valueOf(anchor))).literal();
            }
        };
    }

    private PatternStage stage(String name) {
        return pattern.stages().stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** {@return the rows of each partition in the order of the case, the mark of the end behind them} */
    List<List<MutableEvent>> partitions() {
        Map<String, List<JsonNode>> partitions = new LinkedHashMap<>();
        for (JsonNode item : one.get("input")) {
            if (!item.has("wm")) {
                String key =
                        one.get("pattern").has("partitionBy") ? item.path("key").asText() : "";
                partitions.computeIfAbsent(key, name -> new ArrayList<>()).add(item);
            }
        }
        List<List<MutableEvent>> all = new ArrayList<>();
        for (List<JsonNode> items : partitions.values()) {
            items.sort(order());
            all.add(rows(items));
        }
        return all;
    }

    private Comparator<JsonNode> order() {
        Comparator<JsonNode> order =
                Comparator.comparingLong(item -> item.get("ts").asLong());
        for (JsonNode column : one.get("pattern").path("orderBy")) {
            String[] words = column.asText().split(" ");
            Comparator<JsonNode> next =
                    Comparator.comparingDouble(item -> item.path(words[0]).asDouble());
            order = order.thenComparing(words[words.length - 1].equals("DESC") ? next.reversed() : next);
        }
        return order;
    }

    private static List<MutableEvent> rows(List<JsonNode> items) {
        List<MutableEvent> rows = new ArrayList<>();
        for (int i = 0; i <= items.size(); i++) {
            MutableEvent row = MutableEvent.allocate(ROW.encodedLength());
            ROW.encode(row.clearHeader());
            ROW.field("row").putLong(row, i + 1);
            ROW.field("end").putLong(row, i == items.size() ? 1 : 0);
            row.key(items.get(0).path("key").asText().hashCode()).timestampNs(i);
            if (i < items.size()) {
                fill(row, items, i);
            }
            rows.add(row);
        }
        return rows;
    }

    private static void fill(MutableEvent row, List<JsonNode> items, int index) {
        JsonNode item = items.get(index);
        row.sequence(item.get("n").asLong()).timestampNs(item.get("ts").asLong() * CepCases.NS_PER_MS);
        for (String name : TEXTS) {
            if (item.hasNonNull(name)) {
                ROW.field(name).putText(row, item.get(name).asText());
            }
        }
        for (String name : NUMBERS) {
            for (int back = 0; back <= Math.min(BACK_MAX, index); back++) {
                JsonNode value = items.get(index - back).get(name);
                if (value != null && !value.isNull()) {
                    Field field = ROW.field(column(name, back));
                    field.putDouble(row, value.asDouble());
                }
            }
        }
    }

    /** {@return the condition of a variable in the expression language, in which registers do not have its own row} */
    private static String text(JsonNode node, String variable) {
        if (!node.isArray()) {
            return node.isTextual() ? "'" + node.asText() + "'" : node.asText();
        }
        String operator = node.get(0).asText();
        return switch (operator) {
            case "f" -> '`' + node.get(1).asText() + '`';
            case "prev" -> '`' + column(node.get(1).asText(), node.get(2).asInt()) + '`';
            case "prevLast" ->
                register("last", node, column(node.get(2).asText(), node.get(3).asInt()), variable, 0);
            case "first", "last" ->
                register(
                        operator,
                        node,
                        node.get(2).asText(),
                        variable,
                        node.path(3).asInt(0));
            case "isNull" -> text(node.get(1), variable) + " is null";
            case "and", "or", "add" -> joined(node, operator.equals("add") ? "+" : operator, variable);
            default -> comparison(node, variable);
        };
    }

    private static String register(String function, JsonNode node, String field, String variable, int back) {
        boolean isOwn = node.get(1).asText().equals(variable);
        if (isOwn && function.equals("last") && back == 0) {
            return '`' + field + '`';
        }
        if (back != (isOwn ? 1 : 0) || !function.equals("last") && isOwn) {
            throw new UnsupportedOperationException(function + " of " + node + ": a register has the last value alone");
        }
        return function + "(`" + node.get(1).asText() + '.' + field + "`)";
    }

    private static String comparison(JsonNode node, String variable) {
        String symbol = switch (node.get(0).asText()) {
            case "eq" -> "==";
            case "ne" -> "!=";
            case "lt" -> "<";
            case "le" -> "<=";
            case "gt" -> ">";
            case "ge" -> ">=";
            default -> node.get(0).asText();
        };
        if (!node.get(1).path(0).asText().equals("sum")) {
            return joined(node, symbol, variable);
        }
        String stage = node.get(1).get(1).asText();
        String field = node.get(1).get(2).asText();
        String sum = "sum(`" + stage + '.' + field + "`)";
        String limit = ' ' + symbol + ' ' + text(node.get(2), variable);
        String earlier = '(' + "avg(`" + stage + '.' + field + "`) is not null and " + sum + limit + ')';
        return stage.equals(variable)
                ? "((" + field + " is null and " + earlier + ") or (" + sum + " + " + field + limit + "))"
                : earlier;
    }

    private static String joined(JsonNode node, String symbol, String variable) {
        StringJoiner text = new StringJoiner(" " + symbol + " ", "(", ")");
        for (int i = 1; i < node.size(); i++) {
            text.add(text(node.get(i), variable));
        }
        return text.toString();
    }
}
