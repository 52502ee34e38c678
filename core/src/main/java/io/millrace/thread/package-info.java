/**
 * What a pipeline needs of the platform before its threads run: names for them, cores to pin them to, and the flags the
 * JVM must have been started with. How they idle is a {@code WaitStrategy} of {@code io.millrace.ring}.
 */
@NullMarked
package io.millrace.thread;

import org.jspecify.annotations.NullMarked;
