package io.millrace.expression;

import io.millrace.event.EventType;
import io.millrace.event.MutableEvent;
import io.millrace.event.TestSchemas;
import java.util.Random;

/** An event type with a field of each kind, and events of it. */
final class Orders {
    static final EventType TYPE = TestSchemas.type(
            1,
            "<type name=\"OptShort\" primitiveType=\"int16\" presence=\"optional\"/>"
                    + "<type name=\"OptLong\" primitiveType=\"int64\" presence=\"optional\"/>"
                    + "<type name=\"OptUlong\" primitiveType=\"uint64\" presence=\"optional\"/>"
                    + "<type name=\"OptDouble\" primitiveType=\"double\" presence=\"optional\"/>"
                    + "<type name=\"Code\" primitiveType=\"char\" length=\"3\"/>"
                    + "<type name=\"OptCode\" primitiveType=\"char\" length=\"12\" presence=\"optional\"/>"
                    + "<type name=\"One\" primitiveType=\"uint8\" presence=\"constant\">1</type>"
                    + "<enum name=\"Side\" encodingType=\"uint8\"><validValue name=\"BUY\">1</validValue>"
                    + "<validValue name=\"SELL\">2</validValue></enum>",
            "<field name=\"delay\" id=\"1\" type=\"OptShort\"/><field name=\"amount\" id=\"2\" type=\"OptLong\"/>"
                    + "<field name=\"big\" id=\"3\" type=\"OptUlong\"/>"
                    + "<field name=\"price\" id=\"4\" type=\"OptDouble\"/>"
                    + "<field name=\"code\" id=\"5\" type=\"Code\"/><field name=\"place\" id=\"6\" type=\"OptCode\"/>"
                    + "<field name=\"side\" id=\"7\" type=\"Side\"/><field name=\"grade\" id=\"8\" type=\"char\"/>"
                    + "<field name=\"count\" id=\"9\" type=\"uint32\"/><field name=\"one\" id=\"10\" type=\"One\"/>"
                    + "<field name=\"later\" id=\"11\" type=\"int32\" sinceVersion=\"1\"/>"
                    + "<data name=\"note\" id=\"12\" type=\"varText\"/>");

    static final long[] LONGS = {
        Long.MIN_VALUE + 1, -3_000_000_000L, -7, -1, 0, 1, 2, 7, 1_000, 1L << 53, Long.MAX_VALUE - 1, Long.MAX_VALUE
    };
    static final double[] DOUBLES = {-1e300, -2.5, -0.0, 0, 0.1, 2.5, 7, 1e18, Double.POSITIVE_INFINITY};
    static final String[] TEXTS = {"JFK", "JF", "", "LAX", "ä", "JFKX"};

    private Orders() {}

    static MutableEvent event() {
        return TYPE.encode(MutableEvent.allocate(256));
    }

    /** Fills an event with values near those that expressions compare with; every fourth optional one is null. */
    static MutableEvent random(MutableEvent event, Random random) {
        TYPE.encode(event);
        event.key(random.nextInt(5)).timestampNs(random.nextLong()).sourceId(random.nextInt(3));
        if (random.nextInt(4) > 0) {
            TYPE.field("delay").putLong(event, random.nextInt(10) - 3);
        }
        if (random.nextInt(4) > 0) {
            TYPE.field("amount").putLong(event, LONGS[random.nextInt(LONGS.length)]);
        }
        if (random.nextInt(4) > 0) {
            TYPE.field("big").putLong(event, random.nextBoolean() ? random.nextInt(3) : -2 - random.nextInt(2));
        }
        if (random.nextInt(4) > 0) {
            TYPE.field("price").putDouble(event, DOUBLES[random.nextInt(DOUBLES.length)]);
        }
        TYPE.field("code").putText(event, TEXTS[random.nextInt(4)]);
        if (random.nextInt(4) > 0) {
            TYPE.field("place").putText(event, TEXTS[random.nextInt(TEXTS.length)].replace('ä', 'a'));
        }
        TYPE.field("side").putLong(event, random.nextInt(3));
        TYPE.field("grade").putLong(event, 'A' + random.nextInt(3));
        TYPE.field("count").putLong(event, random.nextInt(3));
        TYPE.field("later").putLong(event, random.nextInt(3));
        TYPE.varField("note").put(event, TEXTS[random.nextInt(TEXTS.length)]);
        return event;
    }
}
