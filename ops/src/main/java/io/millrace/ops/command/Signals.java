package io.millrace.ops.command;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Takes SIGINT and SIGTERM over from the JVM: the first one asks the command to come to an end, the second ends the
 * process at once.
 *
 * <p>A shutdown hook would not do: hooks run while the JVM is already going down, beside the threads they would have to
 * wait for, and the exit status is then the signal's (143 for SIGTERM) unless a hook halts the JVM before the others
 * are through. With a handler the command ends like any other run, and {@code main} returns the status.
 *
 * <p>{@code sun.misc.Signal} (module jdk.unsupported) is reached by reflection, because javac warns of it in a way that
 * cannot be switched off.
 */
public final class Signals {
    private volatile int exitCode = ExitCode.OK;
    private volatile String name = "";
    private volatile boolean isStopping;

    /** Handles both signals from now on; a signal that the parent had us ignore stays ignored. */
    public static Signals install() {
        Signals signals = new Signals();
        signals.handle("INT", ExitCode.INTERRUPTED);
        signals.handle("TERM", ExitCode.OK);
        return signals;
    }

    /** {@return whether a signal asked for the end} */
    public boolean isStopping() {
        return isStopping;
    }

    /** {@return the status to end with after a stop: 130 for SIGINT, 0 for SIGTERM} */
    public int exitCode() {
        return exitCode;
    }

    /** {@return {@code SIGINT} or {@code SIGTERM}, empty before a signal} */
    public String name() {
        return name;
    }

    private void onSignal(String signalName, int signalExitCode, int haltCode) {
        if (isStopping) {
            Runtime.getRuntime().halt(haltCode);
        }
        name = signalName;
        exitCode = signalExitCode;
        isStopping = true;
    }

    private void handle(String signalName, int signalExitCode) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object signal = signalType.getConstructor(String.class).newInstance(signalName);
            int haltCode = 128 + (int) signalType.getMethod("getNumber").invoke(signal);
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(),
                    new Class<?>[] {handlerType},
                    (proxy, method, arguments) ->
                            answer(method, arguments, () -> onSignal("SIG" + signalName, signalExitCode, haltCode)));
            signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
        } catch (ReflectiveOperationException e) {
            throw new CommandException(ExitCode.INTERNAL, "cannot handle signals: signal=SIG" + signalName, e);
        }
    }

    private Object answer(Method method, Object[] arguments, Runnable onSignal) {
        return switch (method.getName()) {
            case "handle" -> {
                onSignal.run();
                yield Boolean.TRUE;
            }
            case "equals" -> this == arguments[0];
            case "hashCode" -> System.identityHashCode(this);
            default -> "Signals";
        };
    }
}
