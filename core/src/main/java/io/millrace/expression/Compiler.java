package io.millrace.expression;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.GOTO;

import io.millrace.event.Condition;
import io.millrace.event.Event;
import io.millrace.event.EventType;
import io.millrace.event.Field;
import io.millrace.event.VarField;
import io.millrace.expression.Node.Arithmetic;
import io.millrace.expression.Node.Comparison;
import java.lang.invoke.MethodHandles;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Makes one hidden class of an expression. What it needs of the schema are constants of that class, so that the JIT
 * sees offsets and widths as such.
 *
 * <p>Three-valued logic costs nothing: a negation is driven down to the tests, and a test with a null holds neither
 * when it is asked whether it is true nor when it is asked whether it is false.
 */
final class Compiler {
    private static final String PACKAGE = "io/millrace/expression/";
    private static final String NUMBERS = PACKAGE + "Numbers";
    private static final String TEXTS = PACKAGE + "Texts";
    private static final String EVENT = Type.getDescriptor(Event.class);
    private static final int EVENT_LOCAL = 1;
    private static final int REGISTERS_LOCAL = 2;
    private static final int OFFSET_LOCAL = 3;
    private static final Handle CLASS_DATA_AT = new Handle(
            Opcodes.H_INVOKESTATIC,
            "java/lang/invoke/MethodHandles",
            "classDataAt",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;I)Ljava/lang/Object;",
            false);

    private final List<Object> constants = new ArrayList<>();
    private final ClassWriter classWriter = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
    private final MethodVisitor code;
    private int nextLocal = OFFSET_LOCAL + 1;

    private Compiler(Class<?> implemented, String method, String descriptor) {
        classWriter.visit(
                Opcodes.V17,
                Opcodes.ACC_FINAL | Opcodes.ACC_SUPER,
                PACKAGE + "Compiled",
                null,
                "java/lang/Object",
                new String[] {Type.getInternalName(implemented)});
        constructor();
        code = classWriter.visitMethod(Opcodes.ACC_PUBLIC, method, descriptor, null, null);
        code.visitCode();
    }

    /** {@return a condition that also asks whether the event is of the type, if there is one} */
    static Condition condition(Node node, @Nullable EventType eventType) {
        Compiler compiler = new Compiler(Condition.class, "test", "(" + EVENT + ")Z");
        compiler.conditionBody(node, eventType);
        return (Condition) compiler.finish();
    }

    static RunCondition runCondition(Node node) {
        Compiler compiler = new Compiler(RunCondition.class, "test", "(" + EVENT + "[JI)Z");
        compiler.conditionBody(node, null);
        return (RunCondition) compiler.finish();
    }

    static LongExpression longs(Node node) {
        Compiler compiler = new Compiler(LongExpression.class, "evaluate", "(" + EVENT + ")J");
        compiler.number(node);
        compiler.code.visitInsn(Opcodes.LRETURN);
        return (LongExpression) compiler.finish();
    }

    static DoubleExpression doubles(Node node) {
        Compiler compiler = new Compiler(DoubleExpression.class, "evaluate", "(" + EVENT + ")D");
        compiler.number(node);
        compiler.code.visitInsn(Opcodes.DRETURN);
        return (DoubleExpression) compiler.finish();
    }

    private void constructor() {
        MethodVisitor constructor = classWriter.visitMethod(0, "<init>", "()V", null, null);
        constructor.visitCode();
        constructor.visitVarInsn(ALOAD, 0);
        constructor.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        constructor.visitInsn(Opcodes.RETURN);
        constructor.visitMaxs(0, 0);
        constructor.visitEnd();
    }

    private Object finish() {
        code.visitMaxs(0, 0);
        code.visitEnd();
        classWriter.visitEnd();
        try {
            return MethodHandles.lookup()
                    .defineHiddenClassWithClassData(classWriter.toByteArray(), constants, true)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot define a compiled expression", e);
        } catch (MethodTooLargeException e) {
            throw new IllegalArgumentException("cannot compile expression: it is too long; split it", e);
        }
    }

    private void conditionBody(Node node, @Nullable EventType eventType) {
        Label holds = new Label();
        Label fails = new Label();
        if (eventType != null) {
            event();
            code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, Type.getInternalName(Event.class), "typeId", "()I", false);
            code.visitLdcInsn(eventType.id());
            code.visitJumpInsn(Opcodes.IF_ICMPNE, fails);
        }
        branch(node, true, holds, fails);
        code.visitLabel(holds);
        code.visitInsn(Opcodes.ICONST_1);
        code.visitInsn(Opcodes.IRETURN);
        code.visitLabel(fails);
        code.visitInsn(Opcodes.ICONST_0);
        code.visitInsn(Opcodes.IRETURN);
    }

    /** Goes to {@code yes} if the node is what is wanted, true or false, else to {@code no}. */
    private void branch(Node node, boolean wanted, Label yes, Label no) {
        if (node instanceof Node.And and) {
            join(and.left(), and.right(), wanted, wanted, yes, no);
        } else if (node instanceof Node.Or or) {
            join(or.left(), or.right(), wanted, !wanted, yes, no);
        } else if (node instanceof Node.Not not) {
            branch(not.operand(), !wanted, yes, no);
        } else if (node instanceof Node.BooleanLiteral literal) {
            code.visitJumpInsn(GOTO, literal.value() == wanted ? yes : no);
        } else if (node instanceof Comparison comparison) {
            compare(comparison, wanted, yes, no);
        } else if (node instanceof Node.IsNull isNull) {
            branchIsNull(isNull.operand(), wanted, yes, no);
        } else if (node instanceof Node.LongIn in) {
            branchIsIn(in, wanted, yes, no);
        } else {
            textTest(node);
            branchTruth(wanted, yes, no);
        }
    }

    /** @param areBothNeeded for yes; else one is enough */
    private void join(Node left, Node right, boolean wanted, boolean areBothNeeded, Label yes, Label no) {
        Label next = new Label();
        branch(left, wanted, areBothNeeded ? next : yes, areBothNeeded ? no : next);
        code.visitLabel(next);
        branch(right, wanted, yes, no);
    }

    private void compare(Comparison comparison, boolean wanted, Label yes, Label no) {
        Node left = comparison.left();
        Node right = comparison.right();
        boolean isDouble = left.type() == ExpressionType.DOUBLE;
        int leftLocal = storeUnlessNull(left, no);
        int rightLocal = storeUnlessNull(right, no);
        load(leftLocal, isDouble);
        load(rightLocal, isDouble);
        if (isDouble) {
            code.visitInsn(Opcodes.DCMPL);
        } else if (left.type() == ExpressionType.UNSIGNED) {
            code.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Long", "compareUnsigned", "(JJ)I", false);
        } else {
            code.visitInsn(Opcodes.LCMP);
        }
        Comparison.Operator operator =
                wanted ? comparison.operator() : comparison.operator().negated();
        code.visitJumpInsn(jump(operator), yes);
        code.visitJumpInsn(GOTO, no);
    }

    private static int jump(Comparison.Operator operator) {
        return switch (operator) {
            case EQ -> Opcodes.IFEQ;
            case NE -> Opcodes.IFNE;
            case LT -> Opcodes.IFLT;
            case LE -> Opcodes.IFLE;
            case GT -> Opcodes.IFGT;
            case GE -> Opcodes.IFGE;
        };
    }

    private int storeUnlessNull(Node node, Label isNull) {
        boolean isDouble = node.type() == ExpressionType.DOUBLE;
        int local = nextLocal;
        nextLocal += 2;
        number(node);
        code.visitVarInsn(isDouble ? Opcodes.DSTORE : Opcodes.LSTORE, local);
        if (node.isNullable()) {
            jumpIfNull(node, local, isNull);
        }
        return local;
    }

    private void jumpIfNull(Node node, int local, Label isNull) {
        boolean isDouble = node.type() == ExpressionType.DOUBLE;
        load(local, isDouble);
        if (isDouble) {
            load(local, true);
            code.visitInsn(Opcodes.DCMPL);
            code.visitJumpInsn(Opcodes.IFNE, isNull);
        } else {
            code.visitLdcInsn(node.type() == ExpressionType.UNSIGNED ? Numbers.UNSIGNED_NULL : LongExpression.NULL);
            code.visitInsn(Opcodes.LCMP);
            code.visitJumpInsn(Opcodes.IFEQ, isNull);
        }
    }

    private void load(int local, boolean isDouble) {
        code.visitVarInsn(isDouble ? Opcodes.DLOAD : Opcodes.LLOAD, local);
    }

    private void branchIsNull(Node operand, boolean wanted, Label yes, Label no) {
        Label isNull = wanted ? yes : no;
        if (operand.type() == ExpressionType.TEXT) {
            textRead(operand);
            event();
            if (operand instanceof Node.VarRead) {
                code.visitMethodInsn(
                        Opcodes.INVOKESTATIC, TEXTS, "isNull", "(" + textClass(operand) + EVENT + ")Z", false);
            } else {
                code.visitMethodInsn(
                        Opcodes.INVOKEVIRTUAL, Type.getInternalName(Field.class), "isNull", "(" + EVENT + ")Z", false);
            }
            code.visitJumpInsn(Opcodes.IFNE, isNull);
        } else {
            storeUnlessNull(operand, isNull);
        }
        code.visitJumpInsn(GOTO, wanted ? no : yes);
    }

    private void branchIsIn(Node.LongIn in, boolean wanted, Label yes, Label no) {
        int local = storeUnlessNull(in.operand(), no);
        constant(in.values(), LongSet.class);
        load(local, false);
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, PACKAGE + "LongSet", "contains", "(J)Z", false);
        branchTruth(wanted, yes, no);
    }

    /** The stack has 1 for true, 0 for false, something else if neither. */
    private void branchTruth(boolean wanted, Label yes, Label no) {
        code.visitInsn(wanted ? Opcodes.ICONST_1 : Opcodes.ICONST_0);
        code.visitJumpInsn(Opcodes.IF_ICMPEQ, yes);
        code.visitJumpInsn(GOTO, no);
    }

    private void textTest(Node node) {
        if (node instanceof Node.TextContains contains) {
            byte[] value = contains.value().getBytes(charset(contains.operand()));
            textCall("contains", contains.operand(), value, byte[].class);
        } else if (node instanceof Node.TextIn in) {
            Charset charset = charset(in.operand());
            byte[][] values =
                    in.values().stream().map(value -> value.getBytes(charset)).toArray(byte[][]::new);
            textCall("isIn", in.operand(), new TextSet(values), TextSet.class);
        } else if (node instanceof Node.TextComparison comparison) {
            textComparison(comparison);
        } else {
            throw new AssertionError(node);
        }
    }

    private void textComparison(Node.TextComparison comparison) {
        if (comparison.right() instanceof Node.TextLiteral literal) {
            byte[] value = literal.value().getBytes(charset(comparison.left()));
            textCall(comparison.isPrefix() ? "startsWith" : "isEqual", comparison.left(), value, byte[].class);
        } else {
            textRead(comparison.left());
            textRead(comparison.right());
            event();
            String field = Type.getDescriptor(Field.class);
            code.visitMethodInsn(Opcodes.INVOKESTATIC, TEXTS, "isEqual", "(" + field + field + EVENT + ")I", false);
        }
    }

    private void textCall(String method, Node text, Object argument, Class<?> argumentClass) {
        textRead(text);
        event();
        constant(argument, argumentClass);
        String descriptor = "(" + textClass(text) + EVENT + Type.getDescriptor(argumentClass) + ")I";
        code.visitMethodInsn(Opcodes.INVOKESTATIC, TEXTS, method, descriptor, false);
    }

    private void textRead(Node text) {
        if (text instanceof Node.VarRead read) {
            constant(read.field(), VarField.class);
        } else if (text instanceof Node.FieldRead read) {
            constant(read.field(), Field.class);
        } else {
            throw new AssertionError(text);
        }
    }

    private static String textClass(Node text) {
        return Type.getDescriptor(text instanceof Node.VarRead ? VarField.class : Field.class);
    }

    private static Charset charset(Node text) {
        Charset charset = text instanceof Node.VarRead read
                ? read.field().charset()
                : ((Node.FieldRead) text).field().charset();
        return charset == null ? StandardCharsets.ISO_8859_1 : charset;
    }

    /** Puts a number on the stack, two slots. */
    private void number(Node node) {
        if (node instanceof Node.LongLiteral literal) {
            code.visitLdcInsn(literal.value());
        } else if (node instanceof Node.UnsignedLiteral literal) {
            code.visitLdcInsn(literal.bits());
        } else if (node instanceof Node.DoubleLiteral literal) {
            code.visitLdcInsn(literal.value());
        } else if (node instanceof Node.FieldRead read) {
            fieldRead(read);
        } else if (node instanceof Node.RegisterRead read) {
            registerRead(read.register());
        } else if (node instanceof Node.TextCode text) {
            textCode(text.operand());
        } else if (node instanceof Node.Widened widened) {
            number(widened.operand());
            code.visitMethodInsn(Opcodes.INVOKESTATIC, NUMBERS, "widen", "(J)D", false);
        } else if (node instanceof Arithmetic arithmetic) {
            arithmetic(arithmetic);
        } else if (node instanceof Node.Call call) {
            call(call);
        } else if (node instanceof Node.Choice choice) {
            choice(choice);
        } else if (node instanceof Node.TextLength length) {
            textRead(length.operand());
            event();
            code.visitMethodInsn(
                    Opcodes.INVOKESTATIC, TEXTS, "length", "(" + textClass(length.operand()) + EVENT + ")J", false);
        } else {
            throw new AssertionError(node);
        }
    }

    private void fieldRead(Node.FieldRead read) {
        constant(read.field(), Field.class);
        event();
        String owner = Type.getInternalName(Field.class);
        String descriptor = "(" + Type.getDescriptor(Field.class) + EVENT + ")J";
        if (read.type() == ExpressionType.DOUBLE) {
            code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, owner, "getDouble", "(" + EVENT + ")D", false);
        } else if (!read.isNullable()) {
            code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, owner, "getLong", "(" + EVENT + ")J", false);
        } else {
            String method = read.type() == ExpressionType.UNSIGNED ? "readUnsigned" : "read";
            code.visitMethodInsn(Opcodes.INVOKESTATIC, NUMBERS, method, descriptor, false);
        }
    }

    private void registerRead(Register register) {
        code.visitVarInsn(ALOAD, REGISTERS_LOCAL);
        code.visitVarInsn(Opcodes.ILOAD, OFFSET_LOCAL);
        code.visitLdcInsn(register.index());
        code.visitInsn(Opcodes.IADD);
        code.visitInsn(Opcodes.LALOAD);
        if (register.type() == ExpressionType.DOUBLE) {
            code.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Double", "longBitsToDouble", "(J)D", false);
        }
    }

    private void textCode(Node text) {
        if (text instanceof Node.RegisterRead read) {
            registerRead(read.register());
        } else {
            textRead(text);
            event();
            String descriptor = "(" + textClass(text) + EVENT + ")J";
            code.visitMethodInsn(Opcodes.INVOKESTATIC, NUMBERS, "read", descriptor, false);
        }
    }

    private void arithmetic(Arithmetic arithmetic) {
        number(arithmetic.left());
        number(arithmetic.right());
        Arithmetic.Operator operator = arithmetic.operator();
        if (arithmetic.type() == ExpressionType.DOUBLE) {
            code.visitInsn(doubleInstruction(operator));
        } else {
            String method = operator.name().toLowerCase(Locale.ROOT);
            code.visitMethodInsn(Opcodes.INVOKESTATIC, NUMBERS, method, "(JJ)J", false);
        }
    }

    private static int doubleInstruction(Arithmetic.Operator operator) {
        return switch (operator) {
            case ADD -> Opcodes.DADD;
            case SUBTRACT -> Opcodes.DSUB;
            case MULTIPLY -> Opcodes.DMUL;
            case DIVIDE -> Opcodes.DDIV;
            case REMAINDER -> Opcodes.DREM;
        };
    }

    private void call(Node.Call call) {
        call.arguments().forEach(this::number);
        String number = call.type() == ExpressionType.DOUBLE ? "D" : "J";
        String descriptor = "(" + number.repeat(call.arguments().size()) + ")" + number;
        code.visitMethodInsn(Opcodes.INVOKESTATIC, NUMBERS, call.function().text(), descriptor, false);
    }

    private void choice(Node.Choice choice) {
        Label then = new Label();
        Label otherwise = new Label();
        Label end = new Label();
        branch(choice.condition(), true, then, otherwise);
        code.visitLabel(then);
        number(choice.then());
        code.visitJumpInsn(GOTO, end);
        code.visitLabel(otherwise);
        number(choice.otherwise());
        code.visitLabel(end);
    }

    private void event() {
        code.visitVarInsn(ALOAD, EVENT_LOCAL);
    }

    /** A constant of the class, resolved once. */
    private void constant(Object value, Class<?> type) {
        constants.add(value);
        code.visitLdcInsn(new ConstantDynamic("_", Type.getDescriptor(type), CLASS_DATA_AT, constants.size() - 1));
    }
}
