/**
 * Recognises events seen before, by producer windows or by the exact last ids.
 *
 * <p>Entry type: {@link io.millrace.dedup.Dedup}. Thread model: an instance belongs to the thread of ADMIT, which
 * first touches all ids of a batch, so that the cache misses overlap, and then admits them in order.
 *
 * <pre>
 *   ids of a batch -- touch, touch, touch, ... -- admit, admit, admit, ...
 *                                                   |
 *                       +---------------------------+----------------------------+
 *                       v                                                        v
 *   LastIds: any 128-bit id                                 ProducerWindows: (producer, epoch, sequence)
 *   exact over the last N accepted ids,                     exact over the last windowBits sequences of
 *   knows the sequence of the original                      each producer, what is older is TOO_OLD
 *   memory: 56 to 112 bytes an id                           memory: per producer
 * </pre>
 */
@NullMarked
package io.millrace.dedup;

import org.jspecify.annotations.NullMarked;
