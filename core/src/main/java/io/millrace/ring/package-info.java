/**
 * The ring, the stages' loops, the thread plans and the wait strategies; the only importer of the Disruptor. Begin with
 * {@link io.millrace.ring.StageChain}.
 *
 * <pre>
 *   plan       threads (each polls its stages in turn and waits when none had work)
 *   FUSED      [ADMIT JOURNAL APPLY EMIT]
 *   SPLIT      [ADMIT APPLY]  [JOURNAL EMIT]
 *   PIPELINED  [ADMIT]  [JOURNAL]  [APPLY]  [EMIT]
 *   and with a store, in each of them, [SYNC], which parks
 *
 *   stage    reads up to                              advances       and wakes
 *   ADMIT    published                                admitted       JOURNAL, APPLY
 *   JOURNAL  admitted                                 journaled      EMIT, SYNC
 *   SYNC     journaled                                synced         EMIT
 *   APPLY    admitted; room in the output ring        applied        EMIT
 *   EMIT     min(gate, applied); outputs              emitted        APPLY (room), publisher (slots)
 * </pre>
 *
 * <p><b>Threading</b>: every cursor has one writer, the stage whose progress it is; a stage never publishes into the
 * ring that feeds it.
 */
@NullMarked
package io.millrace.ring;

import org.jspecify.annotations.NullMarked;
