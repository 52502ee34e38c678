package io.millrace.stream;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.event.Field;
import io.millrace.event.MutableEvent;
import io.millrace.expression.DoubleExpression;
import io.millrace.expression.LongExpression;

/** Puts one field of a derived event. What is null is left as it is: null already. */
interface Assignment {
    void put(Event source, MutableEvent target);

    /** {@return one that copies a field to another one like it} */
    static Assignment copy(Field from, Field to) {
        return switch (from.type()) {
            case TEXT -> new CopyText(from, to);
            case FLOAT, DOUBLE -> new CopyDouble(from, to);
            default -> new CopyLong(from, to);
        };
    }

    record CopyLong(Field from, Field to) implements Assignment {
        @Override
        public void put(Event source, MutableEvent target) {
            if (!from.isNull(source)) {
                to.putLong(target, from.getLong(source));
            }
        }
    }

    record CopyDouble(Field from, Field to) implements Assignment {
        @Override
        public void put(Event source, MutableEvent target) {
            if (!from.isNull(source)) {
                to.putDouble(target, from.getDouble(source));
            }
        }
    }

    record CopyText(Field from, Field to) implements Assignment {
        @Override
        public void put(Event source, MutableEvent target) {
            int length = from.textLength(source);
            if (length >= 0) {
                to.putText(target, source.buffer(), from.textOffset(source), length);
            }
        }
    }

    record PutLong(LongExpression value, Field to) implements Assignment {
        @Override
        public void put(Event source, MutableEvent target) {
            long result = value.evaluate(source);
            if (result != LongExpression.NULL) {
                to.putLong(target, result);
            }
        }
    }

    record PutDouble(DoubleExpression value, Field to) implements Assignment {
        @Override
        public void put(Event source, MutableEvent target) {
            double result = value.evaluate(source);
            if (!Double.isNaN(result)) {
                to.putDouble(target, result);
            }
        }
    }

    record PutTruth(Condition value, Field to) implements Assignment {
        @Override
        public void put(Event source, MutableEvent target) {
            to.putLong(target, value.test(source) ? 1 : 0);
        }
    }
}
