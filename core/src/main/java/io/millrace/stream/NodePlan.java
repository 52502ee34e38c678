package io.millrace.stream;

import io.millrace.event.EventType;
import io.millrace.state.Operator;
import java.util.function.Supplier;

/**
 * What is known of a node before its operator is made, which takes the memory of its state.
 *
 * @param outputType of the outputs that go on in the stream
 * @param bytes that the operator's state takes
 * @param rowShiftNs by how much its outputs are moved back in time for what comes behind it
 */
record NodePlan(String name, EventType outputType, long bytes, long rowShiftNs, Supplier<? extends Operator> maker) {}
