/** Makes, pins and idles the threads that run the stages. */
@NullMarked
package io.millrace.thread;

import org.jspecify.annotations.NullMarked;
