/** The ring, the stages' loops, the thread plans and the wait strategies; the only importer of the Disruptor. */
@NullMarked
package io.millrace.ring;

import org.jspecify.annotations.NullMarked;
