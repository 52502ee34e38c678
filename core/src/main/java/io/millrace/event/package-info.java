/** The event record: a flyweight over its bytes, event types and the accessors of their fields. */
@NullMarked
package io.millrace.event;

import org.jspecify.annotations.NullMarked;
