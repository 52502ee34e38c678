package io.millrace.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.TestSeed;
import io.millrace.event.Condition;
import io.millrace.event.MutableEvent;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExpressionPropertyTest {
    private static final int EXPRESSION_COUNT = Integer.getInteger("expression.count", 2_000);
    private static final int EVENT_COUNT = 40;

    private static final long SEED = TestSeed.of(ExpressionPropertyTest.class);
    private final Random random = new Random(SEED);
    private final ExpressionGenerator generator = new ExpressionGenerator(random);
    private final MutableEvent event = Orders.event();

    @Test
    void shouldBeTrueWhereTheInterpreterSaysSo() {
        int[] counts = new int[3];
        for (int i = 0; i < EXPRESSION_COUNT; i++) {
            Expression expression = Expression.parse(generator.condition(3), Orders.TYPE);
            Condition condition = expression.condition();
            for (int j = 0; j < EVENT_COUNT; j++) {
                Orders.random(event, random);
                Boolean expected = new Interpreter(event).truth(expression.node());
                assertEquals(expected != null && expected, condition.test(event), () -> expression + ", seed=" + SEED);
                counts[expected == null ? 2 : expected ? 1 : 0]++;
            }
        }
        for (int count : counts) {
            assertTrue(count > EXPRESSION_COUNT, "each of false, true and neither must come, seed=" + SEED);
        }
    }

    @Test
    void shouldComputeIntegersAsTheInterpreterDoes() {
        int nullCount = 0;
        for (int i = 0; i < EXPRESSION_COUNT; i++) {
            Expression expression = Expression.parse(generator.integer(4), Orders.TYPE);
            LongExpression compiled = expression.longs();
            for (int j = 0; j < EVENT_COUNT; j++) {
                Orders.random(event, random);
                Object expected = new Interpreter(event).value(expression.node());
                long actual = compiled.evaluate(event);
                assertEquals(
                        expected, actual == LongExpression.NULL ? null : actual, () -> expression + ", seed=" + SEED);
                nullCount += expected == null ? 1 : 0;
            }
        }
        assertTrue(nullCount > EXPRESSION_COUNT && nullCount < EXPRESSION_COUNT * (EVENT_COUNT - 1), "seed=" + SEED);
    }

    @Test
    void shouldComputeDecimalsAsTheInterpreterDoes() {
        for (int i = 0; i < EXPRESSION_COUNT; i++) {
            Expression expression = Expression.parse(generator.decimal(3), Orders.TYPE);
            DoubleExpression compiled = expression.doubles();
            for (int j = 0; j < EVENT_COUNT; j++) {
                Orders.random(event, random);
                Object expected = new Interpreter(event).value(expression.node());
                assertEquals(expected, number(compiled.evaluate(event)), () -> expression + ", seed=" + SEED);
            }
        }
    }

    private static @Nullable Double number(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
