/**
 * The event record and what it holds: {@link io.millrace.event.Event} is a flyweight over its bytes, a {@link
 * io.millrace.event.Schema} gives the {@link io.millrace.event.EventType}s and their typed {@link
 * io.millrace.event.Field}s, which read and write at constant offsets. Types and fields are immutable and shared;
 * a view belongs to one thread.
 *
 * <pre>
 *   SBE XML -> Schema -> EventType -> Field ---- getLong, isNull, ge(20) ----> Event
 *                 \      ^   \-----> VarField                                   ^
 *                  \     '-- DerivedType (outputs, built in code)               |
 *                   '-> EventTypes (all types of a pipeline) <- type id --------'
 * </pre>
 */
@NullMarked
package io.millrace.event;

import org.jspecify.annotations.NullMarked;
