package io.millrace.expression;

import io.millrace.event.Field;
import io.millrace.event.VarField;
import java.util.List;

/** A part of an expression whose types are right: what {@link Typing} builds and {@link Compiler} reads. */
sealed interface Node {
    ExpressionType type();

    /** {@return whether it can be null; a boolean node is never asked} */
    boolean isNullable();

    /** {@return whether it depends on more than the event} */
    default boolean readsRegisters() {
        return false;
    }

    record LongLiteral(long value) implements Node {
        @Override
        public ExpressionType type() {
            return ExpressionType.LONG;
        }

        @Override
        public boolean isNullable() {
            return value == LongExpression.NULL;
        }
    }

    /** An integer to compare a uint64 with. */
    record UnsignedLiteral(long bits) implements Node {
        @Override
        public ExpressionType type() {
            return ExpressionType.UNSIGNED;
        }

        @Override
        public boolean isNullable() {
            return false;
        }
    }

    record DoubleLiteral(double value) implements Node {
        @Override
        public ExpressionType type() {
            return ExpressionType.DOUBLE;
        }

        @Override
        public boolean isNullable() {
            return false;
        }
    }

    record TextLiteral(String value) implements Node {
        @Override
        public ExpressionType type() {
            return ExpressionType.TEXT;
        }

        @Override
        public boolean isNullable() {
            return false;
        }
    }

    record BooleanLiteral(boolean value) implements Node {
        @Override
        public ExpressionType type() {
            return ExpressionType.BOOLEAN;
        }

        @Override
        public boolean isNullable() {
            return false;
        }
    }

    record FieldRead(Field field) implements Node {
        @Override
        public ExpressionType type() {
            return ExpressionType.of(field.type());
        }

        @Override
        public boolean isNullable() {
            return field.isOptional() || field.sinceVersion() > 0 || field.length() == Long.BYTES;
        }
    }

    /** A value over earlier events. A text is the long that stands for it. */
    record RegisterRead(Register register) implements Node {
        @Override
        public ExpressionType type() {
            return register.type();
        }

        @Override
        public boolean isNullable() {
            return true;
        }

        @Override
        public boolean readsRegisters() {
            return true;
        }
    }

    /** The long that stands for the text of a field of fixed length. */
    record TextCode(Node operand) implements Node {
        @Override
        public ExpressionType type() {
            return ExpressionType.LONG;
        }

        @Override
        public boolean isNullable() {
            return true;
        }

        @Override
        public boolean readsRegisters() {
            return operand.readsRegisters();
        }
    }

    /** A text of varying length. */
    record VarRead(VarField field) implements Node {
        @Override
        public ExpressionType type() {
            return ExpressionType.TEXT;
        }

        @Override
        public boolean isNullable() {
            return true;
        }
    }

    /** An integer as a double. */
    record Widened(Node operand) implements Node {
        @Override
        public boolean readsRegisters() {
            return operand.readsRegisters();
        }

        @Override
        public ExpressionType type() {
            return ExpressionType.DOUBLE;
        }

        @Override
        public boolean isNullable() {
            return operand.isNullable();
        }
    }

    /** Both operands are of the given type, LONG or DOUBLE. */
    record Arithmetic(ExpressionType type, Operator operator, Node left, Node right) implements Node {
        @Override
        public boolean readsRegisters() {
            return left.readsRegisters() || right.readsRegisters();
        }

        enum Operator {
            ADD("+"),
            SUBTRACT("-"),
            MULTIPLY("*"),
            DIVIDE("/"),
            REMAINDER("%");

            private final String symbol;

            Operator(String symbol) {
                this.symbol = symbol;
            }

            String symbol() {
                return symbol;
            }
        }

        @Override
        public boolean isNullable() {
            return true;
        }
    }

    /** A function of numbers; arguments are of the types that it takes. */
    record Call(Function function, List<Node> arguments) implements Node {
        @Override
        public boolean readsRegisters() {
            return arguments.stream().anyMatch(Node::readsRegisters);
        }

        @Override
        public ExpressionType type() {
            return function.isOfArguments() ? arguments.get(0).type() : ExpressionType.LONG;
        }

        @Override
        public boolean isNullable() {
            return true;
        }
    }

    /** One of two numbers; the second one unless the condition is true. */
    record Choice(Node condition, Node then, Node otherwise) implements Node {
        @Override
        public boolean readsRegisters() {
            return condition.readsRegisters() || then.readsRegisters() || otherwise.readsRegisters();
        }

        @Override
        public ExpressionType type() {
            return then.type();
        }

        @Override
        public boolean isNullable() {
            return true;
        }
    }

    /** Bytes of a text. */
    record TextLength(Node operand) implements Node {
        @Override
        public ExpressionType type() {
            return ExpressionType.LONG;
        }

        @Override
        public boolean isNullable() {
            return true;
        }
    }

    /** What is neither true nor false with a null operand. */
    sealed interface Test extends Node {
        @Override
        default ExpressionType type() {
            return ExpressionType.BOOLEAN;
        }

        @Override
        default boolean isNullable() {
            return true;
        }
    }

    /** Both operands are of one numeric type. */
    record Comparison(Operator operator, Node left, Node right) implements Test {
        @Override
        public boolean readsRegisters() {
            return left.readsRegisters() || right.readsRegisters();
        }

        enum Operator {
            EQ("=="),
            NE("!="),
            LT("<"),
            LE("<="),
            GT(">"),
            GE(">=");

            private final String symbol;

            Operator(String symbol) {
                this.symbol = symbol;
            }

            String symbol() {
                return symbol;
            }

            Operator negated() {
                return switch (this) {
                    case EQ -> NE;
                    case NE -> EQ;
                    case LT -> GE;
                    case LE -> GT;
                    case GT -> LE;
                    case GE -> LT;
                };
            }
        }
    }

    /** Whether a text is another, or begins with it. */
    record TextComparison(boolean isPrefix, Node left, Node right) implements Test {}

    /** Whether a text has another one somewhere in it. */
    record TextContains(Node operand, String value) implements Test {}

    /** Whether an integer is one of several. */
    record LongIn(Node operand, LongSet values) implements Test {
        @Override
        public boolean readsRegisters() {
            return operand.readsRegisters();
        }
    }

    /** Whether a text is one of several. */
    record TextIn(Node operand, List<String> values) implements Test {}

    record IsNull(Node operand) implements Test {
        @Override
        public boolean readsRegisters() {
            return operand.readsRegisters();
        }
    }

    record Not(Node operand) implements Test {
        @Override
        public boolean readsRegisters() {
            return operand.readsRegisters();
        }
    }

    record And(Node left, Node right) implements Test {
        @Override
        public boolean readsRegisters() {
            return left.readsRegisters() || right.readsRegisters();
        }
    }

    record Or(Node left, Node right) implements Test {
        @Override
        public boolean readsRegisters() {
            return left.readsRegisters() || right.readsRegisters();
        }
    }
}
