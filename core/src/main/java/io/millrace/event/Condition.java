package io.millrace.event;

/** A test of one event that depends on nothing but the event. */
@FunctionalInterface
public interface Condition {
    /** {@return whether the event passes} Must not allocate, block or keep the view. */
    boolean test(Event event);
}
