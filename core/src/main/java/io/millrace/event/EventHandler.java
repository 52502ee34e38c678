package io.millrace.event;

/** Takes events, on the thread that has them. */
@FunctionalInterface
public interface EventHandler {
    /** Takes one event. The view is valid until this returns; it must not block and should not allocate. */
    void onEvent(Event event);
}
