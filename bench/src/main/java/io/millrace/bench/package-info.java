/** Benchmarks, stress tests and load that measure the pipeline. */
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
