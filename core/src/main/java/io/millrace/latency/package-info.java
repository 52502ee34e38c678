/** Measures latency per stage in HDR histograms, and the pauses of the platform itself. */
@NullMarked
package io.millrace.latency;

import org.jspecify.annotations.NullMarked;
