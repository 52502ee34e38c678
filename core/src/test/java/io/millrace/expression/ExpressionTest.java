package io.millrace.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.AllocatedBytes;
import io.millrace.event.Condition;
import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    private static final int CALL_COUNT = 200_000;
    private final MutableEvent event = Orders.event();

    ExpressionTest() {
        event.key(42).timestampNs(Instant.parse("2024-02-29T13:45:59Z").toEpochMilli() * 1_000_000);
        Orders.TYPE.field("delay").putLong(event, 20);
        Orders.TYPE.field("amount").putLong(event, 1_050);
        Orders.TYPE.field("big").putLong(event, -2);
        Orders.TYPE.field("code").putText(event, "JFK");
        Orders.TYPE.field("side").putLong(event, 2);
        Orders.TYPE.field("grade").putLong(event, 'B');
        Orders.TYPE.varField("note").put(event, "grüße");
    }

    private boolean holds(String text) {
        return Expression.parse(text, Orders.TYPE).condition().test(event);
    }

    private long value(String text) {
        return Expression.parse(text, Orders.TYPE).longs().evaluate(event);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "delay >= 20 and code in ('JFK', 'LAX')                 | true",
                "delay > 20 or code startsWith 'JF'                     | true",
                "not delay > 20 and not (code == 'LAX')                 | true",
                "delay between 19 and 21 and delay not between 0 and 19 | true",
                "20 <= delay                                            | true",
                "'JFK' == code                                          | true",
                "side == 'SELL' and side != 'BUY' and side in ('SELL')  | true",
                "grade == 'B' and grade > 'A'                           | true",
                "big == 18446744073709551614 and big > 9                | true",
                "amount * 2 + 1 == 2101 and amount % 100 == 50          | true",
                "amount / 100 == 10 and amount / 100.0 == 10.5          | true",
                "amount > 10.5                                          | true",
                "price is null and delay is not null                    | true",
                "price > 0 or price <= 0                                | false",
                "not (price > 0)                                        | false",
                "place == code                                          | false",
                "place == 'x' or not place == 'x'                       | false",
                "place not in ('x')                                     | false",
                "note == 'grüße' and length(note) == 7                  | true",
                "key == 42 and true                                     | true",
                "`key` == 42                                            | true",
                "TRUE AND NOT FALSE                                     | true",
                "2 + 3 * 4 == 14 and (2 + 3) * 4 == 20 and -2 - -3 == 1 | true",
                "delay - 5 - 5 == 10                                    | true",
                "true or true and false                                 | true",
                "if(delay > 10, 1, 2) == 1 and if(price > 0, 1, 2) == 2 | true",
                "coalesce(price, 1.5) == 1.5 and abs(0 - delay) == 20   | true",
                "1_000 == 1000 and 5min == 300s and 1h == 3600000ms     | true",
            })
    void shouldMeanWhatItSays(String text, boolean expected) {
        assertEquals(expected, holds(text), text);
    }

    @Test
    void shouldKnowTheCalendar() {
        assertEquals(13, value("hour(timestampNs)"));
        assertEquals(18, value("hour(timestampNs + 5h)"));
        assertEquals(45, value("minute(timestampNs)"));
        assertEquals(59, value("second(timestampNs)"));
        assertEquals(4, value("dayOfWeek(timestampNs)"));
        assertEquals(29, value("dayOfMonth(timestampNs)"));
        assertEquals(2, value("month(timestampNs)"));
        assertEquals(2024, value("year(timestampNs)"));
        assertEquals(Instant.parse("2024-02-29T13:00:00Z").toEpochMilli() * 1_000_000, value("floor(timestampNs, 1h)"));
    }

    @Test
    void shouldGiveNullForOverflowAndDivisionByZero() {
        Orders.TYPE.field("amount").putLong(event, Long.MAX_VALUE);
        for (String text : new String[] {"amount + 1", "amount * 2", "0 - amount - 2", "amount / 0", "amount % 0"}) {
            assertEquals(LongExpression.NULL, value(text), text);
            assertFalse(holds(text + " == 0 or " + text + " != 0"), text);
        }
        assertEquals(-Long.MAX_VALUE, value("-amount"));
    }

    @Test
    void shouldNotPassEventsOfAnotherType() {
        Condition condition = Expression.parse("true", Orders.TYPE).condition();

        assertTrue(condition.test(event));
        assertFalse(condition.test(event.typeId(77)));
        assertTrue(Expression.parse("key == 42").condition().test(event));
    }

    @Test
    void shouldTreatAFieldThatTheRecordIsTooOldForAsNull() {
        assertTrue(holds("later == 0"));

        event.schemaVersion(0);

        assertFalse(holds("later == 0 or later != 0"));
        assertTrue(holds("later is null"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "dealy > 3                 | 1  | unknown field dealy (expected: delay)",
                "delay = 3                 | 7  | = is no operator; equality is ==",
                "delay > 3 && true         | 11 | & is no operator; write and",
                "delay > 'x'               | 7  | > does not compare text (expected: ==, !=, in, startsWith, contains)",
                "delay == 'x'              | 7  | == compares text with long (expected: two of one type)",
                "delay > 3 delay           | 11 | delay stands here (expected: an operator or the end)",
                "delay >                   | 8  | the end stands here (expected: a field, a number, 'text' or ()",
                "(delay > 3                | 11 | the end stands here (expected: ))",
                "delay                     | 1  | it is long (expected: boolean)",
                "delay and true            | 7  | and takes conditions, not long; compare it with something",
                "1 < delay < 3             | 11 | comparisons do not chain; join two of them with and",
                "delay == null             | 10 | nothing equals null; ask: is null, is not null",
                "side == 'BYU'             | 6  | unknown value 'BYU' of Side (expected: BUY)",
                "grade == 'AB'             | 7  | 'AB' is no char (expected: one character)",
                "big + 1 > 3               | 5  | + takes numbers, not a uint64, which can be compared only",
                "big > -1                  | 5  | a uint64 is compared with uint64 or an integer from 0, not with long",
                "code + 1 > 3              | 6  | + takes numbers, not text",
                "code == 'JFK              | 9  | this quote has no end; close it with '",
                "code == \"JFK\"           | 9  | \" does not quote; text stands in single quotes: 'JFK'",
                "delay > 5x                | 9  | unknown unit x (expected: ns, us, ms, s, min, h, d)",
                "delay > 1.5s              | 9  | 1.5s is no number (a duration is an integer and a unit: 1500ms)",
                "delay > 99999999999999d   | 9  | 99999999999999d is out of range (expected: up to 106751d)",
                "delay > 99999999999999999999 | 9 | 99999999999999999999 is out of range (expected: -2^63 to 2^64 - 1)",
                "hours(delay) > 3          | 1  | unknown function hours (expected: hour)",
                "min(delay) > 3            | 1  | min has 1 arguments (expected: 2)",
                "hour(price) > 3           | 1  | hour takes integers, not double",
                "delay in (1, 'x')         | 7  | the list holds text (expected: fixed values of type long)",
                "delay in (1, amount)      | 7  | the list holds long (expected: fixed values of type long)",
                "code in (1)               | 6  | the list holds long (expected: 'text')",
                "price in (1)              | 7  | in takes an integer or text on its left, not double",
                "code startsWith 1         | 6  | startsWith takes 'text' on its right",
                "(delay > 1) is null       | 13 | a condition is never null; ask its fields",
                "in == 3                   | 1  | in stands here (expected: a field, a number, 'text' or ()",
                "delay ; 3                 | 7  | ; has no meaning here",
            })
    void shouldSayWhatIsWrongAndWhere(String text, int place, String problem) {
        ExpressionException e = assertThrows(ExpressionException.class, () -> holds(text));

        assertEquals(problem, e.problem());
        assertEquals(place, e.offset() + 1);
        assertTrue(e.getMessage().startsWith("cannot read expression: \"" + text + "\", at character " + place));
    }

    @Test
    void shouldRefuseWhatIsNestedTooDeepOrTooLong() {
        String deep = "(".repeat(300) + "delay > 1" + ")".repeat(300);
        String wide = "delay > 1" + " or delay > 1".repeat(1_000);

        assertTrue(assertThrows(ExpressionException.class, () -> holds(deep))
                .problem()
                .contains("nested"));
        assertTrue(assertThrows(ExpressionException.class, () -> holds(wide))
                .problem()
                .contains("words"));
        assertTrue(holds("delay > 1" + " and delay > 1".repeat(490)));
    }

    @Test
    void shouldAllocateNothing() {
        Condition condition = Expression.parse(
                        "delay * 2 >= 20 and code in ('JFK', 'LAX') and note startsWith 'gr' and price is null",
                        Orders.TYPE)
                .condition();
        assertEquals(CALL_COUNT, count(condition, false));
        assertEquals(0, AllocatedBytes.of(() -> count(condition, false)));
        assertTrue(AllocatedBytes.of(() -> count(condition, true)) > CALL_COUNT, "positive control");
    }

    private int count(Condition condition, boolean isWasteful) {
        int passed = 0;
        for (int i = 0; i < CALL_COUNT; i++) {
            passed += condition.test(event) ? 1 : 0;
            if (isWasteful) {
                passed += Orders.TYPE.varField("note").text(event).length();
            }
        }
        return passed;
    }

    @Test
    void shouldNeverFailButWithItsException() {
        String alphabet = "delay code note()'=<>!+-*/%., \t0123456789inandornotisnullbetweenstartsWith`";
        Random random = new Random(7);
        EventType type = Orders.TYPE;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(30); j >= 0; j--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                Expression.parse(text.toString(), type);
            } catch (ExpressionException e) {
                assertTrue(e.offset() >= 0 && e.offset() <= text.length(), text.toString());
            }
        }
    }
}
