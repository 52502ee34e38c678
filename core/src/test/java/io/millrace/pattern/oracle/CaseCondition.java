package io.millrace.pattern.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Evaluates the prefix arrays of the cases, as cep-cases.md has them; what is compared with null is unknown. */
public final class CaseCondition {
    private CaseCondition() {}

    /**
     * {@return whether the condition holds for sure}
     *
     * @param event under test
     * @param taken the events that the run has accepted so far, by stage
     */
    public static boolean test(JsonNode condition, JsonNode event, Map<String, ? extends List<JsonNode>> taken) {
        return Boolean.TRUE.equals(value(condition, event, taken));
    }

    private static Object value(JsonNode node, JsonNode event, Map<String, ? extends List<JsonNode>> taken) {
        if (!node.isArray()) {
            return plain(node);
        }
        String operator = node.get(0).asText();
        return switch (operator) {
            case "f" -> plain(event.get(node.get(1).asText()));
            case "is" -> node.get(1).equals(event.get("class"));
            case "isNull" -> value(node.get(1), event, taken) == null;
            case "and", "or" -> logical(operator, node, event, taken);
            case "not" -> negated(value(node.get(1), event, taken));
            case "sum", "count", "avg", "min", "max", "first", "last", "distinct" -> aggregate(operator, node, taken);
            default -> binary(operator, value(node.get(1), event, taken), value(node.get(2), event, taken));
        };
    }

    private static Object plain(JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (node.isBoolean()) {
            return node.asBoolean();
        }
        return node.isNumber() ? (Object) node.asDouble() : node.asText();
    }

    private static Object logical(
            String operator, JsonNode node, JsonNode event, Map<String, ? extends List<JsonNode>> taken) {
        Boolean deciding = operator.equals("or");
        boolean isUnknown = false;
        for (int i = 1; i < node.size(); i++) {
            Object part = value(node.get(i), event, taken);
            if (deciding.equals(part)) {
                return deciding;
            }
            isUnknown |= part == null;
        }
        return isUnknown ? null : (Object) !deciding;
    }

    private static Object negated(Object value) {
        return value == null ? null : (Object) !((Boolean) value);
    }

    private static Object binary(String operator, Object left, Object right) {
        if (left == null || right == null) {
            return null;
        }
        return switch (operator) {
            case "eq" -> left.equals(right);
            case "ne" -> !left.equals(right);
            case "lt" -> compare(left, right) < 0;
            case "le" -> compare(left, right) <= 0;
            case "gt" -> compare(left, right) > 0;
            case "ge" -> compare(left, right) >= 0;
            case "add" -> (double) left + (double) right;
            case "sub" -> (double) left - (double) right;
            case "mul" -> (double) left * (double) right;
            case "contains" -> left.toString().contains(right.toString());
            case "startsWith" -> left.toString().startsWith(right.toString());
            default -> throw new IllegalArgumentException("operator=" + operator);
        };
    }

    private static int compare(Object left, Object right) {
        return left instanceof Double
                ? Double.compare((double) left, (double) right)
                : left.toString().compareTo(right.toString());
    }

    private static Object aggregate(String operator, JsonNode node, Map<String, ? extends List<JsonNode>> taken) {
        List<JsonNode> events =
                taken.containsKey(node.get(1).asText()) ? taken.get(node.get(1).asText()) : List.of();
        if (operator.equals("count")) {
            return (double) events.size();
        }
        List<Object> values = new ArrayList<>();
        events.forEach(event -> values.add(plain(event.get(node.get(2).asText()))));
        values.removeIf(Objects::isNull);
        if (operator.equals("distinct")) {
            return (double) values.stream().distinct().count();
        }
        if (operator.equals("sum")) {
            return values.stream().mapToDouble(value -> (double) value).sum();
        }
        if (values.isEmpty()) {
            return null;
        }
        return switch (operator) {
            case "avg" ->
                values.stream().mapToDouble(value -> (double) value).average().orElseThrow();
            case "min" ->
                values.stream().mapToDouble(value -> (double) value).min().orElseThrow();
            case "max" ->
                values.stream().mapToDouble(value -> (double) value).max().orElseThrow();
            case "first" -> values.get(0);
            default -> values.get(values.size() - 1);
        };
    }
}
