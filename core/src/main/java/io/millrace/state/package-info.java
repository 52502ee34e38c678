/**
 * Keyed tables and how the state of a stage is saved, loaded and hashed.
 *
 * <p>Entry type: {@link io.millrace.state.Stateful}. Thread model: what is here belongs to the one thread of the
 * stage whose state it is; nothing is shared.
 *
 * <pre>
 *                     .--> BufferStateWriter --> bytes --> BufferStateReader --> load
 *   Stateful -- save -+
 *      |              '--> StateHash --> 64 bits, compared by replay
 *      '-- KeyTable: key --> dense slot --> the state's own arrays
 *      '-- DeadlineList: slots in the order of their deadlines, all waiting equally long: O(1)
 *      '-- DeadlineHeap: the same for any deadlines: O(log n)
 * </pre>
 */
@NullMarked
package io.millrace.state;

import org.jspecify.annotations.NullMarked;
